import type { Constraint } from './constraint.ts';
import { compareVersions, nextMajor, nextMinor, nextPatch } from './order.ts';
import { toVersion, type Version } from './version.ts';
import { lowestOf, onlyVersionOf, reaches, toVersionSet, type VersionSet } from './version-set.ts';

/** From narrow to wide. */
export const BREADTHS = [
  'empty',
  'exact',
  'patch',
  'minor',
  'major',
  'unbounded',
  'everything',
] as const;

export type BreadthKind = (typeof BREADTHS)[number];

/** How far a version may move by itself under a constraint. */
export interface Breadth {
  /**
   * `exact`: one version (its build metadata is free). `patch`: within one minor line. `minor`:
   * within one major line. `major`: across majors, with an upper bound. `unbounded`: a lower bound
   * alone. `everything`: neither bound.
   */
  readonly kind: BreadthKind;
  readonly prereleases: boolean;
  /** Whether some release is kept out for being too low. */
  readonly lower: boolean;
  /** Whether versions are kept out for being too high. */
  readonly upper: boolean;
  /**
   * Whether one admitted version may break what works with another: majors differ, or below 1.0.0
   * the minors, or below 0.1.0 the patches. These are the lines that `^` keeps to. `kind` counts
   * the numbers as they stand, so `0.x` is `minor`, but people who write 0.2 to 0.3 mean a change
   * as large as a major one, and this says so.
   */
  readonly breaking: boolean;
}

/**
 * The breadth of all that a constraint admits, however it is written. Branches count together: an
 * update may move from one to the next, so `1.2.3 || 3.0.0` spans majors. Holes made by `!=` and a
 * lower bound of 0.0.0 (`>=0.0.0`) narrow nothing. A prerelease counts for the line whose number it
 * carries: `>=1.2.0-0 <1.3.0` lets 1.3.0-rc.1 in and so is no longer within a minor line.
 */
export function toBreadth(constraint: Constraint): Breadth {
  return breadthOfSet(toVersionSet(constraint));
}

/** The breadth of a set of versions. */
export function breadthOfSet(set: VersionSet): Breadth {
  const lowest = lowestOf(set);
  if (lowest === undefined) {
    return { kind: 'empty', prereleases: false, lower: false, upper: false, breaking: false };
  }
  const upper = isBoundedAbove(set);
  const lower = isBoundedBelow(set);
  return {
    kind: toKind(set, lowest, lower, upper),
    prereleases: set.prereleases.length > 0,
    lower,
    upper,
    breaking: leaves(set, afterCompatible(lowest)),
  };
}

/** Whether a breadth goes beyond the widest that is allowed. */
export function isWider(kind: BreadthKind, widest: BreadthKind): boolean {
  return BREADTHS.indexOf(kind) > BREADTHS.indexOf(widest);
}

function toKind(set: VersionSet, lowest: Version, lower: boolean, upper: boolean): BreadthKind {
  if (onlyVersionOf(set)) return 'exact';
  if (!upper) return lower ? 'unbounded' : 'everything';
  if (!leaves(set, nextMinor(lowest))) return 'patch';
  return leaves(set, nextMajor(lowest)) ? 'major' : 'minor';
}

function isBoundedAbove({ releases, prereleases }: VersionSet): boolean {
  return [releases, prereleases].every((spans) => {
    const last = spans.at(-1);
    return last === undefined || last.to !== undefined;
  });
}

function isBoundedBelow({ releases }: VersionSet): boolean {
  const first = releases[0]?.from;
  return first === undefined || compareVersions(first, toVersion(0n, 0n, 0n)) > 0;
}

function leaves(set: VersionSet, next: Version | undefined): boolean {
  return next !== undefined && reaches(set, next);
}

/** The first release that may break what works with a version. */
function afterCompatible(version: Version): Version | undefined {
  if (version.major > 0n) return nextMajor(version);
  return version.minor > 0n ? nextMinor(version) : nextPatch(version);
}
