import { describe, expect, it } from 'vitest';

import { undecidedSources, watchingSources } from '../../src/flux/watching.ts';
import { kustomization, resolved } from './clusters.ts';

const GITHUB = { host: 'github.com', repository: 'Acme/Fleet', branch: 'main' };
const ENTERPRISE = { ...GITHUB, host: 'git.acme.example' };

function watched(text: string, identity = GITHUB): string[] {
  const { clusters } = resolved({
    'clusters/production/sync.yaml': kustomization('flux-system', './clusters/production'),
    'clusters/production/source.yaml': text,
  });
  return clusters
    .flatMap((cluster) => watchingSources(cluster, identity))
    .map(({ id, follows, verify }) => {
      const verifies = verify ? ` ${verify.mode} ${verify.secret}` : '';
      return `${id} ${follows}${verifies}`;
    });
}

function source(url: string, reference = '{branch: main}', more = ''): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec:
  url: ${JSON.stringify(url)}
  ref: ${reference}
${more}`;
}

function instance(kind: string, ref: string): string {
  return `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.x}
  sync: {kind: ${kind}, url: 'https://github.com/acme/fleet', ref: ${ref}, path: clusters/production}
`;
}

const FLEET = 'production GitRepository flux-system/fleet';

describe('addresses of this repository', () => {
  it.each([
    'https://github.com/acme/fleet',
    'https://github.com/acme/fleet.git',
    'https://github.com/acme/fleet/',
    'https://GitHub.com/ACME/Fleet.git',
    'https://user:word@github.com/acme/fleet',
    'http://github.com/acme/fleet',
    'https://user:w@rd@github.com/acme/fleet',
    'https://github.com./acme/fleet',
    'ssh://git@github.com/acme/fleet',
    'ssh://git@github.com:22/acme/fleet.git',
    'ssh://git@ssh.github.com:443/acme/fleet.git',
    'git@github.com:acme/fleet.git',
  ])('%s', (url) => {
    expect(watched(source(url))).toEqual([`${FLEET} branch`]);
  });

  it.each([
    'https://github.com/acme/fleet-infra',
    'https://github.com/other/fleet',
    'https://github.com.evil.example/acme/fleet',
    'https://evil.example/github.com/acme/fleet',
    'https://github.com@evil.example/acme/fleet',
    'https://x@github.com@evil.example/acme/fleet',
    'git@evil.example:acme/fleet.git',
    'file:///acme/fleet',
    'nothing',
    '',
  ])('not %s', (url) => {
    expect(watched(source(url))).toEqual([]);
  });

  it('on the host of the enterprise, which is not github.com', () => {
    const url = 'ssh://git@git.acme.example:2222/acme/fleet.git';
    expect(watched(source(url), ENTERPRISE)).toEqual([`${FLEET} branch`]);
    expect(watched(source(url))).toEqual([]);
    expect(watched(source('https://github.com/acme/fleet'), ENTERPRISE)).toEqual([]);
  });
});

describe('what a source follows', () => {
  const url = 'https://github.com/acme/fleet';
  it.each([
    ['{branch: main}', ['branch']],
    ['{branch: Main}', []],
    ['{branch: staging}', []],
    ['{}', []],
    ['{tag: v1.0.0}', ['tag']],
    ['{branch: main, tag: v1.0.0}', ['tag']],
    ['{branch: main, tag: v1, semver: ">=1.0.0"}', ['semver']],
    ['{branch: staging, name: refs/heads/main}', ['branch']],
    ['{name: refs/heads/staging}', []],
    ['{name: refs/tags/v1}', ['name']],
    ['{branch: main, commit: "a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5"}', ['commit']],
  ])('%s', (reference, expected) => {
    expect(watched(source(url, reference))).toEqual(expected.map((word) => `${FLEET} ${word}`));
  });

  it.each([
    ['{mode: HEAD, secretRef: {name: keys}}', ' HEAD keys'],
    ['{mode: head, secretRef: {name: keys}}', ' HEAD keys'],
    ['{secretRef: {name: keys}}', ' HEAD keys'],
    ['{mode: Tag, secretRef: {name: keys}}', ' Tag keys'],
    ['{mode: TagAndHEAD, secretRef: {name: keys}}', ' TagAndHEAD keys'],
  ])('verifies with %s', (verify, expected) => {
    const text = source(url, '{branch: main}', `  verify: ${verify}\n`);
    expect(watched(text)).toEqual([`${FLEET} branch${expected}`]);
  });
});

describe('the sync of a FluxInstance', () => {
  it.each([
    ['GitRepository', 'refs/heads/main', ['production FluxInstance flux-system/flux branch']],
    ['GitRepository', 'refs/heads/staging', []],
    ['GitRepository', 'refs/tags/v1', ['production FluxInstance flux-system/flux name']],
    ['OCIRepository', 'refs/heads/main', []],
  ])('%s %s', (kind, ref, expected) => {
    const own = watched(instance(kind, ref)).filter((line) => line.includes('FluxInstance'));
    expect(own).toEqual(expected);
  });
});

describe('verification that patches of a FluxInstance set', () => {
  const SPEC = 'spec: {verify: {mode: HEAD, secretRef: {name: keys}}}';
  it.each([
    ['a merge', `- patch: "{kind: GitRepository, metadata: {name: x}, ${SPEC}}"`, ' HEAD keys'],
    [
      'a merge with a target',
      `- patch: "{${SPEC}}"\n        target: {kind: GitRepository}`,
      ' HEAD keys',
    ],
    [
      'an operation',
      `- patch: "[{op: add, path: /spec/verify, value: {secretRef: {name: keys}}}]"\n        target: {kind: GitRepository}`,
      ' HEAD keys',
    ],
    [
      'a patch of something else',
      `- patch: "{${SPEC}}"\n        target: {kind: Kustomization}`,
      '',
    ],
    ['a patch that is no YAML', `- patch: "{"\n        target: {kind: GitRepository}`, ''],
  ])('%s', (_name, patch, expected) => {
    const text = `${instance('GitRepository', 'refs/heads/main')}  kustomize:\n    patches:\n      ${patch}\n`;
    expect(watched(text)).toEqual([`production FluxInstance flux-system/flux branch${expected}`]);
  });

  it('also where its chart makes the instance', () => {
    const text = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: flux, namespace: flux-system}
spec:
  chartRef: {kind: OCIRepository, name: flux-instance}
  values:
    instance:
      sync: {kind: GitRepository, url: 'https://github.com/acme/fleet', ref: refs/heads/main, path: clusters/production}
      kustomize:
        patches:
          - target: {kind: GitRepository}
            patch: "[{op: add, path: /spec/verify, value: {secretRef: {name: keys}}}]"
`;
    expect(watched(text)).toEqual(['production HelmRelease flux-system/flux branch HEAD keys']);
  });
});

