import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { type Facts, type ImageRequest, keyOfRequest } from '../../model/evidence.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { Attestor, AttestorVerdict } from '../../model/image.ts';
import type { LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterChange, ClusterChangeRule } from '../rule.ts';
import { clusterChanges } from './coverage.ts';
import { ociRepository } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';
import { keysOfSecret } from './verifiers/keys.ts';
import { mapsOf } from './verifiers/nodes.ts';

const VERIFY = `  verify:
    provider: cosign
    matchOIDCIdentity:
      - issuer: ^https://token\\.actions\\.githubusercontent\\.com$
        subject: ^https://github\\.com/stefanprodan/podinfo/.*$
`;
const source = (tag: string) => ociRepository(`  ref:\n    tag: ${tag}\n${VERIFY}`);

function answer(tag: string, verdict: AttestorVerdict): Facts['images'] {
  const identity = {
    issuer: { how: 'regex', text: '^https://token\\.actions\\.githubusercontent\\.com$' },
    subject: { how: 'regex', text: '^https://github\\.com/stefanprodan/podinfo/.*$' },
  } as const;
  const request: ImageRequest = {
    kind: 'image',
    reference: `ghcr.io/stefanprodan/manifests/podinfo:${tag}`,
    attestors: [
      {
        kind: 'keyless',
        identities: [identity],
        needsCertificateLog: true,
        forms: ['legacy', 'bundle'],
      },
    ],
  };
  const value = { digest: `sha256:${'0'.repeat(64)}`, signatures: 0, verdicts: [verdict] };
  return new Map([[keyOfRequest(request), { state: 'known', value }]]);
}

/** A new version of an artifact without the signature that its OCIRepository demands. */
export const unsignedArtifact: ClusterChangeRule = {
  id: 'image-policy/unsigned-artifact',
  area: 'image-policy',
  title: 'Artifact without the signature that its source demands',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'An OCIRepository with `verify` refuses an artifact that is not signed: Flux keeps the old version, and nothing that depends on the new one arrives.',
    allows: [
      'Looks at OCIRepositories that are new or change their address, tag or digest, at the registries that the operator lists.',
      'Whose signature counts is told by `spec.verify` as the base branch has it; for a new source by its own. Keys come from the Secret, where the repository holds it.',
      'It counts for this artifact only: the images that the manifests in it name are not covered by it.',
    ],
    fix: 'Use a version that is signed, or mend the key or the identity.',
    exception: 'None that works: Flux refuses the artifact whatever is waived here.',
    given: {
      before: { 'apps/source.yaml': source('6.5.3') },
      facts: {
        images: new Map([
          ...answer('6.5.4', { state: 'unsigned', reason: 'it has no signature' }),
          ...answer('6.5.5', { state: 'signed' }),
        ]),
      },
    },
    bad: { 'apps/source.yaml': source('6.5.4') },
    good: { 'apps/source.yaml': source('6.5.5') },
    links: ['https://fluxcd.io/flux/components/source/ocirepositories/#verification'],
  },
  needs: (change) =>
    change.before === undefined
      ? []
      : clusterChanges(change).flatMap((each) => artifactsOf(each).map(({ request }) => request)),
  evaluate(change, { facts }) {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    for (const { object, request } of artifactsOf(change)) {
      const fact = facts.images.get(keyOfRequest(request));
      const verdicts = fact?.state === 'known' ? fact.value.verdicts : [];
      if (verdicts.some(({ state }) => state === 'signed')) continue;
      const open = verdicts.find(({ state }) => state === 'unknown');
      const closed = verdicts.find(({ state }) => state === 'unsigned');
      if (open === undefined && closed?.state === 'unsigned') {
        faults.push(
          faultAt(object, ['spec', 'ref'], {
            rule: unsignedArtifact.id,
            effect: 'denied',
            message: `${nameOf(object)} verifies ${request.reference}, and does not find it signed: ${closed.reason}.`,
            remedy: remedy('Use a version that is signed, or mend the key or identity.', object),
          }),
        );
        continue;
      }
      const why =
        open?.state === 'unknown'
          ? `For its source, ${open.reason}.`
          : fact?.state === 'unknown'
            ? fact.reason
            : 'Its registry was not asked.';
      unknowns.push({
        rule: unsignedArtifact.id,
        reason: `Whether artifact ${request.reference} is signed is not known. ${why}`,
        place: placeOf(object.resource.root, ['spec', 'ref']),
        cause: 'environment',
      });
    }
    return { faults, unknowns };
  },
};

