import { generateKey } from 'openpgp';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { openSigned } from '../demo/signed.ts';
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

it('tells trusted keys from unknown ones, and refuses what Flux will refuse', async () => {
  const { github, ada } = stage;
  const numbers = await openSigned(stage);
  const secret = await generateKey({ userIDs: [{ name: 'Ada' }], format: 'armored' });
  const body = secret.privateKey.split(/\r?\n/).slice(3, 5).join('');
  await github.push('acme/signed', {
    ...{ branch: 'private', by: 'ada', message: 'Add a key' },
    files: {
      'clusters/production/more.yaml': `apiVersion: v1
kind: Secret
metadata: { name: more, namespace: flux-system }
data: { ada.asc: ${Buffer.from(secret.privateKey).toString('base64')} }
`,
      'clusters/production/more-source.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: more, namespace: flux-system }
spec:
  url: ${github.htmlUrl}/acme/signed
  ref: { branch: main }
  verify: { mode: HEAD, secretRef: { name: more } }
`,
    },
  });
  const signed = { owner: 'acme', repo: 'signed' };
  const pull = { ...signed, title: 'Add a key', head: 'private', base: 'main' };
  numbers.set('private', (await ada.pulls.create(pull)).data.number);
  await stage.idle('acme/signed');
  const texts = new Map<string, string>();
  const conclusions: string[] = [];
  for (const [name, number] of numbers) {
    const { data } = await ada.pulls.get({ ...signed, pull_number: number });
    const { data: list } = await ada.checks.listForRef({ ...signed, ref: data.head.sha });
    const check = list.check_runs.find((run) => run.name === 'Fluxgate / commit signatures');
    conclusions.push(`${name}: ${check?.conclusion ?? ''}`);
    texts.set(name, check?.output.summary ?? '');
    if (name !== 'private') continue;
    const { data: comments } = await ada.pulls.listReviewComments({
      ...signed,
      pull_number: number,
    });
    const said = JSON.stringify([list, comments]);
    expect(said).toContain('holds a private key');
    // Neither armored nor as the Secret holds it.
    expect(said).not.toContain(body.slice(0, 40));
    expect(said).not.toContain(Buffer.from(body).toString('base64').slice(4, 60));
  }
  expect(conclusions).toEqual([
    'trusted: success',
    'stranger: success',
    'unsigned: success',
    'robot: failure',
    'evict: failure',
    'private: failure',
  ]);
  const row = (name: string, start: string) =>
    (texts.get(name) ?? '').split('\n').find((line) => line.startsWith(`| ${start}`)) ?? '';
  expect(row('trusted', 'Fast')).toContain('| accepted |');
  expect(row('stranger', 'Fast')).toContain('| refused |');
  expect(row('unsigned', 'Fast')).toContain('the commit is not signed');
  expect(texts.get('robot')).toContain('The automation has no signing key');
  expect(texts.get('evict')).toContain('This changes whom Flux trusts');
  if (process.env.SHOW) for (const [name, text] of texts) console.log(`##### ${name}\n${text}`);
});

it.each([
  ['SQUASH', 'success', 'accepted'],
  ['REBASE', 'failure', 'refused'],
])(
  'judges a merge group (%s) by the commit that the queue has made',
  async (method, conclusion, word) => {
    const { github, ada } = stage;
    await github.createRepository({
      ...{ owner: 'acme', name: 'fleet' },
      files: files(github.htmlUrl, github.webFlowKey ?? ''),
    });
    await ada.repos.createRepoRuleset({
      ...{ ...at, name: 'queue', enforcement: 'active' },
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [
        {
          type: 'merge_queue',
          parameters: {
            check_response_timeout_minutes: 60,
            grouping_strategy: 'ALLGREEN',
            max_entries_to_build: 5,
            max_entries_to_merge: 5,
            merge_method: method as 'SQUASH',
            min_entries_to_merge: 1,
            min_entries_to_merge_wait_minutes: 0,
          },
        },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: false,
            required_status_checks: [{ context: 'Another' }],
          },
        },
      ],
    });
    await github.push('acme/fleet', { branch: 'words', files: { 'a.md': 'Words.\n' }, by: 'ada' });
    const { data } = await ada.pulls.create({ ...at, title: 'Words', head: 'words', base: 'main' });
    await stage.idle('acme/fleet');
    await ada.repos.createCommitStatus({
      ...at,
      sha: data.head.sha,
      state: 'success',
      context: 'Another',
    });
    await github.enqueueMerge('acme/fleet', data.number, 'ada');
    await stage.idle('acme/fleet');
    const { data: refs } = await ada.git.listMatchingRefs({
      ...at,
      ref: 'heads/gh-readonly-queue/',
    });
    const [ref] = refs;
    const { data: list } = await ada.checks.listForRef({ ...at, ref: ref?.object.sha ?? '' });
    const check = list.check_runs.find(({ name }) => name === 'Fluxgate / commit signatures');
    const row = check?.output.summary
      ?.split('\n')
      .find((line) => line.includes('This merge group'));
    expect([check?.conclusion, row?.split(' | ')[2]]).toEqual([conclusion, word]);
  },
);
