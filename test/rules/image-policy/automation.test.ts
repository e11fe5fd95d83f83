import { describe, expect, it } from 'vitest';

import {
  type Facts,
  type Known,
  NO_FACTS,
  type PushBranchFact,
} from '../../../src/model/evidence.ts';
import { imagePolicy } from '../../../src/rules/image-policy/examples.ts';
import { hasWorkflowFor } from '../../../src/rules/image-policy/pull-request-makers.ts';
import { markedDeployment } from '../../../src/rules/image-policy/updates/examples.ts';
import {
  FLEET,
  OWN_SOURCE,
  PUSH_BRANCH_FACTS,
  SYNC,
  updateAutomation,
  WORKFLOW,
} from '../../../src/rules/image-policy/updates/fleet-example.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { reviewed } from './reviewed.ts';

type Files = Readonly<Record<string, string>>;

const AUTOMATION = 'clusters/production/automation.yaml';

function told(rule: string, files: Files, facts?: Facts): string[] {
  return reviewed(files, facts ? { facts } : {})
    .findings.filter((finding) => finding.rule === `image-policy/${rule}`)
    .map(({ effect, primary, message }) => `${effect} ${primary.path}:${primary.line} ${message}`);
}

describe('a push branch', () => {
  const facts = (fact: Known<PushBranchFact>): Facts => ({
    ...NO_FACTS,
    pushBranches: new Map([['image-updates', fact]]),
  });
  const known = (value: PushBranchFact): Known<PushBranchFact> => ({ state: 'known', value });

  it.each<[string, Facts, string[]]>([
    [
      'nobody opened any',
      PUSH_BRANCH_FACTS,
      [
        `risk ${AUTOMATION}:17 ImageUpdateAutomation "web" in namespace "flux-system" pushes to branch "image-updates", from which no pull request was ever opened. No workflow opens pull requests from branch "image-updates", and no Alert with a Provider does; it is 12 commits ahead: updates pile up silently.`,
      ],
    ],
    [
      'the branch is not there yet',
      facts(known({ exists: false, ahead: 0, pullRequests: 0 })),
      [expect.stringContaining('; the branch does not exist yet: updates pile up') as string],
    ],
    ['one was opened', facts(known({ exists: true, ahead: 1, pullRequests: 1 })), []],
  ])('%s', (_, given, expected) => {
    expect(told('unattended-push-branch', FLEET, given)).toEqual(expected);
  });

  it.each<[string, Facts, string]>([
    [
      'nobody was asked',
      NO_FACTS,
      'No workflow opens pull requests from branch "image-updates", and no Alert with a Provider does. Whether anything else ever did is not known.',
    ],
    [
      'a clone tells how far it is ahead, and no more',
      facts(known({ exists: true, ahead: 1 })),
      'No workflow opens pull requests from branch "image-updates", and no Alert with a Provider does; it is 1 commit ahead. Whether anything else ever did is not known.',
    ],
    [
      'GitHub does not tell',
      facts({ state: 'unknown', reason: 'It is down.' }),
      'No workflow opens pull requests from branch "image-updates", and no Alert with a Provider does. Whether anything else ever did is not known. It is down.',
    ],
  ])('is unknown: %s', (_, given, expected) => {
    const { unknowns, findings } = reviewed(FLEET, { facts: given });
    expect(unknowns.map(({ reason }) => reason)).toContain(expected);
    expect(findings.filter(({ rule }) => rule.endsWith('unattended-push-branch'))).toEqual([]);
  });

  const alert = `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: { name: github, namespace: flux-system }
spec: { type: githubdispatch, address: 'https://github.com/acme/fleet' }
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: { name: updates, namespace: flux-system }
spec:
  providerRef: { name: github }
  eventSources:
    - { kind: ImageUpdateAutomation, name: web }
`;

  it.each<[string, Files, boolean]>([
    ['a workflow for it', { '.github/workflows/a.yaml': WORKFLOW }, false],
    [
      'a workflow for others',
      { '.github/workflows/a.yaml': WORKFLOW.replace('[image-updates]', '[main]') },
      true,
    ],
    [
      'a workflow that opens none',
      { '.github/workflows/a.yaml': WORKFLOW.replace('gh pr create', 'echo') },
      true,
    ],
    ['an Alert and a Provider', { 'clusters/production/alert.yaml': alert }, false],
    [
      'a chat',
      { 'clusters/production/alert.yaml': alert.replace('githubdispatch', 'slack') },
      true,
    ],
    [
      'an Alert about others',
      { 'clusters/production/alert.yaml': alert.replace('name: web', 'name: x') },
      true,
    ],
    ['the branch of its source', { [AUTOMATION]: updateAutomation({ branch: 'main' }) }, false],
    [
      'a suspended automation',
      { [AUTOMATION]: updateAutomation({ more: '  suspend: true\n' }) },
      false,
    ],
  ])('with %s', (_, more, isTold) => {
    const found = told('unattended-push-branch', { ...FLEET, ...more }, PUSH_BRANCH_FACTS);
    expect(found.length > 0).toBe(isTold);
  });

  it.each([
    ['on:\n  push:\n    branches:\n      - "image-*"', true],
    ['on:\n  push:\n    branches: ["**"]', true],
    ['on:\n  push:\n    branches: ["image/*"]', false],
    ['on: push', true],
    ['on: [push, pull_request]', true],
    ['on:\n  schedule:\n    - cron: "0 0 * * *"', true],
    ['on:\n  repository_dispatch:', true],
    ['on: pull_request', false],
    ['on:\n  push:\n    tags: [v1]', false],
    [`on:\n  push:\n    branches: [${'*a'.repeat(90)}]`, false],
  ])('reads %s', (on, expected) => {
    const text = `${on}\njobs:\n  a:\n    steps:\n      - uses: peter-evans/create-pull-request@v7\n`;
    const tree = memoryTree({ '.github/workflows/a.yml': text });
    expect(hasWorkflowFor(tree, 'image-updates')).toBe(expected);
  });
});

