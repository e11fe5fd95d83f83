import { reasonsText } from './admission-text.ts';
import type { Evaluation } from './evaluate.ts';
import { goQuote } from './go-quote.ts';
import { isStricter } from './level.ts';
import {
  type LabelError,
  type ModePolicies,
  MODES,
  type NamespacePolicy,
} from './namespace-policy.ts';
import { isSamePolicy, type Policy, policyText } from './policy.ts';
import { compareBytewise } from './text.ts';

/**
 * What the API server answers when a namespace is created, or its labels change.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */

/**
 * The refusal of a namespace with invalid labels; undefined when they are let through. An update
 * passes with the very errors that the namespace already had.
 *
 * @param before the errors of the namespace as it is; undefined when it is created
 */
export function namespaceInvalidText(
  name: string,
  errors: readonly LabelError[],
  before?: readonly LabelError[],
): string | undefined {
  const messages = errors.map(({ message }) => message);
  const old = before?.map(({ message }) => message) ?? [];
  const isUnchanged =
    messages.length === old.length && messages.every((text, at) => text === old[at]);
  if (isUnchanged) return undefined;
  const [first = ''] = messages;
  const all = messages.length === 1 ? first : `[${messages.join(', ')}]`;
  return messages.length === 0 ? undefined : `Namespace ${goQuote(name)} is invalid: ${all}`;
}

/** Whether existing pods are checked against a changed enforce policy. Never on creation. */
export function isRecheckNeeded(after: Policy, before: Policy): boolean {
  if (isSamePolicy(after, before) || after.level === 'privileged') return false;
  return after.version.text !== before.version.text || isStricter(after.level, before.level);
}

/** A pod that runs, held to the new enforce policy. */
export interface RecheckedPod {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/**
 * The warnings of the re-check, in their order.
 *
 * @param pods without those of an exempt runtime class; at most the 3,000 that a server looks at
 * @param total how many there are, where that is more
 */
export function recheckWarnings(
  namespace: string,
  enforce: Policy,
  pods: readonly RecheckedPod[],
  total = pods.length,
): string[] {
  const namesByReasons = new Map<string, string[]>();
  for (const { name, evaluation } of pods) {
    if (evaluation.verdict !== 'forbidden') continue;
    const reasons = reasonsText(evaluation);
    const names = namesByReasons.get(reasons);
    if (names) names.push(name);
    else namesByReasons.set(reasons, [name]);
  }
  const warnings: string[] = [];
  if (pods.length < total) {
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${pods.length} of ${total} existing pods`,
    );
  }
  if (namesByReasons.size > 0) {
    warnings.push(
      `existing pods in namespace ${goQuote(namespace)} violate the new PodSecurity enforce level "${policyText(enforce)}"`,
    );
  }
  const podWarnings = [...namesByReasons].map(
    ([reasons, names]) => `${podsText(names)}: ${reasons}`,
  );
  return [...warnings, ...podWarnings.sort(compareBytewise)];
}

function podsText(names: readonly string[]): string {
  const [first = ''] = [...names].sort(compareBytewise);
  if (names.length === 1) return first;
  return names.length === 2
    ? `${first} (and 1 other pod)`
    : `${first} (and ${names.length - 1} other pods)`;
}

/**
 * The warning about labels that have no effect, since the cluster's configuration exempts the
 * namespace; undefined where there is nothing to warn of.
 */
export function exemptNamespaceWarning(
  namespace: string,
  policy: NamespacePolicy,
  defaults: ModePolicies,
): string | undefined {
  if (MODES.every((mode) => isEquivalent(policy[mode], defaults[mode]))) return undefined;
  if (MODES.every((mode) => policy[mode].level === 'privileged')) return undefined;
  const ignored = MODES.filter((mode) => {
    const { level, levelFrom, versionFrom } = policy[mode];
    return level !== 'privileged' && (isLabelled(levelFrom) || isLabelled(versionFrom));
  }).map((mode) => `${mode}=${policyText(policy[mode])}`);
  return `namespace ${goQuote(namespace)} is exempt from Pod Security, and the policy (${ignored.join(', ')}) will be ignored`;
}

function isLabelled({ from, raised }: NamespacePolicy['enforce']['levelFrom']): boolean {
  return from !== 'defaults' && raised !== true;
}

/** At the privileged level the version makes no difference. */
function isEquivalent(a: Policy, b: Policy): boolean {
  return a.level === 'privileged' ? b.level === 'privileged' : isSamePolicy(a, b);
}
