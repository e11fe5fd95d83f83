import type { Fault, UnknownFact } from '../../model/finding.ts';
import { placeOf } from '../../model/field-path.ts';
import { keyOfRequest } from '../../model/evidence.ts';
import type { AttestorVerdict, ImageFact } from '../../model/image.ts';
import type { ClusterChangeRule, RuleContext } from '../rule.ts';
import { clusterChanges, type Coverage, coverageOf, type UnreadValues } from './coverage.ts';
import { deployment, EXAMPLE_FACTS, EXAMPLE_IMAGES, verifyingPolicy } from './signed-example.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import type { ImageVerifier } from './verifiers/verifier.ts';
import { containerOf, userOf, type WorkloadImage } from './workload-images.ts';

/** A new image without the signature that a policy of the cluster demands. */
export const unsignedImage: ClusterChangeRule = {
  id: 'image-policy/unsigned-image',
  area: 'image-policy',
  title: 'Image without the signature that a policy demands',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'A signature ties an image to those who built it. Without it, whoever can push to the registry, or stands between it and the cluster, decides what runs.',
    allows: [
      "Whose signature counts is told by the base branch's own policies: Kyverno `verifyImages` and ImageValidatingPolicy, Sigstore's ClusterImagePolicy, and `imagePolicy.signatures` of `.github/fluxgate.yaml`, which nothing in the cluster enforces and which therefore gives risks.",
      "Allowed: an image whose digest is signed by as many of the policy's keys and identities as it asks for; without `count` by all of them. An entry of the Rekor log is needed unless the policy sets `ignoreTlog`.",
      'A signature that the policy accepts only because its pattern of an identity is not anchored is a risk.',
      'Asked for are images that the change brings, in workloads and in values and post renderers of HelmReleases (also from ConfigMaps and plain Secrets of the repository), at the registries that the operator lists. Where only the chart tells the registry or the name of an image, that is unknown.',
    ],
    fix: 'Sign the image with the key of the policy (`cosign sign --key …`), or use the version that is signed.',
    exception:
      'An image that nobody signs: leave it out of the policy on the base branch first, where that is reviewed.',
    limits:
      'Keys in a KMS, certificates, Notary and attestations are not checked: such images are unknown, never signed. An image with no signature at all is told.',
    given: {
      before: { 'apps/policy.yaml': verifyingPolicy() },
      facts: EXAMPLE_FACTS,
    },
    bad: { 'apps/web.yaml': deployment(EXAMPLE_IMAGES.unsigned) },
    good: { 'apps/web.yaml': deployment(EXAMPLE_IMAGES.signed) },
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/sigstore/'],
  },
  // A scan looks at what has been running: nothing in it is new.
  needs: (change, { settings }) =>
    change.before === undefined
      ? []
      : clusterChanges(change).flatMap((each) =>
          coverageOf(each, settings).covered.flatMap(({ verifiers, request }) =>
            verifiers.length > 0 ? [request] : [],
          ),
        ),
  evaluate(change, context) {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    const { covered, doubtful, unread } = coverageOf(change, context.settings);
    for (const image of doubtful) unknowns.push(toDoubt(image));
    for (const values of unread) unknowns.push(toUnread(values));
    for (const coverage of covered) {
      const answer = judge(coverage, context);
      if (answer === undefined) continue;
      if ('reason' in answer) unknowns.push(answer);
      else faults.push(answer);
    }
    return { faults, unknowns };
  },
};

function policyOf({ object }: ImageVerifier): string {
  if (object === undefined) return '.github/fluxgate.yaml';
  return `${object.resource.kind} "${object.resource.plainName}"`;
}

function toUnread({ object, path, reason }: UnreadValues): UnknownFact {
  return {
    rule: unsignedImage.id,
    reason: `Which images ${nameOf(object)} gives its chart, and whether they are signed, is not all known: ${reason}.`,
    place: placeOf(object.resource.root, path),
    cause: 'environment',
  };
}

function toDoubt({ object, path, text, doubt }: WorkloadImage): UnknownFact {
  return {
    rule: unsignedImage.id,
    reason: `Whether image ${text} is signed is not known. Only its chart tells ${doubt ?? ''}.`,
    place: placeOf(object.resource.root, path),
    cause: 'environment',
  };
}

