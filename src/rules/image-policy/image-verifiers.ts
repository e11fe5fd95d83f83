import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import type { Attestor, KeyAttestor, SignatureForm } from '../../model/image.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import { matchesWildcard } from './glob.ts';

/** What a policy of the cluster demands of the images that it matches. */
export interface ImageVerifier {
  readonly object: ClusterObject;
  /** Whether it refuses what is unsigned, and does not only report it. */
  readonly enforces: boolean;
  /** @param image as in {@link toMatchedImage} */
  readonly covers: (image: string, namespace: string | undefined) => boolean;
  /** Each set must be satisfied. */
  readonly sets: readonly AttestorSet[];
  /** Why it may demand more or apply to less than is known here. */
  readonly unclear?: string;
}

export interface AttestorSet {
  readonly attestors: readonly Attestor[];
  /** How many of them must have signed. */
  readonly count: number;
}

/** The policies of a cluster that verify images. */
export function imageVerifiersOf(cluster: Cluster): ImageVerifier[] {
  return cluster.objects.flatMap((object) => {
    const { apiVersion, kind } = object.resource;
    switch (`${groupOf(apiVersion)} ${kind}`) {
      case 'kyverno.io ClusterPolicy':
      case 'kyverno.io Policy':
        return verifyImagesOf(object);
      case 'policies.kyverno.io ImageValidatingPolicy':
        return validatingPolicyOf(object);
      default:
        return [];
    }
  });
}

function verifyImagesOf(object: ClusterObject): ImageVerifier[] {
  const spec = object.resource.root.map('spec');
  const action = spec?.text('validationFailureAction');
  return mapsOf(spec?.get('rules')).flatMap((rule) =>
    mapsOf(rule.get('verifyImages')).map((entry) =>
      toVerifier(object, rule, entry, entry.text('failureAction') ?? action),
    ),
  );
}

function toVerifier(
  object: ClusterObject,
  rule: LocatedMap,
  entry: LocatedMap,
  action: string | undefined,
): ImageVerifier {
  const images = textsOf(entry.get('imageReferences'));
  const skipped = textsOf(entry.get('skipImageReferences'));
  const forms: SignatureForm[] = entry.text('type') === 'SigstoreBundle' ? ['bundle'] : ['legacy'];
  const sets = mapsOf(entry.get('attestors')).map((set) => toSet(set, forms));
  const unclear = unclearOf(rule, entry);
  const own = object.resource.kind === 'Policy' ? object.namespace : undefined;
  const namespaces = mapsOf(rule.map('match')?.get('any')).flatMap((each) =>
    textsOf(each.map('resources')?.get('namespaces')),
  );
  return {
    object,
    enforces: action?.toLowerCase() === 'enforce',
    covers: (image, namespace) =>
      (own === undefined || own === namespace) &&
      (namespaces.length === 0 ||
        namespaces.some((each) => matchesWildcard(each, namespace ?? ''))) &&
      images.some((pattern) => matchesWildcard(pattern, image)) &&
      !skipped.some((pattern) => matchesWildcard(pattern, image)),
    sets,
    ...(unclear !== undefined && { unclear }),
  };
}

function unclearOf(rule: LocatedMap, entry: LocatedMap): string | undefined {
  if (rule.get('exclude') !== undefined) return 'it has exceptions (`exclude`)';
  if (rule.get('preconditions') !== undefined) return 'it has preconditions';
  if (rule.map('match')?.get('all') !== undefined) return 'it combines conditions (`match.all`)';
  if (entry.get('attestations') !== undefined) return 'it also demands attestations';
  if (entry.get('repository') !== undefined) return 'signatures lie in another repository';
  if (entry.text('type') === 'Notary') return 'Notary signatures are not checked by this version';
  const selects = mapsOf(rule.map('match')?.get('any')).some((each) =>
    (each.map('resources')?.entries ?? []).some(
      ({ key }) => key !== 'kinds' && key !== 'namespaces',
    ),
  );
  return selects ? 'it selects objects by more than kind and namespace' : undefined;
}

function toSet(set: LocatedMap, forms: readonly SignatureForm[]): AttestorSet {
  const attestors = mapsOf(set.get('entries')).flatMap((entry) => toAttestors(entry, forms));
  const count = set.get('count');
  const given =
    count?.kind === 'scalar' && typeof count.value === 'number' ? count.value : undefined;
  return { attestors, count: given ?? attestors.length };
}

const PEM = /-----BEGIN (?:RSA )?PUBLIC KEY-----[^-]*-----END (?:RSA )?PUBLIC KEY-----/g;

/** Several keys in one text are several entries, as in Kyverno. */
function toAttestors(entry: LocatedMap, forms: readonly SignatureForm[]): Attestor[] {
  const keys = entry.map('keys');
  if (keys === undefined) {
    const kind = entry.get('keyless') === undefined ? 'this kind of attestor is' : 'keyless is';
    return [{ kind: 'unread', reason: `${kind} not checked by this version` }];
  }
  const found = keys.text('publicKeys')?.match(PEM) ?? [];
  if (found.length === 0) {
    return [{ kind: 'unread', reason: 'its key is not in the repository' }];
  }
  const ignore = keys.map('rekor')?.get('ignoreTlog');
  const needsLog = !(ignore?.kind === 'scalar' && ignore.value === true);
  return found.map((key): KeyAttestor => ({ kind: 'key', key, needsLog, forms }));
}

/** Its CEL decides; what is known are its images and whose signatures it can ask for. */
function validatingPolicyOf(object: ClusterObject): ImageVerifier[] {
  const spec = object.resource.root.map('spec');
  const globs = mapsOf(spec?.get('matchImageReferences')).map((each) => each.text('glob'));
  const attestors = mapsOf(spec?.get('attestors')).map((attestor): Attestor => {
    const cosign = attestor.map('cosign');
    const key = cosign?.map('key')?.text('data')?.match(PEM)?.[0];
    if (key === undefined) {
      return { kind: 'unread', reason: 'its attestor is not checked by this version' };
    }
    const ignore = cosign?.map('ctlog')?.get('insecureIgnoreTlog');
    const needsLog = !(ignore?.kind === 'scalar' && ignore.value === true);
    return { kind: 'key', key, needsLog, forms: ['legacy', 'bundle'] };
  });
  return [
    {
      object,
      enforces: textsOf(spec?.get('validationActions')).includes('Deny'),
      covers: (image) => globs.some((glob) => glob === undefined || matchesWildcard(glob, image)),
      sets: [{ attestors, count: attestors.length }],
      unclear: 'its expressions decide',
    },
  ];
}

function mapsOf(node: Located | undefined): LocatedMap[] {
  if (node?.kind !== 'list') return [];
  return node.items.filter((item): item is LocatedMap => item.kind === 'map');
}

function textsOf(node: Located | undefined): string[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
}