describe('one key for all', () => {
  const own = (more: Files = {}) => ({
    ...FLEET,
    [AUTOMATION]: updateAutomation({ source: 'image-updates' }),
    'clusters/production/source.yaml': OWN_SOURCE,
    ...more,
  });

  it('is told of the source of the cluster, and of another with its Secret', () => {
    expect(told('shared-write-key', FLEET)).toEqual([
      `advice ${AUTOMATION}:10 ImageUpdateAutomation "web" in namespace "flux-system" pushes to GitRepository "flux-system" in namespace "flux-system", which the cluster itself is deployed from: one key that writes for all.`,
    ]);
    const same = OWN_SOURCE.replace(
      '    name: image-updates\n  ref',
      '    name: flux-system\n  ref',
    );
    expect(told('shared-write-key', own({ 'clusters/production/source.yaml': same }))).toEqual([
      `advice ${AUTOMATION}:10 ImageUpdateAutomation "web" in namespace "flux-system" pushes with the Secret of GitRepository "flux-system" in namespace "flux-system", which the cluster itself is deployed from: one key that writes for all.`,
    ]);
    expect(told('shared-write-key', own())).toEqual([]);
  });

  it.each([
    [
      'Kustomization',
      `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec: { interval: 1m, path: ./apps, prune: true, sourceRef: { kind: GitRepository, name: image-updates } }
`,
    ],
    [
      'HelmRelease',
      `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: apps, namespace: flux-system }
spec: { interval: 1m, chart: { spec: { chart: ./a, sourceRef: { kind: GitRepository, name: image-updates } } } }
`,
    ],
  ])('is told of a %s that reads with it', (kind, text) => {
    const files = own({ 'clusters/production/apps.yaml': text, 'apps/a.yaml': '' });
    expect(told('shared-write-key', files)).toEqual([
      `advice clusters/production/apps.yaml:4 ${kind} "apps" in namespace "flux-system" is deployed from GitRepository "image-updates" in namespace "flux-system", whose key writes for ImageUpdateAutomation "web" in namespace "flux-system": reading needs no such key.`,
    ]);
  });
});

