import type { Located, Written } from './located.ts';
import { type Place, toPlace } from './source.ts';

/** Steps from a resource's root to a field: keys of maps, indexes (from 0) of lists. */
export type FieldPath = readonly (string | number)[];

/** What was found on the way to a field. */
export interface Found {
  /** The field, or its nearest existing ancestor. */
  readonly node: Located;
  /** How many steps of the path exist. Equal to the path's length when the field does. */
  readonly depth: number;
  /** Range of the key that leads to `node`, in the node's source; absent at the root and in lists. */
  readonly key?: { readonly start: number; readonly end: number };
}

/** The field at a path, or its nearest existing ancestor. */
export function find(root: Located, path: FieldPath): Found {
  let found: Found = { node: root, depth: 0 };
  for (const step of path) {
    const next = child(found.node, step);
    if (next === undefined) return found;
    found = { ...next, depth: found.depth + 1 };
  }
  return found;
}

/** The value at a path; undefined when there is none. */
export function valueAt(root: Located, path: FieldPath): Located | undefined {
  let node: Located | undefined = root;
  for (const step of path) {
    if (node.kind === 'map' && typeof step === 'string') node = node.get(step);
    else if (node.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
    if (node === undefined) return undefined;
  }
  return node;
}

function child(node: Located, step: string | number): Omit<Found, 'depth'> | undefined {
  if (node.kind === 'map' && typeof step === 'string') {
    const entry = node.entry(step);
    if (entry === undefined) return undefined;
    const { keyStart: start, keyEnd: end } = entry;
    return end > start ? { node: entry.value, key: { start, end } } : { node: entry.value };
  }
  if (node.kind === 'list' && typeof step === 'number') {
    const item = node.items[step];
    return item && { node: item };
  }
  return undefined;
}

/**
 * The place to show for a field: from its key to its value for a scalar, the key's line for a map
 * or list (a whole container would drown the reader), the first line of a list item.
 */
export function placeOf(root: Located, path: FieldPath): Place {
  return placeOfFound(find(root, path));
}

/** The place to show for something found. */
export function placeOfFound({ node, key }: Found): Place {
  if (node.kind === 'scalar') {
    return toPlace({ source: node.source, start: key?.start ?? node.start, end: node.end });
  }
  if (key) return toPlace({ source: node.source, start: key.start, end: key.end });
  return toPlace({ source: node.source, start: node.start, end: firstLineEnd(node) });
}

function firstLineEnd(node: Written): number {
  const newline = node.source.text.indexOf('\n', node.start);
  return newline === -1 ? node.end : Math.min(node.end, newline);
}

/** The places a value had before its present one, newest first, with what wrote each newer one. */
export function history(node: Written): { place: Place; replacedBy: string }[] {
  const steps: { place: Place; replacedBy: string }[] = [];
  for (let trace = node.trace; trace?.before !== undefined; trace = trace.before.trace) {
    steps.push({ place: toPlace(trace.before), replacedBy: trace.by });
  }
  return steps;
}

/**
 * A path as findings show it: dotted, list items by their merge key
 * (`spec.containers[name=app].image`), else by index.
 */
export function toDotted(path: FieldPath, root: Located): string {
  let dotted = '';
  let node: Located | undefined = root;
  let field: string | undefined;
  for (const step of path) {
    if (typeof step === 'number') {
      dotted += `[${itemLabel(node, step, field)}]`;
      node = node?.kind === 'list' ? node.items[step] : undefined;
    } else {
      dotted += /^[A-Za-z0-9_$-]+$/.test(step)
        ? (dotted && '.') + step
        : `[${JSON.stringify(step)}]`;
      node = node?.kind === 'map' ? node.get(step) : undefined;
      field = step;
    }
  }
  return dotted;
}

/** Lists whose items are told apart by another field than `name`: their merge keys. */
const MERGE_KEYS: Record<string, string> = {
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

function itemLabel(list: Located | undefined, index: number, field: string | undefined): string {
  const item = list?.kind === 'list' ? list.items[index] : undefined;
  const key = (field !== undefined && MERGE_KEYS[field]) || 'name';
  const value = item?.kind === 'map' ? item.get(key) : undefined;
  return value?.kind === 'scalar' &&
    (typeof value.value === 'string' || typeof value.value === 'number')
    ? `${key}=${value.value}`
    : String(index);
}