function judge(
  { image, verifiers, request }: Coverage,
  { facts }: RuleContext,
): Fault | UnknownFact | undefined {
  if (verifiers.length === 0) return undefined;
  const rule = unsignedImage.id;
  const place = placeOf(image.object.resource.root, image.path);
  const unknown = (why: string): UnknownFact => ({
    rule,
    reason: `Whether image ${image.text} is signed is not known. ${why}`,
    place,
    cause: 'environment',
  });
  for (const verifier of verifiers) {
    const refusal = verifier.sets.find((set) => set.refusal !== undefined)?.refusal;
    if (refusal !== undefined) return toUnsigned(image, verifier, refusal);
  }
  const fact = facts.images.get(keyOfRequest(request));
  if (fact === undefined) return unknown('Its registry was not asked.');
  if (fact.state === 'unknown') return unknown(fact.reason);
  if (fact.value.isMissing) return undefined;
  if (fact.value.isHidden) {
    return unknown(
      'Its registry has no such image, or does not show it without other credentials.',
    );
  }
  let doubt: string | undefined;
  let from = 0;
  for (const verifier of verifiers) {
    const answer = judgeVerifier(verifier, fact.value, from);
    from += verifier.sets.reduce((sum, { attestors }) => sum + attestors.length, 0);
    const policy = policyOf(verifier);
    if (answer.state === 'unsigned') return toUnsigned(image, verifier, answer.reason);
    if (answer.state === 'signed' && answer.isLoose) {
      const message = `${userOf(image)} image ${image.text}, which ${answer.by ?? 'somebody'} signed: ${policy} accepts that only because it names no identity that is anchored at both ends.`;
      return faultAt(image.object, image.path, {
        rule,
        effect: 'risk',
        message,
        ...containerOf(image),
        policy,
        remedy: remedy('Anchor the identity of the policy with "^" and "$".', image.object),
      });
    }
    if (answer.state === 'unknown') doubt ??= `For ${policy}, ${answer.reason}.`;
    else if (verifier.unclear !== undefined && verifier.sets.length === 0) {
      doubt ??= `For ${policy}, ${verifier.unclear}.`;
    }
  }
  return doubt === undefined ? undefined : unknown(doubt);
}

function toUnsigned(image: WorkloadImage, verifier: ImageVerifier, reason: string): Fault {
  // Only its chart tells whether a value becomes the image of a pod.
  const exempt = verifier.exempts?.(image);
  const isFirm = verifier.unclear === undefined && exempt === undefined;
  const denied = verifier.enforces && isFirm && !image.isValue;
  const policy = policyOf(verifier);
  return faultAt(image.object, image.path, {
    rule: unsignedImage.id,
    effect: denied ? 'denied' : 'risk',
    message: `${userOf(image)} image ${image.text}, which ${policy} does not find signed: ${reason}${exempt === undefined ? '' : `; ${exempt}`}.`,
    ...containerOf(image),
    policy,
    remedy: remedy('Sign the image, or use a version that is signed.', image.object),
  });
}

/** @param from index of the policy's first attestor in the fact's verdicts */
export function judgeVerifier(
  { sets }: ImageVerifier,
  fact: ImageFact,
  from: number,
): AttestorVerdict {
  let at = from;
  let doubt: AttestorVerdict | undefined;
  let found: AttestorVerdict | undefined;
  for (const { attestors, count, refusal } of sets) {
    if (refusal !== undefined) return { state: 'unsigned', reason: refusal };
    const verdicts = fact.verdicts.slice(at, at + attestors.length);
    at += attestors.length;
    const signed = verdicts.filter(({ state }) => state === 'signed').length;
    const open = verdicts.filter(({ state }) => state === 'unknown').length;
    if (signed >= count && attestors.length > 0) {
      const all = verdicts.filter((verdict) => verdict.state === 'signed');
      const firm = all.filter(({ isLoose }) => isLoose === undefined);
      found = firm.length >= count ? (found ?? firm[0]) : all.find(({ isLoose }) => isLoose);
      continue;
    }
    if (attestors.length === 0) {
      doubt ??= { state: 'unknown', reason: 'the policy names nobody whose signature counts' };
    } else if (signed + open < count) {
      const failed = verdicts.find(({ state }) => state === 'unsigned');
      return failed ?? { state: 'unsigned', reason: `it asks for ${count} signatures` };
    } else doubt ??= verdicts.find(({ state }) => state === 'unknown');
  }
  return doubt ?? found ?? { state: 'signed' };
}
