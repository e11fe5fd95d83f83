import { afterEach, beforeEach, expect, it } from 'vitest';

import { setStage, type Stage } from './stage.ts';

const at = { owner: 'acme', repo: 'fleet' };
let stage: Stage;

beforeEach(async () => {
  stage = await setStage({ webFlowKey: true });
});

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

function files(url: string, key: string): Record<string, string> {
  const indented = key.replaceAll('\r\n', '\n').trimEnd().replaceAll('\n', '\n    ');
  return {
    'clusters/production/source.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: flux-system }
spec:
  url: ${url}/acme/fleet.git
  ref: { branch: main }
  verify: { mode: HEAD, secretRef: { name: keyring } }
`,
    'clusters/production/keyring.yaml': `apiVersion: v1
kind: Secret
metadata: { name: keyring, namespace: flux-system }
stringData:
  web-flow.asc: |
    ${indented}
`,
  };
}

it('tells which ways of merging Flux accepts', async () => {
  const { github, ada } = stage;
  await github.createRepository({
    ...{ owner: 'acme', name: 'fleet' },
    files: files(github.htmlUrl, github.webFlowKey ?? ''),
  });
  await github.push('acme/fleet', { branch: 'words', files: { 'a.md': 'Words.\n' }, by: 'ada' });
  const { data } = await ada.pulls.create({ ...at, title: 'Words', head: 'words', base: 'main' });
  await stage.settled('acme/fleet');
  const { data: checks } = await ada.checks.listForRef({ ...at, ref: data.head.sha });
  const check = checks.check_runs.find(({ name }) => name === 'Fluxgate / commit signatures');
  const rows = (check?.output.summary ?? '')
    .split('\n')
    .map((row) => row.split(' | '))
    .filter(([way]) => /^\| (?:Merge|Squash|Rebase|Fast)/.test(way ?? ''))
    .map(([way = '', , verdict = '']) => `${way.slice(2)}: ${verdict}`);
  expect([check?.conclusion, ...rows]).toEqual([
    'neutral',
    'Merged by: Flux',
    'Merge commit: accepted',
    'Squash and merge: accepted',
    'Rebase and merge: refused',
    'Merge locally and push: refused',
    'Fast\\-forward push: refused',
  ]);
});
