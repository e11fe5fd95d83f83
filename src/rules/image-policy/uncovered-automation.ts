import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { parseImage } from '../../model/image-reference.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { automationsOf, isImageKind, scannedImageOf, selects } from './automations.ts';
import { imagePolicy } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { verifyingPolicy } from './signed-example.ts';
import type { ImageVerifier } from './verifiers/verifier.ts';

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

/** New automation that rolls out images of which nobody demands a signature. */
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
      'Looks at ImagePolicies that the change brings or gives another image, at ImageUpdateAutomations that it brings with the images of the policies that they take, and at the enforcing policies of the base branch: Kyverno `verifyImages` and ImageValidatingPolicy, and ClusterImagePolicy.',
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
    const rolledOut = before === undefined ? [] : rollOutsOf(before);
    const known = new Set(rolledOut.map(({ object, text }) => keyOf(object, text)));
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    for (const rollOut of rollOutsOf(after)) {
      const { object, path, text } = rollOut;
      if (known.has(keyOf(object, text))) continue;
      if (text === undefined) {
        if (enforcing.length > 0) unknowns.push(unknownImage(object, path));
      } else if (!isCovered(rollOut, enforcing)) {
        faults.push(toFault(rollOut, enforcing.length > 0));
      }
    }
    return { faults, unknowns };
  },
};

/** An image that an object of image automation moves. */
interface RollOut {
  readonly object: ClusterObject;
  /** The ImagePolicy that chooses. */
  readonly policy: ClusterObject;
  readonly path: FieldPath;
  /** Without a tag; absent where it is not known. */
  readonly text: string | undefined;
}

/** ImagePolicies with their image, and automations with each image of the policies that they take. */
function rollOutsOf(cluster: Cluster): RollOut[] {
  const policies = objectsOfKind(cluster, 'ImagePolicy')
    .filter((object) => isImageKind(object, 'ImagePolicy'))
    .map((object) => ({
      object,
      policy: object,
      path: ['spec', 'imageRepositoryRef'],
      text: imageOf(object, cluster),
    }));
  const moved = automationsOf(cluster).flatMap(({ object }) =>
    policies
      .filter(
        ({ policy, text }) =>
          text !== undefined && policy.namespace === object.namespace && selects(object, policy),
      )
      .map(({ policy, text }) => ({ object, policy, path: ['spec', 'sourceRef'], text })),
  );
  const unique = new Map(moved.map((each) => [keyOf(each.object, each.text), each]));
  return [...policies, ...unique.values()];
}

function toFault({ object, path, text = '' }: RollOut, hasPolicies: boolean): Fault {
  const why = hasPolicies
    ? 'which no enforcing policy of this cluster matches'
    : 'and this cluster has no enforcing policy that verifies images';
  const isPolicy = object.resource.kind === 'ImagePolicy';
  const says = isPolicy ? `rolls out image ${text}` : `writes what is chosen of image ${text}`;
  return faultAt(object, path, {
    rule: uncoveredAutomation.id,
    effect: hasPolicies ? 'risk' : 'advice',
    message: `${nameOf(object)} ${says}, ${why}: whoever can push a tag that it chooses deploys.`,
    remedy: remedy('Let an enforcing policy match the image.', object),
    ...(!isPolicy && { aspect: text }),
  });
}

function unknownImage(object: ClusterObject, path: FieldPath): UnknownFact {
  return {
    rule: uncoveredAutomation.id,
    reason: `Whether an enforcing policy matches the image that ${nameOf(object)} rolls out is not known. Its ImageRepository, or the image of it, is not in the repository.`,
    place: placeOf(object.resource.root, path),
    cause: 'content',
  };
}

/** Tags as they may come: a pattern may ask for one of them. */
const TAGS = ['latest', '1.2.3', 'v1.2.3'];

/** Where it will run is not known, so any namespace may be the right one. */
function isCovered({ policy, text = '' }: RollOut, enforcing: readonly ImageVerifier[]): boolean {
  const reflects = policy.resource.root.map('spec')?.text('digestReflectionPolicy') ?? 'Never';
  const versions =
    reflects === 'Never' ? TAGS.map((tag) => `:${tag}`) : [`@sha256:${'0'.repeat(64)}`];
  return versions.some((version) => {
    const written = `${text}${version}`;
    const image = parseImage(written);
    return image !== undefined && enforcing.some(({ names }) => names(image, written));
  });
}

function keyOf({ namespace, resource: { kind, plainName } }: ClusterObject, text = ''): string {
  return JSON.stringify([kind, namespace, plainName, text]);
}

function imageOf(policy: ClusterObject, cluster: Cluster): string | undefined {
  const text = scannedImageOf(policy, cluster);
  return text === undefined || parseImage(text) === undefined ? undefined : text;
}
