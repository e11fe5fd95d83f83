import { findingsText } from '../../../src/rules/pod-security/admission-text.ts';
import type { Violation } from '../../../src/rules/pod-security/checks/check.ts';
import { decodePod } from '../../../src/rules/pod-security/decode-pod.ts';
import {
  type Evaluation,
  evaluatePod,
  forbiddenBy,
  violationsOf,
} from '../../../src/rules/pod-security/evaluate.ts';
import { isLevel } from '../../../src/rules/pod-security/level.ts';
import type { Pod } from '../../../src/rules/pod-security/pod.ts';
import type { Policy } from '../../../src/rules/pod-security/policy.ts';
import { parseVersion } from '../../../src/rules/pod-security/version.ts';

/** Reads `restricted:v1.25`. */
export function policy(text: string): Policy {
  const [level = '', version = ''] = text.split(':');
  const parsed = parseVersion(version);
  if (!isLevel(level) || !parsed) throw new Error(`no policy: ${text}`);
  return { level, version: parsed };
}

export function podOf(value: unknown): Pod {
  const { pod, errors } = decodePod(value);
  if (!pod) throw new Error(errors[0]?.message);
  return pod;
}

/** A pod of that spec held to a policy. */
export function evaluate(spec: unknown, policyText: string, metadata = {}): Evaluation {
  return evaluatePod(podOf({ metadata, spec }), policy(policyText));
}

/** The reason and detail of one check; `allowed` where it passes. */
export function textOf(check: string, spec: unknown, policyText: string, metadata = {}): string {
  const evaluation = evaluate(spec, policyText, metadata);
  const results = evaluation.results.filter((result) => result.check.id === check);
  return findingsText({ ...evaluation, results }) || 'allowed';
}

/** What is wrong, field by field, by one check. */
export function violationsBy(
  check: string,
  spec: unknown,
  policyText: string,
  metadata = {},
): Violation[] {
  return forbiddenBy(evaluate(spec, policyText, metadata))
    .filter((result) => result.check.id === check)
    .flatMap(violationsOf);
}

/** Containers `a`, `b`, … with these security contexts. */
export function containersWith(...contexts: unknown[]): unknown[] {
  return contexts.map((securityContext, index) => ({
    name: String.fromCharCode(97 + index),
    securityContext,
  }));
}
