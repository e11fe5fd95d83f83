import type { ClusterChangeRule } from '../rule.ts';
import { coverageOf } from './coverage.ts';
import { deployment, EXAMPLE_FACTS, EXAMPLE_IMAGES, verifyingPolicy } from './signed-example.ts';
import { faultAt } from './fault.ts';
import { containerOf, userOf } from './workload-images.ts';

/** A new image of which no policy of the cluster demands a signature. */
export const uncoveredImage: ClusterChangeRule = {
  id: 'image-policy/uncovered-image',
  area: 'image-policy',
  title: 'Image that no verifying policy covers',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'In a cluster that demands signatures, an image that no policy matches slips past them: whoever can push its tag deploys. Patterns miss images more often than people think: a digest takes the place of the tag, so `app:*` does not match a pinned image, and `nginx` is `docker.io/nginx`.',
    allows: [
      'Looks at images that the change brings, and at the policies of the base branch: Kyverno `verifyImages` and ImageValidatingPolicy, ClusterImagePolicy of Sigstore, and `imagePolicy.signatures` of the configuration.',
      'Where the cluster has no such policy at all, the finding is advice, and for images in values of HelmReleases there is none.',
    ],
    fix: 'Let a policy match the image, such as `ghcr.io/acme/*`, which covers tags and digests.',
    exception: 'An image that nobody signs: waive it, with the reason.',
    given: { before: { 'apps/policy.yaml': verifyingPolicy() }, facts: EXAMPLE_FACTS },
    bad: { 'apps/web.yaml': deployment('quay.io/other/web:1.0.0') },
    good: { 'apps/web.yaml': deployment(EXAMPLE_IMAGES.signed) },
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/verify-images/'],
  },
  evaluate(change, { settings }) {
    const { hasPolicies, covered } = coverageOf(change, settings);
    const faults = covered.flatMap(({ image, verifiers }) => {
      if (verifiers.length > 0 || (image.isValue && !hasPolicies)) return [];
      const why = hasPolicies
        ? 'which none of the verifying policies of this cluster or of the configuration matches'
        : 'and this cluster has no policy that verifies images';
      return [
        faultAt(image.object, image.path, {
          rule: uncoveredImage.id,
          effect: hasPolicies ? 'risk' : 'advice',
          message: `${userOf(image)} image ${image.text}, ${why}: whoever can push it deploys.`,
          ...containerOf(image),
        }),
      ];
    });
    return { faults, unknowns: [] };
  },
};
