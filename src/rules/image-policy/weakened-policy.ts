import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { heldBack } from '../../flux/held-back.ts';
import { objectNamed } from '../../flux/object-named.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import { toPlace } from '../../model/source.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { narrowedScope, type Narrowing } from './policy-scope.ts';
import { verifyingPolicy } from './signed-example.ts';
import { failurePolicyOf } from './verifiers/admission.ts';
import { textsOf } from './verifiers/nodes.ts';
import type { ImageVerifier } from './verifiers/verifier.ts';

/** A policy that verified images before the change, and verifies less after it. */
export const weakenedPolicy: ClusterChangeRule = {
  id: 'image-policy/weakened-policy',
  area: 'image-policy',
  title: 'Policy that verifies less than before',
  since: '0.1',
  fails: true,
  loosens: true,
  on: 'cluster-change',
  docs: {
    protects:
      'Policies that verify images are the lock on the door. A change that takes one away, lets it only report, or lets it ask for fewer signatures opens the door for every image that comes later, and looks harmless by itself.',
    allows: [
      'Looks at Kyverno `verifyImages` and ImageValidatingPolicy and at ClusterImagePolicy, as the base branch has them and as they are after the merge.',
      'Found: a policy that goes away, that no longer enforces, that asks for fewer signatures, that passes when Kyverno does not answer (`failurePolicy: Ignore`), that is not asked about what is admitted (`admission: false`, `evaluation`), whose expressions no longer ask for a signature of every image in a form that is understood, that loses patterns of images or gains patterns to skip, that newly leaves objects out (`exclude`, preconditions, `matchConditions`, `excludeResourceRules`), that only reports in some namespaces (`validationFailureActionOverrides`, where no entry has an action of its own), or that looks at less than before: a kind, namespace, name or label that `match` (`matchConstraints`) newly asks for, or no longer has in its list.',
      'Another key or identity in the same number is no finding.',
    ],
    fix: 'Keep the policy as it is, or take the exception for a single image instead.',
    exception:
      'A policy that another one replaces: waive it in the same pull request, naming the other one.',
    given: { before: { 'apps/policy.yaml': verifyingPolicy() } },
    bad: { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') },
    good: { 'apps/policy.yaml': verifyingPolicy() },
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  evaluate({ before, after }) {
    if (before === undefined) return { faults: [], unknowns: [] };
    const now = byObject(after);
    const faults = [...byObject(before)].flatMap(([key, was]) => {
      const is = now.get(key);
      const left = is === undefined ? sameIn(after, objectOf(was)) : undefined;
      const what = is === undefined ? at(goneOf(left)) : compare(was, is);
      if (what === undefined) return [];
      const object = is?.[0]?.object ?? left ?? objectOf(was);
      if (object === undefined) return [];
      const fault = faultAt(object, what.path, {
        rule: weakenedPolicy.id,
        effect: 'risk',
        message: `${nameOf(object)}, which verifies images, ${what.text}: images that were refused may then run.`,
        remedy: remedy('Keep the policy as it is on the base branch.', object),
      });
      // One finding a policy, whatever field tells it.
      const subject = { ...fault.subject, field: 'spec' };
      const { path, line } = toPlace(objectOf(was)?.resource.root ?? object.resource.root);
      return [
        {
          ...fault,
          subject,
          related: [...fault.related, { path, line, why: 'the base branch has it here' }],
        },
      ];
    });
    return { faults, unknowns: [] };
  },
};

function byObject(cluster: Cluster): Map<string, ImageVerifier[]> {
  const found = new Map<string, ImageVerifier[]>();
  for (const verifier of imageVerifiersOf(cluster)) {
    if (verifier.object === undefined) continue;
    const { namespace, resource } = verifier.object;
    const key = JSON.stringify([
      groupOf(resource.apiVersion),
      resource.kind,
      namespace,
      resource.plainName,
    ]);
    found.set(key, [...(found.get(key) ?? []), verifier]);
  }
  return found;
}

function objectOf(verifiers: readonly ImageVerifier[]): ClusterObject | undefined {
  return verifiers[0]?.object;
}

/** How a policy that verified images does so no more. */
function goneOf(left: ClusterObject | undefined): string {
  if (left === undefined) return 'goes away';
  const held = heldBack(left.resource.root);
  return held === undefined
    ? 'no longer verifies any image'
    : `is no longer kept by Flux (${held.mark}), so whether it verifies is not known`;
}

/** The policy after the change, which may be there and verify nothing. */
function sameIn(cluster: Cluster, was: ClusterObject | undefined): ClusterObject | undefined {
  if (was === undefined) return undefined;
  const { apiVersion, kind, name } = was.resource;
  return objectNamed(cluster, {
    group: groupOf(apiVersion),
    kind,
    namespace: was.namespace,
    name,
  });
}

function at(text: string, ...path: FieldPath): Narrowing {
  return { path: ['spec', ...path], text };
}

function compare(
  was: readonly ImageVerifier[],
  is: readonly ImageVerifier[],
): Narrowing | undefined {
  const enforcing = (all: readonly ImageVerifier[]) => all.filter((each) => each.enforces).length;
  if (enforcing(is) < enforcing(was)) return at('no longer refuses what is not signed');
  if (signaturesOf(is) < signaturesOf(was)) return at('asks for fewer signatures than before');
  const [old, now] = [objectOf(was), objectOf(is)];
  if (old === undefined || now === undefined) return undefined;
  const failure = failureOf(now);
  if (failure.isIgnore && !failureOf(old).isIgnore) {
    const text = 'lets everything pass when it cannot be asked (failurePolicy: Ignore)';
    return { path: failure.path, text };
  }
  const lost = patternsOf(old, 'match').filter((each) => !patternsOf(now, 'match').includes(each));
  if (lost.length > 0) return at(`no longer matches ${list(lost)}`);
  const skips = patternsOf(now, 'skip').filter((each) => !patternsOf(old, 'skip').includes(each));
  return skips.length > 0 ? at(`newly skips ${list(skips)}`) : narrowedScope(old, now);
}

function signaturesOf(verifiers: readonly ImageVerifier[]): number {
  return verifiers.flatMap(({ sets }) => sets).reduce((sum, { count }) => sum + count, 0);
}

function failureOf({ resource: { root } }: ClusterObject): ReturnType<typeof failurePolicyOf> {
  return failurePolicyOf(root.map('spec'));
}

const FIELDS = {
  match: ['imageReferences', 'image', 'glob'],
  skip: ['skipImageReferences'],
} as const;

/** Every pattern of the kind anywhere in the policy. */
function patternsOf({ resource: { root } }: ClusterObject, kind: keyof typeof FIELDS): string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    const located = node as ReturnType<typeof root.get>;
    if (located?.kind === 'list') located.items.forEach(walk);
    if (located?.kind !== 'map') return;
    for (const { key, value } of located.entries) {
      if ((FIELDS[kind] as readonly string[]).includes(key)) {
        if (value.kind === 'scalar' && typeof value.value === 'string') found.push(value.value);
        else found.push(...textsOf(value));
      } else walk(value);
    }
  };
  walk(root.get('spec'));
  return found;
}

function list(patterns: readonly string[]): string {
  const shown = patterns.slice(0, 3).map((each) => JSON.stringify(each));
  return patterns.length > 3
    ? `${shown.join(', ')} and ${patterns.length - 3} more`
    : shown.join(', ');
}
