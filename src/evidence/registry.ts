import { createHash } from 'node:crypto';

import type { ProxySettings } from '../github/proxy.ts';
import type { ImageRequest, Known } from '../model/evidence.ts';
import type { ImageMaterial, RawSignature } from '../model/image.ts';
import { parseImage } from '../model/image-reference.ts';
import { field } from '../signatures/image/json.ts';
import type { Credentials } from './registry-credentials.ts';
import { RegistryError } from './registry-http.ts';
import { RegistrySession } from './registry-session.ts';
import { showsRepository } from './registry-tags.ts';

export interface RegistryOptions {
  /** Registries, hosts of tokens and of redirects that may be asked. Empty: none. */
  readonly hosts: readonly string[];
  readonly credentials?: Credentials;
  /** The operator's Sigstore trust root, JSON; the public one where absent. */
  readonly trust?: string;
  readonly proxy?: ProxySettings;
  /** For one image with its signatures. */
  readonly milliseconds?: number;
}

const MILLISECONDS = 20_000;
const MANIFEST_BYTES = 4 * 1024 * 1024;
const SIGNATURE_BYTES = 1024 * 1024;
const MOST_SIGNATURES = 50;
const MOST_REFERRERS = 20;

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The image's digest and every signature beside it, unjudged. What cannot be had is unknown. */
export async function fetchImage(
  { reference }: ImageRequest,
  { hosts, credentials, trust, proxy, milliseconds = MILLISECONDS }: RegistryOptions,
): Promise<Known<ImageMaterial>> {
  const image = parseImage(reference);
  if (image === undefined) return unknown('The reference names no image.');
  const limits = {
    hosts: new Set(hosts.map((host) => host.toLowerCase())),
    signal: AbortSignal.timeout(milliseconds),
    ...(credentials && { credentials }),
    ...(proxy && { proxy }),
  };
  try {
    const session = new RegistrySession(image, limits);
    const named = image.digest ?? image.tag ?? 'latest';
    const manifest = await session.ask(`manifests/${named}`, MANIFESTS, MANIFEST_BYTES);
    if (manifest.status === 404) {
      const isShown = saysUnknown(manifest.body) && (await showsRepository(session));
      const absence = isShown ? { isMissing: true as const } : { isHidden: true as const };
      return { state: 'known', value: { digest: '', signatures: [], ...absence } };
    }
    const digest = digestOf(manifest.body);
    if (image.digest !== undefined && image.digest !== digest) {
      return unknown('The registry gave another image than the one with this digest.');
    }
    readObject(manifest.body);
    const found = await fetchSignatures(session, digest);
    return { state: 'known', value: { ...found, ...(trust !== undefined && { trust }) } };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return unknown(`Its registry could not be asked: ${error.message}.`);
  }
}

/** Whether a registry, and not something before it, says that it has no such manifest. */
function saysUnknown(body: Buffer): boolean {
  try {
    const errors = field(JSON.parse(body.toString()), 'errors');
    return (
      Array.isArray(errors) && errors.some((each) => field(each, 'code') === 'MANIFEST_UNKNOWN')
    );
  } catch {
    return false;
  }
}

function unknown(reason: string): Known<never> {
  return { state: 'unknown', reason };
}

async function fetchSignatures(session: RegistrySession, digest: string): Promise<ImageMaterial> {
  const hex = digest.slice('sha256:'.length);
  const signatures: RawSignature[] = [];
  const cuts: string[] = [];
  for (const part of [
    () => legacySignatures(session, `sha256-${hex}.sig`),
    () => bundles(session, digest, hex),
  ]) {
    try {
      signatures.push(...(await part()));
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      cuts.push(error.message);
    }
  }
  const [cut] = cuts;
  return { digest, signatures, ...(cut !== undefined && { cut }) };
}

async function legacySignatures(session: RegistrySession, tag: string): Promise<RawSignature[]> {
  const manifest = await session.get(`manifests/${tag}`, MANIFESTS, MANIFEST_BYTES);
  if (manifest === undefined) return [];
  const found: RawSignature[] = [];
  for (const layer of listOf(readObject(manifest.body), 'layers', MOST_SIGNATURES)) {
    const signature = field(layer, 'annotations', 'dev.cosignproject.cosign/signature');
    if (typeof signature !== 'string') continue;
    const payload = (await fetchBlob(session, layer)).toString('base64');
    const [log, certificate, timestamp] = ['bundle', 'certificate', 'rfc3161timestamp']
      .map((name) => field(layer, 'annotations', `dev.sigstore.cosign/${name}`))
      .map((value) => (typeof value === 'string' ? value : undefined));
    found.push({
      form: 'legacy',
      payload,
      signature,
      ...(log !== undefined && { log }),
      ...(certificate !== undefined && { certificate }),
      ...(timestamp !== undefined && { timestamp }),
    });
  }
  return found;
}

/** Referrers, and the tag that stands for them where a registry lacks the API: both are read. */
async function bundles(
  session: RegistrySession,
  digest: string,
  hex: string,
): Promise<RawSignature[]> {
  const index = 'application/vnd.oci.image.index.v1+json';
  const digests = new Set<string>();
  for (const path of [`referrers/${digest}`, `manifests/sha256-${hex}`]) {
    const answer = await session.get(path, index, MANIFEST_BYTES);
    if (answer === undefined) continue;
    for (const entry of listOf(readObject(answer.body), 'manifests', MOST_REFERRERS)) {
      const named = field(entry, 'digest');
      if (isDigest(named)) digests.add(named);
    }
  }
  if (digests.size > MOST_REFERRERS) throw new RegistryError('too much refers to the image');
  const found: RawSignature[] = [];
  for (const each of digests) {
    const manifest = await session.get(`manifests/${each}`, MANIFESTS, MANIFEST_BYTES);
    if (manifest === undefined || digestOf(manifest.body) !== each) continue;
    // What an index says of its entries is not trusted: each manifest is opened.
    for (const layer of listOf(readObject(manifest.body), 'layers', MOST_SIGNATURES)) {
      const type = field(layer, 'mediaType');
      if (typeof type !== 'string' || !type.startsWith('application/vnd.dev.sigstore.bundle')) {
        continue;
      }
      found.push({ form: 'bundle', json: (await fetchBlob(session, layer)).toString() });
    }
  }
  return found;
}

async function fetchBlob(session: RegistrySession, layer: unknown): Promise<Buffer> {
  const digest = field(layer, 'digest');
  if (!isDigest(digest)) throw new RegistryError('a signature has no digest');
  const blob = await session.get(`blobs/${digest}`, '*/*', SIGNATURE_BYTES);
  if (blob === undefined || digestOf(blob.body) !== digest) {
    throw new RegistryError('a signature is not what its digest says');
  }
  return blob.body;
}

function readObject(body: Buffer): object {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Told below: a page in HTML, say.
  }
  throw new RegistryError('the registry gave no manifest');
}

function listOf(object: object, name: string, most: number): readonly unknown[] {
  const list = field(object, name);
  if (!Array.isArray(list)) return [];
  if (list.length > most) throw new RegistryError('there are too many signatures');
  return list;
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}
