import { comparePrereleases } from './prerelease.ts';
import { LARGEST_PART, toVersion, type Version } from './version.ts';

/** Negative when `a` comes before `b`, 0 when they differ in build metadata at most. */
export function compareVersions(a: Version, b: Version): number {
  if (a.major !== b.major) return a.major < b.major ? -1 : 1;
  if (a.minor !== b.minor) return a.minor < b.minor ? -1 : 1;
  if (a.patch !== b.patch) return a.patch < b.patch ? -1 : 1;
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '') return 1;
  if (b.prerelease === '') return -1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

/**
 * The first release of the next major, minor or patch line. Numbers are 64 bits wide, so after
 * `1.<largest>` comes `2.0`; undefined after the very last line.
 */
export function nextMajor({ major }: Version): Version | undefined {
  return major === LARGEST_PART ? undefined : toVersion(major + 1n, 0n, 0n);
}

export function nextMinor(version: Version): Version | undefined {
  const { major, minor } = version;
  return minor === LARGEST_PART ? nextMajor(version) : toVersion(major, minor + 1n, 0n);
}

export function nextPatch(version: Version): Version | undefined {
  const { major, minor, patch } = version;
  return patch === LARGEST_PART ? nextMinor(version) : toVersion(major, minor, patch + 1n);
}

/** The first of all prereleases of a release: `0` is the lowest identifier there is. */
export function firstPrerelease({ major, minor, patch }: Version): Version {
  return toVersion(major, minor, patch, '0');
}

/**
 * The version directly after this one, with none between. Every version but the last has one:
 * after 1.2.3-rc comes 1.2.3-rc.0, after 1.2.3 comes 1.2.4-0. So every range can be written
 * half-open, and whether a range holds anything is one comparison.
 */
export function successor(version: Version): Version | undefined {
  const { major, minor, patch, prerelease } = version;
  if (prerelease !== '') return toVersion(major, minor, patch, `${prerelease}.0`);
  const next = nextPatch(version);
  return next && firstPrerelease(next);
}
