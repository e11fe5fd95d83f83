import type { Fault } from '../../../model/finding.ts';
import { objectsOfKind } from '../../../flux/objects-of-kind.ts';
import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { find } from '../../../model/field-path.ts';
import type { ClusterRule } from '../../rule.ts';
import { labelExample, namespaceText } from '../label-example.ts';
import { aboutLabel, labelPath, labelRemedy } from '../namespace-fault.ts';
import { isNamespace, situationOf } from '../namespace-situation.ts';
import { highestLevel, namespacesInUse, pinFor, unusedNamespace } from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';
import { hasComment } from '../written-reason.ts';

/**
 * A namespace that says `enforce: privileged` and not why.
 *
 * Fields: the label `enforce` of a Namespace. Allowed: privileged with a comment on the label's
 * line, directly above it, or directly above the object.
 */
export const privilegedNamespaceWithoutReason: ClusterRule = {
  id: 'pod-security/privileged-namespace-without-reason',
  area: 'pod-security',
  title: 'Privileged namespace without a reason',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A privileged namespace is a hole in the wall: whoever may create a pod in it owns the node. Some clusters need one, for the agents of the node. Without a reason beside it nobody dares to close it when the need is gone, and the next workload moves in because it is so convenient.',
    allows: [
      '`pod-security.kubernetes.io/enforce: privileged` with a comment on its line, above it, or above the Namespace.',
    ],
    fix: 'Write in a comment which workload needs what. Better: enforce baseline where nothing needs more.',
    exception: 'None is needed: a comment is enough.',
    bad: labelExample({ enforce: 'privileged' }),
    good: {
      'apps/namespace.yaml': `# node-exporter reads /proc of its node.\n${namespaceText({ enforce: 'privileged' })}`,
    },
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#privileged'],
  },
  evaluate: (cluster, { settings }) => ({
    faults: objectsOfKind(cluster, 'Namespace').flatMap(
      (object) => toFault(object, cluster, settings.podSecurity.podTemplates) ?? [],
    ),
    unknowns: [],
  }),
};

function toFault(
  { resource }: ClusterObject,
  cluster: Cluster,
  podTemplates: Parameters<typeof namespacesInUse>[1],
): Fault | undefined {
  if (!isNamespace(resource)) return undefined;
  const situation = situationOf(cluster, resource.name);
  const { enforce } = situation.policy;
  if (enforce.levelFrom.from !== 'label' || enforce.level !== 'privileged') return undefined;
  const path = labelPath('enforce');
  if (hasComment(find(resource.root, path).node) || hasComment(resource.root)) return undefined;
  const about = aboutLabel(situation, path);
  if (about === undefined) return undefined;
  const { workloads, releases } =
    namespacesInUse(cluster, podTemplates).get(resource.name) ?? unusedNamespace(situation);
  const level = highestLevel(workloads, pinFor(cluster), situation.server);
  // Of charts nobody knows here what they need.
  const isNeedless = workloads.length > 0 && releases.length === 0 && level !== 'privileged';
  const need = isNeedless ? ` All workloads of this repository in it pass ${level}.` : '';
  return {
    ...about,
    rule: privilegedNamespaceWithoutReason.id,
    effect: 'risk',
    message: `Namespace "${resource.name}" lets in every pod, and no comment says why.${need}`,
    related: [],
    policy: policyText(enforce),
    remedy: isNeedless
      ? labelRemedy(situation, `Enforce ${level}.`, [{ path, set: level }])
      : { summary: 'Write the reason in a comment above the label.', fields: [], edits: [] },
  };
}
