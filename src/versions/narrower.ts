import { comparePositions, firstAbove, intersect, type Interval } from './bound.ts';
import { breadthOfSet, type BreadthKind, isWider, toBreadth } from './breadth.ts';
import { type Comparator, lineStart, toRegion } from './comparator.ts';
import { conditionHolds, type Constraint } from './constraint.ts';
import { NEWER_LIMITS, writePiece } from './explicit.ts';
import { nextMajor, nextMinor } from './order.ts';
import { joinPieces, type Piece, toPieces, trimPiece } from './piece.ts';
import { withoutPrereleases } from './releases.ts';
import type { Version } from './version.ts';
import { toBranchSet } from './version-set.ts';

export interface NarrowerOptions {
  /** Where to start, when the constraint lets it in. */
  readonly inUse?: Version;
  /** Keeps prereleases out, also where the constraint is narrow enough and lets them in. */
  readonly releasesOnly?: boolean;
}

/**
 * A constraint in explicit bounds that admits less and is no wider than allowed: for at most
 * `patch`, `>=1.2.0` becomes `>=1.2.0 <1.3.0`. It starts at the version in use when that is given
 * and admitted, else at the lower bound of the highest branch.
 *
 * Undefined when the constraint is narrow enough, and when there is nothing to start from: the
 * author wrote no lower bound, wrote 0.0.0 for "any", or left out the number that would be kept
 * (`1.x` tells no minor line). Also undefined when newer versions of the library would refuse it.
 */
export function toNarrower(
  constraint: Constraint,
  widest: BreadthKind,
  { inUse, releasesOnly = false }: NarrowerOptions = {},
): string | undefined {
  const { kind: given, prereleases } = toBreadth(constraint);
  if (!isWider(given, widest) && !(releasesOnly && prereleases)) return undefined;
  const pieces = joinPieces(constraint.branches.flatMap(toPieces));
  const start = (inUse && startAt(pieces, inUse)) ?? startAtHighest(constraint, pieces);
  if (!start?.known.includes(widest)) return undefined;
  const narrowed = { ...start.piece, interval: narrow(start, widest) };
  const piece = trimPiece(releasesOnly ? withoutPrereleases(narrowed) : narrowed);
  const { kind } = breadthOfSet(toBranchSet(piece));
  if (kind === 'empty' || isWider(kind, widest)) return undefined;
  const text = writePiece(piece);
  return text.length <= NEWER_LIMITS.bytes ? text : undefined;
}

interface Start {
  readonly piece: Piece;
  readonly anchor: Version;
  /** The breadths that the anchor tells enough for. */
  readonly known: readonly BreadthKind[];
}

function startAt(pieces: readonly Piece[], inUse: Version): Start | undefined {
  const anchor = { ...inUse, build: '' };
  const found = pieces.find((piece) => conditionHolds(piece, anchor));
  if (!found) return undefined;
  const interval = intersect(found.interval, { lower: { version: anchor, inclusive: true } });
  return { piece: { ...found, interval }, anchor, known: [...KNOWN.none, 'unbounded'] };
}

function startAtHighest(constraint: Constraint, pieces: readonly Piece[]): Start | undefined {
  let piece: Piece | undefined;
  for (const each of pieces) {
    if (piece === undefined || compareLower(each.interval, piece.interval) > 0) piece = each;
  }
  const lowest = piece?.interval.lower?.version;
  if (!piece || !lowest || isAny(lowest)) return undefined;
  // `-0` is written for "from the first prerelease on"; nobody publishes it.
  const anchor = lowest.prerelease === '0' ? { ...lowest, prerelease: '' } : lowest;
  return { piece, anchor, known: KNOWN[writtenPrecision(constraint, piece.interval)] };
}

/** By the first number the author left open. */
const KNOWN: Record<Comparator['open'], readonly BreadthKind[]> = {
  none: ['exact', 'patch', 'minor', 'major'],
  patch: ['patch', 'minor', 'major'],
  minor: ['minor', 'major'],
  major: [],
};

/** The most precise comparator that sets an interval's lower bound. */
function writtenPrecision(constraint: Constraint, interval: Interval): Comparator['open'] {
  const found = new Set<Comparator['open']>();
  for (const { comparators, prereleases } of constraint.branches) {
    for (const comparator of comparators) {
      const region = toRegion(comparator, prereleases);
      const sets = region.kind === 'within' && compareLower(region.interval, interval) === 0;
      if (sets) found.add(comparator.open);
    }
  }
  return (['none', 'patch', 'minor'] as const).find((open) => found.has(open)) ?? 'major';
}

function compareLower(a: Interval, b: Interval): number {
  if (!a.lower || !b.lower) return Number(a.lower !== undefined) - Number(b.lower !== undefined);
  return comparePositions(firstAbove(a.lower), firstAbove(b.lower));
}

function isAny({ major, minor, patch }: Version): boolean {
  return major === 0n && minor === 0n && patch === 0n;
}

function narrow({ piece, anchor }: Start, widest: BreadthKind): Interval {
  if (widest === 'exact') {
    const point = { version: anchor, inclusive: true };
    return intersect(piece.interval, { lower: point, upper: point });
  }
  const next = widest === 'patch' ? nextMinor(anchor) : nextMajor(anchor);
  if (widest === 'unbounded' || !next) return piece.interval;
  const upper = { version: lineStart(next, piece.prereleases), inclusive: false };
  return intersect(piece.interval, { upper });
}
