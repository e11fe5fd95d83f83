import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import type { Attestor, KeyAttestor, SignatureForm } from '../../../model/image.ts';
import { type ImageReference, toMatchedImage } from '../../../model/image-reference.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { matchesWildcard } from '../../../model/wildcard.ts';
import type { WorkloadImage } from '../workload-images.ts';
import { absenceOf } from './admission.ts';
import { toIdentity } from './identity.ts';
import { type Keys, keysIn, keysOfConfigMap, keysOfSecret } from './keys.ts';
import { isTrue, mapsOf, textsOf } from './nodes.ts';
import { heedsOverrides, overridesOf } from './overrides.ts';
import type { AttestorSet, ImageVerifier } from './verifier.ts';

/** What the policies are part of, for keys that stand elsewhere in it. */
interface Scope {
  readonly cluster: Cluster;
  readonly rule: LocatedMap;
  readonly forms: readonly SignatureForm[];
}

/** `verifyImages` of a ClusterPolicy or Policy: one for each entry. */
export function verifyImagesOf(object: ClusterObject, cluster: Cluster): ImageVerifier[] {
  const spec = object.resource.root.map('spec');
  const action = spec?.text('validationFailureAction');
  const absence = absenceOf(spec);
  const hasConditions = spec?.map('webhookConfiguration')?.get('matchConditions') !== undefined;
  const hasOverrides = overridesOf(spec).length > 0;
  return mapsOf(spec?.get('rules')).flatMap((rule) =>
    mapsOf(rule.get('verifyImages')).map((entry): ImageVerifier => {
      const forms: SignatureForm[] =
        entry.text('type') === 'SigstoreBundle' ? ['bundle'] : ['legacy'];
      const scope = { cluster, rule, forms };
      const unclear =
        hasOverrides && heedsOverrides(rule)
          ? 'its action differs by namespace (`validationFailureActionOverrides`)'
          : hasConditions
            ? 'it has conditions (`matchConditions`)'
            : unclearOf(rule, entry);
      return {
        object,
        rule: rule.text('name') ?? '',
        enforces:
          absence === undefined &&
          (entry.text('failureAction') ?? action)?.toLowerCase() === 'enforce',
        ...coverageOf(object, rule, entry),
        sets: setsOf(entry, scope),
        ...(unclear !== undefined && { unclear }),
      };
    }),
  );
}

function resourcesOf(rule: LocatedMap): LocatedMap[] {
  const match = rule.map('match');
  return [match, ...mapsOf(match?.get('any')), ...mapsOf(match?.get('all'))].flatMap(
    (each) => each?.map('resources') ?? [],
  );
}

function coverageOf(
  object: ClusterObject,
  rule: LocatedMap,
  entry: LocatedMap,
): Pick<ImageVerifier, 'covers' | 'names'> {
  const images = textsOf(entry.get('imageReferences'));
  const single = entry.text('image');
  if (single !== undefined) images.push(single);
  const skipped = textsOf(entry.get('skipImageReferences'));
  const own = object.resource.kind === 'Policy' ? object.namespace : undefined;
  const resources = resourcesOf(rule);
  const namespaces = resources.flatMap((each) => textsOf(each.get('namespaces')));
  const kinds = resources.flatMap((each) => textsOf(each.get('kinds')).map(plainKind));
  const names = (image: ImageReference): boolean => {
    const name = toMatchedImage(image);
    return (
      images.some((pattern) => matchesWildcard(pattern, name)) &&
      !skipped.some((pattern) => matchesWildcard(pattern, name))
    );
  };
  const covers = ({ image, object: { namespace, resource } }: WorkloadImage): boolean => {
    if (image === undefined || (own !== undefined && own !== namespace)) return false;
    return (
      // What runs becomes a Pod in the end, whether or not the rule is made for controllers, too.
      (kinds.length === 0 ||
        kinds.some((kind) => /^(?:Pod|\*)$/.test(kind) || kind === resource.kind)) &&
      (namespaces.length === 0 ||
        namespaces.some((each) => matchesWildcard(each, namespace ?? ''))) &&
      names(image)
    );
  };
  return { covers, names };
}

/** `apps/v1/Deployment` is a Deployment. */
function plainKind(kind: string): string {
  return kind.slice(kind.lastIndexOf('/') + 1);
}

function unclearOf(rule: LocatedMap, entry: LocatedMap): string | undefined {
  if (rule.get('exclude') !== undefined) return 'it has exceptions (`exclude`)';
  if (rule.get('preconditions') !== undefined) return 'it has preconditions';
  if (mapsOf(rule.map('match')?.get('all')).length > 1) {
    return 'it combines conditions (`match.all`)';
  }
  if (entry.get('attestations') !== undefined) return 'it also demands attestations';
  if (entry.get('repository') !== undefined) return 'signatures lie in another repository';
  if (isTrue(entry.get('cosignOCI11'))) return 'it looks for signatures in an experimental place';
  const selects = resourcesOf(rule).some(({ entries }) =>
    entries.some(({ key }) => key !== 'kinds' && key !== 'namespaces'),
  );
  return selects ? 'it selects objects by more than kind and namespace' : undefined;
}

function setsOf(entry: LocatedMap, scope: Scope): AttestorSet[] {
  const sets = mapsOf(entry.get('attestors')).map((set) => toSet(set, entry, scope));
  // The oldest form, deprecated: one key, or one identity, beside the images.
  const key = entry.text('key');
  if (key !== undefined) {
    const attestors = keyAttestors(keysOf(key, scope), true, scope);
    sets.push({ attestors, count: attestors.length });
  } else if (entry.text('subject') !== undefined || entry.text('issuer') !== undefined) {
    sets.push({ attestors: [keylessAttestor(entry, scope)], count: 1 });
  }
  return sets;
}

