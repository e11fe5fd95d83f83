import {
  type EvidenceRequest,
  type Facts,
  type ImageRequest,
  keyOfRequest,
} from '../../model/evidence.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { AttestorVerdict } from '../../model/image.ts';
import type { ClusterChangeRule } from '../rule.ts';
import { type Artifact, artifactsOf } from './artifacts/artifacts.ts';
import { elect } from './artifacts/elected.ts';
import { clusterChanges } from './coverage.ts';
import { ociRepository } from './examples.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

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
      'An OCIRepository, HelmChart or HelmRelease with `verify` refuses what is not signed: Flux keeps the old version, and nothing that depends on the new one arrives.',
    allows: [
      'Looks at OCIRepositories, and at HelmCharts and HelmReleases with an OCI HelmRepository, that are new or change their address, version or `verify`, at the registries that the operator lists.',
      'Of a range the tags of the repository are listed, and the one that Flux takes now is looked at. Of more than 50,000 tags it is unknown.',
      'Whose signature counts is told by `verify` as the base branch has it; for a new source, or where only `verify` changes, by its own. Keys come from the Secret, where the repository holds it.',
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
  needs: (change, { facts }) =>
    change.before === undefined
      ? []
      : clusterChanges(change).flatMap((each) =>
          artifactsOf(each).flatMap((artifact): EvidenceRequest[] => {
            const asked = requestFor(artifact, facts);
            return 'reason' in asked ? [] : [asked];
          }),
        ),
  evaluate(change, { facts }) {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    for (const artifact of artifactsOf(change)) {
      const answer = judge(artifact, facts);
      if (answer === undefined) continue;
      if ('reason' in answer) unknowns.push(answer);
      else faults.push(answer);
    }
    return { faults, unknowns };
  },
};

/** What is to be asked next; of a range its tags first. A reason is a sentence. */
function requestFor(
  { fetched, attestors }: Artifact,
  { tags }: Facts,
): ImageRequest | { kind: 'tags'; repository: string } | { reason: string } {
  if (fetched.state === 'unknown') return { reason: `Of its source, ${fetched.reason}.` };
  if (fetched.state === 'fixed') return { kind: 'image', reference: fetched.reference, attestors };
  const { repository } = fetched;
  const listed = tags?.get(repository);
  if (listed === undefined) return { kind: 'tags', repository };
  if (listed.state === 'unknown') return { reason: listed.reason };
  const elected = elect(fetched, listed.value);
  if ('reason' in elected) return elected;
  return { kind: 'image', reference: elected.reference, attestors };
}

function judge(artifact: Artifact, facts: Facts): Fault | UnknownFact | undefined {
  const { object, kind, fetched } = artifact;
  const asked = requestFor(artifact, facts);
  const unknown = (name: string, why: string): UnknownFact => ({
    rule: unsignedArtifact.id,
    reason: `Whether ${name} is signed is not known. ${why}`,
    place: placeOf(object.resource.root, kind.version),
    cause: 'environment',
  });
  if ('reason' in asked || asked.kind === 'tags') {
    const what =
      fetched.state === 'range'
        ? `what "${fetched.range}" chooses of ${fetched.repository}`
        : `what ${nameOf(object)} fetches`;
    return unknown(what, 'reason' in asked ? asked.reason : 'Its registry was not asked.');
  }
  const name = `artifact ${asked.reference}`;
  const fact = facts.images.get(keyOfRequest(asked));
  if (fact?.state !== 'known') return unknown(name, fact?.reason ?? 'Its registry was not asked.');
  const { verdicts } = fact.value;
  const signed = verdicts.filter(({ state }) => state === 'signed').length;
  if (signed > 0) {
    // Of several keys of a chart Flux stops at the first that fails, in no fixed order.
    if (!isChart(artifact) || signed === verdicts.length) return undefined;
    return unknown(
      name,
      'Not all keys of its source verify it, and Flux may stop at one of these.',
    );
  }
  const open = verdicts.find(({ state }) => state === 'unknown');
  if (open?.state === 'unknown') return unknown(name, `For its source, ${open.reason}.`);
  const closed = verdicts.find(({ state }) => state === 'unsigned');
  if (closed?.state !== 'unsigned') return unknown(name, 'Its source names no key.');
  const chosen = fetched.state === 'range' ? `, which "${fetched.range}" chooses now` : '';
  return faultAt(object, kind.version, {
    rule: unsignedArtifact.id,
    effect: 'denied',
    message: `${nameOf(object)} verifies ${asked.reference}${chosen}, and does not find it signed: ${closed.reason}.`,
    remedy: remedy('Use a version that is signed, or mend the key or identity.', object),
  });
}

function isChart({ object }: Artifact): boolean {
  return object.resource.kind !== 'OCIRepository';
}
