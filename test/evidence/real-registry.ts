import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import type { Bundled, Legacy } from '../signatures/image/sigstore.ts';

const UNPACKED = new URL('../../.cache/docker-registry/usr/bin', import.meta.url).pathname;

/** Debian's docker-registry: installed, or unpacked by `scripts/fetch-registry.sh`. */
export const REGISTRY_BINARY = [...(process.env.PATH ?? '').split(delimiter), UNPACKED]
  .map((folder) => join(folder, 'docker-registry'))
  .find((file) => existsSync(file));

export interface RealRegistry {
  readonly host: string;
  /** Pushes an image of one layer. @returns its digest */
  readonly image: (repository: string, tag: string) => Promise<string>;
  /** Pushes an index over images that are there. @returns its digest */
  readonly index: (repository: string, tag: string, images: readonly string[]) => Promise<string>;
  /** Puts signatures where cosign before version 3 does. */
  readonly legacy: (
    repository: string,
    digest: string,
    signatures: readonly Legacy[],
  ) => Promise<void>;
  /** Puts bundles where cosign 3 does when a registry knows no referrers. */
  readonly bundle: (
    repository: string,
    digest: string,
    signatures: readonly Bundled[],
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** A real registry on loopback, with its storage in a folder of its own. */
export async function startRealRegistry(binary: string): Promise<RealRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-registry-'));
  const config = join(folder, 'config.yml');
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: info, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: '127.0.0.1:0', secret: test}\n`,
  );
  const child = spawn(binary, ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  const host = await addressOf(child.stderr);

  async function put(repository: string, content: string | Buffer): Promise<object> {
    const digest = digestOf(content);
    const opened = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
    });
    const place = new URL(opened.headers.get('location') ?? '', `http://${host}`);
    place.searchParams.set('digest', digest);
    const done = await fetch(place, { method: 'PUT', body: new Uint8Array(Buffer.from(content)) });
    if (done.status !== 201) throw new Error(`The registry refuses a blob: ${done.status}`);
    return { digest, size: Buffer.byteLength(content) };
  }

  async function manifest(repository: string, name: string | undefined, content: object) {
    const body = JSON.stringify(content);
    const digest = digestOf(body);
    const type = (content as { mediaType: string }).mediaType;
    const answer = await fetch(`http://${host}/v2/${repository}/manifests/${name ?? digest}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body,
    });
    if (answer.status !== 201) throw new Error(`The registry refuses it: ${await answer.text()}`);
    return { mediaType: type, digest, size: body.length };
  }

  async function empty(repository: string) {
    return {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...(await put(repository, '{}')),
    };
  }

  return {
    host,
    async image(repository, tag) {
      const layer = await put(repository, `layer of ${tag}`);
      const type = 'application/vnd.oci.image.layer.v1.tar';
      const content = {
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: await empty(repository),
        layers: [{ mediaType: type, ...layer }],
      };
      return (await manifest(repository, tag, content)).digest;
    },
    async index(repository, tag, images) {
      const manifests = images.map((digest, at) => ({
        mediaType: MANIFEST,
        digest,
        size: 1,
        platform: { os: 'linux', architecture: at === 0 ? 'amd64' : 'arm64' },
      }));
      const content = { schemaVersion: 2, mediaType: INDEX, manifests };
      return (await manifest(repository, tag, content)).digest;
    },
    async legacy(repository, digest, signatures) {
      const layers = [];
      for (const { payload, signature, certificate, log } of signatures) {
        layers.push({
          mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
          ...(await put(repository, Buffer.from(payload, 'base64'))),
          annotations: {
            'dev.cosignproject.cosign/signature': signature,
            ...(certificate && { 'dev.sigstore.cosign/certificate': certificate }),
            ...(log && { 'dev.sigstore.cosign/bundle': log }),
          },
        });
      }
      const config = await empty(repository);
      await manifest(repository, `${digest.replace(':', '-')}.sig`, {
        schemaVersion: 2,
        mediaType: MANIFEST,
        config,
        layers,
      });
    },
    async bundle(repository, digest, signatures) {
      const type = 'application/vnd.dev.sigstore.bundle.v0.3+json';
      const manifests = [];
      for (const { json } of signatures) {
        const content = {
          schemaVersion: 2,
          mediaType: MANIFEST,
          artifactType: type,
          config: await empty(repository),
          layers: [{ mediaType: type, ...(await put(repository, json)) }],
          subject: { mediaType: MANIFEST, digest, size: 1 },
        };
        manifests.push(await manifest(repository, undefined, content));
      }
      await manifest(repository, digest.replace(':', '-'), {
        schemaVersion: 2,
        mediaType: INDEX,
        manifests,
      });
    },
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where it listens, by its log: a port that is chosen for it may be another one's by then. */
async function addressOf(log: Readable): Promise<string> {
  const said: string[] = [];
  const reader = createInterface({ input: log });
  return new Promise((resolve, reject) => {
    // Read to its end, or a full pipe would keep the registry waiting.
    reader.on('line', (line) => {
      said.push(line);
      const found = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    reader.on('close', () => {
      reject(new Error(`The registry does not listen: ${said.join('\n')}`));
    });
  });
}

function digestOf(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
