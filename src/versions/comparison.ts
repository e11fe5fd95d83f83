import { comparePositions } from './bound.ts';
import { type Cell, firstOfLine, sampleOfCell, toCell } from './cell.ts';
import type { Constraint } from './constraint.ts';
import { findSpan, overlap, subtract } from './span.ts';
import type { Version } from './version.ts';
import { toVersionSet, type VersionSet } from './version-set.ts';

/** What a change of a constraint does to the versions it admits. */
export interface RangeComparison {
  /** `both`: some versions come in and others go out. */
  readonly change: 'same' | 'widened' | 'narrowed' | 'both';
  /** A version that `after` lets in and `before` did not: the lowest release, else a prerelease. */
  readonly added?: Version;
  /** A version that `before` let in and `after` does not. */
  readonly removed?: Version;
}

/** Compares two constraints by all that they admit; how they are written makes no difference. */
export function compareRanges(before: Constraint, after: Constraint): RangeComparison {
  const [old, now] = [toVersionSet(before), toVersionSet(after)];
  const added = firstOnlyIn(now, old);
  const removed = firstOnlyIn(old, now);
  if (added && removed) return { change: 'both', added, removed };
  if (added) return { change: 'widened', added };
  return removed ? { change: 'narrowed', removed } : { change: 'same' };
}

function firstOnlyIn(set: VersionSet, other: VersionSet): Version | undefined {
  const release = subtract(set.releases, other.releases)[0]?.from;
  return release ?? firstPrereleaseOnlyIn(set.prereleases, other.prereleases);
}

function firstPrereleaseOnlyIn(
  cells: readonly Cell[],
  others: readonly Cell[],
): Version | undefined {
  return firstUncovered(cells, others) ?? firstLeftOutBy(cells, others);
}

function firstUncovered(cells: readonly Cell[], others: readonly Cell[]): Version | undefined {
  for (const span of subtract(cells, others)) {
    const cell = findSpan(cells, span.from);
    const uncovered = cell && toCell(span, cell.except);
    if (uncovered) return sampleOfCell(uncovered);
  }
  return undefined;
}

function firstLeftOutBy(cells: readonly Cell[], others: readonly Cell[]): Version | undefined {
  let first = 0;
  for (const cell of cells) {
    while (first < others.length && comparePositions(others[first]?.to, cell.from) <= 0) first += 1;
    for (let index = first; index < others.length; index += 1) {
      const other = others[index];
      if (other === undefined || comparePositions(cell.to, other.from) <= 0) break;
      const found = firstLeftOut(cell, other);
      if (found) return found;
    }
  }
  return undefined;
}

/** A version that `cell` has and `other`, which covers the same span, leaves out. */
function firstLeftOut(cell: Cell, other: Cell): Version | undefined {
  const common = overlap(cell, other);
  if (!common) return undefined;
  for (const [key, line] of other.except) {
    const found = cell.except.has(key) ? undefined : firstOfLine(common, line);
    if (found) return found;
  }
  return undefined;
}
