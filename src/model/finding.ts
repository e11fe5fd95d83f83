import type { FieldPath } from './field-path.ts';
import type { Place } from './source.ts';

/** What follows for the cluster, strongest first. */
export const EFFECTS = ['denied', 'risk', 'warned', 'audited', 'advice'] as const;

/**
 * - `denied`: the cluster or Flux will refuse this
 * - `risk`: will be applied, and is dangerous
 * - `warned`: admission will warn
 * - `audited`: recorded in the audit log only
 * - `advice`: could be better
 */
export type Effect = (typeof EFFECTS)[number];

/** Strongest first. */
export const CHANGES = ['introduced', 'existing', 'lapsed', 'fixed'] as const;

/**
 * - `introduced`: this change brings it, or makes it worse
 * - `existing`: it was there before
 * - `lapsed`: it no longer holds, though nothing was mended: what it was measured against changed
 * - `fixed`: this change mends it
 */
export type Change = (typeof CHANGES)[number];

/** Whether a finding was there before the change and is not after it. */
export function isGone(change: Change): change is 'lapsed' | 'fixed' {
  return change === 'lapsed' || change === 'fixed';
}

/** The four check runs, in the order they are shown. */
export const AREAS = ['pod-security', 'commit-signatures', 'image-policy', 'gitops'] as const;
export type Area = (typeof AREAS)[number];

/** Whether `a` is a stronger effect than `b`. */
export function isStronger(a: Effect, b: Effect): boolean {
  return EFFECTS.indexOf(a) < EFFECTS.indexOf(b);
}

/** What a finding is about: an object, or a file, commit or branch as `kind` says. */
export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  /** Before a generated hash suffix. */
  readonly name: string;
  readonly container?: string;
  /** Dotted; list items by their merge key, else by index. Empty for the whole subject. */
  readonly field: string;
}

export interface RelatedPlace {
  readonly path: string;
  readonly line: number;
  /** What stands there, as the end of a sentence: `this patch sets the value`. */
  readonly why: string;
}

/** Lines `line` to `endLine` (from 1, inclusive) of a file, replaced by other text. */
export interface TextEdit {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** The new lines, without line ends; none where the lines are taken out. */
  readonly lines: readonly string[];
  /** The lines as they are, for people to compare; the review fills them in. */
  readonly was?: readonly string[];
}

/** A change of one field of the rendered object. */
export type FieldEdit =
  | { readonly path: FieldPath; readonly set: unknown }
  | { readonly path: FieldPath; readonly remove: true };

/** How to mend a finding. */
export interface Remedy {
  /** What to do, one sentence in the imperative. */
  readonly summary: string;
  /** The change on the object, where an edit can mend it. */
  readonly fields: readonly FieldEdit[];
  /** The same change on the files; empty where it cannot be made by editing them. */
  readonly edits: readonly TextEdit[];
  /**
   * The changes of all findings of the object that an edit can mend, this one's among them, as
   * edits that can be made at once; absent where they are the same as `edits`. Edits of several
   * findings may meet on a line: whoever wants to mend all makes these.
   */
  readonly together?: readonly TextEdit[];
  /** What may break at run time when this is applied, and what to change for it. */
  readonly caution?: string;
}

/** What a rule says about one fault. */
export interface Fault {
  readonly rule: string;
  readonly effect: Effect;
  readonly subject: Subject;
  /** One sentence: what, where, what is allowed. Holds text of the repository, not yet escaped. */
  readonly message: string;
  /** The exact text of admission or Flux. */
  readonly detail?: string;
  /** What the author can change. */
  readonly primary: Place;
  readonly related: readonly RelatedPlace[];
  readonly remedy?: Remedy;
  /** Where the level or policy comes from, for the summary: `restricted:latest`. */
  readonly policy?: string;
}

/** A fault in one cluster, before against after. */
export interface ClusterFinding {
  readonly name: string;
  readonly environment: string | undefined;
  readonly effect: Effect;
  readonly change: Change;
  readonly policy?: string;
}

export interface AppliedWaiver {
  readonly owner: string;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day it counts, UTC. */
  readonly expires: string;
  readonly place: Place;
}

/** One fault with its clusters inside; `effect` and `change` are the strongest of them. */
export interface Finding extends Fault {
  readonly change: Change;
  readonly clusters: readonly ClusterFinding[];
  readonly waiver?: AppliedWaiver;
  /** The line came from the base branch: it is no line of the author's files. */
  readonly onBase?: true;
  /** Rule, subject and field; never a line. */
  readonly fingerprint: string;
}

/** Something that could not be evaluated. Never a pass. */
export interface UnknownFact {
  readonly rule: string;
  readonly reason: string;
  readonly place?: Place;
  /** Whether the pull request's own content or the world around it is the reason. */
  readonly cause: 'content' | 'environment';
  /**
   * What it depends on, as text: for the same reason something else is not known when this changes.
   * Attacker-controlled, and never shown.
   */
  readonly input?: string;
  /** How it is told together with others. Attacker-controlled. */
  readonly shared?: SharedReason;
}

/** What several gaps have in common: told once, with the name of each. */
export interface SharedReason {
  /** Holds for every one of them; without a full stop. */
  readonly reason: string;
  readonly name: string;
}
