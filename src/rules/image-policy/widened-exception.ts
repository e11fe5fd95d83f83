import type { Cluster } from '../../flux/cluster.ts';
import { type FieldPath, valueAt } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import { toPlace } from '../../model/source.ts';
import type { ClusterChangeRule } from '../rule.ts';
import type { PolicyException } from './exceptions/exception.ts';
import { type Exemption, exemptionsOf } from './exceptions/exemptions.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { differenceOf, isCovered } from './matching/covering.ts';
import { type Alternative, pathOf } from './matching/filter.ts';
import { listed, wordsOf } from './matching/words.ts';
import { policyException, verifyingPolicy } from './signed-example.ts';
import { titleOf } from './verification-exception.ts';

/** An exception that lets more past a verifying policy than it did on the base branch. */
export const widenedException: ClusterChangeRule = {
  id: 'image-policy/widened-exception',
  area: 'image-policy',
  title: 'Widened exception from the verification of images',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'An exception that is there already draws no attention. One more namespace in it, or one condition less, and images run without a signature where they were refused.',
    allows: [
      'Looks at PolicyExceptions of both groups that name a policy which verifies images, as the base branch has them and as they are after the merge.',
      'Found: one more rule, filters of `match` that let in what none did before, conditions that are taken out or replaced, a later `expiresAt`.',
      'An exception that newly names a policy is told by `image-policy/verification-exception`.',
    ],
    fix: 'Keep the exception as it was, or make one of its own for the one object that needs it.',
    exception: 'Where the wider exception is wanted: waive it, with the reason.',
    given: {
      before: {
        'apps/policy.yaml': verifyingPolicy(),
        'apps/exception.yaml': policyException('signed-images'),
      },
    },
    bad: { 'apps/exception.yaml': policyException('signed-images', '*') },
    good: { 'apps/exception.yaml': policyException('signed-images') },
    links: ['https://kyverno.io/docs/exceptions/'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const earlier = byKey(before);
    if (earlier.size === 0) return { faults: [], unknowns: [] };
    const faults = [...byKey(after)].flatMap(([key, is]) => {
      const was = earlier.get(key);
      const what = was && wideningOf(was, is);
      if (was === undefined || what === undefined) return [];
      const { object } = is.exception;
      const fault = faultAt(object, what.path, {
        rule: widenedException.id,
        effect: is.enforces && !is.isOfControllers ? 'risk' : 'advice',
        message: `${nameOf(object)} lets more past ${titleOf(is)}, which verifies images, than before: ${what.text}.`,
        remedy: remedy('Keep the exception as it is on the base branch.', object),
        aspect: is.policy,
      });
      const { root } = was.exception.object.resource;
      const { path, line } = toPlace(valueAt(root, ['spec']) ?? root);
      const related = { path, line, why: 'the base branch has it here' };
      return [{ ...fault, related: [...fault.related, related] }];
    });
    return { faults, unknowns: [] };
  },
};

function byKey(cluster: Cluster): Map<string, Exemption> {
  const found = new Map<string, Exemption>();
  for (const exemption of exemptionsOf(cluster, imageVerifiersOf(cluster))) {
    const { resource, namespace } = exemption.exception.object;
    const { apiVersion, plainName } = resource;
    const key = [groupOf(apiVersion), namespace, plainName, exemption.policy];
    found.set(JSON.stringify(key), exemption);
  }
  return found;
}

interface Widening {
  readonly path: FieldPath;
  readonly text: string;
}

function wideningOf(was: Exemption, is: Exemption): Widening | undefined {
  const rules = is.rules.filter((rule) => !was.rules.includes(rule));
  if (rules.length > 0) {
    const text = `it now names the rule${rules.length > 1 ? 's' : ''} ${listed(rules)}, too`;
    return { path: ['spec', 'exceptions'], text };
  }
  if (was.isOfControllers && !is.isOfControllers) {
    return { path: ['spec', 'exceptions'], text: 'it now also holds for pods' };
  }
  return widerScope(was.exception, is.exception);
}

function widerScope(was: PolicyException, is: PolicyException): Widening | undefined {
  const old = was.alternatives ?? [];
  const added = (is.alternatives ?? []).filter((each) => !isCovered(old, each));
  const [first] = added;
  if (first !== undefined) {
    return { path: placeIn(first, old), text: `it now holds for ${wordsOf(added)}` };
  }
  const field = is.alternatives === undefined ? 'matchConditions' : 'conditions';
  const path = ['spec', field];
  const isLost = was.conditions.some((each) => !is.conditions.includes(each));
  const isFree = was.anyConditions.length > 0 && is.anyConditions.length === 0;
  if (isLost || isFree) {
    const left = is.conditions.length + is.anyConditions.length;
    const text =
      left === 0 ? `its ${field} are gone` : `its ${field} are other ones, and may let in more`;
    return { path, text };
  }
  const isNew = is.anyConditions.some((each) => !was.anyConditions.includes(each));
  if (was.anyConditions.length > 0 && isNew) {
    return { path, text: `another one of its ${field} is enough now` };
  }
  return was.until !== undefined && is.until !== was.until && isLater(is.until, was.until)
    ? { path: ['spec', 'expiresAt'], text: 'it holds for longer' }
    : undefined;
}

/** The field that lets in more than an old filter did, where one of the same kinds is there. */
function placeIn(added: Alternative, old: readonly Alternative[]): FieldPath {
  const differences = old.flatMap((each) => differenceOf(added, each) ?? []);
  const nearest = differences.find(({ field }) => field !== 'kinds') ?? differences[0];
  const within = nearest === undefined ? (added[0]?.at ?? []) : pathOf(nearest.wide, nearest.field);
  return ['spec', 'match', ...within];
}

function isLater(time: string | undefined, than: string): boolean {
  return time === undefined || !(Date.parse(time) <= Date.parse(than));
}
