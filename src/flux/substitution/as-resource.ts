import { type Entry, type Located, LocatedList, LocatedMap } from '../../model/located.ts';
import { mergeEntries } from '../../yaml/merge-key.ts';

const MERGE_KEY = '<<';
const BREAK_AFTER_SPACE = / [\n\r\u0085\u2028\u2029]/;

/**
 * Flux makes a resource of the object again, with go-yaml v3: that applies merge keys which were
 * text until now (`"<<"` in quotes), and cannot read what it writes of a text of several lines
 * that begins with a tab.
 *
 * @returns the message of Flux where that fails
 */
export function asResource(
  root: Located,
): { readonly root: Located } | { readonly message: string } {
  if (root.kind !== 'map') {
    const type = jsonType(root);
    if (type === 'null') return { root: new LocatedMap([], root) };
    const message = `UnmarshalJSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
    return { message };
  }
  if (!isSafe(root)) {
    const problem = 'found a tab character where an indentation space is expected';
    return { message: `UnmarshalJSON: yaml: ${problem}` };
  }
  const merged = applyMerges(root);
  if (merged !== undefined) return { root: merged };
  return { message: 'yaml: map merge requires map or sequence of maps as the value' };
}

function jsonType(node: Located): string {
  if (node.kind === 'list') return 'array';
  if (node.kind === 'map') return 'object';
  if (node.value === null) return 'null';
  const type = typeof node.value;
  return type === 'boolean' ? 'bool' : type === 'string' ? 'string' : 'number';
}

function isSafe(node: Located): boolean {
  if (node.kind === 'scalar') return typeof node.value !== 'string' || isSafeText(node.value);
  if (node.kind === 'list') return node.items.every(isSafe);
  return node.entries.every(({ key, value }) => isSafeText(key) && isSafe(value));
}

/** Whether go-yaml v3 can read what it writes of a text: not a block that begins with a tab. */
function isSafeText(text: string): boolean {
  const isBlock =
    text.startsWith('\t') &&
    text.includes('\n') &&
    !text.endsWith(' ') &&
    !BREAK_AFTER_SPACE.test(text) &&
    !hasEscapes(text);
  return !isBlock;
}

/** Characters that go-yaml writes as escapes only. */
function hasEscapes(text: string): boolean {
  return /[^\P{Cc}\t\n]|[\ufeff\ufffe\uffff]|[^\0-\uffff]/u.test(text);
}

/** The tree with its merge keys applied; undefined when one cannot be. */
function applyMerges(node: Located): Located | undefined {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') {
    const items = node.items.map(applyMerges);
    if (items.every((item, index) => item === node.items[index])) return node;
    return items.every((item) => item !== undefined) ? new LocatedList(items, node) : undefined;
  }
  return applyMergesInMap(node);
}

function applyMergesInMap(node: LocatedMap): LocatedMap | undefined {
  const own: Entry[] = [];
  const merged: Located[] = [];
  let isSame = true;
  for (const entry of node.entries) {
    const value = applyMerges(entry.value);
    if (value === undefined) return undefined;
    if (value !== entry.value || entry.key === MERGE_KEY) isSame = false;
    if (entry.key === MERGE_KEY) merged.push(value);
    else own.push(value === entry.value ? entry : { ...entry, value });
  }
  if (isSame) return node;
  const entries = mergeEntries(own, merged);
  return entries && node.withEntries(entries);
}