describe('the update path', () => {
  const staging = {
    'clusters/staging/flux-system/gotk-sync.yaml': SYNC.replace('production', 'staging'),
  };
  it.each<[string, Files, string[]]>([
    ['as wide as its markers', FLEET, []],
    [
      'the whole repository',
      { ...FLEET, [AUTOMATION]: updateAutomation({ path: './' }) },
      [
        `advice ${AUTOMATION}:19 ImageUpdateAutomation "web" in namespace "flux-system" may write below ".", while all markers that it moves are below "clusters/production".`,
      ],
    ],
    [
      'one that reaches production from staging',
      {
        'clusters/production/flux-system/gotk-sync.yaml': SYNC,
        ...staging,
        'clusters/staging/automation.yaml': updateAutomation({ path: './clusters' }),
        'clusters/staging/web.yaml': markedDeployment('1.4.2'),
        'clusters/staging/policy.yaml': imagePolicy('1.4.x'),
      },
      [
        'risk clusters/staging/automation.yaml:19 ImageUpdateAutomation "web" in namespace "flux-system" may write below "clusters", while all markers that it moves are below "clusters/staging", and it also reaches production.',
      ],
    ],
    [
      'without markers',
      {
        ...FLEET,
        'clusters/production/web.yaml': '',
        [AUTOMATION]: updateAutomation({ path: './' }),
      },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(told('wide-update-path', files)).toEqual(expected);
  });
});

describe('policies', () => {
  const apps = imagePolicy('1.4.x').replace('namespace: flux-system', 'namespace: apps');
  it.each<[string, Files, string[]]>([
    ['that a marker names', FLEET, []],
    [
      'of another namespace',
      { ...FLEET, 'clusters/production/other.yaml': apps },
      [
        'advice clusters/production/other.yaml:4 ImagePolicy "podinfo" in namespace "apps" is used by nothing: no ImageUpdateAutomation is in its namespace, and an automation takes only policies of its own.',
      ],
    ],
    [
      'of another namespace, that a marker waits for',
      {
        ...FLEET,
        'clusters/production/other.yaml': apps,
        'clusters/production/b.yaml': markedDeployment('1.4.2')
          .replace('flux-system:podinfo', 'apps:podinfo')
          .replace('name: web\n  n', 'name: b\n  n'),
      },
      [
        expect.stringMatching(
          /^risk clusters\/production\/other.yaml:4 .* used by nothing/,
        ) as string,
      ],
    ],
    [
      'that no marker names',
      { ...FLEET, 'clusters/production/web.yaml': '' },
      [
        'advice clusters/production/policy.yaml:4 ImagePolicy "podinfo" in namespace "flux-system" is used by nothing: no marker names it.',
      ],
    ],
    [
      'that the selector leaves out',
      {
        ...FLEET,
        [AUTOMATION]: updateAutomation({
          more: '  policySelector:\n    matchLabels: { tier: web }\n',
        }),
      },
      [expect.stringContaining('the policySelector of the automation leaves it out') as string],
    ],
    [
      'without an automation',
      { ...FLEET, [AUTOMATION]: '', 'clusters/production/web.yaml': '' },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(told('unused-policy', files)).toEqual(expected);
  });
});

describe('where markers stand', () => {
  const MARK = '{"$imagepolicy": "flux-system:podinfo"}';
  const file = (text: string) => ({ ...FLEET, 'clusters/production/x.yaml': `kind: X\n${text}\n` });
  it.each<[string, string, string | undefined]>([
    ['behind a value', `image: a/b:1 # ${MARK}`, undefined],
    ['behind a value of a list', `- a/b:1 # ${MARK}`, undefined],
    ['above a value of a list', `list:\n  # ${MARK}\n  - a/b:1`, undefined],
    ['above a key', `# ${MARK}\nimage: a/b:1`, 'stands where no value is'],
    ['above a map of a list', `list:\n  # ${MARK}\n  - image: a/b:1`, 'stands where no value is'],
    ['behind a key of a map', `image: # ${MARK}\n  tag: 1`, 'stands where no value is'],
    ['in a line that is commented out', `# image: a/b:1 # ${MARK}`, undefined],
    [
      'with another part',
      `image: a/b:1 # ${MARK.replace('podinfo', 'podinfo:version')}`,
      'asks for "version"',
    ],
  ])('%s', (_, text, expected) => {
    const found = told('broken-marker', file(text));
    expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
  });

  it('tells a marker below no update path', () => {
    const files = { ...FLEET, 'apps/web.yaml': markedDeployment('1.4.2') };
    expect(told('broken-marker', files)).toEqual([
      expect.stringMatching(/^risk apps\/web.yaml:18 .* is not below any update path\.$/),
    ]);
  });
});
