import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';

import type { RawSignature } from '../../../src/model/image.ts';

/** A Sigstore of our own: certificates, certificate log and Rekor, with the root that trusts it. */
export interface Sigstore {
  /** JSON, as an operator gives it. */
  readonly trust: string;
  readonly certify: (subject: string, issuer?: string, key?: Signer) => Promise<Signer>;
  readonly legacy: (digest: string, how: Making) => Promise<Legacy>;
  readonly bundle: (digest: string, how: Making) => Promise<Bundled>;
}

export type Legacy = Extract<RawSignature, { form: 'legacy' }>;
export type Bundled = Extract<RawSignature, { form: 'bundle' }>;

export interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** DER; absent for a mere key. */
  readonly certificate?: Buffer;
}

/** An entry as Rekor's API gives it. */
interface Logged {
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly logID: string;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly checkpoint: string;
    };
  };
}

interface Making {
  readonly by: Signer;
  /** Whether the log is told; it is by default. */
  readonly log?: boolean;
  /** What the payload says it is for; the image itself by default. */
  readonly claims?: string;
}

export const ISSUER = 'https://token.actions.githubusercontent.com';
const IN_TOTO = 'application/vnd.in-toto+json';

export function newKey(): Signer {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function pemOf({ publicKey }: Signer): string {
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** @param skew how far the certificates' clock runs behind the log's, milliseconds */
export async function startSigstore({ skew = 0 } = {}): Promise<Sigstore> {
  const now = Date.now();
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ctlog = await initializeCTLog(pair(), new Date(now - skew));
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const ca = await initializeCA(authority, ctlog, new Date(now - skew));
  // The root certificate counts from when it was made, however long making it took.
  const rekor = await initializeTLog('https://rekor.example', pair(), new Date());

  const verifierOf = ({ certificate, publicKey }: Signer) => {
    const pem =
      certificate === undefined
        ? publicKey.export({ type: 'spki', format: 'pem' }).toString()
        : toPem(certificate);
    return base64(pem);
  };

  async function logged(entry: object): Promise<Logged> {
    const answer: unknown = await rekor.log(entry);
    const [made] = Object.values(answer as Record<string, Logged>);
    if (made === undefined) throw new Error('No entry was made.');
    return made;
  }

  return {
    trust: JSON.stringify({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [trustedLog(rekor.publicKey)],
      certificateAuthorities: [
        {
          subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
          uri: 'https://fulcio.example',
          certChain: { certificates: [{ rawBytes: base64(bytes(ca.rootCertificate)) }] },
          validFor: { start: '2020-01-01T00:00:00Z' },
        },
      ],
      ctlogs: [trustedLog(ctlog.publicKey)],
      timestampAuthorities: [],
    }),
    async certify(subject, issuer = ISSUER, { privateKey, publicKey } = newKey()) {
      const certificate = await ca.issueCertificate({
        publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
        subjectAltName: subject,
        extensions: [{ oid: '1.3.6.1.4.1.57264.1.8', value: issuer }],
      });
      return { privateKey, publicKey, certificate: bytes(certificate) };
    },
    async legacy(digest, { by, log = true, claims = digest }) {
      const payload = Buffer.from(
        JSON.stringify({
          critical: {
            identity: { 'docker-reference': '' },
            image: { 'docker-manifest-digest': claims },
            type: 'cosign container image signature',
          },
          optional: null,
        }),
      );
      const signature = sign('sha256', payload, by.privateKey).toString('base64');
      const raw: Legacy = {
        form: 'legacy',
        payload: payload.toString('base64'),
        signature,
        ...(by.certificate && { certificate: toPem(by.certificate) }),
      };
      if (!log) return raw;
      const entry = await logged({
        kind: 'hashedrekord',
        apiVersion: '0.0.1',
        spec: {
          data: { hash: { algorithm: 'sha256', value: hex(payload) } },
          signature: { content: signature, publicKey: { content: verifierOf(by) } },
        },
      });
      const { body, integratedTime, logIndex, logID, verification } = entry;
      const said = {
        SignedEntryTimestamp: verification.signedEntryTimestamp,
        Payload: { body, integratedTime, logIndex, logID },
      };
      return { ...raw, log: JSON.stringify(said) };
    },
    async bundle(digest, { by, log = true, claims = digest }) {
      const subject = [{ name: '', digest: { sha256: claims.slice('sha256:'.length) } }];
      const statement = Buffer.from(
        JSON.stringify({
          _type: 'https://in-toto.io/Statement/v1',
          subject,
          predicateType: 'https://sigstore.dev/cosign/sign/v1',
          predicate: {},
        }),
      );
      const head = Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${statement.length} `);
      const sig = sign('sha256', Buffer.concat([head, statement]), by.privateKey);
      const envelope = {
        payload: statement.toString('base64'),
        payloadType: IN_TOTO,
        signatures: [{ sig: sig.toString('base64'), keyid: '' }],
      };
      const entry = !log
        ? undefined
        : await logged({
            kind: 'dsse',
            apiVersion: '0.0.1',
            spec: {
              envelopeHash: { algorithm: 'sha256', value: hex(JSON.stringify(envelope)) },
              payloadHash: { algorithm: 'sha256', value: hex(statement) },
              signatures: [{ signature: sig.toString('base64'), verifier: verifierOf(by) }],
            },
          });
      const proof = entry?.verification.inclusionProof;
      const entries =
        entry === undefined || proof === undefined
          ? []
          : [
              {
                logIndex: String(entry.logIndex),
                logId: { keyId: Buffer.from(entry.logID, 'hex').toString('base64') },
                kindVersion: { kind: 'dsse', version: '0.0.1' },
                integratedTime: String(entry.integratedTime),
                inclusionPromise: {
                  signedEntryTimestamp: entry.verification.signedEntryTimestamp,
                },
                inclusionProof: {
                  logIndex: String(proof.logIndex),
                  treeSize: String(proof.treeSize),
                  rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
                  hashes: [],
                  checkpoint: { envelope: proof.checkpoint },
                },
                canonicalizedBody: entry.body,
              },
            ];
      const json = JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          ...(by.certificate
            ? { certificate: { rawBytes: base64(by.certificate) } }
            : { publicKey: { hint: 'key' } }),
          tlogEntries: entries,
        },
        dsseEnvelope: envelope,
      });
      return { form: 'bundle', json };
    },
  };
}

function trustedLog(publicKey: Buffer): object {
  return {
    baseUrl: 'https://rekor.example',
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: base64(publicKey),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: '2020-01-01T00:00:00Z' },
    },
    logId: { keyId: createHash('sha256').update(publicKey).digest('base64') },
  };
}

/** The bytes of a view. */
export function bytes(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function base64(content: Buffer | string): string {
  return Buffer.from(content).toString('base64');
}

function hex(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
