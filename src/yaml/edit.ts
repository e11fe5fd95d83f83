import { stringify } from 'yaml';

import type { FieldEdit, TextEdit } from '../model/finding.ts';
import { type FieldPath, find, type Found } from '../model/field-path.ts';
import type { Entry, Located, LocatedList, LocatedMap } from '../model/located.ts';
import type { SourceText } from '../model/source.ts';

/**
 * Changes of an object's fields as edits of the files that they are written in. Everything else
 * of the files, comments and formatting too, stays as it is. A new field goes right below the line
 * that shows where it is missing, so that a suggestion fits on that line.
 *
 * @returns undefined when a change cannot be made by editing text (an alias, a folded patch)
 */
export function toTextEdits(root: Located, changes: readonly FieldEdit[]): TextEdit[] | undefined {
  const sets = new Map<string, Extract<FieldEdit, { set: unknown }>>();
  for (const change of changes) if ('set' in change) sets.set(JSON.stringify(change.path), change);
  const replacements: (Replacement | undefined)[] = [];
  const additions = new Map<Located, { at: FieldPath; fields: Addition }>();
  for (const { path, set } of sets.values()) {
    const found = find(root, path);
    const { node, depth } = found;
    if (depth < path.length) addTo(additions, node, path, depth, set);
    else if (isEmpty(node)) replacements.push(fill(root, path, set));
    else replacements.push(replace(found, set));
  }
  const removals = toRemovals(
    root,
    changes.flatMap((change) => ('remove' in change ? [change.path] : [])),
    (node) => additions.has(node),
  );
  replacements.push(...removals);
  for (const [node, { at, fields }] of additions) {
    replacements.push(node.kind === 'map' ? insert(node, fields) : fill(root, at, fields));
  }
  const certain = replacements.filter((replacement) => replacement !== undefined);
  const single = certain.length === replacements.length ? withoutTwins(certain) : undefined;
  return single && toLines(single);
}

/**
 * The same of as many changes as can be made together: those that no edit can make alone are left
 * out. Empty where the others cannot be made together either.
 */
export function toJointEdits(root: Located, changes: readonly FieldEdit[]): TextEdit[] {
  const all = toTextEdits(root, changes);
  if (all !== undefined) return all;
  const possible = changes.filter((change) => toTextEdits(root, [change]) !== undefined);
  return toTextEdits(root, possible) ?? [];
}

