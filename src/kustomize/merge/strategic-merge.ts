import { type Located, LocatedMap } from '../../model/located.ts';
import type { Schema, Schemas } from '../schema/schema.ts';
import type { Writer } from '../scalar.ts';
import { followShared, type Overwritten } from '../shared.ts';
import { comesOutSame } from './alone.ts';
import { mergeItems } from './associative-list.ts';
import { takeDirective, tryTakeDirective } from './directive.ts';
import { MergeFault } from './fault.ts';
import {
  fieldOf,
  fieldsOf,
  freeze,
  isMissingOrNull,
  isNull,
  isUntouched,
  type Node,
  setField,
  toNode,
  valueOf,
} from './node.ts';

/** How one merge is done. */
interface Merge {
  readonly schemas: Schemas;
  readonly writer: Writer;
}

/**
 * A strategic merge patch applied to an object, exactly as kyaml's `merge2` does it: lists merge
 * by the keys of the built-in schema, with the patch's items first; null and `$patch` remove.
 *
 * @param writer who patches; values keep the place they have in the patch
 * @returns undefined when the patch deletes the object, a fault when it does not fit
 */
export function strategicMerge(
  resource: LocatedMap,
  patch: LocatedMap,
  schemas: Schemas,
  writer: Writer,
): LocatedMap | undefined | MergeFault {
  try {
    const merge = { schemas, writer };
    const merged = walk(merge, toNode(resource, false), toNode(patch, true), undefined, []);
    if (merged === undefined) return undefined;
    const overwritten: Overwritten = new Map();
    const frozen = freeze(merged, { by: writer.by, overwritten });
    return frozen instanceof LocatedMap ? followShared(frozen, overwritten) : undefined;
  } catch (error) {
    if (error instanceof MergeFault) return error;
    throw error;
  }
}

function walk(
  merge: Merge,
  value: Node | undefined,
  patch: Node | undefined,
  known: Schema | undefined,
  path: readonly string[],
): Node | undefined {
  const schema = known ?? schemaOf(merge, value) ?? schemaOf(merge, patch);
  if (value !== undefined && patch === undefined && isUntouched(value)) {
    if (comesOutSame(value.located, schema, merge.schemas)) return value;
  }
  const first = isMissingOrNull(value) ? patch : value;
  const kind = first === undefined || isNull(first) ? 'map' : first.located.kind;
  expectKind(patch, kind, path);
  if (kind === 'scalar') return patch ?? value;
  if (kind === 'map') return walkMap(merge, value, patch, schema, path);
  return schema?.keys ? walkMergedList(merge, value, patch, schema, path) : (patch ?? value);
}

/** The schema of an object with a known kind, wherever it stands. */
function schemaOf({ schemas }: Merge, node: Node | undefined): Schema | undefined {
  const kind = fieldOf(node, 'kind');
  if (kind === undefined) return undefined;
  const apiVersion = fieldOf(node, 'apiVersion');
  return apiVersion && schemas.ofKind(valueOf(apiVersion), valueOf(kind));
}

function expectKind(node: Node | undefined, kind: Located['kind'], path: readonly string[]): void {
  if (node === undefined || isNull(node) || node.located.kind === kind) return;
  const where = path.length === 0 ? 'the object' : path.join('.');
  throw new MergeFault(
    `${where} is a ${WORDS[kind]} and the patch gives a ${WORDS[node.located.kind]}`,
  );
}

const WORDS = { map: 'map', list: 'list', scalar: 'plain value' };

function walkMap(
  merge: Merge,
  present: Node | undefined,
  patch: Node | undefined,
  schema: Schema | undefined,
  path: readonly string[],
): Node | undefined {
  const target = chooseMap(present, patch);
  if (target === undefined) return undefined;
  const keys = new Set([...fieldsOf(target).keys(), ...fieldsOf(patch).keys()]);
  for (const key of [...keys].sort()) {
    const patchField = fieldsOf(patch).get(key);
    const value = fieldOf(target, key);
    const merged = walk(merge, value, patchField?.value, schema?.field(key), [...path, key]);
    setField(target, key, merged, patchField);
  }
  return target;
}

/** The map that goes on: the resource's, the patch's where it is new or replaces, or none. */
function chooseMap(value: Node | undefined, patch: Node | undefined): Node | undefined {
  if (isMissingOrNull(value)) {
    if (tryTakeDirective(patch) === 'delete') return undefined;
    // A null that somebody wrote out stays; one that is only an empty value goes.
    if (patch === undefined && value !== undefined && valueOf(value) !== '') {
      return { ...value, keeps: true };
    }
    return patch;
  }
  if (isNull(patch)) return undefined;
  const directive = takeDirective(patch);
  if (directive === 'delete') return undefined;
  return directive === 'replace' ? patch : value;
}

function walkMergedList(
  merge: Merge,
  value: Node | undefined,
  patch: Node | undefined,
  schema: Schema,
  path: readonly string[],
): Node | undefined {
  let target = value;
  if (isMissingOrNull(value)) {
    target = patch;
  } else if (isNull(patch)) {
    return undefined;
  } else {
    const directive = takeDirective(patch);
    if (directive === 'delete') return undefined;
    if (directive === 'replace') target = patch;
  }
  if (target === undefined) return undefined;
  return mergeItems(target, patch, schema, merge.writer, (item, patchItem, itemSchema) =>
    walk(merge, item, patchItem, itemSchema, path),
  );
}
