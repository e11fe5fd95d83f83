import process from 'node:process';

import { type DestinationStream, type Logger, pino } from 'pino';

import { renderPretty } from './pretty.ts';

/**
 * The log. Levels by audience: `error` is for whoever runs this server and has to act, `warn` for
 * what they should know (a refused delivery may be an attack or a wrong secret), `info` for what
 * happened, mistakes in pull requests included, `debug` for its details.
 */
export interface LoggingOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** Values that must not be printed, wherever they turn up. */
  readonly secrets: readonly string[];
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
}

/** Fields that hold a secret in objects that may come to be logged. */
const SECRET_FIELDS = ['authorization', 'token', 'privateKey', 'secret', 'password', 'cookie'];
const REDACTED = [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)];

/** Secrets that have a form of their own: keys in PEM, tokens of GitHub, JSON web tokens. */
const SECRET_FORMS =
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-"]{0,20000}|\b(?:gh[a-z]_|github_pat_)[\w.-]{10,2000}|\beyJ[\w-]{5,4000}\.[\w-]{5,4000}\.[\w-]{5,4000}/g;

/** Shorter texts turn up by chance; hiding them would spoil the log and hide little. */
const SHORTEST_SECRET = 6;

export function createLogger(options: LoggingOptions): Logger {
  const { level, format, secrets } = options;
  const output = options.destination ?? process.stdout;
  const hidden = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  const destination =
    format === 'json' ? output : { write: (line: string) => output.write(renderPretty(line)) };
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
      errorKey: 'error',
      serializers: { error: toLoggedError },
      redact: { paths: REDACTED, censor: '[hidden]' },
      hooks: { streamWrite: (line) => hide(line, hidden) },
    },
    destination,
  );
}

function hide(line: string, hidden: readonly string[]): string {
  let shown = line.replace(SECRET_FORMS, '[hidden]');
  for (const secret of hidden) shown = shown.replaceAll(secret, '[hidden]');
  return shown;
}

const MAX_CAUSES = 5;

interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/**
 * An error without the properties that libraries hang on it: GitHub's client keeps the whole
 * request with its token, the YAML parser the source.
 */
function toLoggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    name,
    message,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: toLoggedError(cause, depth + 1) }),
  };
}
