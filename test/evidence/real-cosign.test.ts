import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fetchImage } from '../../src/evidence/registry.ts';
import type { Attestor, SignatureForm } from '../../src/model/image.ts';
import { PUBLIC_ROOT } from '../../src/signatures/image/public-root.ts';
import { judgeImage } from '../../src/signatures/image/verify.ts';
import { type RealRegistry, REGISTRY_BINARY, startRealRegistry } from './real-registry.ts';

const UNPACKED = new URL('../../.cache/cosign', import.meta.url).pathname;

/** Cosign itself, where somebody has it: `scripts/fetch-cosign.sh` builds one. */
const COSIGN = [UNPACKED, ...(process.env.PATH ?? '').split(delimiter)]
  .map((folder) => join(folder, 'cosign'))
  .find((file) => existsSync(file));

const MINUTE = 60_000;
const run = promisify(execFile);

it('has cosign and a registry to test against', ({ skip }) => {
  if (COSIGN !== undefined && REGISTRY_BINARY !== undefined) return;
  skip('NO COSIGN OR NO REGISTRY: run scripts/fetch-cosign.sh and scripts/fetch-registry.sh.');
});

describe.skipIf(COSIGN === undefined || REGISTRY_BINARY === undefined)(
  'what cosign itself signs',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'fluxgate-cosign-'));
    let registry: RealRegistry;
    let version = 0;

    async function cosign(...args: string[]): Promise<string> {
      // Nothing but loopback is reached, whatever it would like to fetch.
      const nobody = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' };
      const own = { COSIGN_PASSWORD: '', HOME: folder, COSIGN_YES: 'true' };
      const env = { ...process.env, ...nobody, ...own };
      const { stdout, stderr } = await run(COSIGN ?? '', args, {
        cwd: folder,
        env,
        timeout: MINUTE,
      });
      return stdout + stderr;
    }

    beforeAll(async () => {
      registry = await startRealRegistry(REGISTRY_BINARY ?? '');
      version = Number(/GitVersion:\s*v?(\d+)/.exec(await cosign('version'))?.[1] ?? 0);
      await cosign('generate-key-pair', '--output-key-prefix', 'trusted');
      await cosign('generate-key-pair', '--output-key-prefix', 'other');
      // Cosign 3 asks Sigstore where to sign and whom to trust unless it is told.
      writeFileSync(join(folder, 'root.json'), JSON.stringify(PUBLIC_ROOT));
      const nowhere = { mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json' };
      writeFileSync(join(folder, 'nowhere.json'), JSON.stringify(nowhere));
    }, MINUTE);
    afterAll(async () => {
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    });

    function attestor(key: string, forms: readonly SignatureForm[], needsLog = false): Attestor {
      const pem = readFileSync(join(folder, `${key}.pub`), 'utf8');
      return { kind: 'key', key: pem, needsLog, forms };
    }

    /** As this cosign signs by default, by a key and without the public log. */
    async function sign(reference: string, key: string, ...more: string[]): Promise<void> {
      const noLog = version >= 3 ? ['--signing-config', 'nowhere.json'] : ['--tlog-upload=false'];
      await cosign('sign', '--key', `${key}.key`, ...noLog, ...more, reference);
    }

    async function said(reference: string, who: Attestor): Promise<string> {
      const request = { kind: 'image', reference, attestors: [who] } as const;
      const material = await fetchImage(request, { hosts: [registry.host] });
      if (material.state === 'unknown') return `unknown: ${material.reason}`;
      const [verdict] = judgeImage(material.value, [who]).verdicts;
      return verdict === undefined || verdict.state === 'signed'
        ? 'signed'
        : `${verdict.state}: ${verdict.reason}`;
    }

    const own = (): SignatureForm => (version >= 3 ? 'bundle' : 'legacy');

    it(
      'is found signed by its key, in the form that this cosign writes, and by no other key',
      async () => {
        const digest = await registry.image('acme/web', '1');
        const reference = `${registry.host}/acme/web@${digest}`;
        expect(await said(reference, attestor('trusted', ['legacy', 'bundle']))).toBe(
          'unsigned: it has no signature',
        );
        await sign(reference, 'trusted');
        expect(await said(reference, attestor('trusted', [own()]))).toBe('signed');
        expect(await said(`${registry.host}/acme/web:1`, attestor('trusted', [own()]))).toBe(
          'signed',
        );
        expect(await said(reference, attestor('other', [own()]))).toBe(
          'unsigned: none of its signatures is by the key of the policy',
        );
        expect(await said(reference, attestor('trusted', [own()], true))).toBe(
          'unsigned: its signature has no entry of the public log, which the policy demands',
        );
        const root = version >= 3 ? ['--trusted-root', 'root.json'] : [];
        const tool = [...root, '--insecure-ignore-tlog=true', '--key', 'trusted.pub', reference];
        expect(await cosign('verify', ...tool)).toContain(digest);
      },
      MINUTE,
    );

    it(
      'counts for the index alone, unless it is recursive',
      async () => {
        const images = [
          await registry.image('acme/many', 'amd64'),
          await registry.image('acme/many', 'arm64'),
        ];
        const index = await registry.index('acme/many', '1', images);
        const at = (digest: string) => `${registry.host}/acme/many@${digest}`;
        await sign(at(index), 'trusted');
        expect(await said(at(index), attestor('trusted', [own()]))).toBe('signed');
        expect(await said(at(images[0] ?? ''), attestor('trusted', [own()]))).toBe(
          'unsigned: it has no signature',
        );
      },
      MINUTE,
    );

    it(
      'is not taken for another image that it was copied to',
      async () => {
        const signed = await registry.image('acme/copied', '1');
        const other = await registry.image('acme/copied', '2');
        await sign(`${registry.host}/acme/copied@${signed}`, 'trusted');
        const from =
          own() === 'legacy' ? `${signed.replace(':', '-')}.sig` : signed.replace(':', '-');
        const accept = {
          accept:
            'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json',
        };
        const manifests = `http://${registry.host}/v2/acme/copied/manifests/`;
        const found = await fetch(manifests + from, { headers: accept });
        const put = await fetch(
          manifests + from.replace(signed.replace(':', '-'), other.replace(':', '-')),
          {
            method: 'PUT',
            headers: { 'content-type': found.headers.get('content-type') ?? '' },
            body: await found.text(),
          },
        );
        expect([found.status, put.status]).toEqual([200, 201]);
        expect(await said(`${registry.host}/acme/copied:2`, attestor('trusted', [own()]))).toBe(
          'unsigned: the signature beside it was made for another image',
        );
      },
      MINUTE,
    );
  },
);
