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
import { type Located, toPlain } from '../../../src/model/located.ts';
import { SourceText } from '../../../src/model/source.ts';
import { applyEdits as applyTextEdits, toTextEdits } from '../../../src/yaml/edit.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';
import { applyEdits } from './apply-edits.ts';
import { brokenPods, hardenedPods, pods, withUnknowns } from './arbitrary-pod.ts';
import { writeYaml } from './written-yaml.ts';

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
  fc.assert(fc.property(podsToMend, fc.nat(), policies, textsAreMended), options);
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
 * The same on the text of a manifest, whatever its style: all fixes of a pod, made together, give
 * YAML that says what they mean, keep every comment that is not part of what goes, and leave what
 * said that it cannot be fixed.
 */
function textsAreMended(value: unknown, seed: number, policy: Policy): void {
  const text = writeYaml(value, seed);
  const violations = violationsOfText(text, policy);
  if (violations === undefined) return;
  const fields = violations.flatMap(({ fix }) => fix ?? []);
  const edits = toTextEdits(rootOf(text), fields);
  if (edits === undefined) throw new Error(`no edit:\n${text}`);
  const mended = applyTextEdits(text, edits);
  const meant = withoutEmpty(applyEdits(toPlain(rootOf(text)), fields));
  if (!isDeepStrictEqual(withoutEmpty(toPlain(rootOf(mended))), meant)) {
    throw new Error(`other than meant:\n${text}\nbecame\n${mended}`);
  }
  const left = violationsOfText(mended, policy)?.map(identity);
  const expected = violations.filter(({ cannotFix }) => cannotFix !== undefined).map(identity);
  if (!isDeepStrictEqual(left, expected))
    throw new Error(`not mended:\n${text}\nbecame\n${mended}`);
  const isOnlySet = fields.every((field) => 'set' in field && typeof field.set !== 'object');
  const lost = commentsIn(text).filter((comment) => !commentsIn(mended).includes(comment));
  if (isOnlySet && lost.length > 0) throw new Error(`lost ${lost.join()}:\n${text}`);
}

function violationsOfText(text: string, policy: Policy): Found[] | undefined {
  const evaluation = evaluate(toPlain(rootOf(text)), policy, 'none');
  return evaluation && violationsIn(evaluation);
}

function rootOf(text: string): Located {
  const { documents, problems } = parseYaml(new SourceText('pod.yaml', text), 'kubernetes');
  const [root] = documents;
  if (root === undefined) throw new Error(`${problems[0]?.message ?? 'nothing'}:\n${text}`);
  return root;
}

function commentsIn(text: string): string[] {
  return text.match(/# comment \d+\b/g) ?? [];
}

/** Nothing, an empty list and an empty map are as good as absent, which a text may choose. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutEmpty(item) ?? null);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, withoutEmpty(inner)] as const)
    .filter(([, inner]) => inner !== undefined && !(Array.isArray(inner) && inner.length === 0));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
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
