import { groupOf } from '../model/resource.ts';
import type { Cluster, ClusterObject } from './cluster.ts';
import { objectsOfKind } from './objects-of-kind.ts';

/** What a reference names, whole. */
export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

type ByName = ReadonlyMap<string, ClusterObject>;

const known = new WeakMap<readonly ClusterObject[], Map<string, ByName>>();

/** The object of a cluster that a reference names; of several the last, which is applied last. */
export function objectNamed(
  cluster: Pick<Cluster, 'objects'>,
  { group, kind, namespace, name }: ObjectName,
): ClusterObject | undefined {
  const ofCluster = known.get(cluster.objects) ?? new Map<string, ByName>();
  known.set(cluster.objects, ofCluster);
  const id = `${group} ${kind}`;
  const byName = ofCluster.get(id) ?? sort(cluster, group, kind);
  ofCluster.set(id, byName);
  return byName.get(keyOf(namespace, name));
}

/** Of several objects of one name the last, which is applied last; in their order otherwise. */
export function lastOfEachName(objects: readonly ClusterObject[]): ClusterObject[] {
  const last = new Map(
    objects.map((each) => {
      const { apiVersion, kind, name } = each.resource;
      return [JSON.stringify([groupOf(apiVersion), kind, each.namespace, name]), each];
    }),
  );
  if (last.size === objects.length) return [...objects];
  const kept = new Set(last.values());
  return objects.filter((each) => kept.has(each));
}

function sort(cluster: Pick<Cluster, 'objects'>, group: string, kind: string): ByName {
  const objects = objectsOfKind(cluster, kind).filter(
    ({ resource }) => groupOf(resource.apiVersion) === group,
  );
  return new Map(objects.map((each) => [keyOf(each.namespace, each.resource.name), each]));
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
