import { type Cluster, type ClusterObject, isWhole } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import type { Fault } from '../../model/finding.ts';
import type { Repository, RepositoryRule } from '../rule.ts';
import {
  type Automation,
  automationsOf,
  isDeployedFrom,
  isImageKind,
  selects,
} from './automations.ts';
import { imagePolicy } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { markersOf } from './markers.ts';
import { FLEET } from './updates/fleet-example.ts';

/** An ImagePolicy whose choice no automation writes anywhere. */
export const unusedPolicy: RepositoryRule = {
  id: 'image-policy/unused-policy',
  area: 'image-policy',
  title: 'Policy that nothing uses',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'A policy that no automation uses looks like automation and is none: the image stays where it is, and security updates never come.',
    allows: [
      'Looks at ImagePolicies of clusters that have an ImageUpdateAutomation which writes to the repository that the cluster is deployed from.',
      'Not allowed: a policy in another namespace than every automation (an automation takes only those of its own); one that `policySelector` leaves out; one that no marker names.',
    ],
    fix: 'Put the policy into the namespace of the automation, label it as `policySelector` asks, and name it in a marker.',
    exception: 'A policy whose choice another program reads: waive it, with the reason.',
    limits:
      'Where parts of a cluster cannot be rendered, an automation may be in one of them: then nothing is told.',
    bad: {
      ...FLEET,
      'clusters/production/other.yaml': imagePolicy('>=1.4.0 <1.5.0').replace(
        'namespace: flux-system',
        'namespace: apps',
      ),
    },
    good: FLEET,
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#policy-selector'],
  },
  evaluate(repository) {
    const setters = settersOf(repository);
    const faults = repository.clusters.flatMap((cluster) => judgeCluster(cluster, setters));
    return { faults, unknowns: [] };
  },
};

/** `namespace:name` of all policies that markers name. */
function settersOf({ tree }: Repository): ReadonlySet<string> {
  const named = markersOf(tree).flatMap(({ setter, isText }) =>
    setter === undefined || isText ? [] : [setter.split(':').slice(0, 2).join(':')],
  );
  return new Set(named);
}

function judgeCluster(cluster: Cluster, setters: ReadonlySet<string>): Fault[] {
  const automations = automationsOf(cluster);
  const isKnown = cluster.units.every(isWhole);
  const isHere = automations.every(({ source }) => source && isDeployedFrom(cluster, source));
  if (automations.length === 0 || !isKnown || !isHere) return [];
  return objectsOfKind(cluster, 'ImagePolicy')
    .filter((object) => isImageKind(object, 'ImagePolicy'))
    .flatMap((policy) => judge(policy, automations, setters));
}

function judge(
  policy: ClusterObject,
  automations: readonly Automation[],
  setters: ReadonlySet<string>,
): Fault[] {
  const { name } = policy.resource;
  const isNamed = setters.has(`${policy.namespace ?? ''}:${name}`);
  const near = automations.filter(({ object }) => object.namespace === policy.namespace);
  const why =
    near.length === 0
      ? `no ImageUpdateAutomation is in its namespace, and an automation takes only policies of its own`
      : !near.some(({ object }) => selects(object, policy))
        ? 'the policySelector of the automation leaves it out'
        : isNamed
          ? undefined
          : 'no marker names it';
  if (why === undefined) return [];
  return [
    faultAt(policy, ['metadata', 'name'], {
      rule: unusedPolicy.id,
      // A marker that waits for it means that somebody relies on it.
      effect: isNamed ? 'risk' : 'advice',
      message: `${nameOf(policy)} is used by nothing: ${why}.`,
      remedy: remedy('Put it where an automation takes it, and name it in a marker.', policy),
    }),
  ];
}
