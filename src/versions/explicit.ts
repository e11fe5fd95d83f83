import { type Bound, comparePositions, firstAbove } from './bound.ts';
import type { Constraint } from './constraint.ts';
import { joinPieces, type Piece, toPieces } from './piece.ts';
import { formatVersion, toVersion } from './version.ts';
import { onlyVersionOf, toBranchSet } from './version-set.ts';

/**
 * Limits that the library has had since v3.5.0: bytes of a constraint, and OR-branches. A longer
 * text is refused by every Flux built with it.
 */
export const NEWER_LIMITS = { bytes: 512, branches: 32 } as const;

/** More can hardly be said in the bytes that are allowed. */
const MOST_EXCLUSIONS = 100;

/**
 * The same versions, written with explicit bounds: `^1.2.0` becomes `>=1.2.0 <2.0.0`, and where
 * prereleases count `>=1.2.0-0 <2.0.0-0`. Branches that touch are joined, empty ones dropped.
 * Undefined when nothing is admitted, and when the text would be longer than newer versions of the
 * library read.
 */
export function toExplicit(constraint: Constraint): string | undefined {
  // Each hole makes one more piece, and each piece repeats the other exclusions.
  if (constraint.branches.some(({ exclusions }) => exclusions.length > MOST_EXCLUSIONS)) {
    return undefined;
  }
  const pieces = joinPieces(constraint.branches.flatMap(toPieces));
  const branches = [...new Set(pieces.map(writePiece))];
  const text = branches.join(' || ');
  const fits = text.length <= NEWER_LIMITS.bytes && branches.length <= NEWER_LIMITS.branches;
  return fits && branches.length > 0 ? text : undefined;
}

/** A piece in explicit bounds, such as `>=1.2.0 <2.0.0 !=1.5.0`. */
export function writePiece(piece: Piece): string {
  const only = onlyVersionOf(toBranchSet(piece));
  if (only) return formatVersion(only);
  const { lower, upper } = piece.interval;
  const parts = piece.exclusions.map(writeExclusion);
  if (upper) parts.unshift((upper.inclusive ? '<=' : '<') + formatVersion(upper.version));
  if (lower && keepsSomethingOut(lower, piece.prereleases)) {
    parts.unshift((lower.inclusive ? '>=' : '>') + formatVersion(lower.version));
  }
  const bare = parts.length === piece.exclusions.length;
  if (piece.prereleases) {
    // Only a comparator with a prerelease lets prereleases in; this one does nothing else.
    if (bare || !parts.some((part) => part.includes('-'))) parts.unshift('>=0.0.0-0');
  } else if (bare) {
    parts.unshift('>=0.0.0');
  }
  return parts.join(' ');
}

function keepsSomethingOut(lower: Bound, prereleases: boolean): boolean {
  const first = firstAbove(lower);
  return comparePositions(first, toVersion(0n, 0n, 0n, prereleases ? '0' : '')) > 0;
}

function writeExclusion(exclusion: Piece['exclusions'][number]): string {
  switch (exclusion.kind) {
    case 'version':
      return `!=${formatVersion(exclusion.version)}`;
    case 'patches': {
      const { major, minor, prerelease } = exclusion.line;
      const line = [major, minor].join('.');
      return prerelease === '' ? `!=${line}` : `!=${line}.x-${prerelease}`;
    }
  }
}