interface Artifact {
  readonly object: ClusterObject;
  readonly request: ImageRequest;
}

/** Sources with a fixed version that is new, and with `verify`. */
function artifactsOf({ before, after }: ClusterChange): Artifact[] {
  if (before === undefined) return [];
  const known = new Map(before.objects.filter(isSource).map((each) => [keyOf(each), each]));
  return after.objects.filter(isSource).flatMap((object): Artifact[] => {
    const was = known.get(keyOf(object));
    const reference = referenceOf(object);
    if (reference === undefined || (was && referenceOf(was) === reference)) return [];
    // A pull request that changes whose signature counts does not decide about itself.
    const verify = verifyOf(was) ?? verifyOf(object);
    if (verify === undefined) return [];
    const attestors = attestorsOf(verify, object.namespace, was ? before : after);
    return [{ object, request: { kind: 'image', reference, attestors } }];
  });
}

function attestorsOf(
  verify: LocatedMap,
  namespace: string | undefined,
  cluster: Cluster,
): Attestor[] {
  const unread = (reason: string): Attestor[] => [{ kind: 'unread', reason }];
  if ((verify.text('provider') ?? 'cosign') !== 'cosign') {
    return unread('signatures of Notation are not checked here');
  }
  if (verify.get('trustedRootSecretRef') !== undefined) {
    return unread('it trusts a Sigstore of its own');
  }
  const forms = ['legacy', 'bundle'] as const;
  const secret = verify.map('secretRef')?.text('name');
  if (secret !== undefined) {
    const isKey = (entry: string) => entry.endsWith('.pub');
    const keys = keysOfSecret(cluster, { namespace, name: secret }, isKey);
    if ('reason' in keys) return unread(keys.reason);
    // Flux asks no log where it has a key.
    return keys.pems.map((key) => ({ kind: 'key', key, needsLog: false, forms }));
  }
  const identities = mapsOf(verify.get('matchOIDCIdentity')).map((each) => ({
    issuer: { how: 'regex', text: each.text('issuer') ?? '' } as const,
    subject: { how: 'regex', text: each.text('subject') ?? '' } as const,
  }));
  return [{ kind: 'keyless', identities, needsCertificateLog: true, forms }];
}

function verifyOf(object: ClusterObject | undefined): LocatedMap | undefined {
  const verify = object?.resource.root.map('spec')?.map('verify');
  return verify !== undefined && verify.entries.length > 0 ? verify : undefined;
}

/** Undefined where a range or a variable decides. */
function referenceOf({ resource: { root } }: ClusterObject): string | undefined {
  const spec = root.map('spec');
  const url = spec?.text('url') ?? '';
  const ref = spec?.map('ref');
  const [digest, tag] = [ref?.text('digest'), ref?.text('tag')];
  if (!url.startsWith('oci://') || url.includes('${')) return undefined;
  const name = url.slice('oci://'.length);
  if (digest !== undefined) return `${name}@${digest}`;
  if (ref?.get('semver') !== undefined || tag === undefined || tag.includes('${')) return undefined;
  return `${name}:${tag}`;
}

function isSource({ resource: { apiVersion, kind } }: ClusterObject): boolean {
  return kind === 'OCIRepository' && groupOf(apiVersion) === 'source.toolkit.fluxcd.io';
}

function keyOf({ namespace, resource: { plainName } }: ClusterObject): string {
  return JSON.stringify([namespace, plainName]);
}
