import { generateKeyPairSync, sign } from 'node:crypto';

import { verifyingPolicy } from '../../src/rules/image-policy/signed-example.ts';
import { type FakeRegistry, startRegistry } from '../evidence/fake-registry.ts';
import type { Scenario } from './scenarios.ts';

/** A registry with one image that is signed and one that is not, and the policy that asks for it. */
export interface UnsignedImage {
  readonly hosts: readonly string[];
  /** What main holds before the pull request: the policy is of the base branch. */
  readonly files: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
  readonly close: () => Promise<void>;
}

const REPOSITORY = 'acme/podinfo';
const NAMESPACES = 'infrastructure/namespaces/base/kustomization.yaml';
const PODINFO = 'apps/base/podinfo/deployment.yaml';

/** @param read the text of a file on main */
export async function stageUnsignedImage(read: (path: string) => string): Promise<UnsignedImage> {
  const registry = await startRegistry();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const digest = registry.manifest(REPOSITORY, '6.11.1', { schemaVersion: 2, layers: [] });
  signLegacy(registry, digest, (data) => sign('sha256', data, privateKey).toString('base64'));
  registry.manifest(REPOSITORY, '6.12.0', { schemaVersion: 2, layers: [], remark: 'unsigned' });
  const image = `${registry.host}/${REPOSITORY}`;
  const signed = read(PODINFO).replace(/image: .*/, `image: ${image}:6.11.1`);
  const key = publicKey.export({ type: 'spki', format: 'pem' }).toString().trim();
  return {
    hosts: [registry.host],
    files: {
      [NAMESPACES]: `${read(NAMESPACES).trimEnd()}\n  - signed-images.yaml\n`,
      'infrastructure/namespaces/base/signed-images.yaml': verifyingPolicy(
        `${registry.host}/acme/*`,
        key,
      ),
      [PODINFO]: signed,
    },
    scenario: {
      name: 'unsigned-image',
      title: 'Update podinfo to 6.12.0',
      files: { [PODINFO]: signed.replace(':6.11.1', ':6.12.0') },
    },
    close: registry.close,
  };
}

function signLegacy(registry: FakeRegistry, digest: string, by: (data: Buffer) => string): void {
  const payload = JSON.stringify({
    critical: {
      identity: { 'docker-reference': '' },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const annotations = { 'dev.cosignproject.cosign/signature': by(Buffer.from(payload)) };
  const layers = [{ digest: registry.blob(payload), annotations }];
  registry.manifest(REPOSITORY, `${digest.replace(':', '-')}.sig`, { layers });
}
