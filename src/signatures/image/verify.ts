import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';

import type { SignedEntity, Signer, TrustMaterial } from '@sigstore/verify';
import { PolicyError, toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';

import type {
  Attestor,
  AttestorVerdict,
  ImageFact,
  ImageMaterial,
  KeyAttestor,
  KeylessAttestor,
  RawSignature,
} from '../../model/image.ts';
import { readPublicKey } from '../../model/public-key.ts';
import { matchIdentity } from './identity.ts';
import { asSigned, asStamped } from './octets.ts';
import { isSignedBy } from './public-key.ts';
import { type ReadSignature, readSignature } from './sigstore-bundle.ts';
import { withAnyFraction } from './timestamp.ts';
import { trustOf } from './trust.ts';

/** Judges the signatures that lie beside an image. All material is attacker-controlled. */
export function judgeImage(material: ImageMaterial, attestors: readonly Attestor[]): ImageFact {
  return {
    digest: material.digest,
    ...(material.isMissing && { isMissing: true as const }),
    ...(material.isHidden && { isHidden: true as const }),
    signatures: material.signatures.length,
    verdicts: attestors.map((attestor) => judge(material, attestor)),
  };
}

function judge(material: ImageMaterial, attestor: Attestor): AttestorVerdict {
  const { signatures, cut, digest, isMissing, isHidden } = material;
  if (isMissing) return { state: 'unknown', reason: 'the registry has no such image' };
  if (isHidden) {
    return { state: 'unknown', reason: 'the registry has no such image, or does not show it here' };
  }
  const unsigned = (reason: string): AttestorVerdict =>
    cut === undefined ? { state: 'unsigned', reason } : { state: 'unknown', reason: cut };
  if (attestor.kind === 'unread') {
    return signatures.length === 0
      ? unsigned('it has no signature')
      : { state: 'unknown', reason: attestor.reason };
  }
  const trust = readTrust(material.trust);
  if (trust === undefined) {
    return { state: 'unknown', reason: "the operator's Sigstore trust root cannot be read" };
  }
  const judgeOne = judgeBy(attestor, trust);
  if (judgeOne === undefined) {
    return { state: 'unknown', reason: 'the key of the policy is unreadable' };
  }
  const relevant = signatures.filter(({ form }) => attestor.forms.includes(form));
  if (relevant.length === 0) return unsigned(sayMissing(signatures, attestor.forms));
  const answers = relevant.map((raw): Answer => {
    const read = readSignature(raw);
    if (read === undefined) return 'malformed';
    try {
      return judgeOne(read, raw, digest);
    } catch {
      // The library reads certificates and timestamps when it is asked, and throws what it likes.
      return 'malformed';
    }
  });
  // An exact match stands above a loose one, and both above every refusal.
  const signed = answers.filter((answer) => typeof answer !== 'string');
  const best = signed.find(({ isLoose }) => isLoose === undefined) ?? signed[0];
  if (best !== undefined) return best;
  const refusals = answers.filter((answer) => typeof answer === 'string');
  if (refusals.includes('log-unknown')) {
    const reason =
      'its signature is by whom the policy names, in a log that the Sigstore trust root does not know';
    return { state: 'unknown', reason };
  }
  return unsigned(WORDS[refusals.find((each) => each !== 'other-key') ?? 'other-key']);
}

type Signed = Extract<AttestorVerdict, { state: 'signed' }>;
type Answer = Signed | Refusal;
type Refusal = keyof typeof WORDS;
type JudgeOne = (read: ReadSignature, raw: RawSignature, digest: string) => Answer;

const WORDS = {
  'other-key': 'none of its signatures is by the key of the policy',
  'other-identity': 'its signature is by another identity than the policy names',
  'other-image': 'the signature beside it was made for another image',
  'not-logged': 'its signature has no entry of the public log, which the policy demands',
  'false-log': 'the entry of the public log beside its signature does not prove it',
  'log-unknown': 'the log of its signature is not known',
  'no-time': 'nothing witnesses when it was signed, which the policy demands',
  'untrusted-certificate':
    'its certificate is not of Sigstore, or was not valid when the signature was made',
  'no-certificate': 'its signatures are by keys, and the policy asks for an identity',
  malformed: 'the signature beside it cannot be read',
} as const;

function sayMissing(all: readonly RawSignature[], forms: readonly string[]): string {
  if (all.length === 0) return 'it has no signature';
  return `its signatures are not in the form that the policy looks for (${forms.join(', ')})`;
}

function readTrust(json: string | undefined): TrustMaterial | undefined {
  try {
    return trustOf(json);
  } catch {
    return undefined;
  }
}

/** Undefined where the attestor cannot be asked for. */
function judgeBy(attestor: KeyAttestor | KeylessAttestor, trust: TrustMaterial) {
  if (attestor.kind === 'keyless') return judgeKeyless(attestor, trust);
  const key = readPublicKey(attestor.key);
  return key && judgeKey(attestor, key, trust);
}

/** By the key of the policy, never by what the signed object says of itself. */
function judgeKey(attestor: KeyAttestor, key: KeyObject, trust: TrustMaterial): JudgeOne {
  const { needsLog, needsTime = false } = attestor;
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  const signed = { state: 'signed', by: `key SHA256:${fingerprint.slice(0, 16)}` } as const;
  const trusted = { ...trust, publicKey: () => ({ publicKey: key, validFor: () => true }) };
  return (read, raw, digest) => {
    // Whose signature it is comes first: only then does it matter what stands beside it.
    if (!isSignedBy(key, read.signed, read.signature)) return 'other-key';
    if (!read.names(digest)) return 'other-image';
    const isTimed = needsTime && raw.form === 'bundle';
    if (!needsLog && !isTimed) return signed;
    const entity = { ...entityOf(read), key: { $case: 'public-key', hint: '' } as const };
    if (needsLog && entity.tlogEntries.length === 0) return 'not-logged';
    if (hasUnknownLog(entity, trust)) return 'log-unknown';
    const whole = verify(entity, trusted, [needsLog ? 1 : 0, isTimed ? 1 : 0]);
    return typeof whole === 'string' ? whole : signed;
  };
}

/** By a certificate of Fulcio, of the time that the log witnesses. */
function judgeKeyless(attestor: KeylessAttestor, trust: TrustMaterial): JudgeOne {
  const scts = attestor.needsCertificateLog ? 1 : 0;
  return (read, _raw, digest) => {
    const entity = entityOf(read);
    if (entity.key.$case !== 'certificate') return 'no-certificate';
    if (entity.tlogEntries.length === 0) return 'not-logged';
    const isUnknown = hasUnknownLog(entity, trust);
    const checked = isUnknown ? { ...entity, tlogEntries: [] } : entity;
    const signer = verify(checked, trust, [isUnknown ? 0 : 1, 1, scts]);
    if (typeof signer === 'string') return signer;
    if (!read.names(digest)) return 'other-image';
    const subject = signer.identity?.subjectAlternativeName ?? '';
    const issuer = signer.identity?.extensions?.issuer ?? '';
    const match = matchIdentity(attestor.identities, { subject, issuer });
    if (match === 'none') return 'other-identity';
    if (isUnknown) return 'log-unknown';
    const by = `${subject} (${issuer})`.slice(0, 300);
    return { state: 'signed', by, ...(match === 'loose' && { isLoose: true as const }) };
  };
}

/**
 * The library takes SHA-256 for every kind of key; the hash is that of the key instead.
 *
 * @throws when a certificate or a timestamp is none
 */
function entityOf({ bundle, artifact, signed, signature }: ReadSignature): SignedEntity {
  const entity = toSignedEntity(bundle, artifact);
  const verifySignature = (key: KeyObject) => isSignedBy(key, signed, signature);
  const content = Object.create(entity.signature, {
    verifySignature: { value: verifySignature },
  }) as SignedEntity['signature'];
  if (entity.key.$case === 'certificate') asSigned(entity.key.certificate);
  const timestamps = entity.timestamps.map((stamp) => withAnyFraction(asStamped(stamp)));
  return { ...entity, signature: content, timestamps };
}

/** Whether an entry is of a log that came after the trust root. */
function hasUnknownLog({ tlogEntries }: SignedEntity, { tlogs }: TrustMaterial): boolean {
  return tlogEntries.some(({ logId }) => !tlogs.some(({ logID }) => logID.equals(logId.keyId)));
}

type Thresholds = readonly [tlog: number, timestamp: number, ctlog?: number];

function verify(
  entity: SignedEntity,
  trust: TrustMaterial,
  [tlogThreshold, timestampThreshold, ctlogThreshold = 0]: Thresholds,
): Signer | Refusal {
  try {
    const thresholds = { tlogThreshold, timestampThreshold, ctlogThreshold };
    return new Verifier(trust, thresholds).verify(entity);
  } catch (error) {
    if (error instanceof PolicyError) return 'other-identity';
    return error instanceof VerificationError ? toRefusal(error.code) : 'malformed';
  }
}

function toRefusal(code: VerificationError['code']): Refusal {
  switch (code) {
    case 'SIGNATURE_ERROR':
    case 'PUBLIC_KEY_ERROR':
      return 'other-key';
    case 'CERTIFICATE_ERROR':
      return 'untrusted-certificate';
    case 'TIMESTAMP_ERROR':
      return 'no-time';
    case 'NOT_IMPLEMENTED_ERROR':
      return 'malformed';
    default:
      return 'false-log';
  }
}
