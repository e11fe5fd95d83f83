import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { FluxCache } from '../../src/flux/cache.ts';
import { resolveRepository } from '../../src/flux/repository.ts';
import { type Facts, type MergeSettings, NO_FACTS } from '../../src/model/evidence.ts';
import { controlsOf } from '../../src/rules/controls.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';

const BASE = {
  'clusters/production/flux-system/gotk-sync.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec: { url: 'https://github.com/acme/fleet', ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/production, prune: true, interval: 1h, sourceRef: { kind: GitRepository, name: fleet } }
`,
};
const VERIFYING = {
  'clusters/production/flux-system/gotk-sync.yaml': BASE[
    'clusters/production/flux-system/gotk-sync.yaml'
  ].replace(
    'ref: { branch: main }',
    'ref: { branch: main }, verify: { mode: HEAD, secretRef: { name: keys } }',
  ),
};
const tenant = (name: string, more = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: ${name} }
spec: { path: ./tenants/${name}, prune: true, interval: 1h${more}, sourceRef: { kind: GitRepository, name: other } }
`;
const policy = (action: string) => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: signed }
spec:
  validationFailureAction: ${action}
  rules:
    - name: signed
      match: { any: [{ resources: { kinds: [Pod] } }] }
      verifyImages:
        - imageReferences: ['*']
          attestors: [{ entries: [{ keys: { publicKeys: x } }] }]
`;
const DEFAULT_ACCOUNT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: kustomize-controller, namespace: flux-system }
spec:
  template:
    spec:
      containers: [{ name: manager, args: [--default-service-account=default] }]
`;

function facts(allowsPushes: boolean): Facts {
  const merging: MergeSettings = {
    methods: ['merge'],
    requiresSignatures: false,
    requiresLinearHistory: false,
    allowsPushes,
  };
  return {
    ...NO_FACTS,
    identity: {
      state: 'known',
      value: { host: 'github.com', repository: 'acme/fleet', branch: 'main' },
    },
    merging: { state: 'known', value: merging },
  };
}

/** `stands: why` of the branch, the tenants and the images. */
function judge(files: Readonly<Record<string, string>>, told: Facts = NO_FACTS): string[] {
  const tree = memoryTree(files);
  const resolved = resolveRepository(tree, { settings: [], cache: new FluxCache() });
  const context = { facts: told, settings: DEFAULT_CONFIG, now: 0 };
  return controlsOf({ tree, ...resolved }, context).map(({ stands, why }) => `${stands}: ${why}`);
}

it.each<[string, Record<string, string>, Facts | undefined, string]>([
  [
    'nobody was asked',
    BASE,
    undefined,
    'no: Nobody was asked how the branch is protected, and no source asks Flux to verify signatures.',
  ],
  [
    'nobody was asked, and Flux verifies',
    VERIFYING,
    undefined,
    'not known: Nobody was asked how the branch is protected, and Flux verifies signatures.',
  ],
  [
    'both',
    VERIFYING,
    facts(false),
    'yes: Changes go through pull requests, and Flux verifies signatures.',
  ],
  [
    'pull requests alone',
    BASE,
    facts(false),
    'in part: Changes go through pull requests, and no source asks Flux to verify signatures.',
  ],
  [
    'verification alone',
    VERIFYING,
    facts(true),
    'not known: No ruleset asks for pull requests (branch protection rules are not told), and Flux verifies signatures.',
  ],
])('tells of the branch: %s', (_name, files, told, said) => {
  expect(judge(files, told)[0]).toBe(said);
});

it.each<[string, Record<string, string>, string]>([
  [
    'none',
    {},
    'not known: No Kustomization or HelmRelease outside the namespaces of Flux itself was found.',
  ],
  [
    'one without',
    { a: tenant('a') },
    'no: 1 of 1 Kustomizations and HelmReleases outside the namespaces of Flux name none and act with the rights of the controller: Kustomization a/a is one.',
  ],
  [
    'one of two',
    { a: tenant('a', ', serviceAccountName: a'), b: tenant('b') },
    'in part: 1 of 2 Kustomizations and HelmReleases outside the namespaces of Flux name none and act with the rights of the controller: Kustomization b/b is one.',
  ],
  [
    'all',
    { a: tenant('a', ', serviceAccountName: a') },
    'yes: Each of 1 Kustomizations and HelmReleases outside the namespaces of Flux names one.',
  ],
  [
    'a default',
    { a: tenant('a'), flux: DEFAULT_ACCOUNT },
    'yes: The controllers of Flux run with --default-service-account.',
  ],
])('tells of tenants: %s', (_name, files, said) => {
  const more = Object.entries(files).map(([name, text]): [string, string] => [
    `clusters/production/${name}.yaml`,
    text,
  ]);
  expect(judge({ ...BASE, ...Object.fromEntries(more) })[1]).toBe(said);
});

it.each([
  ['Enforce', 'yes: Policies of every cluster refuse images without signature.'],
  ['Audit', 'in part: Policies look for signatures in production, and refuse nothing.'],
])('tells of images: %s', (action, said) => {
  expect(judge({ ...BASE, 'clusters/production/policy.yaml': policy(action) })[2]).toBe(said);
});

it('tells of images: nothing', () => {
  expect(judge(BASE)[2]).toBe('no: No policy in this repository verifies signatures of images.');
});
