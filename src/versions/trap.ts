/** A place where a constraint does something else than it seems to say. */
export interface Trap {
  readonly code: TrapCode;
  /** The comparator, branch or constraint it lies in, as written; from the pull request. */
  readonly text: string;
  /** One sentence for the author, in plain text; what it quotes is short and escaped. */
  readonly message: string;
}

export type TrapCode = ComparatorTrapCode | ConstraintTrapCode | RefusalCode;

export type ComparatorTrapCode =
  | 'zero-tilde'
  | 'caret-wildcard'
  | 'at-most-wildcard'
  | 'below-wildcard'
  | 'above-wildcard'
  | 'not-wildcard'
  | 'unspaced-hyphen'
  | 'ignored-parts'
  | 'above-partial'
  | 'at-most-partial'
  | 'partial-range'
  | 'caret-below-one'
  | 'leading-zeros'
  | 'build-ignored'
  | 'exclusion-keeps-prereleases';

export type ConstraintTrapCode =
  | 'empty'
  | 'empty-branch'
  | 'and-not-or'
  | 'everything'
  | 'no-upper-bound'
  | 'breaking-below-one'
  | 'prerelease-of-upper-bound'
  | 'prereleases-beyond'
  | 'too-long-for-newer-flux';

/** Why a constraint is refused. */
export type RefusalCode =
  | 'empty-text'
  | 'hyphen-half-spaced'
  | 'hyphen-not-first'
  | 'empty-condition'
  | 'double-equals'
  | 'spaced-operator'
  | 'operator-without-version'
  | 'unknown-operator'
  | 'capital-v'
  | 'too-many-parts'
  | 'missing-separator'
  | 'single-pipe'
  | 'prerelease-leading-zero'
  | 'number-too-large'
  | 'mixed-wildcard'
  | 'not-a-version'
  | 'malformed'
  | 'too-long';