/** A text range of a file, and what it becomes. */
interface Replacement {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Addition = Record<string, unknown>;

/**
 * Each replacement once: what two aliases share is mended in one place. Undefined where two of
 * them want different things of one text.
 */
function withoutTwins(replacements: readonly Replacement[]): Replacement[] | undefined {
  const bySource = new Map<SourceText, Replacement[]>();
  for (const replacement of replacements) {
    const own = bySource.get(replacement.source) ?? [];
    bySource.set(replacement.source, own);
    own.push(replacement);
  }
  const kept: Replacement[] = [];
  for (const own of bySource.values()) {
    let last: Replacement | undefined;
    let reach = 0;
    // What comes in at the very place where something goes is no rival of it: it comes first.
    for (const one of own.sort((a, b) => a.start - b.start || a.end - b.end)) {
      const { start, end, text } = one;
      if (last?.start === start && last.end === end) {
        if (last.text !== text) return undefined;
        continue;
      }
      if (start < reach) return undefined;
      kept.push(one);
      [last, reach] = [one, Math.max(reach, end)];
    }
  }
  return kept;
}

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

function replace({ node, key }: Found, value: unknown): Replacement | undefined {
  const isBlock = node.kind !== 'scalar' && !/[{[]/.test(node.source.text[node.start] ?? '');
  // A value on one line goes behind its key, whatever the lines of the old one look like.
  const start = isBlock && key ? node.source.text.indexOf(':', key.end) + 1 : node.start;
  const site = inFile(node.source, start, endOf(node));
  if (site === undefined) return undefined;
  const text = renderFlow(value, isJson(site.source));
  return { ...site, text: start === node.start ? text : ` ${text}` };
}

/** A value where there is only an empty one: `securityContext:`, or a dash alone. */
function fill(root: Located, path: FieldPath, value: unknown): Replacement | undefined {
  const { node, key } = find(root, path);
  if (node.kind !== 'scalar' || node.value !== null) return undefined;
  if (node.start < node.end) {
    const site = inFile(node.source, node.start, node.end);
    return site && { ...site, text: renderFlow(value, isJson(site.source)) };
  }
  const at = key
    ? afterColon(node.source, key.end)
    : afterDash(find(root, path.slice(0, -1)).node, Number(path.at(-1)));
  const site = at === undefined ? undefined : inFile(node.source, at - 1, at);
  if (site === undefined) return undefined;
  const text = renderFlow(value, isJson(site.source));
  return { source: site.source, start: site.end, end: site.end, text: ` ${text}` };
}

function afterColon({ text }: SourceText, keyEnd: number): number | undefined {
  const colon = text.indexOf(':', keyEnd);
  return colon === -1 ? undefined : colon + 1;
}

/** Behind the dash of an item of a block list. */
function afterDash(list: Located, index: number): number | undefined {
  const dash = list.kind === 'list' ? dashOf(list, index) : undefined;
  return dash === undefined ? undefined : dash + 1;
}

/** An empty item stands at the end of what is before it: its dash comes behind that. */
function dashOf(list: LocatedList, index: number): number | undefined {
  const [item, previous] = [list.items[index], list.items[index - 1]];
  if (item === undefined) return undefined;
  const from =
    previous === undefined
      ? list.start
      : isEmpty(previous)
        ? afterDash(list, index - 1)
        : endOf(previous);
  if (from === undefined) return undefined;
  const search = /(?:^|[ \t])#[^\n]*|-(?=\s|$)/gm;
  search.lastIndex = from;
  for (let found = search.exec(item.source.text); found; found = search.exec(item.source.text)) {
    if (found[0] === '-') return found.index;
  }
  return undefined;
}

function isEmpty(node: Located): boolean {
  return node.kind === 'scalar' && node.start === node.end;
}

/** Where a value ends; an empty one within, which stands before its colon or dash, included. */
function endOf(node: Located): number {
  if (node.kind === 'scalar' || /[{[]/.test(node.source.text[node.start] ?? '')) return node.end;
  if (node.kind === 'list') {
    const last = node.items.at(-1);
    if (last === undefined) return node.end;
    const dash = isEmpty(last) ? afterDash(node, node.items.length - 1) : undefined;
    return dash ?? Math.max(node.end, endOf(last));
  }
  const last = node.entries.at(-1);
  if (last === undefined) return node.end;
  const colon = isEmpty(last.value) ? afterColon(last.value.source, last.keyEnd) : undefined;
  return colon ?? Math.max(node.end, endOf(last.value));
}

function addTo(
  additions: Map<Located, { at: FieldPath; fields: Addition }>,
  node: Located,
  path: FieldPath,
  depth: number,
  value: unknown,
): void {
  const known = additions.get(node) ?? { at: path.slice(0, depth), fields: {} };
  additions.set(node, known);
  let fields = known.fields;
  for (const step of path.slice(depth, -1)) {
    const next = fields[String(step)];
    const child = typeof next === 'object' && next !== null ? (next as Addition) : {};
    fields[String(step)] = child;
    fields = child;
  }
  fields[String(path.at(-1))] = value;
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
  return insertAfter(map, first, lines);
}

/** The first entry shares its line with a dash: the new field goes below that entry. */
function insertAfter(map: LocatedMap, entry: Entry, lines: string): Replacement | undefined {
  const { text } = map.source;
  const lineEnd = text.indexOf('\n', Math.max(entry.keyEnd, endOfEntry(entry) - 1));
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

/**
 * Takes fields and list items out, with their lines where they have them to themselves. A map or
 * list of which nothing would be left goes as a whole, unless something else comes into it.
 */
function toRemovals(
  root: Located,
  paths: readonly FieldPath[],
  isFilled: (node: Located) => boolean,
): (Replacement | undefined)[] {
  const groups = new Map<string, { parent: FieldPath; steps: Set<string | number> }>();
  const queue = [...paths];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (find(root, path).depth !== path.length) continue;
    const parent = path.slice(0, -1);
    const key = JSON.stringify(parent);
    const group = groups.get(key) ?? { parent, steps: new Set() };
    groups.set(key, group);
    group.steps.add(path.at(-1) ?? '');
    const { node } = find(root, parent);
    const isEmptied =
      (node.kind === 'map' && group.steps.size === node.entries.length) ||
      (node.kind === 'list' && group.steps.size === node.items.length);
    const isField = typeof parent.at(-1) === 'string';
    if (isEmptied && isField && !isFilled(node)) {
      groups.delete(key);
      queue.push(parent);
    }
  }
  return [...groups.values()].flatMap(({ parent, steps }) => {
    const { node } = find(root, parent);
    if (node.kind === 'scalar') return [undefined];
    if (node.kind === 'list') return removeItems(node, steps);
    return removeFields(node, steps, isFilled(node));
  });
}

function removeFields(
  map: LocatedMap,
  steps: ReadonlySet<string | number>,
  isFilled: boolean,
): (Replacement | undefined)[] {
  if (map.source.text[map.start] === '{') {
    return removeFlowFields(map, steps, isFilled);
  }
  const isAllGone = steps.size === map.entries.length && !isFilled;
  return [...steps].map((step) => {
    const entry = map.entry(String(step));
    if (entry === undefined || entry.keyEnd === entry.keyStart) return undefined;
    const { source } = entry.value;
    const lineStart = source.text.lastIndexOf('\n', entry.keyStart - 1) + 1;
    const before = source.text.slice(lineStart, entry.keyStart);
    if (/^[ \t]*$/.test(before) && !isAllGone) {
      return removeLines(source, lineStart, endOfEntry(entry));
    }
    // Beside a dash, or the last of its map: nothing is the same as null.
    return replace({ node: entry.value, depth: 0, key: toRange(entry) }, null);
  });
}

function endOfEntry({ keyEnd, value }: Entry): number {
  return isEmpty(value) ? (afterColon(value.source, keyEnd) ?? keyEnd) : endOf(value);
}

function toRange({ keyStart: start, keyEnd: end }: Entry): { start: number; end: number } {
  return { start, end };
}

function removeFlowFields(
  map: LocatedMap,
  steps: ReadonlySet<string | number>,
  isFilled: boolean,
): (Replacement | undefined)[] {
  const { entries } = map;
  if (entries.some(({ keyStart, keyEnd }) => keyStart === keyEnd)) return [undefined];
  if (steps.size === entries.length && !isFilled) return [emptied(map, '{}')];
  const gone = entries.map(({ key }) => steps.has(key));
  const [first] = entries;
  if (!isFilled || gone.includes(false) || first === undefined) {
    const spans = entries.map(({ keyStart, value }) => ({ start: keyStart, end: value.end }));
    return removeRuns(map.source, spans, gone);
  }
  // What comes in goes behind another field: one stays, as null.
  const key = toRange(first);
  return [
    replace({ node: first.value, depth: 0, key }, null),
    ...removeFlowFields(map, new Set(entries.slice(1).map((entry) => entry.key)), isFilled),
  ];
}

function emptied({ source, start, end }: Located, text: string): Replacement | undefined {
  const site = inFile(source, start, end);
  return site && { ...site, text };
}

/** Parts of a flow map or list, with the commas before them, or behind them for the first. */
function removeRuns(
  source: SourceText,
  spans: readonly { readonly start: number; readonly end: number }[],
  gone: readonly boolean[],
): (Replacement | undefined)[] {
  const found: (Replacement | undefined)[] = [];
  for (let from = gone.indexOf(true); from !== -1; from = gone.indexOf(true, from)) {
    let to = from;
    while (gone[to + 1] === true) to += 1;
    const [before, first, last, after] = [spans[from - 1], spans[from], spans[to], spans[to + 1]];
    const start = before?.end ?? first?.start ?? 0;
    const end = (before ? undefined : after?.start) ?? last?.end ?? start;
    const site = inFile(source, start, end);
    found.push(site && { ...site, text: '' });
    from = to + 1;
  }
  return found;
}

function removeItems(
  list: LocatedList,
  steps: ReadonlySet<string | number>,
): (Replacement | undefined)[] {
  const { source, items } = list;
  if (source.text[list.start] === '[') {
    if (steps.size === items.length) return [emptied(list, '[]')];
    return removeRuns(
      source,
      items,
      items.map((_, index) => steps.has(index)),
    );
  }
  return [...steps].map((step) => {
    const dash = dashOf(list, Number(step));
    const item = items[Number(step)];
    if (item === undefined || dash === undefined || steps.size === items.length) return undefined;
    const lineStart = item.source.text.lastIndexOf('\n', dash) + 1;
    const isAlone = /^[ \t]*$/.test(item.source.text.slice(lineStart, dash));
    return isAlone
      ? removeLines(item.source, lineStart, Math.max(dash + 1, endOf(item)))
      : undefined;
  });
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
  if (typeof value === 'boolean' || value === null) return String(value);
  // The library takes a while: nearly all that is written are names.
  if (typeof value === 'string' && PLAIN.test(value) && !WORDS.test(value)) return value;
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Texts that no reader of YAML takes for anything else, save for these words. */
const PLAIN = /^[A-Za-z][A-Za-z_]*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|inf|nan)$/i;

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
  // From the last on, and what is taken out before what comes in at the same place.
  for (const part of [...parts].sort((a, b) => b.start - a.start || b.end - a.end)) {
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
