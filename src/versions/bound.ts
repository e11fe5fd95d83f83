import { compareVersions, successor } from './order.ts';
import { LARGEST_PART, toVersion, type Version } from './version.ts';

/** One end of a range. */
export interface Bound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/** What lies between two bounds; a missing bound leaves that side open. */
export interface Interval {
  readonly lower?: Bound;
  readonly upper?: Bound;
}

/** Holds no version: a lower bound above the last version there is. */
export const NOTHING: Interval = {
  lower: { version: toVersion(LARGEST_PART, LARGEST_PART, LARGEST_PART), inclusive: false },
};

/** Whether a version lies between an interval's bounds, by the order of versions alone. */
export function intervalHolds({ lower, upper }: Interval, version: Version): boolean {
  if (lower) {
    const order = compareVersions(version, lower.version);
    if (order < 0 || (order === 0 && !lower.inclusive)) return false;
  }
  if (!upper) return true;
  const order = compareVersions(version, upper.version);
  return order < 0 || (order === 0 && upper.inclusive);
}

/** The first version at or above a lower bound; undefined when there is none. */
export function firstAbove({ version, inclusive }: Bound): Version | undefined {
  return inclusive ? version : successor(version);
}

/** The first version above an upper bound; undefined when the bound keeps none out. */
export function firstBeyond({ version, inclusive }: Bound): Version | undefined {
  return inclusive ? successor(version) : version;
}

/** The part that two intervals share, its bounds taken over as they are. */
export function intersect(a: Interval, b: Interval): Interval {
  const lower = tighter(a.lower, b.lower, (one, other) =>
    comparePositions(firstAbove(one), firstAbove(other)),
  );
  const upper = tighter(a.upper, b.upper, (one, other) =>
    comparePositions(firstBeyond(other), firstBeyond(one)),
  );
  return { ...(lower && { lower }), ...(upper && { upper }) };
}

/** Orders places between versions, each named by the version after it; undefined is the end. */
export function comparePositions(a: Version | undefined, b: Version | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareVersions(a, b);
}

function tighter(
  a: Bound | undefined,
  b: Bound | undefined,
  order: (a: Bound, b: Bound) => number,
): Bound | undefined {
  if (!a || !b) return a ?? b;
  return order(a, b) >= 0 ? a : b;
}
