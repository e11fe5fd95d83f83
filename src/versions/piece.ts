import {
  type Bound,
  comparePositions,
  firstAbove,
  firstBeyond,
  intersect,
  type Interval,
} from './bound.ts';
import { meets } from './bounds.ts';
import type { Exclusion, PatchLine } from './comparator.ts';
import type { Condition } from './constraint.ts';
import { nextMinor } from './order.ts';
import { fullSpan } from './span.ts';
import { toVersion, type Version } from './version.ts';
import { isEmptySet, releaseFrom, toBranchSet } from './version-set.ts';

/** A condition that one branch of explicit bounds can say: ranges are left out by splitting. */
export interface Piece extends Condition {
  readonly exclusions: readonly SmallExclusion[];
}

type SmallExclusion = Exclude<Exclusion, { kind: 'range' }>;

/** The pieces a branch falls into, in order, none of them empty. */
export function toPieces({ interval, prereleases, exclusions }: Condition): Piece[] {
  const holes: Interval[] = [];
  const kept: SmallExclusion[] = [];
  for (const exclusion of exclusions) {
    if (exclusion.kind === 'range') holes.push(exclusion.interval);
    // Among releases alone, `!=1.2` is the whole minor line.
    else if (exclusion.kind === 'patches' && !prereleases) holes.push(lineInterval(exclusion.line));
    else kept.push(exclusion);
  }
  return split(interval, holes)
    .map((part) => trimPiece({ interval: part, prereleases, exclusions: kept }))
    .filter((piece) => !isEmptySet(toBranchSet(piece)));
}

/** A piece without the exclusions that change nothing. */
export function trimPiece({ interval, prereleases, exclusions }: Piece): Piece {
  const span = fullSpan(interval);
  const relevant = span ? exclusions.filter((exclusion) => meets(span, exclusion)) : [];
  return { interval, prereleases, exclusions: relevant };
}

function lineInterval({ major, minor }: PatchLine): Interval {
  const first = toVersion(major, minor, 0n);
  const next = nextMinor(first);
  const lower = { version: first, inclusive: true };
  return next ? { lower, upper: { version: next, inclusive: false } } : { lower };
}

/** What holes leave of an interval. Their bounds become the bounds of what is beside them. */
function split(interval: Interval, holes: readonly Interval[]): Interval[] {
  const sorted = [...holes].sort((a, b) => comparePositions(lowerPlace(a), lowerPlace(b)));
  const left: Interval[] = [];
  let rest: Interval = interval;
  for (const { lower, upper } of sorted) {
    if (lower) left.push(intersect(rest, { upper: turned(lower) }));
    if (!upper) return left;
    rest = intersect(rest, { lower: turned(upper) });
  }
  return [...left, rest];
}

function turned({ version, inclusive }: Bound): Bound {
  return { version, inclusive: !inclusive };
}

function lowerPlace({ lower }: Interval): Version | undefined {
  return lower ? firstAbove(lower) : toVersion(0n, 0n, 0n, '0');
}

/**
 * Joins pieces that overlap or touch, and sorts them. Pieces with exclusions, and releases with
 * prereleases, stay apart.
 */
export function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of [...pieces].sort(byPlace)) {
    const last = joined.at(-1);
    if (last && areJoinable(last, piece)) {
      const { lower } = last.interval;
      const upper = higher(last.interval.upper, piece.interval.upper);
      const interval = { ...(lower && { lower }), ...(upper && { upper }) };
      joined[joined.length - 1] = { ...last, interval };
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

function byPlace(a: Piece, b: Piece): number {
  const kinds = Number(a.prereleases) - Number(b.prereleases);
  return kinds || comparePositions(lowerPlace(a.interval), lowerPlace(b.interval));
}

function areJoinable(a: Piece, b: Piece): boolean {
  if (a.prereleases !== b.prereleases) return false;
  if (a.exclusions.length > 0 || b.exclusions.length > 0) return false;
  const end = a.interval.upper && firstBeyond(a.interval.upper);
  const start = lowerPlace(b.interval);
  if (a.prereleases) return comparePositions(start, end) <= 0;
  return comparePositions(start && releaseFrom(start), end && releaseFrom(end)) <= 0;
}

function higher(a: Bound | undefined, b: Bound | undefined): Bound | undefined {
  if (!a || !b) return undefined;
  return comparePositions(firstBeyond(a), firstBeyond(b)) >= 0 ? a : b;
}
