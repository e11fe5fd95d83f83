import { MergeFault } from './fault.ts';
import {
  fieldOf,
  isEmptyMap,
  isMissingOrNull,
  isNull,
  itemsOf,
  type Node,
  valueOf,
} from './node.ts';

/*
 * Finding and setting items of merged lists, with all the consequences that kyaml's functions of
 * the same purpose have for items without their keys (kyaml `yaml/fns.go`).
 */

/** The first item that has all values in its keys; primitive items are their own value. */
export function findElement(
  list: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): Node | undefined {
  if (list?.located.kind !== 'list') return undefined;
  const [firstKey = ''] = keys;
  if (firstKey === '') {
    return itemsOf(list).find((item) => valueOf(item) === (values[0] ?? ''));
  }
  return itemsOf(list).find(
    (item) =>
      item.located.kind === 'map' &&
      keys.every((key, index) => {
        const field = fieldOf(item, key);
        return field !== undefined && valueOf(field) === values[index];
      }),
  );
}

/**
 * Puts an element in the place of every item with these values, or at the end where there is none;
 * without an element, takes those items out. Empty items go in any case.
 */
export function setElement(
  list: Node,
  element: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): void {
  const usedKeys = keys.length === 0 ? [''] : keys;
  const isForMaps = (usedKeys[0] ?? '') !== '' && (values[0] ?? '') !== '';
  const kept: Node[] = [];
  let isFound = false;
  for (const item of itemsOf(list)) {
    if (isMissingOrNull(item) || isEmptyMap(item)) continue;
    if (item.located.kind !== 'map' && isForMaps) {
      kept.push(item);
    } else if (!isMatch(item, usedKeys, values)) {
      if (values.length > 0) kept.push(item);
    } else {
      isFound = true;
      if (element !== undefined) kept.push(element);
    }
  }
  list.items = kept;
  if (element !== undefined && !isNull(element) && !isFound) kept.push(element);
}

/** Keys beyond the values count as found when the last one that has a value is. */
function isMatch(item: Node, keys: readonly string[], values: readonly string[]): boolean {
  let isFound = false;
  for (const [index, key] of keys.entries()) {
    const value = values[index];
    if (value !== undefined) isFound = hasValue(item, key, value);
    if (!isFound) return false;
  }
  return isFound;
}

/** An empty value means any. */
function hasValue(item: Node, key: string, value: string): boolean {
  if (key === '') {
    if (item.located.kind !== 'scalar')
      throw new MergeFault('a list of plain values holds a map or list');
    return valueOf(item) === value;
  }
  if (item.located.kind !== 'map') throw new MergeFault('a list of maps holds something else');
  const field = fieldOf(item, key);
  return field !== undefined && (value === '' || valueOf(field) === value);
}
