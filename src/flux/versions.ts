import type { Resource } from '../model/resource.ts';
import type { Cluster, ClusterObject, Unit } from './cluster.ts';

/** A unit with its objects. */
export interface UnitVersion {
  readonly unit: Unit;
  readonly resources: readonly Resource[];
  readonly objects: readonly ClusterObject[];
}

/** Versions of one unit or cluster that are kept: those before and after a change, and a few. */
const MAX_VERSIONS = 4;

const MAX_ENTRIES = 50_000;

/**
 * Units and clusters that came out equal are the same values again: whoever keeps something for
 * one of them finds it in the next review too.
 */
export class Versions {
  readonly #units = new Map<string, readonly UnitVersion[]>();
  readonly #clusters = new Map<string, readonly Cluster[]>();

  /** @param cluster the path of the cluster that the unit is of */
  unit(cluster: string, next: UnitVersion): UnitVersion {
    return keep(this.#units, `${cluster} ${next.unit.title}`, next, isSameUnit);
  }

  /** One whose namespaces are as they were has the same map of them too. */
  cluster(next: Cluster): Cluster {
    const { path } = next.settings;
    const like = this.#clusters
      .get(path)
      ?.find(({ namespaces }) => isSameMap(namespaces, next.namespaces));
    const sharing = like === undefined ? next : { ...next, namespaces: like.namespaces };
    return keep(this.#clusters, path, sharing, isSameCluster);
  }
}

function keep<T>(
  known: Map<string, readonly T[]>,
  key: string,
  next: T,
  isSame: (a: T, b: T) => boolean,
): T {
  const versions = known.get(key) ?? [];
  const same = versions.find((version) => isSame(version, next));
  if (same !== undefined) return same;
  if (known.size >= MAX_ENTRIES) known.clear();
  known.set(key, [next, ...versions].slice(0, MAX_VERSIONS));
  return next;
}

function isSameUnit(a: UnitVersion, b: UnitVersion): boolean {
  return (
    (a.resources === b.resources || isSameList(a.resources, b.resources, isSameResource)) &&
    a.unit.path === b.unit.path &&
    a.unit.kustomization?.root === b.unit.kustomization?.root &&
    a.unit.isSuspended === b.unit.isSuspended &&
    isEqual(a.unit.parents ?? [], b.unit.parents ?? []) &&
    isEqual(a.unit.gaps, b.unit.gaps) &&
    isSameList(a.unit.unmatched ?? [], b.unit.unmatched ?? [], Object.is) &&
    isEqual(a.unit.problems ?? [], b.unit.problems ?? [])
  );
}

function isSameResource(a: Resource, b: Resource): boolean {
  return a === b || (a.root === b.root && a.plainName === b.plainName);
}

function isSameCluster(a: Cluster, b: Cluster): boolean {
  return (
    a.settings === b.settings &&
    isSameList(a.units, b.units, Object.is) &&
    isSameList(a.objects, b.objects, Object.is) &&
    isEqual(a.assumptions, b.assumptions) &&
    isEqual([...(a.charts ?? [])], [...(b.charts ?? [])])
  );
}

function isSameList<T>(
  a: readonly T[],
  b: readonly T[],
  isSame: (one: T, other: T) => boolean,
): boolean {
  return a.length === b.length && a.every((item, at) => b[at] !== undefined && isSame(item, b[at]));
}

function isSameMap<V>(a: ReadonlyMap<string, V>, b: ReadonlyMap<string, V>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}

/** Of short lists of plain values. */
function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a === b) return true;
  return a.length === b.length && (a.length === 0 || JSON.stringify(a) === JSON.stringify(b));
}
