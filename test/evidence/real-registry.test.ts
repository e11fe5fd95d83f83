import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fetchImage } from '../../src/evidence/registry.ts';
import type { Attestor, SignatureForm } from '../../src/model/image.ts';
import { judgeImage } from '../../src/signatures/image/verify.ts';
import {
  ISSUER,
  newKey,
  pemOf,
  type Sigstore,
  startSigstore,
} from '../signatures/image/sigstore.ts';
import { type RealRegistry, REGISTRY_BINARY, startRealRegistry } from './real-registry.ts';

const WORKFLOW = 'https://github.com/acme/web/.github/workflows/release.yaml@refs/heads/main';
const FORMS = ['legacy', 'bundle'] as const;

it('has a registry to test against', ({ skip }) => {
  if (REGISTRY_BINARY !== undefined) return;
  const message =
    'NO REGISTRY: docker-registry is neither installed nor unpacked. Run scripts/fetch-registry.sh.';
  // Continuous integration brings it: that it is missing there is a fault, not a reason to pass.
  if (process.env.CI) throw new Error(message);
  skip(message);
});

describe.skipIf(REGISTRY_BINARY === undefined)('images of a real registry', () => {
  let registry: RealRegistry;
  let sigstore: Sigstore;
  const trusted = newKey();
  const other = newKey();

  beforeAll(async () => {
    [registry, sigstore] = await Promise.all([
      startRealRegistry(REGISTRY_BINARY ?? ''),
      startSigstore(),
    ]);
  }, 60_000);
  afterAll(() => registry.close());

  const key = (needsLog = true): Attestor => ({
    kind: 'key',
    key: pemOf(trusted),
    needsLog,
    forms: FORMS,
  });
  const keyless: Attestor = {
    kind: 'keyless',
    identities: [
      { issuer: { how: 'exact', text: ISSUER }, subject: { how: 'exact', text: WORKFLOW } },
    ],
    needsCertificateLog: true,
    forms: FORMS,
  };

  async function said(name: string, who: Attestor, trust = sigstore.trust): Promise<string> {
    const request = {
      kind: 'image',
      reference: `${registry.host}/${name}`,
      attestors: [who],
    } as const;
    const material = await fetchImage(request, { hosts: [registry.host], trust });
    if (material.state === 'unknown') return `unknown: ${material.reason}`;
    const [verdict] = judgeImage(material.value, [who]).verdicts;
    return verdict === undefined || verdict.state === 'signed'
      ? `signed by ${verdict?.by?.replace(/SHA256:.*/, '…') ?? ''}`
      : `${verdict.state}: ${verdict.reason}`;
  }

  async function push(
    form: SignatureForm,
    name: string,
    digest: string,
    how: Parameters<Sigstore['legacy']>[1],
    by: Sigstore = sigstore,
  ): Promise<void> {
    if (form === 'legacy') await registry.legacy(name, digest, [await by.legacy(digest, how)]);
    else await registry.bundle(name, digest, [await by.bundle(digest, how)]);
  }

  describe.each(FORMS)('with signatures as %s', (form) => {
    it('finds what is signed by key, by tag and by digest', async () => {
      const name = `acme/signed-${form}`;
      const digest = await registry.image(name, '1');
      expect(await said(`${name}:1`, key())).toBe('unsigned: it has no signature');
      await push(form, name, digest, { by: trusted });
      expect(await said(`${name}:1`, key())).toBe('signed by key …');
      expect(await said(`${name}@${digest}`, key())).toBe('signed by key …');
      expect(await said(`${name}:1@${digest}`, key())).toBe('signed by key …');
    });

    it('finds who signed without a key', async () => {
      const name = `acme/keyless-${form}`;
      const digest = await registry.image(name, '1');
      await push(form, name, digest, { by: await sigstore.certify(WORKFLOW) });
      expect(await said(`${name}:1`, keyless)).toBe(`signed by ${WORKFLOW} (${ISSUER})`);
    });

    it.each([
      ['another key', { by: other }, 'none of its signatures is by the key of the policy'],
      [
        'a signature copied from another image',
        { by: trusted, claims: `sha256:${'c'.repeat(64)}` },
        'the signature beside it was made for another image',
      ],
      [
        'no entry of the log',
        { by: trusted, log: false },
        'its signature has no entry of the public log, which the policy demands',
      ],
    ])('refuses %s', async (what, how, reason) => {
      const name = `acme/${what.replaceAll(' ', '-')}-${form}`;
      const digest = await registry.image(name, '1');
      await push(form, name, digest, how);
      expect(await said(`${name}:1`, key())).toBe(`unsigned: ${reason}`);
    });

    it.each([
      ['before', `https://evil.example/${WORKFLOW}`],
      ['after', `${WORKFLOW}-evil`],
    ])('refuses an identity with something %s it', async (where, subject) => {
      const name = `acme/identity-${where}-${form}`;
      const digest = await registry.image(name, '1');
      await push(form, name, digest, { by: await sigstore.certify(subject) });
      expect(await said(`${name}:1`, keyless)).toBe(
        'unsigned: its signature is by another identity than the policy names',
      );
    });

    it('refuses a certificate that had expired', async () => {
      const late = await startSigstore({ skew: 3_600_000 });
      const name = `acme/expired-${form}`;
      const digest = await registry.image(name, '1');
      await push(form, name, digest, { by: await late.certify(WORKFLOW) }, late);
      expect(await said(`${name}:1`, keyless, late.trust)).toMatch(/^unsigned: its certificate/);
    });

    it('takes the signature of an index for the index alone', async () => {
      const name = `acme/index-${form}`;
      const images = [await registry.image(name, 'amd64'), await registry.image(name, 'arm64')];
      const digest = await registry.index(name, '1', images);
      await push(form, name, digest, { by: trusted });
      expect(await said(`${name}:1`, key())).toBe('signed by key …');
      expect(await said(`${name}:arm64`, key())).toBe('unsigned: it has no signature');
    });
  });

  it('refuses a payload that was tampered with', async () => {
    const name = 'acme/tampered';
    const digest = await registry.image(name, '1');
    const real = await sigstore.legacy(digest, { by: trusted, claims: `sha256:${'c'.repeat(64)}` });
    const forged = await sigstore.legacy(digest, { by: other });
    await registry.legacy(name, digest, [{ ...real, payload: forged.payload }]);
    expect(await said(`${name}:1`, key(false))).toMatch(/^unsigned: none of its signatures/);
  });

  it('finds the one good signature among bad ones', async () => {
    const name = 'acme/several';
    const digest = await registry.image(name, '1');
    await registry.legacy(name, digest, [
      await sigstore.legacy(digest, { by: other }),
      await sigstore.legacy(digest, { by: trusted }),
    ]);
    expect(await said(`${name}:1`, key())).toBe('signed by key …');
  });

  it('says that an image is not there', async () => {
    await registry.image('acme/there', '1');
    expect(await said('acme/there:2', key())).toBe('unknown: the registry has no such image');
    // Of a repository that shows nothing it cannot be told: others hide what is private so.
    expect(await said('acme/nowhere:1', key())).toBe(
      'unknown: the registry has no such image, or does not show it here',
    );
  });
});
