import type { Fault } from '../../../model/finding.ts';
import type { ClusterObject, Surroundings } from '../../../flux/cluster.ts';
import type { ObjectRule } from '../../rule.ts';
import { labelExample } from '../label-example.ts';
import { isStricter } from '../level.ts';
import { aboutLabel, labelPath, labelRemedy, labelsText, sixLabels } from '../namespace-fault.ts';
import { isNamespace, situationOf } from '../namespace-situation.ts';
import { pinFor } from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';

/**
 * A namespace that enforces a level and does not also audit and warn by it, or by a stricter one.
 *
 * Fields: the six labels of a Namespace.
 */
export const missingAuditOrWarn: ObjectRule = {
  id: 'pod-security/missing-audit-or-warn',
  area: 'pod-security',
  title: 'Level enforced without audit or warning',
  since: '0.1',
  lapsesWith: ['pod-security/loosened-level'],
  on: 'object',
  docs: {
    protects:
      'Enforce looks at pods only: a Deployment is accepted without a word, and its pods are refused later, in an event that few people read. `warn` tells whoever applies the Deployment, `audit` whoever reads the log; held at restricted, they also show the way up before it is enforced.',
    allows: [
      '`audit` and `warn` labels at the level of `enforce` or a stricter one.',
      'Namespaces that enforce nothing are not looked at.',
    ],
    fix: 'Add the labels that are missing; restricted for `audit` and `warn` costs nothing and tells most.',
    exception: 'A namespace whose workloads nobody reads the warnings of.',
    bad: labelExample({ enforce: 'baseline', 'enforce-version': 'v1.35' }),
    good: labelExample({
      enforce: 'baseline',
      'enforce-version': 'v1.35',
      audit: 'restricted',
      'audit-version': 'v1.35',
      warn: 'restricted',
      'warn-version': 'v1.35',
    }),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
    ],
  },
  evaluate: (object, cluster) => {
    const fault = toFault(object, cluster);
    return { faults: fault ? [fault] : [], unknowns: [] };
  },
};

function toFault({ resource }: ClusterObject, cluster: Surroundings): Fault | undefined {
  if (!isNamespace(resource)) return undefined;
  const situation = situationOf(cluster, resource.name);
  const { enforce, audit, warn, errors } = situation.policy;
  if (enforce.levelFrom.from !== 'label' || enforce.level === 'privileged' || errors.length > 0) {
    return undefined;
  }
  const weak = (['audit', 'warn'] as const).filter((mode) => {
    const policy = { audit, warn }[mode];
    const isInherited = policy.levelFrom.raised === true;
    return isInherited || isStricter(enforce.level, policy.level);
  });
  const about = aboutLabel(situation, labelPath('enforce'));
  if (weak.length === 0 || about === undefined) return undefined;
  const pin = enforce.versionFrom.from === 'label' ? enforce.version : pinFor(cluster);
  const fields = sixLabels(situation, { level: enforce.level, version: pin }, pin);
  return {
    ...about,
    rule: missingAuditOrWarn.id,
    effect: 'advice',
    message: `Namespace "${situation.name}" enforces ${enforce.level} and does not ${weak.join(' and ')} by it.`,
    related: [],
    policy: policyText(enforce),
    remedy: labelRemedy(situation, `Label also ${labelsText(fields)}.`, fields),
  };
}
