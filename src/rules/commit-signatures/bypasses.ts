import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { isKustomization, specOf } from '../../flux/kinds.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { keyOfSource, sourceRefOf } from '../../flux/sources.ts';
import { type GitSource, gitSourceOf, type WatchingSource } from '../../flux/watching.ts';
import type { RepositoryChange } from '../rule.ts';
import type { Trust, VerifyingSource } from './trust.ts';

/** Sources that a change adds beside one that verifies, and that verify nothing of the branch. */
export function unverifiedTwins(before: Trust, after: Trust): WatchingSource[] {
  const known = new Set(before.watching.map(({ id }) => id));
  const verified = new Set(before.verifying.map(({ cluster }) => cluster.name));
  return after.watching.filter(
    ({ id, cluster, verify }) =>
      verify === undefined && !known.has(id) && verified.has(cluster.name),
  );
}

/** Whether Flux refuses what applies a source, and so leaves it as it is. */
export function isHeldBack(
  { after }: RepositoryChange,
  { cluster, object }: VerifyingSource,
): boolean {
  const later = after.clusters.find(({ name }) => name === cluster.name);
  const unit = later?.units.find(({ title }) => title === object.unit.title);
  return unit?.problems?.some(({ code }) => code !== 'empty-build') === true;
}

/** What was applied from a source that verifies, and is not after a change. */
export interface Moved {
  readonly object: ClusterObject;
  /** `GitRepository flux-system/fleet` */
  readonly from: string;
  readonly to: string;
}

/** Kustomizations that a change moves from a source that verifies to one that does not. */
export function movedFromVerified(change: RepositoryChange, before: Trust): Moved[] {
  const verifying = new Set(
    before.verifying.flatMap(({ cluster, object }) => keyIn(cluster, object) ?? []),
  );
  if (verifying.size === 0) return [];
  return (change.before?.clusters ?? []).flatMap((cluster) => {
    const now = change.after.clusters.find(({ name }) => name === cluster.name);
    if (now === undefined) return [];
    const later = new Map(kustomizationsOf(now).map((object) => [nameOf(object), object]));
    return kustomizationsOf(cluster).flatMap((object): Moved[] => {
      const from = sourceOf(object);
      if (from === undefined || !verifying.has(`${cluster.name} ${from}`)) return [];
      const next = later.get(nameOf(object));
      const to = next && sourceOf(next);
      if (next === undefined || to === undefined || from === to || verifies(now, to)) return [];
      return [{ object: next, from, to }];
    });
  });
}

function kustomizationsOf(cluster: Cluster): ClusterObject[] {
  return objectsOfKind(cluster, 'Kustomization').filter(({ resource }) =>
    isKustomization(resource),
  );
}

function nameOf({ resource, namespace }: ClusterObject): string {
  return `${namespace ?? ''}/${resource.name}`;
}

function sourceOf({ resource }: ClusterObject): string | undefined {
  const reference = sourceRefOf(resource);
  return reference && keyOfSource(reference);
}

function keyIn(cluster: Cluster, object: ClusterObject): string | undefined {
  const source = gitSourceOf(object);
  return source && `${cluster.name} ${keyOfGit(source)}`;
}

function keyOfGit({ name, namespace = '' }: GitSource): string {
  return keyOfSource({ kind: 'GitRepository', namespace, name });
}

/** Whether a source of a cluster verifies what it fetches, in its own way. */
function verifies({ objects }: Cluster, key: string): boolean {
  return objects.some((object) => {
    const git = gitSourceOf(object);
    if (git) return git.verifies && keyOfGit(git) === key;
    const { resource, namespace = '' } = object;
    const own = keyOfSource({ kind: resource.kind, namespace, name: resource.name });
    return own === key && specOf(resource)?.get('verify') !== undefined;
  });
}
