import { createHash, generateKeyPairSync } from 'node:crypto';

import { initializeTSA } from '@sigstore/mock';
import { beforeAll, expect, it } from 'vitest';

import type { Attestor, RawSignature } from '../../../src/model/image.ts';
import { judgeImage } from '../../../src/signatures/image/verify.ts';
import { bytes, ISSUER, newKey, pemOf, type Sigstore, startSigstore } from './sigstore.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const WORKFLOW = 'https://github.com/acme/web/.github/workflows/release.yaml@refs/heads/main';
const SHA256 = '2.16.840.1.101.3.4.2.1';

interface Authority {
  /** Its word for a time at which it saw this, base64. */
  readonly stamp: (content: Buffer) => Promise<string>;
  readonly trusted: object;
}

const trusted = newKey();
let sigstore: Sigstore;
let known: Authority;
let stranger: Authority;

/**
 * A time while the certificates of the mock are valid, which they are from now on.
 *
 * @param milliseconds the fraction of its second
 */
function inAnHour(milliseconds: number): Date {
  return new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000 + milliseconds);
}

/** @param milliseconds the fraction of a second that its times have */
async function startAuthority(milliseconds = 0): Promise<Authority> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const authority = await initializeTSA(pair, inAnHour(milliseconds));
  const certificates = [authority.intCertificate, authority.rootCertificate].map((each) => ({
    rawBytes: bytes(each).toString('base64'),
  }));
  return {
    stamp: async (content) => {
      const answer = await authority.timestamp({
        artifactHash: createHash('sha256').update(content).digest(),
        hashAlgorithmOID: SHA256,
        certReq: true,
        nonce: 7,
        policyOID: '1.3.6.1.4.1.57264.2',
      });
      return bytes(answer).toString('base64');
    },
    trusted: {
      subject: { organization: 'sigstore.mock', commonName: 'tsa' },
      uri: 'https://tsa.example',
      certChain: { certificates },
      validFor: { start: '2020-01-01T00:00:00Z' },
    },
  };
}

beforeAll(async () => {
  [sigstore, known, stranger] = await Promise.all([
    startSigstore(),
    startAuthority(),
    startAuthority(),
  ]);
});

/** A bundle without an entry of the log, with such timestamps. */
async function stamped(
  by: Parameters<Sigstore['bundle']>[1]['by'],
  stamps: (signature: Buffer) => Promise<string[]>,
): Promise<RawSignature> {
  const { json } = await sigstore.bundle(DIGEST, { by, log: false });
  const bundle = JSON.parse(json) as {
    verificationMaterial: object;
    dsseEnvelope: { signatures: { sig: string }[] };
  };
  const signature = Buffer.from(bundle.dsseEnvelope.signatures[0]?.sig ?? '', 'base64');
  const rfc3161Timestamps = (await stamps(signature)).map((signedTimestamp) => ({
    signedTimestamp,
  }));
  const verificationMaterial = {
    ...bundle.verificationMaterial,
    timestampVerificationData: { rfc3161Timestamps },
  };
  return { form: 'bundle', json: JSON.stringify({ ...bundle, verificationMaterial }) };
}

function said(raw: RawSignature, who: Attestor, authority = known): string {
  const trust = JSON.stringify({
    ...(JSON.parse(sigstore.trust) as object),
    timestampAuthorities: [authority.trusted],
  });
  const [verdict] = judgeImage({ digest: DIGEST, signatures: [raw], trust }, [who]).verdicts;
  return verdict === undefined || verdict.state === 'signed'
    ? 'signed'
    : `${verdict.state}: ${verdict.reason}`;
}

const key = (): Attestor => ({
  kind: 'key',
  key: pemOf(trusted),
  needsLog: false,
  needsTime: true,
  forms: ['bundle'],
});
const MALFORMED = 'unsigned: the signature beside it cannot be read';
const NO_TIME = 'unsigned: nothing witnesses when it was signed, which the policy demands';

it.each<[string, (signature: Buffer) => Promise<string[]>, string]>([
  ['of an authority that is trusted', async (it) => [await known.stamp(it)], 'signed'],
  ['of an authority that nobody trusts', async (it) => [await stranger.stamp(it)], NO_TIME],
  ['of something else', async () => [await known.stamp(Buffer.from('else'))], NO_TIME],
  ['that is none', () => Promise.resolve([Buffer.from('junk').toString('base64')]), MALFORMED],
  [
    'with one beside it that nobody trusts',
    async (it) => [await known.stamp(it), await stranger.stamp(it)],
    NO_TIME,
  ],
  ['that is absent', () => Promise.resolve([]), NO_TIME],
])(
  'takes for the time of a signature by key a timestamp %s only if it is proven',
  async (_, stamps, expected) => {
    expect(said(await stamped(trusted, stamps), key())).toBe(expected);
  },
);

it.each([
  ['none', 0],
  ['one digit', 400],
  ['two digits', 20],
  ['three digits', 7],
])('reads a time whose second has a fraction of %s', async (_, milliseconds) => {
  const authority = await startAuthority(milliseconds);
  const raw = await stamped(trusted, async (signature) => [await authority.stamp(signature)]);
  expect(said(raw, key(), authority)).toBe('signed');
});

it('stands for no entry of the log, which keyless signatures need', async () => {
  const by = await sigstore.certify(WORKFLOW);
  const raw = await stamped(by, async (signature) => [await known.stamp(signature)]);
  const keyless: Attestor = {
    kind: 'keyless',
    identities: [
      { issuer: { how: 'exact', text: ISSUER }, subject: { how: 'exact', text: WORKFLOW } },
    ],
    needsCertificateLog: true,
    forms: ['bundle'],
  };
  expect(said(raw, keyless)).toMatch(/^unsigned: /);
  expect(said(raw, { ...key(), needsLog: true } as Attestor)).toMatch(/^unsigned: /);
});

it('is no reason to fail where a certificate or timestamp is junk', async () => {
  const by = { ...(await sigstore.certify(WORKFLOW)), certificate: Buffer.from('junk') };
  const keyless: Attestor = {
    kind: 'keyless',
    identities: [],
    needsCertificateLog: true,
    forms: ['legacy', 'bundle'],
  };
  const bundle = await sigstore.bundle(DIGEST, { by });
  const legacy = await sigstore.legacy(DIGEST, { by });
  const timestamp = JSON.stringify({ SignedRFC3161Timestamp: 'anVuaw==' });
  for (const raw of [bundle, legacy, { ...legacy, timestamp }]) {
    expect(said(raw, keyless)).toMatch(/^unsigned: /);
  }
});
