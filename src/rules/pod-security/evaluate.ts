import type { Check, Offence, Refusal, Revision, Violation } from './checks/check.ts';
import type { UnknownField } from './decoding/decode.ts';
import type { Pod } from './pod.ts';
import type { Policy } from './policy.ts';
import { checksFor, clampVersion, type SelectedCheck } from './registry.ts';
import { judgeWithUnknowns } from './unknown-values.ts';

/** A pod held to a policy. */
export interface Evaluation {
  readonly policy: Policy;
  /**
   * - `allowed`: every check passes
   * - `forbidden`: some check forbids, whatever the values are that are not known
   * - `inconclusive`: no check forbids for certain, some depends on a value that is not known
   */
  readonly verdict: 'allowed' | 'forbidden' | 'inconclusive';
  /** The checks that do not pass, in the order of admission's texts. */
  readonly results: readonly CheckResult[];
}

export type CheckResult = Forbidden | Inconclusive;

/** A check that forbids the pod. */
export interface Forbidden {
  readonly verdict: 'forbidden';
  readonly check: Check;
  readonly revision: Revision;
  readonly offences: readonly Offence[];
  readonly pod: Pod;
  /** Values it read that are not known: its text may name more than it would, or less. */
  readonly unknowns?: readonly UnknownField[];
}

/** A check whose verdict depends on values that are not known. */
export interface Inconclusive {
  readonly verdict: 'inconclusive';
  readonly check: Check;
  readonly unknowns: readonly UnknownField[];
}

const NO_RESULTS: readonly CheckResult[] = [];

/**
 * Holds a pod to a policy: what the admission library of Kubernetes 1.37 says, to the letter.
 * Every check runs; there is no stopping at the first refusal.
 *
 * @param server the minor version of the server that judges; older servers know fewer revisions.
 *   Undefined for the newest.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function evaluatePod(pod: Pod, policy: Policy, server?: number): Evaluation {
  const judge = pod.unknowns.length === 0 ? judgeKnown : judgeWithUnknowns;
  let results: CheckResult[] | undefined;
  let isForbidden = false;
  for (const selected of checksFor(policy.level, clampVersion(policy.version, server))) {
    const result = judge(pod, selected);
    if (result === undefined) continue;
    isForbidden ||= result.verdict === 'forbidden';
    (results ??= []).push(result);
  }
  if (results === undefined) return { policy, verdict: 'allowed', results: NO_RESULTS };
  return { policy, verdict: isForbidden ? 'forbidden' : 'inconclusive', results };
}

function judgeKnown(pod: Pod, { check, revision }: SelectedCheck): CheckResult | undefined {
  const offences = revision.find(pod, revision.allowed);
  if (offences.length === 0) return undefined;
  return { verdict: 'forbidden', check, revision, offences, pod };
}

/** The results that forbid. */
export function forbiddenBy({ results }: Evaluation): readonly Forbidden[] {
  return results.filter((result) => result.verdict === 'forbidden');
}

/** What admission says of one check. */
export function refusalOf({ check, offences, pod }: Forbidden): Refusal {
  return check.word(offences, pod);
}

/**
 * What is wrong, field by field. The fixes of all violations of an evaluation go together: with
 * all of them applied, nothing is refused but what says that it cannot be fixed.
 */
export function violationsOf({ check, revision, offences, pod }: Forbidden): Violation[] {
  return check.explain(offences, pod, revision.allowed);
}
