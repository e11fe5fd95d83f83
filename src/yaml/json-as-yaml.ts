import {
  type Entry,
  type Located,
  LocatedList,
  type LocatedMap,
  LocatedScalar,
  Unknown,
} from '../model/located.ts';
import { SourceText } from '../model/source.ts';
import { readAsGo } from './read-as-go.ts';

/** Characters that JSON leaves as they are and YAML changes or refuses. */
const CHANGES = /[\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/u;

/** Longer keys may not be read: in JSON at most six characters for one, and YAML stops at 1024. */
const LONGEST_SAFE_KEY = 160;

/** Whether a text may come out of {@link jsonAsYaml} as another one, or not at all. */
export function isOddInJson(text: string): boolean {
  return CHANGES.test(text);
}

/** The same for a key. */
export function isOddJsonKey(key: string): boolean {
  return key.length > LONGEST_SAFE_KEY || isOddInJson(key);
}

/**
 * A value as Go's `sigs.k8s.io/yaml` has it when it prints: it writes JSON and reads that as YAML,
 * which folds the line break U+0085, refuses some characters, and keys of more than 1024.
 *
 * @returns the very value where nothing changes; Go's message where it cannot be printed
 */
export function jsonAsYaml(
  root: Located,
): { readonly root: Located } | { readonly message: string } {
  if (!isOdd(root)) return { root };
  const reading = readAsGo(new SourceText('', toJson(root)));
  if ('message' in reading) return { message: reading.message };
  return { root: reading.root ? withTextsOf(root, reading.root) : root };
}

function isOdd(node: Located): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && isOddInJson(node.value);
  if (node.kind === 'list') return node.items.some(isOdd);
  return node.entries.some(({ key, value }) => isOddJsonKey(key) || isOdd(value));
}

/** The same tree with the texts of another one of the same shape; a node without change stays. */
function withTextsOf(node: Located, read: Located): Located {
  if (node.kind === 'scalar') {
    const isOther = typeof node.value === 'string' && read.kind === 'scalar';
    if (!isOther || read.value === node.value) return node;
    return new LocatedScalar(read.value, node, node.trace);
  }
  if (node.kind === 'list' && read.kind === 'list') {
    const items = node.items.map((item, index) => withTextsOf(item, read.items[index] ?? item));
    const isSame = items.every((item, index) => item === node.items[index]);
    return isSame ? node : new LocatedList(items, node, node.trace);
  }
  if (node.kind !== 'map' || read.kind !== 'map') return node;
  const entries = node.entries.map((entry) => entryWithTextsOf(entry, read));
  const isSame = entries.every((entry, index) => entry === node.entries[index]);
  return isSame ? node : node.withEntries(entries);
}

function entryWithTextsOf(entry: Entry, read: LocatedMap): Entry {
  const key = wellFormed(entry.key);
  const value = withTextsOf(entry.value, read.get(key) ?? entry.value);
  return key === entry.key && value === entry.value ? entry : { ...entry, key, value };
}

/** JSON as Go's `encoding/json` writes it, keys in order of their bytes. */
function toJson(node: Located): string {
  if (node.kind === 'list') return `[${node.items.map(toJson).join(',')}]`;
  if (node.kind === 'map') return `{${sorted(node).map(toJsonField).join(',')}}`;
  const { value } = node;
  if (value instanceof Unknown) return '""';
  return typeof value === 'string' ? toJsonString(value) : String(value);
}

function toJsonField({ key, value }: Entry): string {
  return `${toJsonString(key)}:${toJson(value)}`;
}

function sorted({ entries }: LocatedMap): Entry[] {
  return [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function toJsonString(text: string): string {
  return JSON.stringify(wellFormed(text)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Half a surrogate pair is no text for Go. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
