import type { VerificationMode } from '../model/commit.ts';
import { objectsOfKind } from './objects-of-kind.ts';
import type { RepositoryIdentity } from '../model/evidence.ts';
import { type LocatedMap, Unknown } from '../model/located.ts';
import { valueAt } from '../model/field-path.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import { isRepository } from '../model/repository-url.ts';
import type { Cluster, ClusterObject } from './cluster.ts';
import { syncOf, syncSourceSpecOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease, specOf } from './kinds.ts';

/** What a source follows: the branch of the change, or something that is named later. */
export type Followed = 'branch' | 'tag' | 'semver' | 'commit' | 'name';

/** A source of Flux that watches this repository. */
export interface WatchingSource {
  readonly cluster: Cluster;
  readonly object: ClusterObject;
  /** Identifies it among all clusters' sources: `production GitRepository flux-system/fleet`. */
  readonly id: string;
  readonly follows: Followed;
  /** Absent where Flux verifies nothing. */
  readonly verify?: { readonly mode: VerificationMode; readonly secret: string };
}

/** Sources of a cluster whose address and branch are this repository and the change's base. */
export function watchingSources(cluster: Cluster, identity: RepositoryIdentity): WatchingSource[] {
  return gitSourcesOf(cluster).flatMap((object) => {
    const { resource } = object;
    const [url, branch, follows] =
      resource.kind === 'GitRepository' ? readRef(resource) : readSync(resource);
    if (url === undefined || !isRepository(url, identity.host, identity.repository)) return [];
    if (follows === 'branch' && branch !== identity.branch) return [];
    const verify = readVerify(specOfSource(resource));
    const name = `${resource.kind} ${object.namespace ?? ''}/${resource.name}`;
    const id = `${cluster.name} ${name}`;
    return [{ cluster, object, id, follows, ...(verify && { verify }) }];
  });
}

/** Whether sources verify anything in a cluster, wherever they come from. */
export function verifiesAnything(cluster: Cluster): boolean {
  return gitSourcesOf(cluster).some(({ resource }) => specOfSource(resource)?.get('verify'));
}

/**
 * Sources that verify, and of which cannot be told whether they watch this repository: their
 * address or branch is a variable from outside.
 */
export function undecidedSources(cluster: Cluster): { object: ClusterObject; reason: string }[] {
  return gitSourcesOf(cluster).flatMap((object) => {
    const spec = specOfSource(object.resource);
    if (spec?.get('verify') === undefined) return [];
    for (const path of DECIDING) {
      const node = valueAt(spec, path);
      if (node?.kind === 'scalar' && node.value instanceof Unknown) {
        return [{ object, reason: `spec.${path.join('.')}: ${node.value.reason}` }];
      }
    }
    return [];
  });
}

/** Fields that decide whether a source watches a branch of a repository. */
const DECIDING = [['url'], ['ref', 'branch'], ['ref', 'name'], ['ref']];

/** Whether an object makes Flux watch a git repository. */
export function isGitSource(resource: Resource): boolean {
  const { kind, apiVersion } = resource;
  return (
    (kind === 'GitRepository' && groupOf(apiVersion) === 'source.toolkit.fluxcd.io') ||
    isFluxInstance(resource) ||
    (isHelmRelease(resource) && syncSourceSpecOf(resource) !== undefined)
  );
}

/** The objects of a cluster that make Flux watch git repositories. */
export function gitSourcesOf(cluster: Cluster): ClusterObject[] {
  return objectsOfKind(cluster, 'GitRepository', 'FluxInstance', 'HelmRelease').filter(
    ({ resource }) => isGitSource(resource),
  );
}

/** A GitRepository as the cluster will have it, also where the Flux Operator makes it of a sync. */
export interface GitSource {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly url: string;
  /** Absent where it follows no branch. */
  readonly branch?: string;
  /** The Secret with its credentials, in its own namespace. */
  readonly secret?: string;
  readonly verifies: boolean;
}

/** The GitRepository that an object is or becomes; undefined where it becomes none. */
export function gitSourceOf({ resource, namespace }: ClusterObject): GitSource | undefined {
  const spec = isGitSource(resource) ? specOfSource(resource) : undefined;
  if (spec === undefined) return undefined;
  const isPlain = resource.kind === 'GitRepository';
  const [url = '', branch] = isPlain ? readRef(resource) : readSync(resource);
  const made = isPlain ? undefined : syncOf(resource);
  const secret = textAt(spec, ['secretRef', 'name']) ?? textAt(spec, ['pullSecret']);
  return {
    namespace: namespace ?? made?.namespace,
    name: made?.name ?? resource.name,
    url,
    ...(branch !== undefined && { branch }),
    ...(secret !== undefined && { secret }),
    verifies: spec.get('verify') !== undefined,
  };
}

function textAt(root: LocatedMap, path: readonly string[]): string | undefined {
  const node = valueAt(root, path);
  if (node?.kind !== 'scalar') return undefined;
  if (node.value instanceof Unknown) return undefined;
  return typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}

type Reference = [url: string | undefined, branch: string | undefined, follows: Followed];

/** Precedence as Flux has it: commit, name, semver, tag, branch; `master` where nothing is named. */
function readRef(resource: Resource): Reference {
  const url = textAt(resource.root, ['spec', 'url']);
  const at = (field: string) => textAt(resource.root, ['spec', 'ref', field]);
  if (at('commit') !== undefined) return [url, undefined, 'commit'];
  const name = at('name');
  if (name !== undefined) return toReference(url, name);
  if (at('semver') !== undefined) return [url, undefined, 'semver'];
  if (at('tag') !== undefined) return [url, undefined, 'tag'];
  return [url, at('branch') ?? 'master', 'branch'];
}

function readSync(resource: Resource): Reference {
  const sync = syncSourceSpecOf(resource);
  return sync === undefined
    ? [undefined, undefined, 'name']
    : toReference(textAt(sync, ['url']), textAt(sync, ['ref']) ?? '');
}

/** The spec of the GitRepository that a source is, or that is made of it. */
function specOfSource(resource: Resource): LocatedMap | undefined {
  return resource.kind === 'GitRepository' ? specOf(resource) : syncSourceSpecOf(resource);
}

function toReference(url: string | undefined, ref: string): Reference {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  return branch === undefined ? [url, undefined, 'name'] : [url, branch, 'branch'];
}

function readVerify(spec: LocatedMap | undefined): WatchingSource['verify'] {
  const secret = spec && textAt(spec, ['verify', 'secretRef', 'name']);
  if (spec === undefined || secret === undefined) return undefined;
  const mode = textAt(spec, ['verify', 'mode']);
  return { mode: mode === 'Tag' || mode === 'TagAndHEAD' ? mode : 'HEAD', secret };
}
