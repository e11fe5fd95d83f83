import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import type { Attestor, SignatureForm } from '../../../model/image.ts';
import type { ImageReference } from '../../../model/image-reference.ts';
import type { LocatedMap } from '../../../model/located.ts';
import type { WorkloadImage } from '../workload-images.ts';
import { toIdentity } from './identity.ts';
import { type Keys, keysIn, keysOfSecret } from './keys.ts';
import { isTrue, mapsOf } from './nodes.ts';
import type { ImageVerifier } from './verifier.ts';

const OPT_IN = 'policy.sigstore.dev/include';

/**
 * ClusterImagePolicy of Sigstore's policy-controller: one authority is enough, in namespaces that
 * opt in by their label.
 */
export function clusterImagePolicyOf(object: ClusterObject, cluster: Cluster): ImageVerifier[] {
  const spec = object.resource.root.map('spec');
  if (spec === undefined) return [];
  const globs = mapsOf(spec.get('images')).map((each) => each.text('glob') ?? '');
  const authorities = mapsOf(spec.get('authorities'));
  const passes = authorities.some((each) => each.map('static')?.text('action') === 'pass');
  // A static "fail" is an authority that nobody satisfies.
  const attestors = authorities
    .filter((each) => each.get('static') === undefined)
    .map((each) => toAttestor(each, cluster));
  if (passes) return [];
  const names: ImageVerifier['names'] = (image, text) =>
    globs.some((glob) => matchesImage(glob, image, text));
  return [
    {
      object,
      enforces: spec.text('mode') !== 'warn',
      covers: (image) =>
        image.image !== undefined && isIncluded(image, cluster) && names(image.image, image.text),
      names,
      sets: [
        {
          attestors,
          count: 1,
          ...(attestors.length === 0 &&
            authorities.length > 0 && {
              refusal: 'it refuses every image that it matches (static: fail)',
            }),
        },
      ],
      ...unclearOf(spec, globs),
    },
  ];
}

function unclearOf(spec: LocatedMap, globs: readonly string[]): { readonly unclear?: string } {
  if (spec.get('match') !== undefined) return { unclear: 'it selects objects (`match`)' };
  if (spec.get('policy') !== undefined) return { unclear: 'it also has a policy of its own' };
  const hasTag = globs.some((glob) => /:[^/]*$/.test(glob.replace(/:\*\*?$/, '')));
  return hasTag ? { unclear: 'it matches tags, which the controller replaces by digests' } : {};
}

/** A namespace that the repository does not hold may opt in elsewhere: it is taken as one that does. */
function isIncluded({ object: { namespace } }: WorkloadImage, cluster: Cluster): boolean {
  const found = cluster.namespaces.get(namespace ?? '');
  if (found === undefined) return true;
  return found.resource.root.map('metadata')?.map('labels')?.text(OPT_IN) === 'true';
}

/** `*` stops at a slash, `**` does not; the image with its full name, or as it is written. */
function matchesImage(glob: string, image: ImageReference, text: string): boolean {
  if (!/^[\w:/*.@-]+$/.test(glob)) return false;
  const full =
    glob === '*/*' || glob === '*'
      ? `index.docker.io/${glob === '*' ? 'library/' : ''}${glob}`
      : glob;
  return matchesDouble(full, toFullName(image)) || matchesDouble(full, text);
}

/** As go-containerregistry names an image: a digest takes the tag's place. */
function toFullName({ registry, repository, tag, digest }: ImageReference): string {
  const isHub = registry === 'docker.io' || registry === 'index.docker.io';
  const host = isHub ? 'index.docker.io' : registry;
  const path = isHub && !repository.includes('/') ? `library/${repository}` : repository;
  return `${host}/${path}${digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}

/** In time of the product of both lengths at most. */
function matchesDouble(glob: string, text: string): boolean {
  const parts = glob.match(/\*\*|\*|[^*]/g) ?? [];
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const at of reached) {
      if (part === '*' || part === '**') {
        for (let end = at; end <= text.length; end += 1) {
          next.add(end);
          if (part === '*' && text[end] === '/') break;
        }
      } else if (text[at] === part) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}

function toAttestor(authority: LocatedMap, cluster: Cluster): Attestor {
  const forms: SignatureForm[] =
    authority.text('signatureFormat') === 'bundle' ? ['bundle'] : ['legacy'];
  if (mapsOf(authority.get('source')).length > 0) {
    return unread('signatures lie in another place (`source`)');
  }
  if (authority.get('attestations') !== undefined) return unread('it demands attestations');
  if (authority.get('rfc3161timestamp') !== undefined) {
    return unread('it trusts timestamps of its own');
  }
  const log = authority.map('ctlog');
  const logUrl = log?.text('url') ?? 'https://rekor.sigstore.dev';
  if (
    log?.get('trustRootRef') !== undefined ||
    !/^https:\/\/rekor\.sigstore\.dev\/?$/.test(logUrl)
  ) {
    return unread('it trusts a log of its own');
  }
  const keyless = authority.map('keyless');
  if (keyless !== undefined) return keylessOf(keyless, forms);
  const key = authority.map('key');
  if (key === undefined) return unread('this kind of authority is not checked here');
  if (forms.includes('bundle')) return unread('the controller takes no bundle that a key signed');
  const keys = keysOf(key, cluster);
  if ('reason' in keys) return unread(keys.reason);
  const [pem] = keys.pems;
  return pem === undefined || keys.pems.length > 1
    ? unread('it holds several keys')
    : { kind: 'key', key: pem, needsLog: log !== undefined, forms };
}

function keysOf(key: LocatedMap, cluster: Cluster): Keys {
  const pems = keysIn(key.text('data'));
  if (pems.length > 0) return { pems };
  const secret = key.map('secretRef');
  if (secret !== undefined) {
    const namespace = secret.text('namespace') ?? 'cosign-system';
    return keysOfSecret(cluster, { namespace, name: secret.text('name') ?? '' }, () => true);
  }
  const [, namespace, name] = /^k8s:\/\/([^/]+)\/([^/]+)$/.exec(key.text('kms') ?? '') ?? [];
  if (namespace !== undefined && name !== undefined) {
    return keysOfSecret(cluster, { namespace, name }, (entry) => entry === 'cosign.pub');
  }
  if (key.get('kms') !== undefined) return { reason: 'its key is in a key management service' };
  return { reason: 'its key is none that can be read' };
}

function keylessOf(keyless: LocatedMap, forms: readonly SignatureForm[]): Attestor {
  const url = keyless.text('url') ?? 'https://fulcio.sigstore.dev';
  const isOwn = keyless.get('ca-cert') !== undefined || keyless.get('trustRootRef') !== undefined;
  if (isOwn || !/^https:\/\/fulcio\.sigstore\.dev\/?$/.test(url)) {
    return unread('it trusts certificate authorities of its own');
  }
  const identities = mapsOf(keyless.get('identities')).map((each) => toIdentity(each, 'exact'));
  const known = identities.filter((identity) => identity !== undefined);
  if (known.length < identities.length) {
    return unread('it gives a name and a pattern for the same thing');
  }
  const needsCertificateLog = !isTrue(keyless.get('insecureIgnoreSCT'));
  return { kind: 'keyless', identities: known, needsCertificateLog, forms };
}

function unread(reason: string): Attestor {
  return { kind: 'unread', reason };
}
