import type { Schema } from '../schema/schema.ts';
import type { Writer } from '../scalar.ts';
import { MergeFault } from './fault.ts';
import { findElement, setElement } from './elements.ts';
import {
  fieldOf,
  isEmptyMap,
  isMissingOrNull,
  itemsOf,
  type Node,
  setField,
  textNode,
  toNode,
  valueOf,
} from './node.ts';

/** The merge compares every item with every other; no real list comes near. */
const MAX_ITEMS = 5000;

/** Merges one item of the resource with one of the patch. */
export type WalkItem = (
  item: Node | undefined,
  patch: Node | undefined,
  schema: Schema,
) => Node | undefined;

/**
 * Merges the items of two lists by their keys; items of the patch come first (kyaml
 * `walk/associative_sequence.go`, including what it does to items without their keys).
 *
 * @returns the merged list: the resource's node when there was nothing to merge
 */
export function mergeItems(
  list: Node,
  patch: Node | undefined,
  schema: Schema,
  writer: Writer,
  walk: WalkItem,
): Node {
  const schemaKeys = schema.keys ?? [];
  const isPrimitive = schemaKeys.length === 0;
  const keys = isPrimitive ? [''] : schemaKeys;
  let valuesList = isPrimitive ? primitiveValues(list, patch) : keyValues(list, patch, keys);
  if (valuesList.length === 0) return list;
  if (valuesList.length > MAX_ITEMS) throw new MergeFault(`a list has over ${MAX_ITEMS} items`);
  if (keys.length > 1) valuesList = fillFromEachOther(valuesList);
  const merged: Node = { ...toNode(list.located, list.isPatch), items: [] };
  let usedKeys: readonly string[] = keys;
  for (const values of valuesList) {
    const used = dropUnusedKeys(valuesList, values, keys);
    usedKeys = used.keys;
    const [ownKeys, ownValues] = lookupKeys(used.keys, used.values);
    const item = walk(
      findElement(list, ownKeys, ownValues),
      patch && findElement(patch, ownKeys, ownValues),
      schema.items,
    );
    if (item === undefined || isEmptyMap(item)) {
      setElement(list, undefined, used.keys, used.values);
      continue;
    }
    addMissingKeys(item, used.keys, used.values, writer);
    setElement(merged, item, used.keys, used.values);
  }
  appendItems(merged, list, usedKeys);
  list.items = merged.items;
  return list;
}

/** The values of the keys in each item, the patch's items first; a missing one is empty. */
function keyValues(
  list: Node,
  patch: Node | undefined,
  keys: readonly string[],
): (readonly string[])[] {
  const seen = new Map<string, readonly string[]>();
  for (const source of [patch, list]) {
    for (const item of itemsOf(source)) {
      const values = keys.map((key) => {
        const field = fieldOf(item, key);
        return field === undefined || isMissingOrNull(field) ? '' : valueOf(field);
      });
      const together = JSON.stringify(values);
      if (!seen.has(together)) seen.set(together, values);
    }
  }
  return [...seen.values()];
}

function primitiveValues(list: Node, patch: Node | undefined): (readonly string[])[] {
  const items = [...itemsOf(patch), ...itemsOf(list)];
  return [...new Set(items.map(valueOf))].map((value) => [value]);
}

/** Items that agree in one key and miss the others take the missing values from each other. */
function fillFromEachOther(valuesList: readonly (readonly string[])[]): (readonly string[])[] {
  const filled = [...valuesList];
  for (const first of filled.keys()) {
    for (const second of filled.keys()) {
      const together = agree(filled[first] ?? [], filled[second] ?? []);
      if (together) filled[first] = filled[second] = together;
    }
  }
  return filled;
}

function agree(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
  const isConflict = a.some((value, at) => value !== '' && b[at] !== '' && value !== b[at]);
  if (isConflict || !a.some((value, at) => value === b[at])) return undefined;
  return a.map((value, at) => value || (b[at] ?? ''));
}

/** Keys that no item has do not count; when none counts, all do. */
function dropUnusedKeys(
  valuesList: readonly (readonly string[])[],
  values: readonly string[],
  keys: readonly string[],
): { keys: readonly string[]; values: readonly string[] } {
  const used = keys.map((_, at) => valuesList.some((candidate) => (candidate[at] ?? '') !== ''));
  if (!used.includes(true)) return { keys, values };
  return {
    keys: keys.filter((_, at) => used[at]),
    values: values.filter((value, at) => value !== '' || used[at]),
  };
}

/** For the search of one item only the keys count for which it has values. */
function lookupKeys(
  keys: readonly string[],
  values: readonly string[],
): [readonly string[], readonly string[]] {
  const used = dropUnusedKeys([values], values, keys);
  return [used.keys, used.values];
}

function addMissingKeys(
  item: Node,
  keys: readonly string[],
  values: readonly string[],
  writer: Writer,
): void {
  if (item.located.kind !== 'map') return;
  for (const [at, key] of keys.entries()) {
    const value = values[at] ?? '';
    if (fieldOf(item, key) === undefined && value !== '') {
      setField(item, key, textNode(value, writer));
    }
  }
}

/** Puts the resource's own items among the merged ones: in place of their likes, or at the end. */
function appendItems(merged: Node, list: Node, keys: readonly string[]): void {
  for (const item of itemsOf(list)) {
    if (keys[0] === '') {
      setElement(merged, item, [''], [valueOf(item)]);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const field = fieldOf(item, key);
      if (field === undefined) merged.items?.push(item);
      else values.push(valueOf(field));
    }
    if (keys.length > 1) setElement(merged, undefined, keys, values);
    setElement(merged, item, keys, values);
  }
}
