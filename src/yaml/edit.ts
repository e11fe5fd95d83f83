import { stringify } from 'yaml';

import type { FieldEdit, TextEdit } from '../model/finding.ts';
import { type FieldPath, find } from '../model/field-path.ts';
import type { Located, LocatedList, LocatedMap } from '../model/located.ts';
import type { SourceText } from '../model/source.ts';

/**
 * Changes of an object's fields as edits of the files that they are written in. Everything else
 * of the files, comments and formatting too, stays as it is. A new field goes right below the line
 * that shows where it is missing, so that a suggestion fits on that line.
 *
 * @returns undefined when a change cannot be made by editing text (an alias, a folded patch)
 */
export function toTextEdits(root: Located, changes: readonly FieldEdit[]): TextEdit[] | undefined {
  const replacements: Replacement[] = [];
  const additions = new Map<LocatedMap, Addition>();
  for (const change of changes) {
    const found = find(root, change.path);
    if (found.depth === change.path.length) {
      const replacement =
        'set' in change ? replace(found.node, change.set) : remove(root, change.path);
      if (replacement === undefined) return undefined;
      replacements.push(replacement);
    } else if ('set' in change) {
      const rest = change.path.slice(found.depth);
      if (found.node.kind === 'map') addTo(additions, found.node, rest, change.set);
      else {
        const replacement = fill(found.node, rest, change.set);
        if (replacement === undefined) return undefined;
        replacements.push(replacement);
      }
    }
  }
  for (const [map, fields] of additions) {
    const replacement = insert(map, fields);
    if (replacement === undefined) return undefined;
    replacements.push(replacement);
  }
  return toLines(replacements);
}

/** A text range of a file, and what it becomes. */
interface Replacement {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Addition = Record<string, unknown>;

/** Where a range of a possibly embedded text stands in its file; undefined where it does not map. */
function inFile(
  source: SourceText,
  start: number,
  end: number,
): Omit<Replacement, 'text'> | undefined {
  const outer = source.outermost(start, end);
  const isMapped =
    outer.source === source ||
    source.text.slice(start, end) === outer.source.text.slice(outer.start, outer.end);
  return isMapped ? outer : undefined;
}

function replace(node: Located, value: unknown): Replacement | undefined {
  if (node.kind === 'scalar' && node.end === node.start) return undefined;
  const site = inFile(node.source, node.start, node.end);
  return site && { ...site, text: renderFlow(value, isJson(site.source)) };
}

/** A value where there is only an empty one: `securityContext:`. */
function fill(node: Located, rest: FieldPath, value: unknown): Replacement | undefined {
  if (node.kind !== 'scalar' || node.value !== null) return undefined;
  const site = inFile(node.source, node.start, node.end);
  if (site === undefined) return undefined;
  const text = renderFlow(nest(rest, value), isJson(site.source));
  if (site.start < site.end) return { ...site, text };
  // An empty value stands at the end of its key; its place is after the colon.
  const at = site.source.text.indexOf(':', site.start) + 1;
  return { source: site.source, start: at, end: at, text: ` ${text}` };
}

function addTo(
  additions: Map<LocatedMap, Addition>,
  map: LocatedMap,
  path: FieldPath,
  value: unknown,
): void {
  const fields = additions.get(map) ?? {};
  additions.set(map, fields);
  let at = fields;
  for (const step of path.slice(0, -1)) {
    const next = at[String(step)];
    const child = typeof next === 'object' && next !== null ? (next as Addition) : {};
    at[String(step)] = child;
    at = child;
  }
  at[String(path.at(-1))] = value;
}

function nest(path: FieldPath, value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value);
}

/** New fields of a map, as its style asks. */
function insert(map: LocatedMap, fields: Addition): Replacement | undefined {
  const { source } = map;
  const [first] = map.entries.filter(({ value }) => value.source === source);
  if (source.text[map.start] === '{') return insertFlow(map, fields);
  if (first === undefined || first.keyEnd === first.keyStart) return undefined;
  const indent = source.position(first.keyStart).column - 1;
  const lines = renderBlock(fields, indent);
  // A key on a line of its own opens the map: the new field goes below it, above the first entry.
  const lineStart = source.text.lastIndexOf('\n', first.keyStart - 1) + 1;
  const before = source.text.slice(lineStart, first.keyStart);
  if (/^[ \t]*$/.test(before) && lineStart > 0) {
    const site = inFile(source, first.keyStart, first.keyStart + 1);
    if (site === undefined) return undefined;
    const at = site.source.text.lastIndexOf('\n', site.start - 1) + 1;
    const outerIndent = site.start - at;
    return {
      source: site.source,
      start: at,
      end: at,
      text: `${renderBlock(fields, outerIndent)}\n`,
    };
  }
  return insertAfter(map, first.value, lines);
}

/** The first entry shares its line with a dash: the new field goes below that entry. */
function insertAfter(map: LocatedMap, entry: Located, lines: string): Replacement | undefined {
  const { text } = map.source;
  const lineEnd = text.indexOf('\n', Math.max(entry.start, entry.end - 1));
  const end = lineEnd === -1 ? text.length : lineEnd;
  const at = text[end - 1] === '\r' ? end - 1 : end;
  const site = inFile(map.source, at - 1, at);
  return site && { source: site.source, start: site.end, end: site.end, text: `\n${lines}` };
}

