import type { Fault } from '../../../model/finding.ts';
import type { ClusterObject, Surroundings } from '../../../flux/cluster.ts';
import { environmentOf } from '../../../model/cluster-settings.ts';
import type { ObjectRule } from '../../rule.ts';
import { labelExample } from '../label-example.ts';
import { aboutLabel, labelPath, labelRemedy } from '../namespace-fault.ts';
import { labelKey } from '../namespace-policy.ts';
import { isNamespace, situationOf } from '../namespace-situation.ts';
import { pinFor } from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';
import { LATEST } from '../version.ts';

/**
 * A namespace of production that enforces a level at whatever version the cluster has.
 *
 * Fields: the label `enforce-version` of a Namespace. Allowed: a version, outside production all.
 */
export const unpinnedVersion: ObjectRule = {
  id: 'pod-security/unpinned-version',
  area: 'pod-security',
  title: 'Level of production without a version',
  since: '0.1',
  lapsesWith: ['pod-security/loosened-level'],
  on: 'object',
  docs: {
    protects:
      'New releases of Kubernetes bring new checks: v1.34 began to refuse hosts in probes. At `latest` an upgrade of the cluster changes what is let in, and pods that ran yesterday are refused on the day of the upgrade, when one has other worries.',
    allows: [
      '`pod-security.kubernetes.io/enforce-version` with a version such as `v1.35`, for namespaces of clusters in production that enforce a level.',
      'Other environments may stay at `latest`: there it tells early what a new version refuses.',
    ],
    fix: 'Pin the version that the cluster has today, and raise it after each upgrade, when audit and warn (at `latest` or the new version) are quiet.',
    exception: 'A namespace whose workloads pass every version, as the other environments show.',
    bad: labelExample({ enforce: 'baseline' }, {}, 'production'),
    good: labelExample({ enforce: 'baseline', 'enforce-version': 'v1.35' }, {}, 'production'),
    links: [
      'https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
    ],
  },
  evaluate: (object, cluster) => {
    const fault = toFault(object, cluster);
    return { faults: fault ? [fault] : [], unknowns: [] };
  },
};

function toFault({ resource }: ClusterObject, cluster: Surroundings): Fault | undefined {
  const environment = cluster.settings.environment ?? environmentOf(cluster.name);
  if (environment !== 'production' || !isNamespace(resource)) return undefined;
  const situation = situationOf(cluster, resource.name);
  const { enforce, errors } = situation.policy;
  const isPinned = enforce.version.text !== LATEST.text || enforce.versionFrom.from === 'unknown';
  const isHeld = enforce.levelFrom.from === 'label' && enforce.level !== 'privileged';
  if (!isHeld || isPinned || errors.length > 0) return undefined;
  const path = labelPath('enforce', 'version');
  const about = aboutLabel(situation, path);
  if (about === undefined) return undefined;
  const pin = pinFor(cluster).text;
  return {
    ...about,
    rule: unpinnedVersion.id,
    effect: 'advice',
    message: `Namespace "${situation.name}" of production enforces ${enforce.level} at the newest version of its cluster: an upgrade may refuse what runs today.`,
    related: [],
    policy: policyText(enforce),
    remedy: labelRemedy(situation, `Set ${labelKey('enforce', 'version')} to ${pin}.`, [
      { path, set: pin },
    ]),
  };
}
