import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectNamed } from '../../flux/object-named.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { securePath } from '../../flux/paths.ts';
import { sourceRefOf } from '../../flux/sources.ts';
import { type GitSource, gitSourceOf, gitSourcesOf } from '../../flux/watching.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import { nameOf } from './fault.ts';

/** An ImageUpdateAutomation, with what it reads, writes and says. */
export interface Automation {
  readonly object: ClusterObject;
  readonly cluster: Cluster;
  /** What is or makes the GitRepository that it clones; absent where the cluster shows none. */
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
  return kind === name && groupOf(apiVersion) === IMAGES;
}

export const IMAGES = 'image.toolkit.fluxcd.io';

/** The image that the ImageRepository of an ImagePolicy looks at, as written. */
export function scannedImageOf(policy: ClusterObject, cluster: Cluster): string | undefined {
  const reference = policy.resource.root.map('spec')?.map('imageRepositoryRef');
  const repository = objectNamed(cluster, {
    group: IMAGES,
    kind: 'ImageRepository',
    namespace: reference?.text('namespace') ?? policy.namespace,
    name: reference?.text('name') ?? '',
  });
  return repository?.resource.root.map('spec')?.text('image');
}

/** The automations of a cluster. */
export function automationsOf(cluster: Cluster): Automation[] {
  return objectsOfKind(cluster, 'ImageUpdateAutomation')
    .filter((object) => isImageKind(object, 'ImageUpdateAutomation'))
    .map((object) => toAutomation(object, cluster));
}

function toAutomation(object: ClusterObject, cluster: Cluster): Automation {
  const spec = object.resource.root.map('spec');
  const git = spec?.map('git');
  const source = gitRepositoryOf(spec?.map('sourceRef'), object.namespace, cluster);
  const followed = source && gitSourceOf(source)?.branch;
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

/** What is or makes the GitRepository that a reference names: a FluxInstance makes one of its sync. */
export function gitRepositoryOf(
  reference: LocatedMap | undefined,
  namespace: string | undefined,
  cluster: Cluster,
): ClusterObject | undefined {
  const name = reference?.text('name');
  const across = reference?.text('namespace') ?? namespace;
  const found = gitSourcesOf(cluster).filter((candidate) => {
    const source = gitSourceOf(candidate);
    return source?.name === name && source?.namespace === across;
  });
  return found.findLast(isPlain) ?? found.at(-1);
}

function isPlain({ resource }: ClusterObject): boolean {
  return resource.kind === 'GitRepository';
}

/** Whether the cluster itself is deployed from a source. */
export function isDeployedFrom(cluster: Cluster, source: ClusterObject): boolean {
  const made = gitSourceOf(source);
  return (
    made !== undefined &&
    cluster.units.some(({ kustomization }) => {
      const reference = kustomization && sourceRefOf(kustomization);
      return reference?.kind === 'GitRepository' && isNamed(made, reference);
    })
  );
}

function isNamed(made: GitSource, { name, namespace }: { name: string; namespace: string }) {
  return made.name === name && made.namespace === namespace;
}

/** A source, by the GitRepository that it is or makes. Not escaped. */
export function nameOfSource(source: ClusterObject): string {
  const made = gitSourceOf(source);
  if (made === undefined || isPlain(source)) return nameOf(source);
  return `GitRepository "${made.name}" of ${nameOf(source)}`;
}

/** Whether an automation's selector takes a policy; expressions are taken as if they did. */
export function selects(automation: ClusterObject, policy: ClusterObject): boolean {
  const selector = automation.resource.root.map('spec')?.map('policySelector');
  const labels = policy.resource.root.map('metadata')?.map('labels');
  const wanted = selector?.map('matchLabels')?.entries ?? [];
  return wanted.every(
    ({ key, value }) => value.kind === 'scalar' && labels?.text(key) === value.value,
  );
}
