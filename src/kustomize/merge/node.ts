import {
  type Entry,
  type Located,
  LocatedList,
  LocatedMap,
  LocatedScalar,
  type Trace,
} from '../../model/located.ts';
import { takeStyle, textOf, type Writer } from '../scalar.ts';
import { noteOverwritten, type Overwritten } from '../shared.ts';

/**
 * A value while a patch is merged into it. Kustomize merges by changing nodes in place, and what
 * comes out of odd patches depends on it; so this is a mutable copy, made as far as the merge
 * looks, and frozen again afterwards with everything shared that did not change.
 */
export interface Node {
  /** What the node was made from, or took over from the patch. */
  located: Located;
  /** Content of a map by key; undefined as long as nobody looked. */
  fields: Map<string, Field> | undefined;
  /** Content of a list; undefined as long as nobody looked. */
  items: Node[] | undefined;
  /** Whether the value comes from the patch. */
  isPatch: boolean;
  /** The value of the resource that the patch replaced. */
  before: Located | undefined;
  /** A null that stays, where setting a field to null would remove it. */
  keeps: boolean;
}

/** One field of a map, and the range of its key in the source of the value. */
export interface Field {
  readonly keyStart: number;
  readonly keyEnd: number;
  value: Node;
}

export function toNode(located: Located, isPatch: boolean): Node {
  return {
    located,
    fields: undefined,
    items: undefined,
    isPatch,
    before: undefined,
    keeps: false,
  };
}

const NO_FIELDS: ReadonlyMap<string, Field> = new Map();

/** The fields of a map; none for anything else. */
export function fieldsOf(node: Node | undefined): ReadonlyMap<string, Field> {
  return (node && mutableFields(node)) ?? NO_FIELDS;
}

function mutableFields(node: Node): Map<string, Field> | undefined {
  if (node.located.kind !== 'map') return undefined;
  return (node.fields ??= new Map(
    node.located.entries.map(({ key, keyStart, keyEnd, value }) => [
      key,
      { keyStart, keyEnd, value: toNode(value, node.isPatch) },
    ]),
  ));
}

/** The items of a list; none for anything else. */
export function itemsOf(node: Node | undefined): Node[] {
  if (node?.located.kind !== 'list') return [];
  return (node.items ??= node.located.items.map((item) => toNode(item, node.isPatch)));
}

export function fieldOf(node: Node | undefined, key: string): Node | undefined {
  return fieldsOf(node).get(key)?.value;
}

export function isMissingOrNull(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

export function isNull(node: Node | undefined): boolean {
  return node?.located.kind === 'scalar' && node.located.value === null;
}

/** Whether a value is missing, null or a map without fields. */
export function isEmptyMap(node: Node | undefined): boolean {
  return isMissingOrNull(node) || (node?.located.kind === 'map' && fieldsOf(node).size === 0);
}

/** The written text of a scalar; empty for anything else. */
export function valueOf(node: Node): string {
  return textOf(node.located);
}

/** Removes a field. */
export function clearField(map: Node, key: string): void {
  mutableFields(map)?.delete(key);
}

/**
 * Sets a field: no value and null remove it. A field that is there is overwritten in place and
 * keeps the style it was written in.
 *
 * @param keySite where the key of a value from the patch stands
 */
export function setField(
  map: Node,
  key: string,
  value: Node | undefined,
  keySite?: Omit<Field, 'value'>,
): void {
  if (value === undefined || (isNull(value) && !value.keeps)) {
    clearField(map, key);
    return;
  }
  const { start } = value.located;
  const { keyStart, keyEnd } = keySite ?? { keyStart: start, keyEnd: start };
  const fields = mutableFields(map);
  const known = fields?.get(key);
  if (known === undefined) {
    fields?.set(key, { keyStart, keyEnd, value });
  } else if (known.value !== value) {
    overwrite(known.value, value);
    if (value.isPatch) fields?.set(key, { keyStart, keyEnd, value: known.value });
  }
}

function overwrite(target: Node, value: Node): void {
  const before = target.isPatch ? target.before : target.located;
  Object.assign(target, value, {
    located: restyle(value.located, target.located),
    before: value.isPatch ? before : value.before,
  });
}

function restyle(value: Located, over: Located): Located {
  return value.kind === 'scalar' && over.kind === 'scalar' ? takeStyle(value, over) : value;
}

/** Whether a value of the resource is as it was. */
export function isUntouched({ fields, items, isPatch }: Node): boolean {
  return fields === undefined && items === undefined && !isPatch;
}

/** What is told and noted while nodes become located values again. */
export interface Freezing {
  /** Who wrote what comes from the patch. */
  readonly by: string;
  readonly overwritten: Overwritten;
}

/** The located value that a node has become. */
export function freeze(node: Node, freezing: Freezing, isInsidePatch = false): Located {
  const writesHere = node.isPatch && !isInsidePatch;
  const trace: Trace | undefined = writesHere
    ? { by: freezing.by, before: node.before }
    : node.located.trace;
  const frozen = freezeContent(node, freezing, trace, writesHere);
  if (writesHere && node.before) noteOverwritten(freezing.overwritten, node.before, frozen);
  return frozen;
}

function freezeContent(
  node: Node,
  freezing: Freezing,
  trace: Trace | undefined,
  isChanged: boolean,
): Located {
  const { located } = node;
  if (located.kind === 'scalar') {
    return isChanged ? new LocatedScalar(located.value, located, trace, located.raw) : located;
  }
  if (located.kind === 'list') {
    const items = node.items?.map((item) => freeze(item, freezing, node.isPatch)) ?? located.items;
    const isSame = !isChanged && isSameList(items, located.items);
    return isSame ? located : new LocatedList(items, located, trace);
  }
  const { fields } = node;
  if (fields === undefined && !isChanged) return located;
  const entries = [...fieldsOf(node)].map(([key, field]): Entry => ({
    ...field,
    key,
    value: freeze(field.value, freezing, node.isPatch),
  }));
  return !isChanged && isSameMap(entries, located.entries)
    ? located
    : new LocatedMap(entries, located, trace);
}

function isSameMap(entries: readonly Entry[], original: readonly Entry[]): boolean {
  return (
    entries.length === original.length &&
    entries.every(({ key, value }, at) => original[at]?.value === value && original[at].key === key)
  );
}

function isSameList(items: readonly Located[], original: readonly Located[]): boolean {
  return items.length === original.length && items.every((item, at) => item === original[at]);
}

/** A plain text that the merge itself makes: a merge key that an item lacks. */
export function textNode(text: string, writer: Writer): Node {
  return toNode(new LocatedScalar(text, writer), true);
}
