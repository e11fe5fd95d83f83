import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { isHelmRelease, isKustomization } from '../../flux/kinds.ts';
import type { Fault } from '../../model/finding.ts';
import type { ClusterRule } from '../rule.ts';
import { type Automation, automationsOf, gitRepositoryOf } from './automations.ts';
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
      'Looks at ImageUpdateAutomations, the GitRepository that they push to, and who else uses it or its Secret.',
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
  const secret = secretOf(source);
  const users = cluster.objects.flatMap((user) => {
    const used = sourceUsedBy(user, cluster);
    return used === undefined ? [] : [{ user, used }];
  });
  const roots = users.filter(({ user }) => isRoot(user, cluster));
  const main = roots.find(({ used }) => used === source || isSameSecret(used, source));
  if (main !== undefined) {
    if (secret === undefined && main.used !== source) return [];
    const what = main.used === source ? 'pushes to' : 'pushes with the Secret of';
    return [
      faultAt(object, ['spec', 'sourceRef', 'name'], {
        rule: sharedWriteKey.id,
        effect: 'advice',
        message: `${nameOf(object)} ${what} ${nameOf(main.used)}, which the cluster itself is deployed from: one key that writes for all.`,
        remedy: remedy('Give the automation a GitRepository and a deploy key of its own.', object),
      }),
    ];
  }
  return users
    .filter(({ used }) => used === source)
    .map(({ user }) =>
      faultAt(user, isKustomization(user.resource) ? KUSTOMIZATION : HELM_RELEASE, {
        rule: sharedWriteKey.id,
        effect: 'advice',
        message: `${nameOf(user)} is deployed from ${nameOf(source)}, whose key writes for ${nameOf(object)}: reading needs no such key.`,
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

/** A Kustomization that applies the cluster's own Flux objects, not one of many below it. */
function isRoot(user: ClusterObject, cluster: Cluster): boolean {
  if (!isKustomization(user.resource)) return false;
  const unit = cluster.units.find(({ kustomization }) => kustomization === user.resource);
  return unit !== undefined && (unit.parents ?? []).length === 0;
}

function secretOf(source: ClusterObject): string | undefined {
  return source.resource.root.map('spec')?.map('secretRef')?.text('name');
}

function isSameSecret(a: ClusterObject, b: ClusterObject): boolean {
  const secret = secretOf(a);
  return secret !== undefined && secret === secretOf(b) && a.namespace === b.namespace;
}
