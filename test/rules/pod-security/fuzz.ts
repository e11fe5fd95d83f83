import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';

import { denialText } from '../../../src/rules/pod-security/admission-text.ts';
import type { Check, Violation } from '../../../src/rules/pod-security/checks/check.ts';
import { decodePod } from '../../../src/rules/pod-security/decode-pod.ts';
import { applyDefaults, type Defaulting } from '../../../src/rules/pod-security/defaulting.ts';
import {
  type Evaluation,
  evaluatePod,
  forbiddenBy,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { LEVELS } from '../../../src/rules/pod-security/level.ts';
import type { Policy } from '../../../src/rules/pod-security/policy.ts';
import { LATEST, versionOfMinor } from '../../../src/rules/pod-security/version.ts';
import { applyEdits } from './apply-edits.ts';
import { brokenPods, hardenedPods, pods, withUnknowns } from './arbitrary-pod.ts';

const policies: fc.Arbitrary<Policy> = fc.record({
  level: fc.constantFrom(...LEVELS, 'restricted', 'restricted'),
  version: fc.oneof(fc.constant(LATEST), fc.nat({ max: 40 }).map(versionOfMinor)),
});

const defaultings = fc.constantFrom<Defaulting>('none', 'volumes', 'server');

/**
 * Looks for pods on which the engine contradicts itself. Throws with the smallest one found.
 *
 * @param runs how many pods each property sees
 */
export function fuzz(runs: number, seed: number): void {
  const options = { numRuns: runs, seed };
  fc.assert(fc.property(anyPods, policies, defaultings, evaluationNeverThrows), options);
  fc.assert(fc.property(anyPods, defaultings, allowedNeedsNoFix), options);
  fc.assert(fc.property(podsToMend, policies, defaultings, fixesGoTogether), options);
  fc.assert(fc.property(pods, fc.nat(), policies, unknownsDecideNothing), options);
}

const anyPods = fc.oneof(pods, hardenedPods, brokenPods);
const podsToMend = fc.oneof(pods, hardenedPods);

function evaluate(value: unknown, policy: Policy, defaulting: Defaulting): Evaluation | undefined {
  const { pod } = decodePod(value);
  return pod && evaluatePod(applyDefaults(pod, defaulting, { object: 'pod' }), policy);
}

/** No JSON value in place of a pod makes the engine throw. */
function evaluationNeverThrows(value: unknown, policy: Policy, defaulting: Defaulting): void {
  const evaluation = evaluate(value, policy, defaulting);
  if (evaluation === undefined) return;
  violationsIn(evaluation);
  denialText(evaluation);
}

/** What passes restricted has nothing to mend. */
function allowedNeedsNoFix(value: unknown, defaulting: Defaulting): boolean {
  const evaluation = evaluate(value, { level: 'restricted', version: LATEST }, defaulting);
  if (evaluation?.verdict !== 'allowed') return true;
  return violationsIn(evaluation).length === 0;
}

/** With all fixes made, exactly what said it cannot be fixed is left. */
function fixesGoTogether(value: unknown, policy: Policy, defaulting: Defaulting): boolean {
  const before = evaluate(value, policy, defaulting);
  if (before === undefined) return true;
  const violations = violationsIn(before);
  const fixed = applyEdits(
    value,
    violations.flatMap(({ fix }) => fix ?? []),
  );
  const after = evaluate(fixed, policy, defaulting);
  const expected = violations.filter(({ cannotFix }) => cannotFix !== undefined).map(identity);
  return after !== undefined && isDeepStrictEqual(violationsIn(after).map(identity), expected);
}

/**
 * Where a value is not known, a certain verdict is the verdict that every value gives: here those
 * of the pod itself, of which some were made unknown.
 */
function unknownsDecideNothing(value: unknown, seed: number, policy: Policy): boolean {
  const known = evaluate(value, policy, 'none');
  const partly = evaluate(withUnknowns(value, seed), policy, 'none');
  if (known === undefined || partly === undefined) return true;
  const forbidden = new Set(forbiddenBy(known).map(({ check }) => check));
  const open = new Set(
    partly.results.filter(({ verdict }) => verdict === 'inconclusive').map(({ check }) => check),
  );
  const certain = new Set(forbiddenBy(partly).map(({ check }) => check));
  return (
    [...certain].every((check) => forbidden.has(check)) &&
    [...forbidden].every((check) => certain.has(check) || open.has(check))
  );
}

interface Found extends Violation {
  readonly check: Check['id'];
}

function violationsIn(evaluation: Evaluation): Found[] {
  return forbiddenBy(evaluation).flatMap((result) =>
    violationsOf(result).map((violation) => ({ ...violation, check: result.check.id })),
  );
}

function identity({ check, path }: Found): string {
  return JSON.stringify([check, path]);
}
