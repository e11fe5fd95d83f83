import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { securePath } from '../../flux/paths.ts';
import { sourceRefOf } from '../../flux/sources.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';

/** An ImageUpdateAutomation, with what it reads, writes and says. */
export interface Automation {
  readonly object: ClusterObject;
  readonly cluster: Cluster;
  /** The GitRepository that it clones; absent where the cluster shows none. */
  readonly source: ClusterObject | undefined;
  /** The branch that its source follows; absent where that is not a branch or not known. */
  readonly followed: string | undefined;
  /** The branch that it pushes to, as far as it is told. */
  readonly pushed: string | undefined;
  /** The directory in which it looks for markers; `''` is all of the repository. */
  readonly path: string;
  readonly author: { readonly name: string | undefined; readonly email: string | undefined };
  readonly template: string | undefined;
  readonly isSuspended: boolean;
}

/** Whether an object is of a kind of Flux's image API. */
export function isImageKind({ resource: { kind, apiVersion } }: ClusterObject, name: string) {
  return kind === name && groupOf(apiVersion) === 'image.toolkit.fluxcd.io';
}

/** The automations of a cluster. */
export function automationsOf(cluster: Cluster): Automation[] {
  return cluster.objects
    .filter((object) => isImageKind(object, 'ImageUpdateAutomation'))
    .map((object) => toAutomation(object, cluster));
}

function toAutomation(object: ClusterObject, cluster: Cluster): Automation {
  const spec = object.resource.root.map('spec');
  const git = spec?.map('git');
  const source = gitRepositoryOf(spec?.map('sourceRef'), object.namespace, cluster);
  const ref = source?.resource.root.map('spec')?.map('ref');
  const followed = source && followedBranch(ref);
  const pushed =
    git?.map('push')?.text('branch') ?? git?.map('checkout')?.map('ref')?.text('branch');
  const author = git?.map('commit')?.map('author');
  const suspend = spec?.get('suspend');
  return {
    ...{ object, cluster, source, followed },
    pushed: pushed ?? followed,
    path: securePath(spec?.map('update')?.text('path') ?? ''),
    author: { name: author?.text('name'), email: author?.text('email') },
    template: git?.map('commit')?.text('messageTemplate'),
    isSuspended: suspend?.kind === 'scalar' && suspend.value === true,
  };
}

function followedBranch(ref: LocatedMap | undefined): string | undefined {
  const isOther = ['commit', 'name', 'semver', 'tag'].some((key) => Boolean(ref?.text(key)));
  return isOther ? undefined : (ref?.text('branch') ?? 'master');
}

/** The GitRepository that a reference names. */
export function gitRepositoryOf(
  reference: LocatedMap | undefined,
  namespace: string | undefined,
  cluster: Cluster,
): ClusterObject | undefined {
  const name = reference?.text('name');
  const across = reference?.text('namespace') ?? namespace;
  return cluster.objects.find(
    (candidate) =>
      candidate.resource.kind === 'GitRepository' &&
      candidate.resource.name === name &&
      candidate.namespace === across,
  );
}

/** Whether the cluster itself is deployed from a source. */
export function isDeployedFrom(cluster: Cluster, source: ClusterObject): boolean {
  return cluster.units.some(({ kustomization }) => {
    const reference = kustomization && sourceRefOf(kustomization);
    return (
      reference?.kind === 'GitRepository' &&
      reference.name === source.resource.name &&
      reference.namespace === source.namespace
    );
  });
}
