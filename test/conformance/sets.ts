import { kustomize } from './kustomize.ts';
import { podSecurity } from './pod-security.ts';
import { semver } from './semver.ts';
import { signatures } from './signatures.ts';
import { substitution } from './substitution.ts';

/** One answer of an upstream program, compared with ours. */
export interface CaseOutcome {
  readonly name: string;
  /** What differs, expected against got; absent when we agree. */
  readonly failure?: string;
}

/** A folder of answers and the engine that must agree with them. */
export interface ConformanceSet {
  /** The folder's name. */
  readonly name: string;
  run(folder: string): Iterable<CaseOutcome> | AsyncIterable<CaseOutcome>;
}

/** The sets that have an engine. */
export const sets: readonly ConformanceSet[] = [
  kustomize,
  podSecurity,
  semver,
  signatures,
  substitution,
];
