import type { Cluster } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterRule } from '../rule.ts';
import type { PolicyException } from './exceptions/exception.ts';
import { type Exemption, exceptionsOf, exemptionsOf } from './exceptions/exemptions.ts';
import { isOfChart } from './exceptions/chart-policies.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { listed } from './matching/words.ts';
import { policyException, verifyingPolicy } from './signed-example.ts';

/** A PolicyException that lets images past a policy that verifies them. */
export const verificationException: ClusterRule = {
  id: 'image-policy/verification-exception',
  area: 'image-policy',
  title: 'Exception from the verification of images',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A PolicyException is a hole in a policy that stays as it is: what the exception matches runs without a signature, and nobody who reads the policy sees it.',
    allows: [
      'Looks at PolicyException of `kyverno.io` (every version; names of policies and rules may be patterns) and of `policies.kyverno.io` (`policyRefs`), and at the policies that verify images: `verifyImages` and ImageValidatingPolicy.',
      'A risk where the policy enforces, advice where it only reports, and where the exception names only the rules that Kyverno makes for controllers (`autogen-…`): their pods are still verified.',
      'An exception that matches nothing is no finding: `match` without `any` and `all`, an empty filter, no `ruleNames`.',
      'A `kyverno.io` exception of a policy that is not in the repository is unknown, except of those in the chart kyverno-policies, which verify no images.',
    ],
    fix: 'Take the exception out, or narrow it to the one object that needs it, by namespace and name.',
    exception:
      'An image that cannot be signed: let the exception name its object and nothing else, and waive it with the reason.',
    limits:
      'Kyverno takes exceptions only where `enablePolicyException` is on, and from the namespace that `exceptionNamespace` names; whether that is so is not looked at. `images` of an exception does not narrow it: a policy that verifies images is skipped whole.',
    bad: {
      'apps/policy.yaml': verifyingPolicy(),
      'apps/exception.yaml': policyException('signed-images'),
    },
    good: {
      'apps/policy.yaml': verifyingPolicy(),
      'apps/exception.yaml': policyException('disallow-host-path'),
    },
    links: ['https://kyverno.io/docs/exceptions/'],
  },
  evaluate(cluster) {
    const exceptions = exceptionsOf(cluster);
    if (exceptions.length === 0) return { faults: [], unknowns: [] };
    const faults = exemptionsOf(cluster, imageVerifiersOf(cluster)).map(toFault);
    return { faults, unknowns: unknownsOf(cluster, exceptions) };
  },
};

function toFault(exemption: Exemption): Fault {
  const { exception, path, enforces, isOfControllers } = exemption;
  const { object, words } = exception;
  const isRisk = enforces && !isOfControllers;
  const so = isOfControllers
    ? 'only their pods are verified then'
    : enforces
      ? 'images that are not signed run there'
      : 'what is not signed is not even reported there';
  const fault = faultAt(object, path, {
    rule: verificationException.id,
    effect: isRisk ? 'risk' : 'advice',
    message: `${nameOf(object)} lets ${words} past ${titleOf(exemption)}, which verifies images: ${so}.`,
    remedy: remedy('Take it out, or narrow it to the one object that needs it.', object),
  });
  // By policy and not by index: an entry that moves is no news, and one that is widened is.
  const field = `spec#${exemption.policy}`;
  return { ...fault, subject: { ...fault.subject, field } };
}

/** The policy, and the rules that are excepted. */
export function titleOf({ policy, rules }: Exemption): string {
  if (rules.length === 0) return policy;
  return `${policy} (${rules.length > 1 ? 'rules' : 'rule'} ${listed(rules)})`;
}

/** Whether a policy that is not in the repository verifies images cannot be told. */
function unknownsOf(cluster: Cluster, exceptions: readonly PolicyException[]): UnknownFact[] {
  const known = new Set(
    objectsOfKind(cluster, 'ClusterPolicy', 'Policy')
      .filter(({ resource }) => groupOf(resource.apiVersion) === 'kyverno.io')
      .map(({ resource, namespace }) =>
        resource.kind === 'Policy' ? `${namespace ?? ''}/${resource.name}` : resource.name,
      ),
  );
  return exceptions.flatMap(({ object, references }) => {
    const names = references.flatMap(({ only }) =>
      only?.kind === undefined && only !== undefined && !known.has(only.name) ? [only.name] : [],
    );
    const unseen = [...new Set(names)].filter((name) => !isOfChart(name));
    const first = references.find(({ only }) => only !== undefined && only.name === unseen[0]);
    if (first === undefined) return [];
    const what = unseen.length > 1 ? 'policies' : 'policy';
    return [
      {
        rule: verificationException.id,
        reason: `Whether ${nameOf(object)} lets unsigned images through is not known. It names the ${what} ${listed(unseen)}, not in this repository.`,
        place: placeOf(object.resource.root, first.path),
        cause: 'environment' as const,
        input: JSON.stringify(unseen),
      },
    ];
  });
}
