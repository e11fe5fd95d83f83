import type { Cluster, ClusterObject } from './cluster.ts';

interface Ordered {
  readonly object: ClusterObject;
  readonly at: number;
}

const known = new WeakMap<readonly ClusterObject[], ReadonlyMap<string, readonly Ordered[]>>();

/**
 * The objects of a cluster whose kind is one of some, whatever its group, in the cluster's order:
 * most rules look at a handful of objects among thousands.
 */
export function objectsOfKind(
  { objects }: Pick<Cluster, 'objects'>,
  ...kinds: readonly string[]
): ClusterObject[] {
  const byKind = known.get(objects) ?? sort(objects);
  const found = kinds.flatMap((kind) => byKind.get(kind) ?? []);
  if (kinds.length > 1) found.sort((a, b) => a.at - b.at);
  return found.map(({ object }) => object);
}

function sort(objects: readonly ClusterObject[]): ReadonlyMap<string, readonly Ordered[]> {
  const byKind = new Map<string, Ordered[]>();
  for (const [at, object] of objects.entries()) {
    const ofKind = byKind.get(object.resource.kind);
    if (ofKind) ofKind.push({ object, at });
    else byKind.set(object.resource.kind, [{ object, at }]);
  }
  known.set(objects, byKind);
  return byKind;
}
