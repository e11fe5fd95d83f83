import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import type {
  Attestor,
  AttestorVerdict,
  IdentityPattern,
  RawSignature,
  SignatureForm,
} from '../../../src/model/image.ts';
import { matchIdentity } from '../../../src/signatures/image/identity.ts';
import { judgeImage } from '../../../src/signatures/image/verify.ts';
import { ISSUER, newKey, pemOf, type Sigstore, startSigstore } from './sigstore.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER_IMAGE = `sha256:${'b'.repeat(64)}`;
const WORKFLOW = 'https://github.com/acme/web/.github/workflows/release.yaml@refs/heads/main';
const FORMS = ['legacy', 'bundle'] as const;

const trusted = newKey();
const other = newKey();
let sigstore: Sigstore;

beforeAll(async () => {
  sigstore = await startSigstore();
});

function key(needsLog: boolean, more: { needsTime?: boolean } = {}): Attestor {
  return { kind: 'key', key: pemOf(trusted), needsLog, forms: FORMS, ...more };
}

function keyless(...identities: IdentityPattern[]): Attestor {
  return { kind: 'keyless', identities, needsCertificateLog: true, forms: FORMS };
}

const exactly = (subject: string, issuer = ISSUER): IdentityPattern => ({
  issuer: { how: 'exact', text: issuer },
  subject: { how: 'exact', text: subject },
});

const pattern = (text: string): IdentityPattern => ({ subject: { how: 'regex', text } });

function verdictOf(raw: RawSignature, who: Attestor, trust = sigstore.trust): AttestorVerdict {
  const material = { digest: DIGEST, signatures: [raw], trust };
  const [verdict] = judgeImage(material, [who]).verdicts;
  if (verdict === undefined) throw new Error('No verdict.');
  return verdict;
}

function said(raw: RawSignature, who: Attestor, trust?: string): string {
  const verdict = verdictOf(raw, who, trust);
  if (verdict.state === 'signed') return verdict.isLoose ? 'signed loosely' : 'signed';
  return `${verdict.state}: ${verdict.reason}`;
}

describe.each(FORMS)('a signature by key, %s', (form: SignatureForm) => {
  it('counts with and without the log, and names the key', async () => {
    const raw = await sigstore[form](DIGEST, { by: trusted });
    expect(said(raw, key(true))).toBe('signed');
    expect(said(raw, key(false))).toBe('signed');
    const verdict = verdictOf(raw, key(true));
    expect(verdict.state === 'signed' && verdict.by).toMatch(/^key SHA256:[\w-]{16}$/);
  });

  it('without an entry of the log counts only where none is demanded', async () => {
    const raw = await sigstore[form](DIGEST, { by: trusted, log: false });
    expect(said(raw, key(false))).toBe('signed');
    expect(said(raw, key(true))).toBe(
      'unsigned: its signature has no entry of the public log, which the policy demands',
    );
  });

  it('with an entry of a log that the trust root does not know is unknown', async () => {
    const raw = await sigstore[form](DIGEST, { by: trusted });
    const { trust } = await startSigstore();
    expect(said(raw, key(true), trust)).toMatch(/^unknown: .* the Sigstore trust root does not/);
    expect(said(raw, key(false), trust)).toBe('signed');
  });

  it.each([
    ['another key', { by: other }, 'none of its signatures is by the key of the policy'],
    [
      'another image',
      { by: trusted, claims: OTHER_IMAGE },
      'the signature beside it was made for another image',
    ],
  ])('of %s is none', async (_, made, reason) => {
    const raw = await sigstore[form](DIGEST, made);
    expect(said(raw, key(true))).toBe(`unsigned: ${reason}`);
    expect(said(raw, key(false))).toBe(`unsigned: ${reason}`);
  });
});

