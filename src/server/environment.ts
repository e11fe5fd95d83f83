import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';

import { z } from 'zod';

import { type PrivateKey, readPrivateKey, readPrivateKeyFile } from './private-key.ts';
import { type Variable, VARIABLES } from './variables.ts';

/** How the server was asked to run. Holds secrets: never log it. */
export interface Environment {
  readonly appId: number;
  /** PKCS #8 PEM. */
  readonly privateKey: string;
  /** At least one. A delivery may be signed with any. */
  readonly webhookSecrets: readonly string[];
  /** Without a slash at its end. */
  readonly githubApiUrl: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absent: the same as `port`. */
  readonly metricsPort?: number;
  /** Absolute; exists and can be written. */
  readonly dataDirectory: string;
  readonly workers: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly logFormat: 'json' | 'pretty';
  /** Lower case, perhaps with a port. Absent: no list was given. */
  readonly registryHosts?: readonly string[];
  /** The text of the file, in the form of Docker's `config.json`. Holds secrets. */
  readonly registryCredentials?: string;
  /** The text of the file. */
  readonly sigstoreTrustedRoot?: string;
  /** Absent: none. URLs may hold a password. */
  readonly proxy?: {
    readonly http?: string;
    readonly https?: string;
    readonly except: readonly string[];
  };
}

/** Something that stops the start. */
export interface Problem {
  readonly variable: Variable;
  /** One sentence that says what is wrong. Never holds a value. */
  readonly message: string;
}

export type EnvironmentResult =
  | { readonly environment: Environment }
  /** At least one, each variable once, in the order of `VARIABLES`. */
  | { readonly problems: readonly Problem[] };

const Port = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().max(65_535));

const List = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const ProxyUrl = z.url({ protocol: /^https?$/ });

/** Plain http would show the App's tokens to the network: only the own machine gets it. */
const ApiUrl = z.url({ protocol: /^https?$/ }).pipe(z.string().refine(isSafeUrl));

/** The text of a file of JSON that has a field of this name. */
function JsonFile(field: string) {
  return z.string().transform((path, context) => {
    const text = readWith(path, field);
    if (text === undefined) context.addIssue({ code: 'custom' });
    return text ?? z.NEVER;
  });
}

const Variables = z.object({
  APP_ID: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
  PRIVATE_KEY: z.string().optional(),
  PRIVATE_KEY_PATH: z.string().optional(),
  WEBHOOK_SECRET: List.refine((secrets) => secrets.length > 0),
  GITHUB_API_URL: ApiUrl.transform((url) => url.replace(/\/+$/, '')).default(
    'https://api.github.com',
  ),
  HOST: z.string().default('0.0.0.0'),
  PORT: Port.default(3_000),
  METRICS_PORT: Port.optional(),
  DATA_DIR: z
    .string()
    .default('data')
    .transform((path) => resolve(path))
    .refine(isUsableDirectory),
  WORKERS: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(64)).default(4),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  REGISTRY_HOSTS: List.pipe(
    z.array(
      z
        .string()
        .toLowerCase()
        .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/),
    ),
  ).optional(),
  REGISTRY_CREDENTIALS: JsonFile('auths').optional(),
  SIGSTORE_TRUSTED_ROOT: JsonFile('tlogs').optional(),
  NODE_EXTRA_CA_CERTS: z.string().refine(isReadable).optional(),
  HTTP_PROXY: ProxyUrl.optional(),
  HTTPS_PROXY: ProxyUrl.optional(),
  NO_PROXY: List.default([]),
});

/**
 * Reads and checks all variables. Makes the data folder, since only that shows that it can be
 * used. A variable that is set to nothing counts as absent.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): EnvironmentResult {
  const given = withoutEmpty(variables);
  const parsed = Variables.safeParse(given);
  const key = readKey(given);
  const wrong = new Set(parsed.error?.issues.map(({ path }) => path[0] as Variable));
  const problems = (Object.keys(VARIABLES) as Variable[])
    .filter((variable) => wrong.has(variable))
    .map((variable) => toProblem(variable, given[variable] === undefined));
  if ('variable' in key) problems.push(key);
  if (!parsed.success || 'variable' in key) return { problems: inOrder(problems) };
  return { environment: toEnvironment(parsed.data, key.pem) };
}

/** The environment of this process. When it cannot be used, says why and exits with code 2. */
export function requireEnvironment(): Environment {
  const result = readEnvironment(process.env);
  if ('environment' in result) return result.environment;
  process.stderr.write(renderProblems(result.problems));
  process.exit(2);
}

