import { comparePositions } from './bound.ts';
import type { PatchLine } from './comparator.ts';
import { compareVersions, successor } from './order.ts';
import { type Span, spanHolds, toSpan } from './span.ts';
import { LARGEST_PART, toVersion, type Version } from './version.ts';

/**
 * A span of prereleases, without some patch lines. `!=1.2.x-rc` takes 1.2.N-rc away for every N:
 * that is no span, so it is kept beside.
 */
export interface Cell extends Span {
  readonly except: PatchLines;
}

/** Lines by `lineKey`; they may lie outside the span. The cells of a branch share one map. */
export type PatchLines = ReadonlyMap<string, PatchLine>;

const NO_LINES: PatchLines = new Map();

/** The lines of prereleases among some; those of releases take no prerelease away. */
export function toPatchLines(lines: readonly PatchLine[]): PatchLines {
  const prereleases = lines.filter(({ prerelease }) => prerelease !== '');
  if (prereleases.length === 0) return NO_LINES;
  return new Map(prereleases.map((line) => [lineKey(line), line]));
}

/** Names a patch line; versions of one line have one key. */
export function lineKey({ major, minor, prerelease }: PatchLine): string {
  return `${String(major)}.${String(minor)}-${prerelease}`;
}

/** Makes a cell of prereleases; undefined when nothing is left in it. */
export function toCell({ from, to }: Span, except: PatchLines): Cell | undefined {
  const cell = { from, to, except };
  return firstOfCell(cell) && cell;
}

/** Whether a cell holds a prerelease that lies in its span. */
export function cellHolds(cell: Cell, version: Version): boolean {
  return !cell.except.has(lineKey(version));
}

/** The cell's first version; undefined when its lines leave none. */
export function firstOfCell(cell: Cell): Version | undefined {
  return candidates(cell).next().value;
}

/** Whether exactly one version is in a cell. */
export function isSingleCell(cell: Cell): boolean {
  const found = candidates(cell);
  return found.next().value !== undefined && found.next().value === undefined;
}

/**
 * The cell's first versions, nearest first: p, p.0, p.0.0 and so on, which lie directly side by
 * side. Each line takes away at most one of them, so a handful of steps finds what there is.
 */
function* candidates(cell: Cell): Generator<Version, undefined> {
  let version: Version | undefined = cell.from;
  for (let step = 0; step < cell.except.size + 2; step += 1) {
    if (version === undefined || comparePositions(version, cell.to) >= 0) return undefined;
    if (cellHolds(cell, version)) yield version;
    version = successor(version);
  }
  return undefined;
}

/** The first version of a patch line inside a span. */
export function firstOfLine(span: Span, line: PatchLine): Version | undefined {
  const { major, minor, prerelease } = line;
  const start = toVersion(major, minor, 0n, prerelease);
  if (compareVersions(start, span.from) >= 0) return insideOf(span, start);
  const sameLine = span.from.major === major && span.from.minor === minor;
  if (!sameLine) return undefined;
  const near = { ...start, patch: span.from.patch };
  if (compareVersions(near, span.from) >= 0) return insideOf(span, near);
  if (near.patch === LARGEST_PART) return undefined;
  return insideOf(span, { ...near, patch: near.patch + 1n });
}

function insideOf(span: Span, version: Version): Version | undefined {
  return comparePositions(version, span.to) < 0 ? version : undefined;
}

/** A version of the cell that people know the look of, where it has one. */
export function sampleOfCell(cell: Cell): Version | undefined {
  const usual = { ...cell.from, prerelease: 'rc.1' };
  return spanHolds(cell, usual) && cellHolds(cell, usual) ? usual : firstOfCell(cell);
}

/** Cells that together hold what any of the given ones holds: sorted, disjoint. */
export function uniteCells(cells: readonly Cell[]): Cell[] {
  const active = new Set<Cell>();
  const united: Cell[] = [];
  const edges = toEdges(cells);
  const shared = sharedLines();
  for (const [index, edge] of edges.entries()) {
    for (const cell of edge.ends) active.delete(cell);
    for (const cell of edge.starts) active.add(cell);
    const span = edge.at && toSpan(edge.at, edges[index + 1]?.at);
    if (!span || active.size === 0) continue;
    const cell = toCell(span, shared(active));
    if (cell) pushCell(united, cell);
  }
  return united;
}

interface Edge {
  readonly at: Version | undefined;
  readonly starts: Cell[];
  readonly ends: Cell[];
}

/** All places where a cell begins or ends, in order; the open end last. */
function toEdges(cells: readonly Cell[]): Edge[] {
  const events: { at: Version | undefined; cell: Cell; starts: boolean }[] = [];
  for (const cell of cells) {
    events.push({ at: cell.from, cell, starts: true }, { at: cell.to, cell, starts: false });
  }
  events.sort((a, b) => comparePositions(a.at, b.at));
  const edges: Edge[] = [];
  for (const { at, cell, starts } of events) {
    let edge = edges.at(-1);
    if (!edge || comparePositions(edge.at, at) !== 0) {
      edge = { at, starts: [], ends: [] };
      edges.push(edge);
    }
    (starts ? edge.starts : edge.ends).push(cell);
  }
  return edges;
}

/**
 * Finds the lines that every one of the cells leaves out: only these are missing from all together.
 * Most cells of a hostile constraint lie side by side in the same branches, so the last answer is
 * kept.
 */
function sharedLines(): (cells: ReadonlySet<Cell>) => PatchLines {
  let asked = new Set<PatchLines>();
  let answer = NO_LINES;
  return (cells) => {
    const maps = new Set<PatchLines>();
    for (const { except } of cells) maps.add(except);
    if (maps.size !== asked.size || [...maps].some((map) => !asked.has(map))) {
      asked = maps;
      answer = intersection([...maps]);
    }
    return answer;
  };
}

function intersection(maps: readonly PatchLines[]): PatchLines {
  const [smallest = NO_LINES, ...others] = [...maps].sort((a, b) => a.size - b.size);
  if (others.length === 0 || smallest.size === 0) return smallest;
  const shared = [...smallest.values()].filter((line) =>
    others.every((map) => map.has(lineKey(line))),
  );
  return toPatchLines(shared);
}

/** Appends a cell, joined to the last one where they touch and leave out the same. */
function pushCell(cells: Cell[], cell: Cell): void {
  const last = cells.at(-1);
  const touches = last && comparePositions(last.to, cell.from) === 0;
  if (touches && last.except === cell.except) {
    cells[cells.length - 1] = { ...last, to: cell.to };
  } else {
    cells.push(cell);
  }
}
