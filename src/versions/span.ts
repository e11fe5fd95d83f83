import { comparePositions, firstAbove, firstBeyond, type Interval } from './bound.ts';
import { compareVersions } from './order.ts';
import { toVersion, type Version } from './version.ts';

/** All versions from `from` on that come before `to`; without `to`, all later ones. Never empty. */
export interface Span {
  readonly from: Version;
  readonly to: Version | undefined;
}

/** A span, or undefined when nothing would be in it. */
export function toSpan(from: Version | undefined, to: Version | undefined): Span | undefined {
  return from && comparePositions(from, to) < 0 ? { from, to } : undefined;
}

/** All versions of an interval, prereleases among them; undefined when there are none. */
export function fullSpan({ lower, upper }: Interval): Span | undefined {
  return toSpan(lower ? firstAbove(lower) : VERY_FIRST, upper && firstBeyond(upper));
}

export function spanHolds({ from, to }: Span, version: Version): boolean {
  return compareVersions(from, version) <= 0 && comparePositions(version, to) < 0;
}

/** What two spans share. */
export function overlap(a: Span, b: Span): Span | undefined {
  const from = compareVersions(a.from, b.from) >= 0 ? a.from : b.from;
  const to = comparePositions(a.to, b.to) <= 0 ? a.to : b.to;
  return toSpan(from, to);
}

/** The same versions as sorted spans that neither overlap nor touch. */
export function unite(spans: readonly Span[]): Span[] {
  const united: Span[] = [];
  for (const span of sorted(spans)) {
    const last = united.at(-1);
    if (last === undefined || comparePositions(last.to, span.from) < 0) {
      united.push(span);
    } else if (comparePositions(last.to, span.to) < 0) {
      united[united.length - 1] = { from: last.from, to: span.to };
    }
  }
  return united;
}

/** What is left of sorted, disjoint spans when others are taken away, sorted. */
export function subtract(spans: readonly Span[], removed: readonly Span[]): Span[] {
  const holes = unite(removed);
  const left: Span[] = [];
  let first = 0;
  for (const span of spans) {
    let from: Version | undefined = span.from;
    while (first < holes.length && comparePositions(holes[first]?.to, span.from) <= 0) first += 1;
    for (let index = first; index < holes.length; index += 1) {
      const hole = holes[index];
      if (from === undefined || hole === undefined) break;
      if (comparePositions(span.to, hole.from) <= 0) break;
      const before = toSpan(from, hole.from);
      if (before) left.push(before);
      from = hole.to;
    }
    const rest = toSpan(from, span.to);
    if (rest) left.push(rest);
  }
  return left;
}

/** The one of sorted, disjoint spans that holds a version. */
export function findSpan<T extends Span>(spans: readonly T[], version: Version): T | undefined {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined) break;
    if (comparePositions(span.to, version) <= 0) low = middle + 1;
    else high = middle;
  }
  const found = spans[low];
  return found && spanHolds(found, version) ? found : undefined;
}

const VERY_FIRST: Version = toVersion(0n, 0n, 0n, '0');

function sorted(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => compareVersions(a.from, b.from));
}
