import type { Located, LocatedList, LocatedMap } from '../../model/located.ts';
import { textOf } from '../scalar.ts';
import type { Schema, Schemas } from '../schema/schema.ts';

/** Maps and lists that come out of a walk without a patch as they went in, by their schema. */
const known = new WeakMap<LocatedMap | LocatedList, Schema | null>();

/** Longer lists are left to the merge, which has a bound. */
const MAX_ITEMS = 1_000;

/**
 * Whether a value that the patch has nothing to say about surely comes out of the merge as it goes
 * in, so that there is no need to walk it. Null, and items that are alike or without their keys,
 * may not.
 */
export function comesOutSame(
  value: Located,
  schema: Schema | undefined,
  schemas: Schemas,
): boolean {
  if (value.kind === 'scalar') return value.value !== null;
  if (known.get(value) === (schema ?? null)) return true;
  const isSame =
    value.kind === 'map'
      ? value.entries.every(({ key, value: field }) =>
          comesOutSame(field, schema?.field(key) ?? schemaOf(field, schemas), schemas),
        )
      : schema?.keys === undefined || isSameList(value, schema, schema.keys, schemas);
  if (isSame) known.set(value, schema ?? null);
  return isSame;
}

function schemaOf(value: Located, schemas: Schemas): Schema | undefined {
  if (value.kind !== 'map') return undefined;
  const kind = value.get('kind');
  const apiVersion = kind && value.get('apiVersion');
  return apiVersion && schemas.ofKind(textOf(apiVersion), textOf(kind));
}

/** Items that tell themselves apart by the keys that they have, which are the same for all. */
function isSameList(
  { items }: LocatedList,
  { items: schema }: Schema,
  keys: readonly string[],
  schemas: Schemas,
): boolean {
  if (items.length === 0) return true;
  if (items.length > MAX_ITEMS) return false;
  const used = keys.filter((key) =>
    items.some((item) => item.kind === 'map' && item.entry(key) !== undefined),
  );
  if (keys.length > 0 && used.length === 0) return false;
  const seen = new Set<string>();
  for (const item of items) {
    const texts = keys.length === 0 ? [writtenIn(item)] : used.map((key) => keyOf(item, key));
    if (texts.includes('') || !comesOutSame(item, schema, schemas)) return false;
    seen.add(JSON.stringify(texts));
  }
  return seen.size === items.length;
}

function keyOf(item: Located, key: string): string {
  return item.kind === 'map' ? writtenIn(item.get(key)) : '';
}

function writtenIn(value: Located | undefined): string {
  return value?.kind === 'scalar' && value.value !== null ? textOf(value) : '';
}
