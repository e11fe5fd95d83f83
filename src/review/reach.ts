import type { Cluster, ClusterObject, Unit } from '../flux/cluster.ts';
import { type Located, Unknown } from '../model/located.ts';
import type { ReachedCluster } from '../model/review.ts';

/** The clusters whose units a change makes apply something else, or tell something else. */
export function reachOf(before: readonly Cluster[], after: readonly Cluster[]): ReachedCluster[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [earlier, later] = [before, after].map((side) =>
      side.find((cluster) => cluster.name === name),
    );
    if (earlier === later) return [];
    const stays = shared(earlier, later);
    const [then, now] = [unitsOf(earlier, stays), unitsOf(later, stays)];
    const titles = new Set([...now.keys(), ...then.keys()]);
    const units = [...titles].filter((title) => !isSameUnit(then.get(title), now.get(title)));
    return units.length === 0 ? [] : [{ name, units }];
  });
}

interface Applied {
  readonly unit: Unit;
  readonly objects: Map<string, Located>;
}

/** Units that are the same values in both. */
function shared(a: Cluster | undefined, b: Cluster | undefined): ReadonlySet<Unit> {
  const ofA = new Set(a?.units);
  return new Set(b?.units.filter((unit) => ofA.has(unit)));
}

/** @param stays units of which nothing needs to be known */
function unitsOf(cluster: Cluster | undefined, stays: ReadonlySet<Unit>): Map<string, Applied> {
  const units = new Map<string, Applied>();
  for (const unit of cluster?.units ?? []) {
    if (!stays.has(unit)) units.set(unit.title, { unit, objects: new Map() });
  }
  for (const { resource, namespace, unit } of cluster?.objects ?? []) {
    if (stays.has(unit)) continue;
    units.get(unit.title)?.objects.set(keyOf({ resource, namespace }), resource.root);
  }
  return units;
}

function keyOf({ resource, namespace = '' }: Pick<ClusterObject, 'resource' | 'namespace'>) {
  return `${resource.apiVersion} ${resource.kind} ${namespace}/${resource.name}`;
}

function isSameUnit(a: Applied | undefined, b: Applied | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.unit === b.unit) return true;
  if (a.objects.size !== b.objects.size) return false;
  if (troublesOf(a.unit) !== troublesOf(b.unit)) return false;
  for (const [key, root] of a.objects) {
    const other = b.objects.get(key);
    if (other === undefined || !isSame(root, other)) return false;
  }
  return true;
}

function troublesOf({ gaps, problems = [] }: Unit): string {
  return JSON.stringify([gaps.map(({ reason }) => reason), problems.map(({ message }) => message)]);
}

/** Whether two values are equal, in whatever order and place their fields are written. */
function isSame(a: Located, b: Located): boolean {
  if (a === b) return true;
  if (a.kind === 'map' && b.kind === 'map') {
    return (
      a.entries.length === b.entries.length &&
      a.entries.every(({ key, value }) => {
        const other = b.get(key);
        return other !== undefined && isSame(value, other);
      })
    );
  }
  if (a.kind === 'list' && b.kind === 'list') {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && isSame(item, other);
      })
    );
  }
  if (a.kind !== 'scalar' || b.kind !== 'scalar') return false;
  if (a.value instanceof Unknown && b.value instanceof Unknown) {
    // An encrypted value is not known, but another text is another value.
    const written = ({ source, start, end }: Located) => source.text.slice(start, end);
    return a.value.reason === b.value.reason && written(a) === written(b);
  }
  return Object.is(a.value, b.value);
}
