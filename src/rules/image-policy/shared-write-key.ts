import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { isHelmRelease, isKustomization } from '../../flux/kinds.ts';
import { sourceRefOf } from '../../flux/sources.ts';
import { gitSourceOf } from '../../flux/watching.ts';
import type { Fault } from '../../model/finding.ts';
import type { ClusterRule } from '../rule.ts';
import { type Automation, automationsOf, gitRepositoryOf, nameOfSource } from './automations.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { FLEET, OWN_SOURCE, updateAutomation } from './updates/fleet-example.ts';

/** An automation whose key to write is the one that the cluster reads with, or the reverse. */
export const sharedWriteKey: ClusterRule = {
  id: 'image-policy/shared-write-key',
  area: 'image-policy',
  title: 'One write key for automation and cluster',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'To read a repository a key that only reads is enough. An automation needs one that writes; where it takes the source that the cluster is deployed from, everybody who can read that Secret in the cluster can change what every cluster runs.',
    allows: [
      'Looks at ImageUpdateAutomations, the GitRepository that they push to, also where a FluxInstance makes it of its sync, and who else uses it or its Secret.',
      'Allowed: a GitRepository of its own for the automation, with a Secret of its own, from which nothing else is deployed.',
    ],
    fix: 'Make a second GitRepository for the automation, with a deploy key that may write; give the source of the cluster a key that only reads.',
    exception:
      'A small cluster whose Secrets nobody else reads: turn the rule off, or leave the advice.',
    limits:
      'Whether a key may write is known to the Git host alone. That an automation pushes with it tells that it must.',
    bad: FLEET,
    good: {
      ...FLEET,
      'clusters/production/source.yaml': OWN_SOURCE,
      'clusters/production/automation.yaml': updateAutomation({ source: 'image-updates' }),
    },
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#source-reference'],
  },
  evaluate(cluster) {
    const faults = automationsOf(cluster).flatMap((automation) => judge(automation, cluster));
    return { faults, unknowns: [] };
  },
};

function judge({ object, source }: Automation, cluster: Cluster): Fault[] {
  if (source === undefined) return [];
  const main = rootSourcesOf(cluster).find((used) => used === source || isSameSecret(used, source));
  if (main !== undefined) {
    const what = main === source ? 'pushes to' : 'pushes with the Secret of';
    return [
      faultAt(object, ['spec', 'sourceRef', 'name'], {
        rule: sharedWriteKey.id,
        effect: 'advice',
        message: `${nameOf(object)} ${what} ${nameOfSource(main)}, which the cluster itself is deployed from: one key that writes for all.`,
        remedy: remedy('Give the automation a GitRepository and a deploy key of its own.', object),
      }),
    ];
  }
  return cluster.objects
    .filter((user) => sourceUsedBy(user, cluster) === source)
    .map((user) =>
      faultAt(user, isKustomization(user.resource) ? KUSTOMIZATION : HELM_RELEASE, {
        rule: sharedWriteKey.id,
        effect: 'advice',
        message: `${nameOf(user)} is deployed from ${nameOfSource(source)}, whose key writes for ${nameOf(object)}: reading needs no such key.`,
        remedy: remedy('Take a source whose key only reads.', user),
      }),
    );
}

const KUSTOMIZATION = ['spec', 'sourceRef', 'name'];
const HELM_RELEASE = ['spec', 'chart', 'spec', 'sourceRef', 'name'];

function sourceUsedBy(user: ClusterObject, cluster: Cluster): ClusterObject | undefined {
  const spec = user.resource.root.map('spec');
  const reference = isKustomization(user.resource)
    ? spec?.map('sourceRef')
    : isHelmRelease(user.resource)
      ? spec?.map('chart')?.map('spec')?.map('sourceRef')
      : undefined;
  if (reference?.text('kind') !== 'GitRepository') return undefined;
  return gitRepositoryOf(reference, user.namespace, cluster);
}

/** Sources of the Kustomizations that start the cluster, not of the many below them. */
function rootSourcesOf(cluster: Cluster): ClusterObject[] {
  return cluster.units.flatMap(({ kustomization, parents = [] }) => {
    const reference =
      kustomization && parents.length === 0 ? sourceRefOf(kustomization) : undefined;
    if (reference?.kind !== 'GitRepository') return [];
    return gitRepositoryOf(reference.node, reference.namespace, cluster) ?? [];
  });
}

function isSameSecret(a: ClusterObject, b: ClusterObject): boolean {
  const [one, other] = [gitSourceOf(a), gitSourceOf(b)];
  return (
    one?.secret !== undefined && one.secret === other?.secret && one.namespace === other.namespace
  );
}
