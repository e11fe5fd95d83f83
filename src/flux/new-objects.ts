import type { Cluster, ClusterObject } from './cluster.ts';

/** The objects of units that are not the same as before: no more than what a change reaches. */
export function objectsOfNewUnits(
  after: Cluster,
  before: Cluster | undefined,
): readonly ClusterObject[] {
  if (after === before) return [];
  const units = new Set(before?.units);
  return after.objects.filter(({ unit }) => !units.has(unit));
}

/** Those of them that nothing applied before as they are. */
export function newObjects(after: Cluster, before: Cluster | undefined): readonly ClusterObject[] {
  const objects = objectsOfNewUnits(after, before);
  const roots = new Set(objects.map(({ resource }) => resource.root));
  for (const { resource } of before?.objects ?? []) roots.delete(resource.root);
  return objects.filter(({ resource }) => roots.has(resource.root));
}
