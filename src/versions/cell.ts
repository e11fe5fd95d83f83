import { comparePositions } from './bound.ts';
import { type PatchLine } from './comparator.ts';
import { compareVersions, successor } from './order.ts';
import { type Span, spanHolds, toSpan } from './span.ts';
import { LARGEST_PART, toVersion, type Version } from './version.ts';

/**
 * A span of prereleases, without some patch lines. `!=1.2.x-rc` takes 1.2.N-rc away for every N:
 * that is no span, so it is kept beside.
 */
export interface Cell extends Span {
  /** Lines by `lineKey`; each meets the span. */
  readonly except: ReadonlyMap<string, PatchLine>;
}

/** Names a patch line; versions of one line have one key. */
export function lineKey({ major, minor, prerelease }: PatchLine): string {
  return `${String(major)}.${String(minor)}-${prerelease}`;
}

/** Makes a cell of prereleases; undefined when nothing is left in it. */
export function toCell(span: Span, except: Iterable<PatchLine>): Cell | undefined {
  const relevant = [...except].filter((line) => firstOfLine(span, line) !== undefined);
  const cell = { ...span, except: new Map(relevant.map((line) => [lineKey(line), line])) };
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
  for (const [index, edge] of edges.entries()) {
    for (const cell of edge.ends) active.delete(cell);
    for (const cell of edge.starts) active.add(cell);
    const span = edge.at && toSpan(edge.at, edges[index + 1]?.at);
    if (!span || active.size === 0) continue;
    const cell = toCell(span, sharedLines(active));
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

/** The lines that every one of the cells leaves out: only these are missing from all together. */
function sharedLines(cells: ReadonlySet<Cell>): PatchLine[] {
  let smallest: Cell | undefined;
  for (const cell of cells) {
    if (cell.except.size === 0) return [];
    if (smallest === undefined || cell.except.size < smallest.except.size) smallest = cell;
  }
  const lines = [...(smallest?.except ?? [])];
  return lines
    .filter(([key]) => [...cells].every((cell) => cell.except.has(key)))
    .map(([, line]) => line);
}

/** Appends a cell, joined to the last one where they touch and leave out nothing. */
function pushCell(cells: Cell[], cell: Cell): void {
  const last = cells.at(-1);
  const touches = last && comparePositions(last.to, cell.from) === 0;
  if (touches && last.except.size === 0 && cell.except.size === 0) {
    cells[cells.length - 1] = { ...last, to: cell.to };
  } else {
    cells.push(cell);
  }
}
