import type { FieldPath } from '../../model/field-path.ts';
import { decode } from './decoding/decode.ts';
import { unknownFieldsText } from './decoding/decode-error.ts';
import { goType } from './decoding/go-types.ts';
import { type Exemptions, NO_EXEMPTIONS } from './exemptions.ts';
import { matches } from './field-pattern.ts';
import { goQuote } from './go-quote.ts';
import { isLevel } from './level.ts';
import { type Mode, type ModePolicies, NO_DEFAULTS } from './namespace-policy.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import type { Policy } from './policy.ts';
import { LATEST, parseVersion } from './version.ts';

/** What a cluster is configured to do where namespaces say nothing, and whom it lets off. */
export interface PodSecurityConfiguration {
  readonly defaults: ModePolicies;
  readonly exemptions: Exemptions;
}

/** Why an API server with this configuration does not start. */
export interface ConfigurationError {
  readonly path: FieldPath;
  /** The file, where it is another one that the configuration names. */
  readonly file?: string;
  /** In the words of the API server, where there are any. */
  readonly message: string;
  /** Nothing is wrong, as far as the repository tells: what is named stands outside of it. */
  readonly isElsewhere?: true;
}

export type ConfigurationReading =
  | { readonly configuration: PodSecurityConfiguration; readonly errors: readonly [] }
  | { readonly configuration: undefined; readonly errors: readonly ConfigurationError[] };

const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map(
  (version) => `pod-security.admission.config.k8s.io/${version}`,
);

/**
 * Reads a `PodSecurityConfiguration` strictly.
 *
 * @param value a plain JSON value, attacker-controlled; undefined where there is none, which is
 *   the default: everything privileged, nobody exempt
 */
export function readPodSecurityConfiguration(value: unknown): ConfigurationReading {
  if (value === undefined) {
    return { configuration: { defaults: NO_DEFAULTS, exemptions: NO_EXEMPTIONS }, errors: [] };
  }
  const decodingErrors = strictErrors(value, 'PodSecurityConfiguration', VERSIONS);
  if (decodingErrors.length > 0) return { configuration: undefined, errors: decodingErrors };
  const errors: ConfigurationError[] = [];
  // In the order in which the API server looks at them.
  const enforce = readPolicy(value, 'enforce', errors);
  const warn = readPolicy(value, 'warn', errors);
  const audit = readPolicy(value, 'audit', errors);
  const namespaces = readNames(value, 'namespaces', labelProblems, errors);
  const runtimeClasses = readNames(value, 'runtimeClasses', subdomainProblems, errors);
  const usernames = readNames(value, 'usernames', usernameProblems, errors);
  if (errors.length > 0) return { configuration: undefined, errors };
  const exemptions = { namespaces, runtimeClasses, usernames };
  return { configuration: { defaults: { enforce, audit, warn }, exemptions }, errors: [] };
}

/** A wrong kind or version; else wrong types; else fields or values that are not known. */
export function strictErrors(
  value: unknown,
  kind: string,
  versions: readonly string[],
): ConfigurationError[] {
  if (matches(value, 'kind')[0]?.value !== kind) {
    return [{ path: ['kind'], message: `kind must be ${kind}` }];
  }
  const { errors, unknownFields, unknowns } = decode(value, goType(kind));
  if (errors.length > 0) return errors.map(({ path, message }) => ({ path, message }));
  const apiVersion = matches(value, 'apiVersion')[0]?.value;
  if (typeof apiVersion !== 'string' || !versions.includes(apiVersion)) {
    const message = `apiVersion must be one of ${versions.join(', ')}`;
    return [{ path: ['apiVersion'], message }];
  }
  return [
    ...unknownFields.map((path) => ({ path, message: unknownFieldsText([path]) })),
    ...unknowns.map(({ path, unknown }) => ({ path, message: unknown.reason })),
  ];
}

function readPolicy(value: unknown, mode: Mode, errors: ConfigurationError[]): Policy {
  const level = textAt(value, mode) || 'privileged';
  const versionText = textAt(value, `${mode}-version`) || LATEST.text;
  const version = parseVersion(versionText);
  if (!isLevel(level)) {
    errors.push(
      invalid(['defaults', mode], level, 'must be one of privileged, baseline, restricted'),
    );
  }
  if (version === undefined) {
    const path = ['defaults', `${mode}-version`];
    errors.push(invalid(path, versionText, 'must be "latest" or "v1.x"'));
  }
  return { level: isLevel(level) ? level : 'restricted', version: version ?? LATEST };
}

function textAt(value: unknown, field: string): string {
  const text = matches(value, `defaults.${field}`)[0]?.value;
  return typeof text === 'string' ? text : '';
}

function readNames(
  value: unknown,
  field: keyof Exemptions,
  problemsOf: (name: string) => readonly string[],
  errors: ConfigurationError[],
): string[] {
  const list = matches(value, `exemptions.${field}`)[0]?.value;
  const names = new Set<string>();
  // Null in a list of texts is the empty text.
  const items = Array.isArray(list) ? list.map((name: unknown) => (name ?? '') as string) : [];
  for (const [index, name] of items.entries()) {
    const path = ['exemptions', field, index];
    const problems = problemsOf(name);
    if (problems.length > 0) errors.push(invalid(path, name, problems.join(', ')));
    else if (names.has(name)) {
      errors.push({ path, message: `${pathText(path)}: Duplicate value: ${goQuote(name)}` });
    }
    names.add(name);
  }
  return [...names];
}

function usernameProblems(name: string): readonly string[] {
  return name === '' ? ['username must not be empty'] : [];
}

function invalid(path: FieldPath, value: string, expected: string): ConfigurationError {
  return { path, message: `${pathText(path)}: Invalid value: ${goQuote(value)}: ${expected}` };
}

/** `exemptions.namespaces[0]`. */
function pathText(path: FieldPath): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
