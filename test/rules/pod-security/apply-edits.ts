import type { FieldPath } from '../../../src/model/field-path.ts';
import type { FieldEdit } from '../../../src/model/finding.ts';

/**
 * A copy of a plain object with edits made: first what is set, creating the maps above it, then
 * what is removed, from the last list item to the first.
 */
export function applyEdits(value: unknown, edits: readonly FieldEdit[]): unknown {
  const copy: unknown = structuredClone(value);
  const holder = { root: copy };
  for (const edit of edits) if ('set' in edit) set(holder, ['root', ...edit.path], edit.set);
  const removed = edits.filter((edit) => 'remove' in edit).map(({ path }) => path);
  for (const path of unique(removed).sort(laterFirst)) remove(holder, ['root', ...path]);
  return holder.root;
}

type Holder = Record<string | number, unknown>;

function set(root: Holder, path: FieldPath, value: unknown): void {
  let holder = root;
  for (const step of path.slice(0, -1)) {
    const inner = holder[step];
    if (typeof inner !== 'object' || inner === null) put(holder, step, {});
    holder = holder[step] as Holder;
  }
  put(holder, path.at(-1) ?? '', structuredClone(value));
}

function put(holder: Holder, key: string | number, value: unknown): void {
  const descriptor = { value, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(holder, key, descriptor);
}

function remove(root: Holder, path: FieldPath): void {
  let holder: Holder | undefined = root;
  for (const step of path.slice(0, -1)) holder = holder?.[step] as Holder | undefined;
  const last = path.at(-1) ?? '';
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (holder) Reflect.deleteProperty(holder, last);
}

function unique(paths: readonly FieldPath[]): FieldPath[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

/** Fields by name, items of one list from the last to the first. */
function laterFirst(a: FieldPath, b: FieldPath): number {
  const at = a.findIndex((step, index) => step !== b[index]);
  const [x = '', y = ''] = [a[at], b[at]];
  if (typeof x === 'number' && typeof y === 'number') return y - x;
  return String(x) < String(y) ? -1 : 1;
}
