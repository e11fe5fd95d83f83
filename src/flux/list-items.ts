import { type Located, type LocatedMap, LocatedScalar, Unknown } from '../model/located.ts';

/**
 * What stands in the top field `items` of an object. Flux and kubectl take whatever has such a list
 * for a list of objects, whatever its kind says (apimachinery `Unstructured.IsList`), and apply the
 * items in its place; undefined for an object that stands for itself.
 */
export function itemsOf(root: LocatedMap): readonly Located[] | Unknown | undefined {
  const items = root.get('items');
  if (items?.kind === 'list') return items.items;
  return items?.kind === 'scalar' && items.value instanceof Unknown ? items.value : undefined;
}

/**
 * An item as kubectl reads it: one that says neither its kind nor its apiVersion has those of the
 * list (`Pod` of a `PodList`).
 */
export function itemOf(item: LocatedMap, list: LocatedMap): LocatedMap {
  if (item.text('kind') || item.text('apiVersion')) return item;
  const kind = list.text('kind')?.replace(/List$/, '');
  const apiVersion = list.text('apiVersion');
  if (!kind || !apiVersion) return item;
  return item
    .with('apiVersion', new LocatedScalar(apiVersion, list.get('apiVersion') ?? item))
    .with('kind', new LocatedScalar(kind, list.get('kind') ?? item));
}
