import { type Cluster, isWhole, type Unit } from '../flux/cluster.ts';
import { heldObjects } from '../flux/held-back.ts';
import type { ManifestFile } from '../flux/manifests.ts';
import type { Fault } from '../model/finding.ts';

/** Whether a fault of before stands in a part of the cluster that after cannot be told of. */
export type IsLost = (fault: Fault) => boolean;

/**
 * A unit that was built before and is not after tells nothing about its objects: the cluster keeps
 * them as they were. So what was wrong with them is neither fixed nor gone.
 *
 * @param files of after: a file that cannot be read may hold what started the cluster
 */
export function lostFrom(
  before: Cluster,
  after: Cluster | undefined,
  files: readonly ManifestFile[],
): IsLost {
  const lost = lostTitles(before, after, files);
  const isHeld = heldIn(after);
  if (lost.size === 0) return isHeld;
  const exact = new Map<string, string>();
  const byName = new Map<string, string>();
  for (const { resource, namespace = '', unit } of before.objects) {
    exact.set(`${resource.kind} ${namespace}/${resource.plainName}`, unit.title);
    byName.set(`${resource.kind} ${resource.plainName}`, unit.title);
  }
  return (fault) => {
    const { kind, namespace = '', name } = fault.subject;
    const title = exact.get(`${kind} ${namespace}/${name}`) ?? byName.get(`${kind} ${name}`);
    return (title !== undefined && lost.has(title)) || isHeld(fault);
  };
}

/** Whether a fault is of an object, or in a namespace, that Flux leaves as the cluster has it. */
function heldIn(after: Cluster | undefined): IsLost {
  const held = new Set<string>();
  for (const { object, held: by } of after ? heldObjects(after) : []) {
    const { resource, namespace = '' } = object;
    if (by.how === 'never') held.add(`${resource.kind} ${namespace}/${resource.plainName}`);
  }
  if (held.size === 0) return () => false;
  return ({ subject: { kind, namespace = '', name } }) =>
    held.has(`${kind} ${namespace}/${name}`) || held.has(`Namespace /${namespace}`);
}

function lostTitles(
  before: Cluster,
  after: Cluster | undefined,
  files: readonly ManifestFile[],
): Set<string> {
  if (after === undefined) {
    const { path } = before.settings;
    const isUnread = files.some(
      (file) => file.problems.length > 0 && (path === '' || file.path.startsWith(`${path}/`)),
    );
    return new Set(isUnread ? before.units.map(({ title }) => title) : []);
  }
  const now = new Map(after.units.map((unit) => [unit.title, unit]));
  const lost = new Set<string>();
  for (const unit of before.units) {
    const then = now.get(unit.title);
    if (then !== undefined && isLess(unit, then)) lost.add(unit.title);
  }
  for (const { title, parents = [] } of before.units) {
    if (!now.has(title) && parents.some((parent) => lost.has(parent))) lost.add(title);
  }
  return lost;
}

/** Whether less is known of a unit than before. */
function isLess(before: Unit, after: Unit): boolean {
  if (isWhole(after)) return false;
  if (isWhole(before)) return true;
  const known = new Set([...before.gaps, ...toReasons(before)].map(({ reason }) => reason));
  return [...after.gaps, ...toReasons(after)].some(({ reason }) => !known.has(reason));
}

function toReasons({ problems = [] }: Unit): { reason: string }[] {
  return problems.map(({ message }) => ({ reason: message }));
}

/**
 * Whether a fault is of an object that reaches the cluster now, since the Kustomization that
 * applies it is no longer suspended: what was wrong with it before was not in the cluster.
 */
export function resumedBy(before: Cluster | undefined, after: Cluster): IsLost {
  const suspended = new Set(
    before?.units.flatMap(({ isSuspended, title }) => (isSuspended ? title : [])),
  );
  const resumed = new Set(
    after.units.flatMap(({ isSuspended, title }) =>
      !isSuspended && suspended.has(title) ? title : [],
    ),
  );
  if (resumed.size === 0) return () => false;
  const names = new Set(
    after.objects.flatMap(({ resource, namespace = '', unit }) =>
      resumed.has(unit.title) ? `${resource.kind} ${namespace}/${resource.plainName}` : [],
    ),
  );
  return ({ subject: { kind, namespace = '', name } }) => names.has(`${kind} ${namespace}/${name}`);
}
