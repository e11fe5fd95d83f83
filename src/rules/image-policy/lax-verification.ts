import { type FieldPath, valueAt } from '../../model/field-path.ts';
import type { Effect, Fault } from '../../model/finding.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { verifyingPolicy } from './signed-example.ts';

/** A Kyverno rule that looks as if it guarded images and does not. */
export const laxVerification: ObjectRule = {
  id: 'image-policy/lax-verification',
  area: 'image-policy',
  title: 'Image verification that does not guard',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'A policy that only reports, that lets unsigned images pass or that matches nothing gives a feeling of safety and no safety.',
    allows: [
      'Looks at `verifyImages` of Kyverno ClusterPolicy and Policy.',
      'Not allowed: an action other than Enforce (Audit is the default), `required: false`, `verifyDigest: false`, `mutateDigest: false`, `failurePolicy: Ignore`, patterns that can match no image.',
      'Deprecated: `image`, `key`, `roots`, `subject`, `issuer` and `annotations` at the top of an entry.',
    ],
    fix: 'Set `failureAction: Enforce` on the entry, and leave the other fields at their defaults.',
    exception: 'While a policy is tried out, Audit is right: waive it until the day it enforces.',
    bad: { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') },
    good: { 'apps/policy.yaml': verifyingPolicy() },
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  evaluate(object) {
    const { apiVersion, kind, root } = object.resource;
    const isPolicy = kind === 'ClusterPolicy' || kind === 'Policy';
    if (!isPolicy || groupOf(apiVersion) !== 'kyverno.io') return { faults: [], unknowns: [] };
    const faults: Fault[] = [];
    const say = (path: FieldPath, effect: Effect, what: string, fix: string) =>
      void faults.push(
        faultAt(object, path, {
          rule: laxVerification.id,
          effect,
          message: `${nameOf(object)} ${what}.`,
          remedy: remedy(fix, object),
        }),
      );
    const rules = valueAt(root, ['spec', 'rules']);
    const action = root.map('spec')?.text('validationFailureAction');
    let verifies = false;
    for (const [at, rule] of (rules?.kind === 'list' ? rules.items : []).entries()) {
      const entries = rule.kind === 'map' ? rule.list('verifyImages')?.items : undefined;
      for (const [index, entry] of (entries ?? []).entries()) {
        if (entry.kind !== 'map') continue;
        verifies = true;
        judge(entry, ['spec', 'rules', at, 'verifyImages', index], action, say);
      }
    }
    if (verifies && root.map('spec')?.text('failurePolicy') === 'Ignore') {
      const what = 'lets images pass whenever Kyverno does not answer (failurePolicy: Ignore)';
      say(['spec', 'failurePolicy'], 'risk', what, 'Set `failurePolicy` to Fail.');
    }
    return { faults, unknowns: [] };
  },
};

type Say = (path: FieldPath, effect: Effect, what: string, fix: string) => void;

function judge(entry: LocatedMap, path: FieldPath, inherited: string | undefined, say: Say): void {
  const action = entry.text('failureAction') ?? inherited ?? 'Audit';
  if (action.toLowerCase() !== 'enforce') {
    const what = `only reports images that are not signed (${action}), and lets them run`;
    say([...path, 'failureAction'], 'risk', what, 'Set `failureAction: Enforce` on the entry.');
  }
  for (const [field, what] of [
    ['required', 'does not demand that images were verified'],
    ['verifyDigest', 'takes images without a digest'],
    [
      'mutateDigest',
      'leaves tags as they are, so what was verified can be replaced behind its tag',
    ],
  ] as const) {
    const value = entry.get(field);
    if (value?.kind !== 'scalar' || value.value !== false) continue;
    say([...path, field], 'risk', `${what} (${field}: false)`, `Leave \`${field}\` out.`);
  }
  for (const field of ['image', 'key', 'roots', 'subject', 'issuer', 'annotations']) {
    if (entry.get(field) === undefined) continue;
    const what = `uses the deprecated field ${field} of verifyImages`;
    const fix = field === 'image' ? 'Use `imageReferences`.' : 'Use `attestors`.';
    say([...path, field], 'advice', what, fix);
  }
  const images = entry.list('imageReferences')?.items ?? [];
  for (const [index, item] of images.entries()) {
    const pattern = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : '*';
    const first = pattern.slice(0, pattern.indexOf('/') + 1);
    if (/[*?.:]/.test(first) || pattern.startsWith('*') || first === 'localhost/') continue;
    const what = `has the pattern "${pattern}", which matches no image: images are compared with their registry, as in docker.io/${pattern}`;
    say([...path, 'imageReferences', index], 'risk', what, 'Begin the pattern with the registry.');
  }
}
