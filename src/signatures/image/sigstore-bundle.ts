import { createHash } from 'node:crypto';

import type { Bundle } from '@sigstore/bundle';
import { bundleFromJSON } from '@sigstore/bundle';

import type { RawSignature } from '../../model/image.ts';
import { field, readJson } from './json.ts';

/** A signature in the one form that is verified, and what it says it was made for. */
export interface ReadSignature {
  readonly bundle: Bundle;
  /** What is signed beside the bundle; absent where the bundle holds it. */
  readonly artifact?: Buffer;
  /** The bytes that the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
  /** Whether what is signed names the image with this digest. */
  readonly names: (digest: string) => boolean;
}

const IN_TOTO = 'application/vnd.in-toto+json';

/** Reads hostile material; undefined where it is no signature of an image. */
export function readSignature(raw: RawSignature): ReadSignature | undefined {
  try {
    return raw.form === 'legacy' ? readLegacy(raw) : readBundle(raw.json);
  } catch {
    return undefined;
  }
}

/** A DSSE envelope whose statement names subjects. */
function readBundle(json: string): ReadSignature | undefined {
  const bundle = bundleFromJSON(JSON.parse(json));
  if (bundle.content.$case !== 'dsseEnvelope') return undefined;
  const { payloadType, payload, signatures } = bundle.content.dsseEnvelope;
  const [only] = signatures;
  if (payloadType !== IN_TOTO || only === undefined || signatures.length > 1) return undefined;
  const subjects = field(readJson(payload.toString()), 'subject');
  if (!Array.isArray(subjects)) return undefined;
  return {
    bundle,
    signed: Buffer.concat([
      Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${payload.length} `),
      payload,
    ]),
    signature: only.sig,
    names: (digest) =>
      subjects.some((subject) => {
        const named = field(subject, 'digest', 'sha256');
        return typeof named === 'string' && `sha256:${named}` === digest;
      }),
  };
}

/** Simple signing: the signature is over the payload's bytes, and the payload names the image. */
function readLegacy(raw: Extract<RawSignature, { form: 'legacy' }>): ReadSignature | undefined {
  const artifact = Buffer.from(raw.payload, 'base64');
  const claim = readJson(artifact.toString());
  if (field(claim, 'critical', 'type') !== 'cosign container image signature') return undefined;
  const named = field(claim, 'critical', 'image', 'docker-manifest-digest');
  const entry = raw.log === undefined ? undefined : toLogEntry(raw.log);
  const stamp = raw.timestamp === undefined ? undefined : readJson(raw.timestamp);
  const signedTimestamp = field(stamp, 'SignedRFC3161Timestamp');
  const bundle = bundleFromJSON({
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      ...(raw.certificate === undefined
        ? { publicKey: { hint: '' } }
        : { x509CertificateChain: { certificates: [{ rawBytes: toDer(raw.certificate) }] } }),
      tlogEntries: entry === undefined ? [] : [entry],
      ...(typeof signedTimestamp === 'string' && {
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp }] },
      }),
    },
    messageSignature: {
      messageDigest: {
        algorithm: 'SHA2_256',
        digest: createHash('sha256').update(artifact).digest('base64'),
      },
      signature: raw.signature,
    },
  });
  const signature = Buffer.from(raw.signature, 'base64');
  return { bundle, artifact, signed: artifact, signature, names: (digest) => named === digest };
}

/** The annotation that cosign writes, as an entry of a bundle; undefined where it is none. */
function toLogEntry(json: string): object | undefined {
  const parsed = readJson(json);
  const said = field(parsed, 'Payload');
  const [body, id] = [field(said, 'body'), field(said, 'logID')];
  const [time, index] = [field(said, 'integratedTime'), field(said, 'logIndex')];
  const record = typeof body === 'string' ? readJson(Buffer.from(body, 'base64').toString()) : null;
  const [kind, version] = [field(record, 'kind'), field(record, 'apiVersion')];
  const promise = field(parsed, 'SignedEntryTimestamp');
  const isWhole =
    typeof promise === 'string' &&
    typeof id === 'string' &&
    typeof kind === 'string' &&
    typeof version === 'string' &&
    Number.isSafeInteger(time) &&
    Number.isSafeInteger(index);
  if (!isWhole) return undefined;
  return {
    logIndex: String(index),
    logId: { keyId: Buffer.from(id, 'hex').toString('base64') },
    kindVersion: { kind, version },
    integratedTime: String(time),
    inclusionPromise: { signedEntryTimestamp: promise },
    canonicalizedBody: body,
  };
}

function toDer(pem: string): string {
  return pem.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
}
