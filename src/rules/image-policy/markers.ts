import type { FileTree } from '../../model/file-tree.ts';
import { factsOf } from '../../flux/file-facts.ts';
import type { Place } from '../../model/source.ts';

/** A comment at the end of a line that asks image automation to write the value before it. */
export interface Marker {
  readonly place: Place;
  /** The comment as written, from its brace on. */
  readonly text: string;
  /** Tells equal markers of a file apart, from 1. */
  readonly ordinal: number;
  /** Absent where the comment is no JSON with a setter, so that the automation does not see it. */
  readonly setter?: string;
  /** The line is text of a block scalar, in which there are no comments. */
  readonly isText: boolean;
  /** Neither behind a value nor above a single value of a list. */
  readonly isMisplaced: boolean;
}

/** Lines and markers beyond these are no manifest that a person wrote. */
const LONGEST_LINE = 2000;
const MOST_MARKERS = 1000;

/** The files that the automation looks at. */
const SCANNED = /(?:\.ya?ml|(?:^|\/)Kustomization)$/;
const HEADER = /(?:^|[ \t])[|>][-+1-9]{0,2}[ \t]*(?:#.*)?$/;

/** All markers of a repository. */
export function markersOf(tree: FileTree): readonly Marker[] {
  const found = factsOf(tree, markersAt);
  return found.length > MOST_MARKERS ? found.slice(0, MOST_MARKERS) : found;
}

function markersAt(tree: FileTree, path: string): Marker[] {
  if (!SCANNED.test(path) || path.startsWith('.github/')) return [];
  const content = tree.read(path);
  if (content.state !== 'text' || !content.text.includes('$imagepolicy')) return [];
  return markersIn(path, content.text).slice(0, MOST_MARKERS);
}

function markersIn(path: string, text: string): Marker[] {
  const found: Marker[] = [];
  const ordinals = new Map<string, number>();
  let block: number | undefined;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.length > LONGEST_LINE) continue;
    const indent = line.length - line.trimStart().length;
    if (block !== undefined && indent <= block) block = undefined;
    const marker = markerAt(line);
    if (marker !== undefined) {
      const setter = setterOf(marker);
      const ordinal = (ordinals.get(marker) ?? 0) + 1;
      ordinals.set(marker, ordinal);
      found.push({
        place: { path, line: index + 1, endLine: index + 1 },
        ...{ text: marker, ordinal, isText: block !== undefined },
        isMisplaced: block === undefined && isMisplaced(lines, index),
        ...(setter !== undefined && { setter }),
      });
    }
    block ??= blockAt(line);
  }
  return found;
}

/** Not by a pattern: those that find it take quadratic time on hostile lines. */
function markerAt(line: string): string | undefined {
  const at = line.indexOf('$imagepolicy');
  const open = at === -1 ? -1 : line.lastIndexOf('{', at);
  const close = line.indexOf('}', at);
  const hash = open === -1 ? -1 : line.lastIndexOf('#', open);
  if (hash < 0 || close === -1 || line.slice(hash + 1, open).trim() !== '') return undefined;
  const before = line.slice(0, hash);
  // A value that is commented out together with its marker means to mark nothing.
  if (before.trimStart().startsWith('#')) return undefined;
  return before.trim() === '' || /[ \t]/.test(before.at(-1) ?? '')
    ? line.slice(open, close + 1)
    : undefined;
}

/** A plain value of a list, without a key. */
const LIST_VALUE = /^[ \t]*- +["']?[^\s"'#{[&*!|>-][^\s]*(?<!:)(?:[ \t]+#.*)?[ \t]*\r?$/;

/** Whether a marker is on a line of its own, or behind a key, where the automation finds no value. */
function isMisplaced(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  const before = line.slice(0, line.indexOf('#')).trim();
  if (before === '') {
    const next = lines[index + 1] ?? '';
    return next.length > LONGEST_LINE || !LIST_VALUE.test(next) || /^[ \t]*- +[^ ]*: /.test(next);
  }
  // A key alone: its value is a map or a list below, or nothing.
  return /^(?:- +)*["']?[\w$./-]{1,200}["']?:$/.test(before);
}

/** The indentation up to which a block scalar that begins on this line ends again. */
function blockAt(line: string): number | undefined {
  let at = line.length - line.trimStart().length;
  let dash: number | undefined;
  while (line[at] === '-' && line[at + 1] === ' ') {
    dash = at;
    do at += 1;
    while (line[at] === ' ');
  }
  const rest = line.slice(at);
  const header = rest.startsWith('#') ? null : HEADER.exec(rest);
  if (header === null) return undefined;
  const words = rest
    .slice(0, header.index)
    .trim()
    .split(/[ \t]+/);
  while (/^[!&]/.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  if (last === '') return dash;
  return last.endsWith(':') ? at : undefined;
}

function setterOf(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const setter = (value as Record<string, unknown>).$imagepolicy;
  return typeof setter === 'string' ? setter : undefined;
}
