import type { ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { Effect, Fault, RelatedPlace } from '../../model/finding.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { ObjectRule } from '../rule.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { judgeClusterImagePolicy } from './lax/cluster-image-policy.ts';
import { judgeVerifyImages } from './lax/kyverno.ts';
import type { Say } from './lax/say.ts';
import { judgeValidatingPolicy } from './lax/validating-policy.ts';
import { verifyingPolicy } from './signed-example.ts';

/** A policy that looks as if it guarded images and does not. */
export const laxVerification: ObjectRule = {
  id: 'image-policy/lax-verification',
  area: 'image-policy',
  title: 'Image verification that does not guard',
  since: '0.1',
  lapsesWith: ['image-policy/weakened-policy'],
  on: 'object',
  docs: {
    protects:
      'A policy that only reports, that lets unsigned images pass or that matches nothing gives a feeling of safety and no safety.',
    allows: [
      'Looks at `verifyImages` of Kyverno ClusterPolicy and Policy, at ImageValidatingPolicy, and at ClusterImagePolicy of Sigstore.',
      'Not allowed: an action that only reports (Audit is the default of `verifyImages`), `required: false`, `verifyDigest: false`, `mutateDigest: false`, `failurePolicy: Ignore`, `admission: false`, patterns that match no image (without registry, or without tag, digest and star) or miss digests, skip lists for a whole registry.',
      'Refused by Kyverno: the action Audit together with `mutateDigest`, which is true unless it is set to false.',
      'What a policy leaves out by itself (`exclude`, `excludeResourceRules`) and namespaces in which it only reports (`validationFailureActionOverrides`, which count where no entry of the rule has an action of its own) are advice, and a risk where nothing is left.',
      'Whose signature counts: no attestors, keys that cannot be read, placeholders and keys of public examples, keyless without issuer or subject, patterns of identities that are not anchored or that everybody satisfies, authorities that everything satisfies.',
      'Deprecated, and advice: `image`, `key`, `roots`, `subject`, `issuer` and `annotations` at the top of an entry, and `validationFailureAction`; the finding names what replaces them.',
    ],
    fix: 'Set `failureAction: Enforce` on the entry, and leave the other fields at their defaults.',
    exception: 'While a policy is tried out, Audit is right: waive it until the day it enforces.',
    bad: { 'apps/policy.yaml': verifyingPolicy().replace('Enforce', 'Audit') },
    good: { 'apps/policy.yaml': verifyingPolicy() },
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  evaluate(object) {
    const { apiVersion, kind, root } = object.resource;
    const judge = JUDGES.get(`${groupOf(apiVersion)} ${kind}`);
    if (judge === undefined) return { faults: [], unknowns: [] };
    const said = new Map<string, Weakness>();
    judge(root, (path, effect, what, fix, aspect) => {
      const known = said.get(what);
      if (known === undefined) said.set(what, { effect, what, fix, aspect, paths: [path] });
      else known.paths.push(path);
    });
    return { faults: [...said.values()].map((each) => toFault(object, each)), unknowns: [] };
  },
};

/** The same of several entries of a policy is one weakness: it is mended in one go. */
interface Weakness {
  readonly effect: Effect;
  readonly what: string;
  readonly fix: string;
  readonly aspect: string | undefined;
  readonly paths: FieldPath[];
}

const MOST_PLACES = 10;

function toFault(object: ClusterObject, { effect, what, fix, aspect, paths }: Weakness): Fault {
  const [first = [], ...others] = paths;
  const times = others.length === 0 ? '' : `, in ${paths.length} places`;
  const fault = faultAt(object, first, {
    rule: laxVerification.id,
    effect,
    message: `${nameOf(object)} ${what}${times}.`,
    remedy: remedy(fix, object),
    ...(aspect !== undefined && { aspect }),
  });
  const related = others.slice(0, MOST_PLACES).map((each): RelatedPlace => {
    const { path, line } = placeOf(object.resource.root, each);
    return { path, line, why: 'the same here' };
  });
  return { ...fault, related: [...fault.related, ...related] };
}

const JUDGES: ReadonlyMap<string, (root: LocatedMap, say: Say) => void> = new Map([
  ['kyverno.io ClusterPolicy', judgeVerifyImages],
  ['kyverno.io Policy', judgeVerifyImages],
  ['policies.kyverno.io ImageValidatingPolicy', judgeValidatingPolicy],
  ['policies.kyverno.io NamespacedImageValidatingPolicy', judgeValidatingPolicy],
  ['policy.sigstore.dev ClusterImagePolicy', judgeClusterImagePolicy],
]);
