import { comparePositions, type Interval } from './bound.ts';
import {
  type Cell,
  cellHolds,
  firstOfCell,
  isSingleCell,
  toCell,
  toPatchLines,
  uniteCells,
} from './cell.ts';
import type { Exclusion } from './comparator.ts';
import type { Condition, Constraint } from './constraint.ts';
import { compareVersions, firstPrerelease, nextMinor, nextPatch, successor } from './order.ts';
import { findSpan, fullSpan, overlap, type Span, subtract, toSpan, unite } from './span.ts';
import { toVersion, type Version } from './version.ts';

/**
 * All versions that a constraint admits. Releases and prereleases are kept apart, since most
 * branches hold the first alone: releases as sorted spans that begin and end at releases,
 * prereleases as sorted cells that begin and end at prereleases. So no span is ever empty, and two
 * sets are compared without asking about single versions.
 */
export interface VersionSet {
  readonly releases: readonly Span[];
  readonly prereleases: readonly Cell[];
}

export function toVersionSet(constraint: Constraint): VersionSet {
  const sets = constraint.branches.map((branch) => toBranchSet(branch));
  return {
    releases: unite(sets.flatMap(({ releases }) => releases)),
    prereleases: uniteCells(sets.flatMap(({ prereleases }) => prereleases)),
  };
}

export function isEmptySet({ releases, prereleases }: VersionSet): boolean {
  return releases.length === 0 && prereleases.length === 0;
}

/** As `matches`, in logarithmic time however long the constraint. */
export function setHolds(set: VersionSet, version: Version): boolean {
  if (version.prerelease === '') return findSpan(set.releases, version) !== undefined;
  const cell = findSpan(set.prereleases, version);
  return cell !== undefined && cellHolds(cell, version);
}

/** The lowest version of a set; undefined when it is empty. */
export function lowestOf({ releases, prereleases }: VersionSet): Version | undefined {
  const release = releases[0]?.from;
  const prerelease = prereleases[0] && firstOfCell(prereleases[0]);
  if (!release || !prerelease) return release ?? prerelease;
  return compareVersions(release, prerelease) < 0 ? release : prerelease;
}

/** The version of a set that has no other; undefined for all other sets. */
export function onlyVersionOf(set: VersionSet): Version | undefined {
  const [release, ...otherReleases] = set.releases;
  const [cell, ...otherCells] = set.prereleases;
  if (otherReleases.length > 0 || otherCells.length > 0 || (release && cell)) return undefined;
  if (cell) return isSingleCell(cell) ? firstOfCell(cell) : undefined;
  const single = release && comparePositions(release.to, nextPatch(release.from)) === 0;
  return single ? release.from : undefined;
}

/** Whether a set holds any version from a release on, that release's own prereleases included. */
export function reaches({ releases, prereleases }: VersionSet, release: Version): boolean {
  const last = releases.at(-1);
  if (last && comparePositions(last.to, release) > 0) return true;
  const cell = prereleases.at(-1);
  const part = cell && overlap(cell, { from: firstPrerelease(release), to: undefined });
  return cell !== undefined && part !== undefined && toCell(part, cell.except) !== undefined;
}

/** The set of one branch. */
export function toBranchSet({ interval, exclusions, prereleases }: Condition): VersionSet {
  const span = fullSpan(interval);
  if (!span) return { releases: [], prereleases: [] };
  const releases = subtract(
    toReleases(span),
    exclusions.flatMap((exclusion) => removedReleases(exclusion)),
  );
  if (!prereleases) return { releases, prereleases: [] };
  const left = subtract(
    toPrereleases(span),
    exclusions.flatMap((exclusion) => removedPrereleases(exclusion)),
  );
  const lines = toPatchLines(
    exclusions.flatMap((exclusion) => (exclusion.kind === 'patches' ? [exclusion.line] : [])),
  );
  return { releases, prereleases: left.flatMap((each) => toCell(each, lines) ?? []) };
}

function removedReleases(exclusion: Exclusion): Span[] {
  switch (exclusion.kind) {
    case 'version':
      return toReleases({ from: exclusion.version, to: successor(exclusion.version) });
    case 'range':
      return rangeOf(exclusion.interval).flatMap(toReleases);
    case 'patches': {
      const { major, minor, prerelease } = exclusion.line;
      if (prerelease !== '') return [];
      const from = toVersion(major, minor, 0n);
      return [{ from, to: nextMinor(from) }];
    }
  }
}

/** Patch lines are no spans of prereleases: they are kept beside them. */
function removedPrereleases(exclusion: Exclusion): Span[] {
  switch (exclusion.kind) {
    case 'version':
      return toPrereleases({ from: exclusion.version, to: successor(exclusion.version) });
    case 'range':
      return rangeOf(exclusion.interval).flatMap(toPrereleases);
    case 'patches':
      return [];
  }
}

function rangeOf(interval: Interval): Span[] {
  const span = fullSpan(interval);
  return span ? [span] : [];
}

/** The releases of a span of versions, its ends moved up to releases. */
function toReleases({ from, to }: Span): Span[] {
  const span = toSpan(releaseFrom(from), to && releaseFrom(to));
  return span ? [span] : [];
}

/** The prereleases of a span of versions, its ends moved up to prereleases. */
function toPrereleases({ from, to }: Span): Span[] {
  const span = toSpan(prereleaseFrom(from), to && prereleaseFrom(to));
  return span ? [span] : [];
}

/** The first release that is not below a version: 1.2.3-rc is followed by 1.2.3. */
export function releaseFrom(version: Version): Version {
  return { ...version, prerelease: '', build: '' };
}

/** The first prerelease that is not below a version; after 1.2.3 comes 1.2.4-0. */
function prereleaseFrom(version: Version): Version | undefined {
  return version.prerelease === '' ? successor(version) : version;
}
