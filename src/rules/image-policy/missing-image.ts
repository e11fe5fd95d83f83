import { type Facts, keyOfRequest } from '../../model/evidence.ts';
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
      'Found only where the registry answers that it has no such image. Where it was not asked, or does not answer, nothing is said.',
    ],
    fix: 'Mend the name, the tag or the digest, or push the image first.',
    exception:
      'A private repository that the registry hides from this program: give it credentials, or turn the rule off.',
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
    const faults = coverageOf(change, settings).covered.flatMap(({ image, request: asked }) => {
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
    return { faults, unknowns: [] };
  },
};
