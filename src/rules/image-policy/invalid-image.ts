import { parseImage } from '../../model/image-reference.ts';
import { quoteBriefly } from '../../versions/quote.ts';
import type { ObjectRule } from '../rule.ts';
import { faultAt, remedy } from './fault.ts';
import { deployment } from './signed-example.ts';
import { containerOf, imagesOf, userOf } from './workload-images.ts';

/** A name of an image that no container runtime reads. */
export const invalidImage: ObjectRule = {
  id: 'image-policy/invalid-image',
  area: 'image-policy',
  title: 'Image name that no container runtime reads',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'The API server takes nearly any text for an image. The node does not: its pods wait with InvalidImageName for ever, and the roll-out stops half-way.',
    allows: [
      'Looks at the images of workloads as they are rendered.',
      'Not allowed: an empty tag (`nginx:`, often of a variable that was empty), capitals in the repository, a protocol, white space, a digest that is none.',
    ],
    fix: 'Write the image as `registry/repository:tag` or `registry/repository@sha256:…`.',
    exception:
      'Text that something replaces in the cluster, such as a mutating webhook: waive the object.',
    bad: { 'apps/web.yaml': deployment("'ghcr.io/acme/web:'") },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2') },
    links: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  evaluate(object) {
    const faults = imagesOf(object).flatMap((image) => {
      const why = image.image === undefined ? faultOf(image.text) : undefined;
      if (why === undefined) return [];
      return [
        faultAt(object, image.path, {
          rule: invalidImage.id,
          effect: 'denied',
          message: `${userOf(image)} image ${quoteBriefly(image.text)}, which is no name of an image: ${why}. Its pods cannot start.`,
          detail: 'InvalidImageName',
          ...containerOf(image),
          remedy: remedy('Write it as registry/repository:tag.', object),
        }),
      ];
    });
    return { faults, unknowns: [] };
  },
};

/** Digests of other algorithms than SHA-256, which runtimes read and `parseImage` does not. */
const OTHER_DIGEST = /@(?:sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** @returns undefined for what a runtime may read after all */
function faultOf(text: string): string | undefined {
  const named = text.replace(OTHER_DIGEST, '');
  // An address of IPv6.
  if (text.startsWith('[') || (named !== text && parseImage(named) !== undefined)) return undefined;
  // With a host that has an underscore it is read all the same, as long as there is no port.
  const [host = ''] = text.split('/');
  const plain = host.replaceAll('_', '-') + text.slice(host.length);
  if (/^[a-z0-9._-]+$/.test(host) && parseImage(plain) !== undefined) return undefined;
  const [name = '', digest] = text.split('@');
  if (/\s/.test(text)) return 'it holds white space';
  if (name.includes('://')) return 'it begins with a protocol';
  if (name.endsWith(':')) return 'its tag is empty';
  if (digest !== undefined && parseImage(name) !== undefined) {
    return 'its digest is not 64 hexadecimal digits after "sha256:"';
  }
  const lower = name.toLowerCase();
  const isOnlyUpper = lower !== name && parseImage(lower) !== undefined;
  return isOnlyUpper ? 'its repository has capitals' : 'no container runtime can read it';
}
