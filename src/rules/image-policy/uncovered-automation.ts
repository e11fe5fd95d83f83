import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { parseImage } from '../../model/image-reference.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { imagePolicy } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { verifyingPolicy } from './signed-example.ts';

const imageRepository = (image: string) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata:
  name: podinfo
  namespace: flux-system
spec:
  image: ${image}
  interval: 10m
`;

const RANGE = '>=1.0.0 <1.1.0';

/** A new ImagePolicy that rolls out images of which nobody demands a signature. */
export const uncoveredAutomation: ClusterChangeRule = {
  id: 'image-policy/uncovered-automation',
  area: 'image-policy',
  title: 'Automation of an image that no enforcing policy covers',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'Image automation writes into the repository whatever tag appears in the registry. No object of it looks at signatures, so only an admission policy stands between whoever can push a tag and the cluster.',
    allows: [
      'Looks at ImagePolicies that the change brings, and at the enforcing policies of the base branch: Kyverno `verifyImages` and ImageValidatingPolicy, and ClusterImagePolicy.',
      'Where the cluster has no such policy at all, the finding is advice.',
    ],
    fix: 'Let an enforcing policy match the image, before automation rolls it out.',
    exception: 'An image that nobody signs: waive it, and keep its range narrow.',
    given: { before: { 'apps/policy.yaml': verifyingPolicy() } },
    bad: {
      'apps/image.yaml': `${imageRepository('quay.io/other/web')}---\n${imagePolicy(RANGE)}`,
    },
    good: {
      'apps/image.yaml': `${imageRepository('ghcr.io/acme/web')}---\n${imagePolicy(RANGE)}`,
    },
    links: ['https://fluxcd.io/flux/components/image/imagepolicies/'],
  },
  evaluate({ before, after }) {
    const verifiers = before === undefined ? [] : imageVerifiersOf(before);
    const enforcing = verifiers.filter(({ enforces }) => enforces);
    const known = new Set((before?.objects ?? []).filter(isPolicy).map(keyOf));
    const faults = after.objects
      .filter((object) => isPolicy(object) && !known.has(keyOf(object)))
      .flatMap((object) => {
        const text = imageOf(object, after);
        const image = text === undefined ? undefined : parseImage(text);
        if (text === undefined || image === undefined) return [];
        // Where it will run is not known, so any namespace and list of containers may cover it.
        const places = ['containers', 'initContainers'].map((list) => ({
          object,
          container: '',
          path: [list],
          text,
          image,
        }));
        if (enforcing.some(({ covers }) => places.some((place) => covers(place)))) return [];
        const why =
          enforcing.length > 0
            ? 'which no enforcing policy of this cluster matches'
            : 'and this cluster has no enforcing policy that verifies images';
        return [
          faultAt(object, ['spec', 'imageRepositoryRef'], {
            rule: uncoveredAutomation.id,
            effect: enforcing.length > 0 ? 'risk' : 'advice',
            message: `${nameOf(object)} rolls out image ${text}, ${why}: whoever can push a tag that it chooses deploys.`,
            remedy: remedy('Let an enforcing policy match the image.', object),
          }),
        ];
      });
    return { faults, unknowns: [] };
  },
};

function isPolicy({ resource: { apiVersion, kind } }: ClusterObject): boolean {
  return kind === 'ImagePolicy' && groupOf(apiVersion) === 'image.toolkit.fluxcd.io';
}

function keyOf({ namespace, resource: { plainName } }: ClusterObject): string {
  return JSON.stringify([namespace, plainName]);
}

function imageOf({ namespace, resource }: ClusterObject, cluster: Cluster): string | undefined {
  const reference = resource.root.map('spec')?.map('imageRepositoryRef');
  const wanted = reference?.text('namespace') ?? namespace;
  return cluster.objects
    .find(
      (each) =>
        each.resource.kind === 'ImageRepository' &&
        each.namespace === wanted &&
        each.resource.name === reference?.text('name'),
    )
    ?.resource.root.map('spec')
    ?.text('image');
}
