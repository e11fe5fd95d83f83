import type { FieldEdit, Fault } from '../../../model/finding.ts';
import { distance } from '../../edit-distance.ts';
import type { ObjectRule } from '../../rule.ts';
import { LEVELS } from '../level.ts';
import { labelExample } from '../label-example.ts';
import { aboutLabel, labelRemedy } from '../namespace-fault.ts';
import type { LabelError } from '../namespace-policy.ts';
import { type NamespaceSituation, situationOf } from '../namespace-situation.ts';
import { namespaceInvalidText } from '../namespace-update.ts';
import { LATEST, parseVersion } from '../version.ts';

/**
 * A label of Pod Security whose value means nothing: the API server refuses to create the
 * namespace; where it exists with that label, enforce fails closed, audit and warn fail open.
 *
 * Fields: the six labels of a Namespace. Allowed: the levels, `latest` and `v1.N`, exactly.
 */
export const invalidLabel: ObjectRule = {
  id: 'pod-security/invalid-label',
  area: 'pod-security',
  title: 'Invalid Pod Security label',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'A misspelt level is no level. The API server refuses to create a namespace with it, so that nothing in it is applied; where the namespace has the label already, enforce counts as restricted, and audit and warn as privileged: the one stops pods that were meant to run, the others silently stop telling.',
    allows: [
      'Labels `pod-security.kubernetes.io/enforce`, `audit` and `warn`: privileged, baseline or restricted, in lower case.',
      'Labels `…/enforce-version`, `audit-version` and `warn-version`: `latest` or a minor version such as `v1.35`. Patch versions, `1.35` and `v1.035` are invalid.',
    ],
    fix: 'Write the value as it is spelt above.',
    exception: 'None: no API server understands it.',
    bad: labelExample({ enforce: 'Restricted' }),
    good: labelExample({ enforce: 'restricted' }),
    links: [
      'https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
    ],
  },
  evaluate: ({ resource }, cluster) => {
    if (resource.kind !== 'Namespace' || resource.apiVersion !== 'v1') {
      return { faults: [], unknowns: [] };
    }
    const situation = situationOf(cluster, resource.name);
    const { errors } = situation.policy;
    return { faults: errors.flatMap((error) => toFault(error, situation) ?? []), unknowns: [] };
  },
};

function toFault(error: LabelError, situation: NamespaceSituation): Fault | undefined {
  const path = ['metadata', 'labels', error.key];
  const about = aboutLabel(situation, path);
  const detail = namespaceInvalidText(situation.name, situation.policy.errors);
  if (about === undefined) return undefined;
  const meant = meantBy(error);
  const fields: FieldEdit[] = meant === undefined ? [] : [{ path, set: meant }];
  const summary =
    meant === undefined
      ? `Write ${error.key.endsWith('-version') ? 'latest or a version such as v1.35' : 'privileged, baseline or restricted'}.`
      : `Write ${meant}.`;
  return {
    ...about,
    rule: invalidLabel.id,
    effect: 'denied',
    message: `Label ${error.key} of namespace "${situation.name}" is ${JSON.stringify(error.value)}, which is no ${error.key.endsWith('-version') ? 'version' : 'level'}: the API server refuses to create the namespace, and reads the label as ${error.readAs} where it is there already.`,
    ...(detail !== undefined && { detail }),
    related: [],
    remedy: labelRemedy(situation, summary, fields),
  };
}

/** The value that was meant: another spelling of it, or one or two letters away from it. */
function meantBy({ key, value }: LabelError): string | undefined {
  const text = value.trim().toLowerCase();
  // No text is as near to two levels: they differ by more than four letters.
  if (!key.endsWith('-version')) return LEVELS.find((level) => distance(text, level) <= 2);
  if (distance(text, LATEST.text) <= 2) return LATEST.text;
  const [, minor] = /^v?1\.0*(\d+)(?:\.\d+)?$/.exec(text) ?? [];
  const version = minor === undefined ? text : `v1.${minor}`;
  return parseVersion(version)?.text;
}
