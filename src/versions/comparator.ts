import { type Bound, type Interval, intervalHolds, NOTHING } from './bound.ts';
import { compareVersions, firstPrerelease, nextMajor, nextMinor, nextPatch } from './order.ts';
import { toVersion, type Version } from './version.ts';

/** `~>`, `=>`, `=<` and no operator at all are spellings of `~`, `>=`, `<=` and `=`. */
export type Operator = '=' | '!=' | '>' | '<' | '>=' | '<=' | '~' | '^';

/** One condition of a constraint, such as `>=1.2`. */
export interface Comparator {
  /** As written, white space inside included. */
  readonly text: string;
  readonly operator: Operator;
  /** The version compared with: missing and wildcard parts are 0, build metadata is dropped. */
  readonly version: Version;
  /** The first part that is missing or a wildcard; the library ignores every part after it. */
  readonly open: 'major' | 'minor' | 'patch' | 'none';
}

/** The versions that one comparator admits: those of an interval, or all but some. */
export type Region = { readonly kind: 'within'; readonly interval: Interval } | Exclusion;

/** Versions that a `!=` keeps out. */
export type Exclusion =
  | { readonly kind: 'version'; readonly version: Version }
  | { readonly kind: 'range'; readonly interval: Interval }
  | { readonly kind: 'patches'; readonly line: PatchLine };

/** `major.minor.N` with exactly this prerelease, for every N: what `!=1.2` and `!=1.2.x-rc` mean. */
export interface PatchLine {
  readonly major: bigint;
  readonly minor: bigint;
  /** Empty: the line's releases. */
  readonly prerelease: string;
}

/**
 * What a comparator means. With `prereleases` the group it stands in lets prereleases in, and a
 * bound that the library computes ("the same major") keeps those of the next line out.
 *
 * The odd cases are the library's own (Masterminds/semver v3, constraints.go): `~0.0.0` has no upper
 * bound, `^*` is 0.0.0 alone, `<=*` ends at 0.1.0, `!=*` leaves out 0.0.0 alone.
 */
export function toRegion(comparator: Comparator, prereleases: boolean): Region {
  const { operator, version, open } = comparator;
  const lower = { version, inclusive: true };
  switch (operator) {
    case '=':
      if (open === 'none') return within({ lower, upper: lower });
      return within(tilde(comparator, prereleases));
    case '~':
      return within(tilde(comparator, prereleases));
    case '^':
      return within({ lower, ...below(afterCaret(comparator), prereleases) });
    case '>=':
      return within({ lower });
    case '<':
      return within({ upper: { version, inclusive: false } });
    case '>':
      return within(above(comparator, prereleases));
    case '<=':
      if (open === 'none') return within({ upper: lower });
      return within(below(afterLine(comparator), prereleases));
    case '!=':
      return exclusion(comparator, prereleases);
  }
}

/** Whether an exclusion keeps a version out. */
export function excludes(exclusion: Exclusion, version: Version): boolean {
  switch (exclusion.kind) {
    case 'version':
      return compareVersions(exclusion.version, version) === 0;
    case 'range':
      return intervalHolds(exclusion.interval, version);
    case 'patches':
      return lineHolds(exclusion.line, version);
  }
}

function lineHolds(line: PatchLine, version: Version): boolean {
  return (
    line.major === version.major &&
    line.minor === version.minor &&
    line.prerelease === version.prerelease
  );
}

function tilde(comparator: Comparator, prereleases: boolean): Interval {
  const { version, open } = comparator;
  const lower = { version, inclusive: true };
  const zero = version.major === 0n && version.minor === 0n && version.patch === 0n;
  if (zero && (open === 'none' || open === 'major')) return { lower };
  return { lower, ...below(afterLine(comparator), prereleases) };
}

/** The first release after the line a partial version names: `1` is up to 2.0.0, `1.2` to 1.3.0. */
function afterLine({ version, open }: Comparator): Version | undefined {
  return open === 'minor' ? nextMajor(version) : nextMinor(version);
}

function afterCaret({ version, open }: Comparator): Version | undefined {
  if (version.major > 0n || open === 'minor') return nextMajor(version);
  if (version.minor > 0n || open === 'patch') return nextMinor(version);
  return nextPatch(version);
}

function above(comparator: Comparator, prereleases: boolean): Interval {
  const { version, open } = comparator;
  if (open === 'none' || open === 'major') return { lower: { version, inclusive: false } };
  const next = afterLine(comparator);
  return next ? { lower: edge(next, prereleases, true) } : NOTHING;
}

function exclusion({ version, open }: Comparator, prereleases: boolean): Exclusion {
  if (open === 'none' || open === 'major') return { kind: 'version', version };
  if (open === 'patch') {
    const { major, minor, prerelease } = version;
    return { kind: 'patches', line: { major, minor, prerelease } };
  }
  const lower = edge(toVersion(version.major, 0n, 0n), prereleases, true);
  return { kind: 'range', interval: { lower, ...below(nextMajor(version), prereleases) } };
}

function within(interval: Interval): Region {
  return { kind: 'within', interval };
}

/** Ends before the line that begins with `next`; open when no line follows. */
function below(next: Version | undefined, prereleases: boolean): Interval {
  return next ? { upper: edge(next, prereleases, false) } : {};
}

function edge(release: Version, prereleases: boolean, inclusive: boolean): Bound {
  return { version: lineStart(release, prereleases), inclusive };
}

/** Where a line begins: at its first prerelease where these count, else at its release. */
export function lineStart(release: Version, prereleases: boolean): Version {
  return prereleases ? firstPrerelease(release) : release;
}
