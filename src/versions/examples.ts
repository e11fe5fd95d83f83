import { type Cell, sampleOfCell } from './cell.ts';
import { type Constraint, matches } from './constraint.ts';
import { compareVersions, nextMajor, nextMinor, nextPatch } from './order.ts';
import type { Span } from './span.ts';
import { formatVersion, LARGEST_PART, toVersion, type Version } from './version.ts';
import { toVersionSet } from './version-set.ts';

export interface Examples {
  /** Versions let in, in ascending order. */
  readonly admitted: readonly Version[];
  /** Versions kept out, in ascending order. */
  readonly refused: readonly Version[];
}

/** How many spans of a constraint are looked at: enough for what people write. */
const SPANS = 3;

/**
 * Versions that show where a constraint begins and ends: at most `limit` that it lets in and as
 * many that it keeps out, those next to the edges first. Each is checked by `matches`.
 */
export function toExamples(constraint: Constraint, limit = 4): Examples {
  const admitted: Version[] = [];
  const refused: Version[] = [];
  const seen = new Set<string>();
  for (const version of candidates(constraint)) {
    const text = formatVersion(version);
    if (seen.has(text)) continue;
    seen.add(text);
    const list = matches(constraint, version) ? admitted : refused;
    if (list.length < limit) list.push(version);
  }
  admitted.sort(compareVersions);
  refused.sort(compareVersions);
  return { admitted, refused };
}

/** The most telling first. */
function candidates(constraint: Constraint): Version[] {
  const { releases, prereleases } = toVersionSet(constraint);
  const spans = firstAndLast(releases);
  const cells = firstAndLast(prereleases);
  const named = constraint.branches.flatMap(({ comparators }) => comparators);
  return [
    ...spans.flatMap(edgesOf),
    ...cells.flatMap(edgesOfCell),
    ...spans.flatMap(stepsFrom),
    ...named.slice(0, SPANS).map(({ version }) => version),
    ...USUAL,
  ].filter((version) => version !== undefined);
}

const USUAL = [toVersion(0n, 1n, 0n), toVersion(1n, 0n, 0n), toVersion(1n, 0n, 0n, 'rc.1')];

function firstAndLast<T>(spans: readonly T[]): T[] {
  return [...spans.slice(0, SPANS), ...spans.slice(SPANS).slice(-1)];
}

/** Just inside and just outside a span of releases. */
function edgesOf({ from, to }: Span): (Version | undefined)[] {
  const high = to ? highIn({ from, to }) : nextMajor(from);
  return [from, high, below(from), to, to && candidate(to), candidate(from)];
}

function edgesOfCell(cell: Cell): (Version | undefined)[] {
  const [next, last] = [nextMinor(cell.from), cell.to];
  return [sampleOfCell(cell), next && candidate(next), last && candidate(last), cell.from, last];
}

function stepsFrom({ from }: Span): (Version | undefined)[] {
  const minor = nextMinor(from);
  return [nextPatch(from), minor, minor && candidate(minor), nextMajor(from)];
}

/** The prerelease of a release that people would see first. */
function candidate({ major, minor, patch }: Version): Version {
  return toVersion(major, minor, patch, 'rc.1');
}

/** A release near the upper end of a span, of numbers that people would see. */
function highIn({ from, to }: { from: Version; to: Version }): Version | undefined {
  const high = below(to);
  if (!high || compareVersions(high, from) >= 0) return high;
  const minor = high.minor > from.minor ? high.minor : from.minor;
  const patch = from.patch + 9n;
  return patch > LARGEST_PART ? undefined : toVersion(from.major, minor, patch);
}

/** A release below another and near it, of numbers that people would see. */
function below({ major, minor, patch }: Version): Version | undefined {
  if (patch > 0n) return toVersion(major, minor, patch - 1n);
  if (minor > 0n) return toVersion(major, minor - 1n, 9n);
  return major > 0n ? toVersion(major - 1n, 9n, 9n) : undefined;
}