describe('sources that verify and of which nobody can tell what they watch', () => {
  const VERIFY = '  verify: {secretRef: {name: keys}}\n';
  function undecided(text: string): string[] {
    const { clusters } = resolved({
      'clusters/production/sync.yaml': `${kustomization('flux-system', './clusters/production')}  postBuild:
    substituteFrom: [{kind: ConfigMap, name: cluster}]
`,
      'clusters/production/source.yaml': text,
    });
    return clusters.flatMap((cluster) => undecidedSources(cluster).map(({ reason }) => reason));
  }
  const url = 'https://github.com/acme/fleet';
  it.each([
    ['a known address', source(url, '{branch: main}', VERIFY), []],
    ['an address by a variable', source('${URL}', '{branch: main}', VERIFY), ['spec.url']],
    ['a branch by a variable', source(url, '{branch: "${BRANCH}"}', VERIFY), ['spec.ref.branch']],
    ['a name by a variable', source(url, '{name: "${NAME}"}', VERIFY), ['spec.ref.name']],
    ['a variable without verification', source('${URL}'), []],
  ])('%s', (_name, text, expected) => {
    expect(undecided(text).map((reason) => reason.split(':')[0])).toEqual(expected);
  });
});

it('looks past kinds of other groups and past fields that are no text', () => {
  const foreign = source('https://github.com/acme/fleet').replace(
    'source.toolkit.fluxcd.io',
    'x.y',
  );
  expect(watched(foreign)).toEqual([]);
  expect(watched(source('x').replace('"x"', '[1]'))).toEqual([]);
  expect(watched(source('x').replace('"x"', '7'))).toEqual([]);
});
