import { describe, expect, it } from 'vitest';

import { Config } from '../../../src/config/schema.ts';
import type { ImageRequest } from '../../../src/model/evidence.ts';
import { review } from '../../../src/review/review.ts';
import { imagePolicyRules } from '../../../src/rules/image-policy/rules.ts';
import { deployment, verifyingPolicy } from '../../../src/rules/image-policy/signed-example.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { newKey, pemOf } from '../../signatures/image/sigstore.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const kustomization = (name: string) => `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec: {interval: 1h, prune: true, path: ./${name}, sourceRef: {kind: GitRepository, name: flux-system}}
`;

/** A cluster to which Flux applies two folders, one after the other. */
const fleet = (first: string, second: string, more: Files = {}): Files => ({
  'clusters/production/all.yaml': kustomization('first') + kustomization('second'),
  'first/object.yaml': first,
  'second/object.yaml': second,
  ...more,
});

const [KEY, OTHER] = [pemOf(newKey()).trim(), pemOf(newKey()).trim()];
const holding = (kind: string, field: string, entry: string, key: string) => `apiVersion: v1
kind: ${kind}
metadata: {name: keys, namespace: kyverno}
${field}:
  ${entry}: |
    ${key.replaceAll('\n', '\n    ')}
`;

function keysAsked(before: Files): (string | undefined)[] {
  const tree = memoryTree({ ...before, 'first/web.yaml': deployment('ghcr.io/acme/web:2.0.0') });
  const answer = review(
    { before: memoryTree(before), after: tree, head: tree },
    { config: Config.parse({ version: 1 }), rules: imagePolicyRules, now: 0 },
  );
  return ('wanted' in answer ? answer.wanted.evidence : [])
    .filter((each): each is ImageRequest => each.kind === 'image')
    .flatMap(({ attestors }) => attestors)
    .map((attestor) => (attestor.kind === 'key' ? attestor.key : attestor.kind));
}

/** The object that is applied last is the one that the cluster has. */
describe('of two objects of one name the last counts', () => {
  const POLICY = verifyingPolicy().replace(
    /publicKeys: [^]*$/,
    'secret: {name: keys, namespace: kyverno}\n',
  );
  const secret = (key: string) => holding('Secret', 'stringData', 'cosign.pub', key);

  it('for the key in a Secret', () => {
    const files = { 'first/policy.yaml': POLICY };
    expect(keysAsked(fleet(secret(OTHER), secret(KEY), files))).toEqual([KEY]);
    expect(keysAsked(fleet(secret(KEY), secret(OTHER), files))).toEqual([OTHER]);
  });

  it('for the key in a ConfigMap', () => {
    const policy = verifyingPolicy()
      .replace(/publicKeys: [^]*$/, "publicKeys: '{{ keys.data.production }}'\n")
      .replace(
        '      match:',
        '      context: [{name: keys, configMap: {name: keys, namespace: kyverno}}]\n      match:',
      );
    const map = (key: string) => holding('ConfigMap', 'data', 'production', key);
    const files = { 'first/policy.yaml': policy };
    expect(keysAsked(fleet(map(OTHER), map(KEY), files))).toEqual([KEY]);
  });

  it('for a policy: another of its name that only reports takes its place', () => {
    const audit = verifyingPolicy().replace('Enforce', 'Audit');
    const rules = (after: Files, before: Files) =>
      reviewed(after, { before })
        .findings.filter(({ rule }) => rule === 'image-policy/weakened-policy')
        .map(({ message }) => message);
    const base = fleet(verifyingPolicy(), deployment('ghcr.io/acme/web:1'));
    expect(rules(fleet(verifyingPolicy(), audit), base)).toEqual([
      expect.stringContaining('no longer refuses what is not signed'),
    ]);
    expect(rules(fleet(audit, verifyingPolicy()), base)).toEqual([]);
    expect(rules(base, fleet(audit, verifyingPolicy()))).toEqual([]);
  });

  it('for the image of an ImagePolicy', () => {
    const scanned = (image: string) => `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: web, namespace: flux-system}
spec: {interval: 1h, image: ${image}}
`;
    const chosen = `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: web, namespace: flux-system}
spec: {imageRepositoryRef: {name: web}, policy: {semver: {range: 1.2.x}}}
`;
    const policy = { 'first/policy.yaml': verifyingPolicy() };
    const uncovered = (first: string, second: string) => {
      const before = fleet(scanned(first), scanned(second), policy);
      return reviewed({ ...before, 'first/chosen.yaml': chosen }, { before }).findings.filter(
        ({ rule }) => rule === 'image-policy/uncovered-automation',
      ).length;
    };
    expect(uncovered('quay.io/other/web', 'ghcr.io/acme/web')).toBe(0);
    expect(uncovered('ghcr.io/acme/web', 'quay.io/other/web')).toBe(1);
  });

  it('for the repository of a chart', () => {
    const repository = (url: string) => `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: apps}
spec: {interval: 1h, url: '${url}'}
`;
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: apps}
spec: {chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: charts}, verify: {provider: cosign}}}}
`;
    const refused = (first: string, second: string) =>
      reviewed(
        fleet(repository(first), repository(second), { 'first/release.yaml': release }),
      ).findings.filter(({ rule }) => rule === 'image-policy/misplaced-verification').length;
    expect(refused('oci://ghcr.io/acme/charts', 'https://charts.example.org')).toBe(1);
    expect(refused('https://charts.example.org', 'oci://ghcr.io/acme/charts')).toBe(0);
  });
});
