import {
  type Entry,
  type Located,
  LocatedList,
  LocatedMap,
  LocatedScalar,
} from '../../model/located.ts';
import type { Site } from '../../model/source.ts';
import { textOf } from '../scalar.ts';
import { goFloat } from '../text/go-number.ts';
import type { Fields, Shape } from './shape.ts';

/**
 * - `strict`: as a kustomization file is read: every field known, no number for a text
 * - `lenient`: as Flux reads the file it rewrites, and kustomize its plugins' files: unknown fields
 *   are dropped, numbers and booleans become texts where a text is wanted
 * - `no-unknown`: lenient with values, not with unknown fields (transformer configurations)
 */
export type Strictness = 'strict' | 'lenient' | 'no-unknown';

export interface DecodeFault {
  readonly code: 'unknown-field' | 'wrong-type';
  readonly message: string;
  readonly site: Site;
}

export interface Decoded {
  /** Fields by their canonical names, all of the wanted shape, none of them null. */
  readonly value: LocatedMap;
  readonly faults: readonly DecodeFault[];
}

/**
 * A value as Go's JSON decoder puts it into a struct: names in any case count, a later one over an
 * earlier one, and null is as if absent.
 */
export function decode(
  node: Located,
  fields: Fields,
  strictness: Strictness,
  what = 'A kustomization',
): Decoded {
  const decoder: Decoder = { strictness, what, isInline: false, faults: [] };
  const { faults } = decoder;
  if (node.kind === 'map') return { value: decodeStruct(decoder, node, fields, ''), faults };
  if (!isNull(node)) report(decoder, node, '', 'a map');
  return { value: new LocatedMap([], node), faults };
}

interface Decoder {
  readonly strictness: Strictness;
  /** What is read, as the subject of a message. */
  readonly what: string;
  /** Whether the value is in an embedded struct. */
  readonly isInline: boolean;
  readonly faults: DecodeFault[];
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function decodeStruct(
  decoder: Decoder,
  node: LocatedMap,
  fields: Fields,
  path: string,
): LocatedMap {
  const byName = new Map<string, Entry>();
  for (const entry of node.entries.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const name = fieldName(fields, entry.key);
    const shape = name === undefined ? undefined : fields[name];
    if (name === undefined || shape === undefined) {
      reportUnknown(decoder, node, entry, path);
      continue;
    }
    const value = decodeValue(decoder, entry.value, shape, path ? `${path}.${name}` : name);
    if (value) byName.set(name, { ...entry, key: name, value });
  }
  return new LocatedMap([...byName.values()], node, node.trace);
}

/** The exact name, else the one that differs in case only. */
function fieldName(fields: Fields, key: string): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const folded = key.toLowerCase();
  return Object.keys(fields).find((name) => name.toLowerCase() === folded);
}

function reportUnknown(decoder: Decoder, node: LocatedMap, entry: Entry, path: string): void {
  if (decoder.strictness === 'lenient') return;
  const isWritten = entry.keyEnd > entry.keyStart;
  const site = isWritten
    ? { source: node.source, start: entry.keyStart, end: entry.keyEnd }
    : entry.value;
  const message = `${path || decoder.what} has no field ${JSON.stringify(entry.key)}.`;
  decoder.faults.push({ code: 'unknown-field', message, site });
}

/** @returns undefined for null, and for what was reported */
function decodeValue(
  decoder: Decoder,
  node: Located,
  shape: Shape,
  path: string,
): Located | undefined {
  if (isNull(node)) return undefined;
  const inner = 'inline' in shape ? { ...decoder, isInline: true } : decoder;
  switch (shape.kind) {
    case 'any':
      return node;
    case 'struct':
      if (node.kind === 'map') return decodeStruct(inner, node, shape.fields, path);
      {
        report(decoder, node, path, 'a map');
        return;
      }
    case 'map':
      if (node.kind === 'map') return decodeMap(inner, node, shape.of, path);
      {
        report(decoder, node, path, 'a map');
        return;
      }
    case 'list':
      if (node.kind === 'list') return decodeList(inner, node, shape.of, path);
      {
        report(decoder, node, path, 'a list');
        return;
      }
    case 'text':
      return decodeText(inner, node, path);
    case 'flag':
      if (node.kind === 'scalar' && typeof node.value === 'boolean') return node;
      {
        report(decoder, node, path, 'true or false');
        return;
      }
    case 'integer':
      if (node.kind === 'scalar' && isInteger(node.value)) return node;
      {
        report(decoder, node, path, 'a whole number');
        return;
      }
  }
}

function isInteger(value: unknown): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}

function decodeText(decoder: Decoder, node: Located, path: string): Located | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'string') return node;
  if (node.kind !== 'scalar' || decoder.strictness === 'strict' || decoder.isInline) {
    report(decoder, node, path, 'a text');
    return;
  }
  const { value } = node;
  const isFloat = typeof value === 'number' && !Number.isInteger(value);
  const text = isFloat ? goFloat(shortenToSingle(value)) : textOf(new LocatedScalar(value, node));
  return new LocatedScalar(text, node, node.trace);
}

/** The number with the fewest digits that is the same in 32 bits: Go converts floats that way. */
function shortenToSingle(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const shorter = Number(single.toPrecision(digits));
    if (Math.fround(shorter) === single) return shorter;
  }
  return single;
}

function decodeMap(decoder: Decoder, node: LocatedMap, of: Shape, path: string): LocatedMap {
  const entries = node.entries.map((entry) => {
    const value = decodeValue(decoder, entry.value, of, `${path}.${entry.key}`);
    return { ...entry, value: value ?? zeroOf(of, entry.value) };
  });
  return new LocatedMap(entries, node, node.trace);
}

function decodeList(decoder: Decoder, node: LocatedList, of: Shape, path: string): LocatedList {
  const items = node.items.map(
    (item, at) => decodeValue(decoder, item, of, `${path}[${at}]`) ?? zeroOf(of, item),
  );
  return new LocatedList(items, node, node.trace);
}

/** What Go has where null was written. */
function zeroOf(shape: Shape, node: Located): Located {
  if (shape.kind === 'text') return new LocatedScalar('', node, node.trace);
  if (shape.kind === 'struct' || shape.kind === 'map') return new LocatedMap([], node, node.trace);
  if (shape.kind === 'list') return new LocatedList([], node, node.trace);
  return node;
}

function report(decoder: Decoder, node: Located, path: string, wanted: string): undefined {
  const given = node.kind === 'scalar' ? wordScalar(node) : `a ${node.kind}`;
  const where = path || decoder.what;
  const hint = wanted === 'a text' && node.kind === 'scalar' ? ', so put the value in quotes' : '';
  const message = `${where} takes ${wanted}, not ${given}${hint}.`;
  decoder.faults.push({ code: 'wrong-type', message, site: node });
}

/** `yes`, `on` and `n` are booleans in a kustomization file, which surprises people. */
function wordScalar(node: LocatedScalar): string {
  const text = textOf(node);
  if (typeof node.value === 'boolean') return `the boolean ${text}`;
  return typeof node.value === 'string'
    ? `the text ${JSON.stringify(text.slice(0, 60))}`
    : `the number ${text}`;
}
