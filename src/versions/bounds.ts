import type { Interval } from './bound.ts';
import { firstOfLine } from './cell.ts';
import type { Exclusion } from './comparator.ts';
import type { Branch, Constraint } from './constraint.ts';
import { fullSpan, overlap, type Span, spanHolds } from './span.ts';
import { isEmptySet, toBranchSet } from './version-set.ts';

/** Explicit bounds of one OR-branch: it lets in exactly what all of this lets in. */
export interface BranchBounds extends Interval {
  /** The branch as written, hyphen ranges rewritten. */
  readonly text: string;
  /** What is left out between the bounds; may overlap. */
  readonly excluded: readonly Exclusion[];
  /** Whether prereleases between the bounds are let in; else releases alone are. */
  readonly prereleases: boolean;
  /** No version is let in. */
  readonly empty: boolean;
}

export interface ConstraintBounds {
  readonly branches: readonly BranchBounds[];
  /** Every branch is empty. */
  readonly empty: boolean;
}

/**
 * The bounds of every branch, exact: a version matches a constraint if and only if the bounds of
 * some branch let it in.
 */
export function toBounds(constraint: Constraint): ConstraintBounds {
  const branches = constraint.branches.map(toBranchBounds);
  return { branches, empty: branches.every(({ empty }) => empty) };
}

function toBranchBounds(branch: Branch): BranchBounds {
  const { text, interval, exclusions, prereleases } = branch;
  const span = fullSpan(interval);
  const excluded = span ? exclusions.filter((exclusion) => meets(span, exclusion)) : [];
  return { text, ...interval, excluded, prereleases, empty: isEmptySet(toBranchSet(branch)) };
}

/** Whether an exclusion takes anything away from a span. */
export function meets(span: Span, exclusion: Exclusion): boolean {
  switch (exclusion.kind) {
    case 'version':
      return spanHolds(span, exclusion.version);
    case 'range': {
      const hole = fullSpan(exclusion.interval);
      return hole !== undefined && overlap(span, hole) !== undefined;
    }
    case 'patches':
      return firstOfLine(span, exclusion.line) !== undefined;
  }
}
