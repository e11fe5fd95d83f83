import { Unknown } from '../../model/located.ts';
import { goQuote } from './go-quote.ts';
import { isLevel, isStricter, type Level, LEVELS } from './level.ts';
import type { Policy } from './policy.ts';
import { LATEST, parseVersion, type PolicyVersion } from './version.ts';

/** What namespaces say of pod security, in the order in which the API server reads it. */
export const MODES = ['enforce', 'audit', 'warn'] as const;

/**
 * - `enforce`: pods that violate the policy are refused
 * - `audit`: they are recorded in the audit log
 * - `warn`: who creates them, or a workload that will, is warned
 */
export type Mode = (typeof MODES)[number];

/** A policy for each mode. */
export type ModePolicies = Readonly<Record<Mode, Policy>>;

/** The policies of a cluster that configures none. */
export const NO_DEFAULTS: ModePolicies = {
  enforce: { level: 'privileged', version: LATEST },
  audit: { level: 'privileged', version: LATEST },
  warn: { level: 'privileged', version: LATEST },
};

const PREFIX = 'pod-security.kubernetes.io/';

/** The label that sets a mode's level, or its version. */
export function labelKey(mode: Mode, half: 'level' | 'version' = 'level'): string {
  return half === 'level' ? PREFIX + mode : `${PREFIX}${mode}-version`;
}

/** Where a half of a policy comes from. */
export interface Origin {
  /** `unknown`: a label whose value cannot be known from the repository. */
  readonly from: 'label' | 'defaults' | 'unknown';
  /** The label; absent for the cluster's defaults. */
  readonly key?: string;
  /** Warn has it from enforce, which is stricter than what warn had. */
  readonly raised?: true;
  readonly unknown?: Unknown;
}

/**
 * A policy, and where each half of it comes from. In place of a level that is not known stands
 * `restricted`, of a version `latest`: what passes under them passes, a refusal is not certain.
 */
export interface ResolvedPolicy extends Policy {
  readonly levelFrom: Origin;
  readonly versionFrom: Origin;
}

/** A label whose value is invalid. */
export interface LabelError {
  readonly key: string;
  readonly value: string;
  /** In the words of the API server. */
  readonly message: string;
  /** What the API server takes in its place. */
  readonly readAs: string;
}

export interface NamespacePolicy extends Readonly<Record<Mode, ResolvedPolicy>> {
  /** In the order in which the API server reports them. */
  readonly errors: readonly LabelError[];
}

/** Labels of a namespace as plain values. Null is the empty text, as where Kubernetes decodes. */
export type Labels = Readonly<Record<string, string | null | Unknown>>;

const NO_LABELS: Labels = {};

/** Labels of which nothing is known. */
export function unknownLabels(unknown: Unknown): Labels {
  const keys = MODES.flatMap((mode) => [labelKey(mode), labelKey(mode, 'version')]);
  return Object.fromEntries(keys.map((key) => [key, unknown]));
}

/**
 * The policy of a namespace. Each label overrides one half of the cluster's defaults. An invalid
 * level fails closed for enforce (restricted) and open for audit and warn (privileged); an invalid
 * version becomes the latest.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export function resolveNamespacePolicy(
  labels: Labels | Unknown | null | undefined,
  defaults: ModePolicies = NO_DEFAULTS,
): NamespacePolicy {
  const given = labels instanceof Unknown ? unknownLabels(labels) : (labels ?? NO_LABELS);
  const errors: LabelError[] = [];
  const enforce = resolveMode('enforce', given, defaults, 'restricted', errors);
  const audit = resolveMode('audit', given, defaults, 'privileged', errors);
  const warn = resolveMode('warn', given, defaults, 'privileged', errors);
  return { enforce, audit, warn: raiseWarn(warn, enforce, errors), errors };
}

function resolveMode(
  mode: Mode,
  labels: Labels,
  defaults: ModePolicies,
  invalidLevel: Level,
  errors: LabelError[],
): ResolvedPolicy {
  const levelFrom = originOf(labels, labelKey(mode));
  const versionFrom = originOf(labels, labelKey(mode, 'version'));
  return {
    level: resolveLevel(labels, levelFrom, defaults[mode].level, invalidLevel, errors),
    version: resolveVersion(labels, versionFrom, defaults[mode].version, errors),
    levelFrom,
    versionFrom,
  };
}

const DEFAULTS: Origin = { from: 'defaults' };

function originOf(labels: Labels, key: string): Origin {
  if (!Object.hasOwn(labels, key)) return DEFAULTS;
  const value = labels[key];
  return value instanceof Unknown
    ? { from: 'unknown', key, unknown: value }
    : { from: 'label', key };
}

function resolveLevel(
  labels: Labels,
  { from, key = '' }: Origin,
  fallback: Level,
  invalid: Level,
  errors: LabelError[],
): Level {
  if (from !== 'label') return from === 'defaults' ? fallback : 'restricted';
  const text = textOf(labels, key);
  if (isLevel(text)) return text;
  errors.push(labelError(key, text, `must be one of ${LEVELS.join(', ')}`, invalid));
  return invalid;
}

function resolveVersion(
  labels: Labels,
  { from, key = '' }: Origin,
  fallback: PolicyVersion,
  errors: LabelError[],
): PolicyVersion {
  if (from !== 'label') return from === 'defaults' ? fallback : LATEST;
  const text = textOf(labels, key);
  const version = parseVersion(text);
  if (version) return version;
  errors.push(labelError(key, text, 'must be "latest" or "v1.x"', LATEST.text));
  return LATEST;
}

function textOf(labels: Labels, key: string): string {
  const value = labels[key];
  return typeof value === 'string' ? value : '';
}

function labelError(key: string, value: string, expected: string, readAs: string): LabelError {
  const message = `metadata.labels[${key}]: Invalid value: ${goQuote(value)}: ${expected}`;
  return { key, value, message, readAs };
}

/**
 * Whoever labels only enforce is warned by it too, so that workloads, which enforce lets through,
 * tell of their pods. An invalid label does not do this, nor do the cluster's defaults.
 */
function raiseWarn(
  warn: ResolvedPolicy,
  enforce: ResolvedPolicy,
  errors: readonly LabelError[],
): ResolvedPolicy {
  const { levelFrom, versionFrom } = enforce;
  const isValid = !errors.some(({ key }) => key === levelFrom.key);
  if (warn.levelFrom.from !== 'defaults' || levelFrom.from === 'defaults' || !isValid) return warn;
  if (!isStricter(enforce.level, warn.level)) return warn;
  const raised = {
    ...warn,
    level: enforce.level,
    levelFrom: { ...levelFrom, raised: true as const },
  };
  if (warn.versionFrom.from !== 'defaults') return raised;
  return {
    ...raised,
    version: enforce.version,
    versionFrom: { ...versionFrom, raised: true as const },
  };
}
