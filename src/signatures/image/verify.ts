import type { KeyObject } from 'node:crypto';

import type {
  Attestor,
  AttestorVerdict,
  ImageFact,
  ImageMaterial,
  KeyAttestor,
  RawSignature,
} from '../../model/image.ts';
import { field, readJson } from './json.ts';
import { isSignedBy, readPublicKey } from './public-key.ts';
import { isLogged } from './transparency-log.ts';

/** Judges the signatures that lie beside an image. All material is attacker-controlled. */
export function judgeImage(material: ImageMaterial, attestors: readonly Attestor[]): ImageFact {
  return {
    digest: material.digest,
    signatures: material.signatures.length,
    verdicts: attestors.map((attestor) => judge(material, attestor)),
  };
}

function judge(material: ImageMaterial, attestor: Attestor): AttestorVerdict {
  const { signatures, cut } = material;
  const unsigned = (reason: string): AttestorVerdict =>
    cut === undefined ? { state: 'unsigned', reason } : { state: 'unknown', reason: cut };
  if (attestor.kind === 'unread') {
    return signatures.length === 0
      ? unsigned('it has no signature')
      : { state: 'unknown', reason: attestor.reason };
  }
  const key = readPublicKey(attestor.key);
  if (key === undefined) return { state: 'unknown', reason: 'the key of the policy is unreadable' };
  const relevant = signatures.filter(({ form }) => attestor.forms.includes(form));
  if (relevant.length === 0) return unsigned(sayMissing(signatures, attestor));
  const answers = relevant.map((signature) => judgeOne(signature, material.digest, key, attestor));
  if (answers.includes('signed')) return { state: 'signed' };
  if (answers.includes('log-unread')) {
    return {
      state: 'unknown',
      reason:
        'its signature is by the key of the policy, whose entry of the public log in the bundle is not checked by this version',
    };
  }
  const refusals = answers.filter((answer): answer is Refusal => answer in WORDS);
  return unsigned(WORDS[refusals.find((answer) => answer !== 'other-key') ?? 'other-key']);
}

/** `log-unread`: good but for an entry of the log that this version cannot check. */
type Answer = 'signed' | 'log-unread' | Refusal;
type Refusal = 'other-key' | 'other-image' | 'not-logged' | 'malformed';

const WORDS: Readonly<Record<Refusal, string>> = {
  'other-key': 'none of its signatures is by the key of the policy',
  'other-image': 'the signature beside it was made for another image',
  'not-logged': 'its signature has no entry of the public log, which the policy demands',
  malformed: 'the signature beside it cannot be read',
};

function sayMissing(all: readonly RawSignature[], { forms }: KeyAttestor): string {
  if (all.length === 0) return 'it has no signature';
  return `its signatures are not in the form that the policy looks for (${forms.join(', ')})`;
}

function judgeOne(
  signature: RawSignature,
  digest: string,
  key: KeyObject,
  attestor: KeyAttestor,
): Answer {
  return signature.form === 'legacy'
    ? judgeLegacy(signature, digest, key, attestor)
    : judgeBundle(signature.json, digest, key, attestor);
}

/** Simple signing: the signature is over the payload's bytes, and the payload names the image. */
function judgeLegacy(
  raw: Extract<RawSignature, { form: 'legacy' }>,
  digest: string,
  key: KeyObject,
  { needsLog }: KeyAttestor,
): Answer {
  const payload = Buffer.from(raw.payload, 'base64');
  if (!isSignedBy(key, payload, Buffer.from(raw.signature, 'base64'))) return 'other-key';
  const claim = readJson(payload.toString());
  if (field(claim, 'critical', 'type') !== 'cosign container image signature') return 'malformed';
  if (field(claim, 'critical', 'image', 'docker-manifest-digest') !== digest) return 'other-image';
  if (!needsLog) return 'signed';
  return raw.log !== undefined && isLogged(raw.log, payload, raw.signature)
    ? 'signed'
    : 'not-logged';
}

const IN_TOTO = 'application/vnd.in-toto+json';

/** A DSSE envelope: the signature is over its type and payload, and the payload names subjects. */
function judgeBundle(
  json: string,
  digest: string,
  key: KeyObject,
  { needsLog }: KeyAttestor,
): Answer {
  const envelope = field(readJson(json), 'dsseEnvelope');
  const [type, encoded] = [field(envelope, 'payloadType'), field(envelope, 'payload')];
  const signature = field(envelope, 'signatures', 0, 'sig');
  if (type !== IN_TOTO || typeof encoded !== 'string' || typeof signature !== 'string') {
    return 'malformed';
  }
  const payload = Buffer.from(encoded, 'base64');
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
  if (!isSignedBy(key, signed, Buffer.from(signature, 'base64'))) return 'other-key';
  const subjects = field(readJson(payload.toString()), 'subject');
  const names =
    Array.isArray(subjects) &&
    subjects.some((subject) => `sha256:${String(field(subject, 'digest', 'sha256'))}` === digest);
  if (!names) return 'other-image';
  if (!needsLog) return 'signed';
  const entry = field(readJson(json), 'verificationMaterial', 'tlogEntries', 0);
  return entry === undefined ? 'not-logged' : 'log-unread';
}