describe('a false entry of the log', () => {
  it('is no proof beside a legacy signature', async () => {
    const raw = await sigstore.legacy(DIGEST, { by: trusted });
    const foreign = await sigstore.legacy(OTHER_IMAGE, { by: trusted });
    expect(said({ ...raw, ...(foreign.log && { log: foreign.log }) }, key(true))).toBe(
      'unsigned: the entry of the public log beside its signature does not prove it',
    );
    const moved = (raw.log ?? '').replace(/"integratedTime":\d+/, '"integratedTime":1');
    expect(said({ ...raw, log: moved }, key(true))).toMatch(/^unsigned: the entry of the public/);
    expect(said({ ...raw, log: '{"Payload":[]}' }, key(true))).toMatch(/^unsigned: .* no entry/);
  });

  it('is no proof in a bundle', async () => {
    const raw = await sigstore.bundle(DIGEST, { by: trusted });
    const moved = raw.json.replace(/"integratedTime":"\d+"/, '"integratedTime":"1"');
    expect(said({ form: 'bundle', json: moved }, key(true))).toMatch(/^unsigned: the entry of/);
  });
});

it('demands a witnessed time of a bundle where the engine does', async () => {
  const bare = await sigstore.bundle(DIGEST, { by: trusted, log: false });
  expect(said(bare, key(false, { needsTime: true }))).toBe(
    'unsigned: nothing witnesses when it was signed, which the policy demands',
  );
  const timed = await sigstore.bundle(DIGEST, { by: trusted });
  expect(said(timed, key(false, { needsTime: true }))).toBe('signed');
});

it.each(['{', '{}', '[]', 'null', '{"dsseEnvelope":[]}', '{"mediaType":1}', '"'.repeat(10_000)])(
  'takes %.20s for no signature',
  (json) => {
    expect(said({ form: 'bundle', json }, key(true))).toBe(
      'unsigned: the signature beside it cannot be read',
    );
  },
);

it.each([
  ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha256'],
])('refuses a %s signature whose hash is not that of the key', async (_name, pair) => {
  const raw = await sigstore.legacy(DIGEST, { by: pair, log: false });
  const who: Attestor = { kind: 'key', key: pemOf(pair), needsLog: false, forms: FORMS };
  const isRsa = pair.publicKey.asymmetricKeyType === 'rsa';
  expect(verdictOf(raw, who).state).toBe(isRsa ? 'signed' : 'unsigned');
});