function insertFlow(map: LocatedMap, fields: Addition): Replacement | undefined {
  const site = inFile(map.source, map.end - 1, map.end);
  if (site === undefined) return undefined;
  const json = isJson(site.source);
  const inner = Object.entries(fields)
    .map(([key, value]) => `${renderFlow(key, json)}: ${renderFlow(value, json)}`)
    .join(', ');
  const last = map.entries.at(-1);
  if (last === undefined) return { ...site, end: site.start, text: inner };
  const after = inFile(map.source, last.value.end - 1, last.value.end);
  return after && { ...after, start: after.end, text: `, ${inner}` };
}

/** Takes a field or a list item out, with its lines where it has them to itself. */
function remove(root: Located, path: FieldPath): Replacement | undefined {
  const parent = find(root, path.slice(0, -1)).node;
  const step = path.at(-1);
  if (parent.kind === 'map' && typeof step === 'string') return removeField(parent, step);
  if (parent.kind === 'list' && typeof step === 'number') return removeItem(parent, step);
  return undefined;
}

function removeField(map: LocatedMap, key: string): Replacement | undefined {
  const entry = map.entry(key);
  if (entry === undefined || entry.keyEnd === entry.keyStart) return undefined;
  const { source } = entry.value;
  const lineStart = source.text.lastIndexOf('\n', entry.keyStart - 1) + 1;
  const isAlone = /^[ \t]*$/.test(source.text.slice(lineStart, entry.keyStart));
  if (!isAlone || map.entries.length === 1) return undefined;
  return removeLines(source, lineStart, entry.value.end);
}

function removeItem(list: LocatedList, index: number): Replacement | undefined {
  const item = list.items[index];
  if (item === undefined) return undefined;
  const { source } = item;
  if (source.text[list.start] === '[') return removeFlowItem(list, index);
  const lineStart = source.text.lastIndexOf('\n', item.start - 1) + 1;
  const isAlone = /^[ \t]*-[ \t]*$/.test(source.text.slice(lineStart, item.start));
  if (!isAlone || list.items.length === 1) return undefined;
  return removeLines(source, lineStart, item.end);
}

function removeFlowItem(list: LocatedList, index: number): Replacement | undefined {
  const rest = list.items.filter((_, other) => other !== index);
  const texts = rest.map(({ source, start, end }) => source.text.slice(start, end));
  const site = inFile(list.source, list.start, list.end);
  return site && { ...site, text: `[${texts.join(', ')}]` };
}

function removeLines(source: SourceText, start: number, end: number): Replacement | undefined {
  const newline = source.text.indexOf('\n', Math.max(start, end - 1));
  const site = inFile(source, start, newline === -1 ? source.text.length : newline + 1);
  return site && { ...site, text: '' };
}

function isJson({ text }: SourceText): boolean {
  return /^\s*[{[]/.test(text) && !/^[^\n]*[{[]\s*[A-Za-z]/.test(text);
}

/** A value on one line. */
function renderFlow(value: unknown, json: boolean): string {
  if (json) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => renderFlow(item, json)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([key, inner]) => `${renderFlow(key, json)}: ${renderFlow(inner, json)}`,
    );
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Fields on lines of their own, without the last line end; lists of plain values stay on one. */
function renderBlock(fields: Addition, indent: number): string {
  return Object.entries(fields)
    .map(([key, value]) => {
      const head = `${' '.repeat(indent)}${renderFlow(key, false)}:`;
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (isMap && Object.keys(value).length > 0) {
        return `${head}\n${renderBlock(value as Addition, indent + 2)}`;
      }
      return `${head} ${renderFlow(value, false)}`;
    })
    .join('\n');
}

/** Replacements as edits of whole lines; those that touch the same lines become one. */
function toLines(replacements: readonly Replacement[]): TextEdit[] {
  const byFile = new Map<SourceText, Replacement[]>();
  for (const replacement of replacements) {
    byFile.set(replacement.source, [...(byFile.get(replacement.source) ?? []), replacement]);
  }
  return [...byFile].flatMap(([source, own]) => toLinesOfFile(source, own));
}

function toLinesOfFile(source: SourceText, replacements: readonly Replacement[]): TextEdit[] {
  const spans = replacements
    .map((replacement) => ({ ...lineSpan(source, replacement), parts: [replacement] }))
    .sort((a, b) => a.line - b.line || a.endLine - b.endLine);
  const merged: typeof spans = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.line <= last.endLine) {
      last.endLine = Math.max(last.endLine, span.endLine);
      last.parts.push(...span.parts);
    } else merged.push(span);
  }
  return merged.map(({ line, endLine, parts }) => ({
    path: source.path,
    line,
    endLine,
    lines: rewrite(source, line, endLine, parts),
  }));
}

/** An insertion at the start of a line belongs to the line above, which shows where it goes. */
function lineSpan(
  source: SourceText,
  { start, end }: Replacement,
): { line: number; endLine: number } {
  const line = source.position(start).line;
  if (start === end && source.lineStart(line) === start && line > 1) {
    return { line: line - 1, endLine: line - 1 };
  }
  return { line, endLine: Math.max(line, source.position(Math.max(start, end - 1)).line) };
}

function rewrite(
  source: SourceText,
  line: number,
  endLine: number,
  parts: readonly Replacement[],
): string[] {
  const start = source.lineStart(line);
  const next = source.lineStart(endLine + 1);
  let text = source.text.slice(start, next);
  for (const part of [...parts].sort((a, b) => b.start - a.start)) {
    text = text.slice(0, part.start - start) + part.text + text.slice(part.end - start);
  }
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** A text with edits applied; the file's own line ends are kept. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text.split(/\r?\n/);
  for (const edit of [...edits].sort((a, b) => b.line - a.line)) {
    lines.splice(edit.line - 1, edit.endLine - edit.line + 1, ...edit.lines);
  }
  return lines.join(lineEnd);
}
