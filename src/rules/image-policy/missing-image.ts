import { type Facts, keyOfRequest } from '../../model/evidence.ts';
import { placeOf } from '../../model/field-path.ts';
import type { UnknownFact } from '../../model/finding.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { clusterChanges, coverageOf } from './coverage.ts';
import { faultAt, remedy } from './fault.ts';
import { deployment } from './signed-example.ts';
import { containerOf, userOf } from './workload-images.ts';

const ABSENT = 'ghcr.io/acme/web:9.9.9';
const request = { kind: 'image', reference: ABSENT, attestors: [] } as const;
const GONE: Facts = {
  images: new Map([
    [
      keyOfRequest(request),
      { state: 'known', value: { digest: '', isMissing: true, signatures: 0, verdicts: [] } },
    ],
  ]),
};

/** A new image that its registry does not have. */
export const missingImage: ClusterChangeRule = {
  id: 'image-policy/missing-image',
  area: 'image-policy',
  title: 'Image that the registry does not have',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'An image that does not exist cannot be pulled: the new pods wait with ImagePullBackOff, and the roll-out stops half-way. A name that nobody has taken yet can also be taken by somebody else.',
    allows: [
      'Looks at images that the change brings, in workloads and in values of HelmReleases, at the registries that the operator lists.',
      'Found only where the registry shows other tags of the same repository and answers that it does not know this one. Where it shows nothing of the repository, the image may be hidden from this program: that is unknown. Where it was not asked, or does not answer, nothing is said.',
    ],
    fix: 'Mend the name, the tag or the digest, or push the image first.',
    exception: 'An image that is pushed after the merge: waive it, or push it first.',
    given: { before: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0') }, facts: GONE },
    bad: { 'apps/web.yaml': deployment(ABSENT) },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0') },
    links: ['https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff'],
  },
  // A scan looks at what has been running: nothing in it is new.
  needs: (change, { settings }) =>
    change.before === undefined
      ? []
      : clusterChanges(change).flatMap((each) =>
          coverageOf(each, settings).covered.map((found) => found.request),
        ),
  evaluate(change, { facts, settings }) {
    const { covered } = coverageOf(change, settings);
    const faults = covered.flatMap(({ image, request: asked }) => {
      const fact = facts.images.get(keyOfRequest(asked));
      if (fact?.state !== 'known' || !fact.value.isMissing) return [];
      return [
        faultAt(image.object, image.path, {
          rule: missingImage.id,
          effect: 'risk',
          message: `${userOf(image)} image ${image.text}, and its registry says that it has no such image: new pods cannot start.`,
          ...containerOf(image),
          remedy: remedy(
            'Mend the name, the tag or the digest, or push the image first.',
            image.object,
          ),
        }),
      ];
    });
    const unknowns = covered.flatMap(({ image, request: asked, verifiers }): UnknownFact[] => {
      const fact = facts.images.get(keyOfRequest(asked));
      // Where a policy covers it, the rule on signatures says so.
      if (fact?.state !== 'known' || !fact.value.isHidden || verifiers.length > 0) return [];
      return [
        {
          rule: missingImage.id,
          reason: `Whether image ${image.text} exists is not known. Its registry has no such image, or does not show it without other credentials.`,
          place: placeOf(image.object.resource.root, image.path),
          cause: 'environment',
        },
      ];
    });
    return { faults, unknowns };
  },
};