describe.each(FORMS)('a keyless signature, %s', (form: SignatureForm) => {
  it('counts by its identity, and names it', async () => {
    const raw = await sigstore[form](DIGEST, { by: await sigstore.certify(WORKFLOW) });
    expect(verdictOf(raw, keyless(exactly(WORKFLOW)))).toEqual({
      state: 'signed',
      by: `${WORKFLOW} (${ISSUER})`,
    });
    expect(said(raw, keyless())).toBe('signed loosely');
    expect(said(raw, keyless(exactly('https://elsewhere'), exactly(WORKFLOW)))).toBe('signed');
  });

  it('counts also where the id of its key reads as DER, with a length longer than it has to be', async () => {
    // The SHA-1 of this key begins with 57 81 11.
    const key = createPrivateKey({
      format: 'jwk',
      key: {
        ...{ kty: 'EC', crv: 'P-256', d: 'nkks5PfQ_kCmwfpt1yjOxHvBNgt1nUk5vYs6cmmWBcc' },
        x: 'RhYntrGKxUL_vICd3e2AliB3ifcnxuuHCYklbbwCI_c',
        y: 'qwGU41Ti42M3rjSo0dqyDzNbt3Gp9hlF3ufNSu2pI38',
      },
    });
    const pair = { privateKey: key, publicKey: createPublicKey(key) };
    const raw = await sigstore[form](DIGEST, {
      by: await sigstore.certify(WORKFLOW, ISSUER, pair),
    });
    expect(said(raw, keyless(exactly(WORKFLOW)))).toBe('signed');
  });

  it.each([
    ['a longer host', `https://github.com.evil.example/acme/web`],
    ['a longer name', `${WORKFLOW}-evil`],
    ['a prefix before it', `https://evil.example/?${WORKFLOW}`],
    ['a part of it', WORKFLOW.slice(0, -1)],
  ])('of %s is of another identity', async (_, subject) => {
    const raw = await sigstore[form](DIGEST, { by: await sigstore.certify(subject) });
    const reason = 'unsigned: its signature is by another identity than the policy names';
    expect(said(raw, keyless(exactly(WORKFLOW)))).toBe(reason);
    expect(said(raw, keyless(pattern(`^${WORKFLOW.replaceAll('.', '\\.')}$`)))).toBe(reason);
  });

  it('of another issuer is of another identity', async () => {
    const by = await sigstore.certify(WORKFLOW, `${ISSUER}.evil.example`);
    const raw = await sigstore[form](DIGEST, { by });
    expect(said(raw, keyless(exactly(WORKFLOW)))).toMatch(/^unsigned: .* another identity/);
  });

  it('by a pattern without anchors counts, as in the cluster, and is told apart', async () => {
    const by = await sigstore.certify(`https://evil.example/${WORKFLOW}`);
    const raw = await sigstore[form](DIGEST, { by });
    expect(said(raw, keyless(pattern('github\\.com/acme/')))).toBe('signed loosely');
    expect(said(raw, keyless(pattern('^https://github\\.com/acme/')))).toMatch(/^unsigned/);
  });

  it('copied from another image is none', async () => {
    const by = await sigstore.certify(WORKFLOW);
    const raw = await sigstore[form](OTHER_IMAGE, { by });
    expect(said(raw, keyless(exactly(WORKFLOW)))).toBe(
      'unsigned: the signature beside it was made for another image',
    );
  });

  it('by a certificate that had expired is none', async () => {
    const late = await startSigstore({ skew: 3_600_000 });
    const raw = await late[form](DIGEST, { by: await late.certify(WORKFLOW) });
    expect(said(raw, keyless(exactly(WORKFLOW)), late.trust)).toBe(
      'unsigned: its certificate is not of Sigstore, or was not valid when the signature was made',
    );
  });

  it('of another Sigstore is none', async () => {
    const evil = await startSigstore();
    const raw = await evil[form](DIGEST, { by: await evil.certify(WORKFLOW) });
    expect(said(raw, keyless(exactly(WORKFLOW)))).toMatch(/^unsigned: its certificate is not of/);
    expect(said(raw, keyless(exactly(WORKFLOW)), undefined)).toMatch(/^unsigned/);
  });

  it('without the log, or by a mere key, is none', async () => {
    const by = await sigstore.certify(WORKFLOW);
    const bare = await sigstore[form](DIGEST, { by, log: false });
    expect(said(bare, keyless(exactly(WORKFLOW)))).toMatch(/^unsigned: .* no entry of the public/);
    const raw = await sigstore[form](DIGEST, { by: trusted });
    expect(said(raw, keyless(exactly(WORKFLOW)))).toMatch(/^unsigned: .* asks for an identity$/);
  });
});

it('is unknown where the operator gives no readable trust root', async () => {
  const raw = await sigstore.legacy(DIGEST, { by: trusted });
  for (const trust of ['{', '{}', 'null']) {
    expect(said(raw, key(true), trust)).toMatch(/^unknown: the operator's Sigstore trust root/);
  }
});

it.each<[IdentityPattern, string]>([
  [{ subject: { how: 'wildcard', text: 'https://github.com/acme/*' } }, 'none'],
  [
    {
      subject: { how: 'wildcard', text: 'https://github.com/acme/*' },
      issuer: { how: 'wildcard', text: 'https://token.*' },
    },
    'exact',
  ],
  [{ issuer: { how: 'exact', text: ISSUER } }, 'loose'],
  [{ subject: { how: 'regex', text: '(' } }, 'none'],
  [{ subject: { how: 'regex', text: `${'(a*)*'.repeat(50)}b` } }, 'none'],
])('matches an identity with %o: %s', (who, expected) => {
  const both =
    who.issuer === undefined ? { ...who, issuer: { how: 'exact', text: '-' } as const } : who;
  expect(matchIdentity([both], { issuer: ISSUER, subject: 'https://github.com/acme/web' })).toBe(
    expected,
  );
});
