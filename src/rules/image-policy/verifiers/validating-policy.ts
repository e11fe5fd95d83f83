import type { ClusterObject } from '../../../flux/cluster.ts';
import type { Attestor } from '../../../model/image.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { absenceOf } from './admission.ts';
import { compileGlob } from './gobwas-glob.ts';
import { toIdentity } from './identity.ts';
import { keysIn } from './keys.ts';
import { isTrue, mapsOf, textsOf } from './nodes.ts';
import type { AttestorSet, ImageVerifier } from './verifier.ts';

/** The one expression that is understood: every image signed by one of the attestors at least. */
const EVERY_IMAGE_SIGNED =
  /^images\.(containers|initContainers|ephemeralContainers)\.map\((\w+),verifyImageSignatures\(\2,\[([\w.,]*)\]\)\)\.all\((\w+),\4>0\)$/;

const LISTS: Readonly<Record<string, string>> = {
  containers: 'containers',
  initContainers: 'initContainers',
  ephemeralContainers: 'ephemeralContainers',
};

/** ImageValidatingPolicy and its namespaced form: one verifier for each list of containers. */
export function validatingPolicyOf(object: ClusterObject): ImageVerifier[] {
  const spec = object.resource.root.map('spec');
  if (spec === undefined) return [];
  const attestors = new Map(
    mapsOf(spec.get('attestors')).map((each) => [each.text('name') ?? '', toAttestor(each)]),
  );
  const checks = mapsOf(spec.get('validations')).map((each) => readCheck(each, attestors));
  const known = checks.filter((check) => check !== undefined);
  const unclear =
    known.length < checks.length || checks.length === 0
      ? 'its expressions decide'
      : unclearOf(spec);
  const actions = textsOf(spec.get('validationActions'));
  const base = {
    object,
    enforces: absenceOf(spec) === undefined && (actions.length === 0 || actions.includes('Deny')),
    ...(unclear !== undefined && { unclear }),
  };
  const matches = matcherOf(object, spec);
  if (known.length === 0) {
    const all = [...attestors.values()];
    return [{ ...base, ...matches, sets: [{ attestors: all, count: all.length }] }];
  }
  return known.map(({ list, set }) => ({
    ...base,
    ...matches,
    covers: (image) => image.path.includes(list) && matches.covers(image),
    sets: [set],
  }));
}

function matcherOf(
  object: ClusterObject,
  spec: LocatedMap,
): Pick<ImageVerifier, 'covers' | 'names'> {
  const globs = mapsOf(spec.get('matchImageReferences')).map((each) => each.text('glob'));
  const own =
    object.resource.kind === 'NamespacedImageValidatingPolicy' ? object.namespace : undefined;
  const compiled = globs.map((glob) => (glob === undefined ? undefined : compileGlob(glob)));
  // An expression, or what is no glob, may match anything: `unclearOf` says so.
  const names = (_image: unknown, text: string): boolean =>
    compiled.length === 0 || compiled.some((matches) => matches?.(text) ?? true);
  return {
    names,
    covers: ({ text, object: { namespace } }) =>
      (own === undefined || own === namespace) && names(undefined, text),
  };
}

function unclearOf(spec: LocatedMap): string | undefined {
  if (spec.get('matchConditions') !== undefined) return 'it has conditions (`matchConditions`)';
  const constraints = spec.map('matchConstraints');
  const selects = ['namespaceSelector', 'objectSelector', 'excludeResourceRules'];
  if (selects.some((field) => constraints?.get(field) !== undefined)) {
    return 'it selects objects by their labels';
  }
  const globs = mapsOf(spec.get('matchImageReferences')).map((each) => each.text('glob'));
  const isOdd = globs.some((glob) => glob === undefined || compileGlob(glob) === undefined);
  return isOdd ? 'it matches images by an expression' : undefined;
}

/** The lists of containers of which every image must be signed, by an expression that is understood. */
export function signedListsOf(spec: LocatedMap): string[] {
  return mapsOf(spec.get('validations')).flatMap((each) => matchCheck(each)?.list ?? []);
}

function matchCheck(validation: LocatedMap): { list: string; names: string } | undefined {
  const text = (validation.text('expression') ?? '').slice(0, 2000).replace(/\s/g, '');
  const [, written = '', , names = ''] = EVERY_IMAGE_SIGNED.exec(text) ?? [];
  const list = LISTS[written];
  return list === undefined ? undefined : { list, names };
}

function readCheck(
  validation: LocatedMap,
  attestors: ReadonlyMap<string, Attestor>,
): { readonly list: string; readonly set: AttestorSet } | undefined {
  const check = matchCheck(validation);
  if (check === undefined) return undefined;
  const named = check.names
    .split(',')
    .filter((name) => name !== '')
    .map((name) => attestors.get(name.replace(/^attestors\./, '')));
  const found = named.filter((attestor) => attestor !== undefined);
  return found.length === named.length
    ? { list: check.list, set: { attestors: found, count: 1 } }
    : undefined;
}

function toAttestor(attestor: LocatedMap): Attestor {
  const cosign = attestor.map('cosign');
  if (cosign === undefined) {
    return unread(
      'signatures of Notary are not checked here: only cosign and Sigstore bundles are',
    );
  }
  const odd = ['certificate', 'annotations', 'source', 'trustedRoot', 'tuf'];
  const [found] = odd.filter((field) => cosign.get(field) !== undefined);
  if (found !== undefined) return unread(`it has \`${found}\`, which is not followed here`);
  const log = cosign.map('ctlog');
  const own = ['rekorPubKey', 'ctLogPubKey', 'tsaCertChain'];
  if (own.some((field) => log?.text(field) !== undefined)) {
    return unread('it trusts a log or timestamps of its own');
  }
  const ignoresLog = isTrue(log?.get('insecureIgnoreTlog'));
  const forms = ['legacy', 'bundle'] as const;
  const keyless = cosign.map('keyless');
  if (keyless !== undefined) {
    if (keyless.get('roots') !== undefined || keyless.get('additionalExtensions') !== undefined) {
      return unread('it trusts certificate authorities of its own');
    }
    if (ignoresLog) return unread('it takes keyless signatures without a log');
    const identities = mapsOf(keyless.get('identities')).map((each) => toIdentity(each, 'exact'));
    const known = identities.filter((identity) => identity !== undefined);
    if (known.length < identities.length) {
      return unread('it gives a name and a pattern for the same thing');
    }
    const needsCertificateLog = !isTrue(log?.get('insecureIgnoreSCT'));
    return { kind: 'keyless', identities: known, needsCertificateLog, forms };
  }
  const key = cosign.map('key');
  const [pem] = keysIn(key?.text('data'));
  if (pem !== undefined) return { kind: 'key', key: pem, needsLog: !ignoresLog, forms };
  if (key?.get('kms') !== undefined) return unread('its key is in a key management service');
  if (key?.get('expression') !== undefined) return unread('an expression gives its key');
  return unread('its key is none that can be read');
}

function unread(reason: string): Attestor {
  return { kind: 'unread', reason };
}