/** Without `count` all entries must have signed. */
function toSet(set: LocatedMap, image: LocatedMap, scope: Scope): AttestorSet {
  const attestors = mapsOf(set.get('entries')).flatMap((entry) => toAttestors(entry, image, scope));
  const count = set.get('count');
  const given =
    count?.kind === 'scalar' && typeof count.value === 'number' ? count.value : undefined;
  return { attestors, count: given ?? attestors.length };
}

function toAttestors(entry: LocatedMap, image: LocatedMap, scope: Scope): Attestor[] {
  if (image.text('type') === 'Notary') {
    return [
      unread('signatures of Notary are not checked here: only cosign and Sigstore bundles are'),
    ];
  }
  if (entry.get('repository') !== undefined)
    return [unread('signatures lie in another repository')];
  if (entry.get('annotations') !== undefined || image.get('annotations') !== undefined) {
    return [unread('it asks for annotations of the signature')];
  }
  if (entry.get('attestor') !== undefined) return [unread('its attestors are nested')];
  if (entry.get('certificates') !== undefined) {
    return [unread('it names a certificate, and those are not checked here')];
  }
  const keyless = entry.map('keyless');
  if (keyless !== undefined) return [keylessAttestor(keyless, scope)];
  const keys = entry.map('keys');
  if (keys === undefined) return [unread('this kind of attestor is not checked here')];
  const ownLog = keys.map('rekor')?.text('pubkey') ?? keys.map('ctlog')?.text('tsaCertChain');
  if (ownLog !== undefined) return [unread('it trusts a log or timestamps of its own')];
  const needsLog = !isTrue(keys.map('rekor')?.get('ignoreTlog'));
  const needsTime = !isTrue(keys.map('ctlog')?.get('ignoreSCT'));
  return keyAttestors(keysOfEntry(keys, scope), needsLog, scope, needsTime);
}

/** Several keys in one text are several entries, as in Kyverno. */
function keyAttestors(
  keys: Keys,
  needsLog: boolean,
  { forms }: Scope,
  needsTime = true,
): Attestor[] {
  if ('reason' in keys) return [unread(keys.reason)];
  return keys.pems.map((key): KeyAttestor => ({ kind: 'key', key, needsLog, needsTime, forms }));
}

function keysOfEntry(keys: LocatedMap, scope: Scope): Keys {
  const text = keys.text('publicKeys');
  if (text !== undefined && text !== '') return keysOf(text, scope);
  const secret = keys.map('secret');
  if (secret !== undefined) {
    const at = { namespace: secret.text('namespace'), name: secret.text('name') ?? '' };
    return keysOfSecret(scope.cluster, at, (name) => name === 'cosign.pub');
  }
  if (keys.get('kms') !== undefined) return { reason: 'its key is in a key management service' };
  return { reason: 'its key is not in the repository' };
}

function keysOf(text: string, { cluster, rule }: Scope): Keys {
  const [, namespace, name] = /^k8s:\/\/([^/]+)\/([^/]+)$/.exec(text.trim()) ?? [];
  if (namespace !== undefined && name !== undefined) {
    return keysOfSecret(cluster, { namespace, name }, (entry) => entry === 'cosign.pub');
  }
  const [, variable, entry] = /^\{\{\s*(\w+)\.data\.([\w.-]+)\s*\}\}$/.exec(text.trim()) ?? [];
  if (variable !== undefined && entry !== undefined) {
    const map = mapsOf(rule.get('context'))
      .find((each) => each.text('name') === variable)
      ?.map('configMap');
    if (map === undefined) return { reason: `its key is the variable ${variable}` };
    const at = { namespace: map.text('namespace'), name: map.text('name') ?? '' };
    return keysOfConfigMap(cluster, at, entry.replace(/^"|"$/g, ''));
  }
  if (/^[a-z]+kms:\/\//.test(text.trim())) {
    return { reason: 'its key is in a key management service' };
  }
  const pems = keysIn(text);
  return pems.length > 0 ? { pems } : { reason: 'its key is none that can be read' };
}

/** For legacy signatures no matcher means anybody; bundles want issuer and subject, or neither. */
function keylessAttestor(keyless: LocatedMap, { forms }: Scope): Attestor {
  if (keyless.get('roots') !== undefined) {
    return unread('it trusts certificate authorities of its own');
  }
  if (keyless.get('additionalExtensions') !== undefined) {
    return unread('it asks for extensions of the certificate');
  }
  const rekor = keyless.map('rekor');
  if (isTrue(rekor?.get('ignoreTlog'))) return unread('it takes keyless signatures without a log');
  if (rekor?.text('pubkey') !== undefined) return unread('it trusts a log of its own');
  const isBundle = forms.includes('bundle');
  const identity = toIdentity(keyless, isBundle ? 'exact' : 'wildcard');
  if (identity === undefined) return unread('it gives a name and a pattern for the same thing');
  const isPartial = identity.issuer === undefined || identity.subject === undefined;
  const isAnybody = isBundle
    ? isPartial
    : identity.issuer === undefined && identity.subject === undefined;
  return {
    kind: 'keyless',
    identities: isAnybody ? [] : [identity],
    needsCertificateLog: !isTrue(keyless.map('ctlog')?.get('ignoreSCT')),
    forms,
  };
}

function unread(reason: string): Attestor {
  return { kind: 'unread', reason };
}