export function renderProblems(problems: readonly Problem[]): string {
  const lines = problems.map(({ message }) => `- ${message}\n`).join('');
  return `Fluxgate cannot start:\n${lines}`;
}

function toEnvironment(variables: z.infer<typeof Variables>, privateKey: string): Environment {
  const { METRICS_PORT: metricsPort, REGISTRY_HOSTS: registryHosts } = variables;
  const { REGISTRY_CREDENTIALS: registryCredentials } = variables;
  const { SIGSTORE_TRUSTED_ROOT: sigstoreTrustedRoot } = variables;
  const { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: except } = variables;
  return {
    appId: variables.APP_ID,
    privateKey,
    webhookSecrets: variables.WEBHOOK_SECRET,
    githubApiUrl: variables.GITHUB_API_URL,
    host: variables.HOST,
    port: variables.PORT,
    ...(metricsPort !== undefined && metricsPort !== variables.PORT && { metricsPort }),
    dataDirectory: variables.DATA_DIR,
    workers: variables.WORKERS,
    logLevel: variables.LOG_LEVEL,
    logFormat: variables.LOG_FORMAT,
    ...(registryHosts !== undefined && { registryHosts }),
    ...(registryCredentials !== undefined && { registryCredentials }),
    ...(sigstoreTrustedRoot !== undefined && { sigstoreTrustedRoot }),
    ...((http ?? https) !== undefined && {
      proxy: { ...(http !== undefined && { http }), ...(https !== undefined && { https }), except },
    }),
  };
}

/** Curl and others read the names of proxies in lower case, too. */
function withoutEmpty(variables: NodeJS.ProcessEnv): Partial<Record<Variable, string>> {
  const given: Partial<Record<Variable, string>> = {};
  for (const variable of Object.keys(VARIABLES) as Variable[]) {
    const isProxy = variable.endsWith('_PROXY');
    const value = variables[variable] ?? (isProxy ? variables[variable.toLowerCase()] : undefined);
    const trimmed = value?.trim();
    if (trimmed !== undefined && trimmed !== '') given[variable] = trimmed;
  }
  return given;
}

function readKey(given: Partial<Record<Variable, string>>): { pem: string } | Problem {
  const { PRIVATE_KEY: text, PRIVATE_KEY_PATH: path } = given;
  if (text !== undefined && path !== undefined) {
    const message = 'PRIVATE_KEY and PRIVATE_KEY_PATH are both set: keep one of them.';
    return { variable: 'PRIVATE_KEY', message };
  }
  if (path !== undefined) return toKey('PRIVATE_KEY_PATH', readPrivateKeyFile(path));
  if (text !== undefined) return toKey('PRIVATE_KEY', readPrivateKey(text));
  return toProblem('PRIVATE_KEY', true);
}

function toKey(variable: Variable, key: PrivateKey): { pem: string } | Problem {
  if ('pem' in key) return key;
  return { variable, message: `${variable} ${key.problem}. Set it to ${VARIABLES[variable]}.` };
}

function toProblem(variable: Variable, isMissing: boolean): Problem {
  const what = isMissing && variable !== 'DATA_DIR' ? 'is missing' : 'cannot be used';
  return { variable, message: `${variable} ${what}. Set it to ${VARIABLES[variable]}.` };
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const order = Object.keys(VARIABLES);
  return problems.toSorted((a, b) => order.indexOf(a.variable) - order.indexOf(b.variable));
}

function isUsableDirectory(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function readWith(path: string, field: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const parsed: unknown = JSON.parse(text);
    const isWhole = typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, field);
    return isWhole ? text : undefined;
  } catch {
    return undefined;
  }
}

function isSafeUrl(text: string): boolean {
  const { protocol, hostname, username, search, hash } = new URL(text);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return (protocol === 'https:' || isLocal) && username === '' && search === '' && hash === '';
}
