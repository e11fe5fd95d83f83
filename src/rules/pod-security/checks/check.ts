import type { FieldPath } from '../../../model/field-path.ts';
import type { FieldEdit } from '../../../model/finding.ts';
import type { Control } from '../controls.ts';
import type { Level } from '../level.ts';
import type { Pod, PodContainer } from '../pod.ts';

/**
 * One check of the standard, under the id that Kubernetes gives it. Finding what is wrong is apart
 * from wording it: a review finds in thousands of pods and words for a few.
 */
export interface Check {
  readonly id: string;
  readonly control: Control;
  /** The level that brings the check in. */
  readonly level: Exclude<Level, 'privileged'>;
  /** Strictly increasing. Below the first one the check does not exist. */
  readonly revisions: readonly Revision[];
  /** The words of admission. Some offences may hide others. */
  readonly word: (offences: readonly Offence[], pod: Pod) => Refusal;
  /** The same for people, field by field, nothing hidden: mending all of it passes. */
  readonly explain: (
    offences: readonly Offence[],
    pod: Pod,
    allowed: ReadonlySet<string>,
  ) => Violation[];
}

/** How a check judges from a policy version on, until its next revision. */
export interface Revision {
  /** The first minor version of Kubernetes: 25 for v1.25. */
  readonly since: number;
  /** The values it lets pass, where they are a list. */
  readonly allowed: ReadonlySet<string>;
  /** Everything it refuses; empty when the pod passes, and then nothing is allocated. */
  readonly find: (pod: Pod, allowed: ReadonlySet<string>) => readonly Offence[];
  /** Baseline checks that do not run where this revision runs. Only for restricted checks. */
  readonly overrides?: readonly string[];
}

/** Where a pod does not pass a check. */
export interface Offence {
  /** Undefined for the pod itself. */
  readonly container: PodContainer | undefined;
  /** From the container, or from the pod. */
  readonly field: FieldPath;
  /** What stands there, as admission prints it. */
  readonly value: string;
  /** A required value is missing, as opposed to a written value that is refused. */
  readonly missing: boolean;
}

export interface Refusal {
  readonly reason: string;
  readonly detail: string;
}

/** One field that keeps a pod from passing. */
export interface Violation {
  /** The field in the object; where it is missing, where it belongs. */
  readonly path: FieldPath;
  readonly container?: string;
  /** One sentence: what, where, what is allowed. Holds text of the manifest, not escaped. */
  readonly message: string;
  /**
   * The edits that mend it; a `set` creates the maps above it. Paths of all edits of a pod refer
   * to the object before any of them: make the `set`s first, then remove, from the last list item
   * to the first. Absent where `cannotFix` says why.
   */
  readonly fix?: readonly FieldEdit[];
  readonly cannotFix?: string;
  /** What may break at run time after the fix, and what to change for it. */
  readonly caution?: string;
}

/** For revisions that have no list of allowed values. */
export const NO_VALUES: ReadonlySet<string> = new Set();
