import { type Located, LocatedMap, type LocatedScalar } from '../model/located.ts';
import { rebuild } from './rebuild.ts';

/**
 * Kustomize puts one and the same value into every field that a label or annotation is added to,
 * and later changes of one of these fields change them all: a patch of `metadata.labels` changes
 * the selector with it. The same node in several fields stands for that here.
 */
const SHARING = new Set(['labels', 'commonLabels', 'commonAnnotations']);

/** Whether a value may stand in several fields of its object at once. */
export function isShared(scalar: LocatedScalar): boolean {
  return scalar.trace !== undefined && SHARING.has(scalar.trace.by);
}

/** Values that were overwritten, with all that have stood in their place since. */
export type Overwritten = Map<LocatedScalar, LocatedScalar[]>;

/** Notes that a shared value was overwritten. */
export function noteOverwritten(all: Overwritten, before: Located, after: Located): void {
  if (before.kind !== 'scalar' || after.kind !== 'scalar' || before === after) return;
  if (!isShared(before)) return;
  all.set(before, [...(all.get(before) ?? []), after]);
}

/** The object with every field that shares an overwritten value following the last change. */
export function followShared(root: LocatedMap, all: Overwritten): LocatedMap {
  if (all.size === 0) return root;
  const latest = new Map<Located, LocatedScalar>();
  for (const [before, after] of all) {
    const last = after.at(-1);
    if (last === undefined) continue;
    for (const scalar of [before, ...after]) latest.set(scalar, last);
  }
  const follow = (node: Located): Located =>
    node.kind === 'scalar' ? (latest.get(node) ?? node) : rebuild(node, follow);
  const followed = follow(root);
  return followed instanceof LocatedMap ? followed : root;
}
