/** What one review asks of GitHub, request by request: each costs time and the rate limit. */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { NAME as SIGNED, openSigned } from '../demo/signed.ts';
import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };

let stage: Stage;

beforeAll(async () => {
  // On a busy machine a review may take so long that it is announced, which costs requests too.
  stage = await setStage({ announceAfter: 3_600_000, webFlowKey: true });
  await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
  await requestsOf('warm-up', { 'README.md': 'Words.\n' });
});

afterAll(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

async function requestsOf(branch: string, files: Record<string, string>): Promise<string[]> {
  await stage.github.push(NAME, { branch, files, by: 'ada' });
  // The push is looked into a second later: on a busy machine, while the pull request is opened.
  await stage.idle(NAME);
  return requestsOfOpening(branch);
}

async function requestsOfOpening(branch: string, name = NAME): Promise<string[]> {
  const { github } = stage;
  const earlier = github.requests.length;
  const [owner = '', repo = ''] = name.split('/');
  await stage.ada.pulls.create({ owner, repo, title: branch, head: branch, base: 'main' });
  await stage.idle(name);
  return github.requests
    .slice(earlier)
    .filter(({ actor }) => actor === 'fluxgate[bot]')
    .map(({ route = '', operation }) =>
      route
        .replace('/repos/{owner}/{repo}', '')
        .replace('POST /graphql', `query ${operation ?? ''}`),
    );
}

const CHECKS = ['GET /commits/{ref+}/check-runs', ...Array<string>(4).fill('POST /check-runs')];

it('asks seven times where there is nothing to say on a line', async () => {
  expect(await requestsOf('calm', { 'README.md': 'Other words.\n' })).toEqual([
    'query pulls',
    'GET /git/trees/{tree_sha+}',
    ...CHECKS,
  ]);
});

it('asks eleven times where a file that changed has a finding', async () => {
  const files = { 'apps/base/podinfo/service.yaml': 'kind: Service\nmetadata:\n\tname: podinfo\n' };
  expect(await requestsOf('broken', files)).toEqual([
    'query pulls',
    'GET /git/trees/{tree_sha+}',
    'GET /git/blobs/{file_sha}',
    'GET /pulls/{pull_number}/files',
    ...CHECKS,
    'query threads',
    'POST /pulls/{pull_number}/reviews',
  ]);
});

it('looks again for the test merge where the base has gone on', async () => {
  const { github } = stage;
  const by = 'ada';
  await github.push(NAME, { branch: 'late', files: { 'README.md': 'Late.\n' }, by });
  await github.push(NAME, { branch: 'main', files: { 'NOTES.md': 'Later.\n' }, by });
  await stage.idle(NAME);
  const asked = await requestsOfOpening('late');
  const looks = asked.filter((one) => one.startsWith('query pull'));
  expect(looks[0]).toBe('query pulls');
  expect(looks.slice(1).every((one) => one === 'query pull')).toBe(true);
  expect(asked.slice(looks.length)).toEqual([
    ...Array<string>(2).fill('GET /git/trees/{tree_sha+}'),
    ...CHECKS,
  ]);
});

it('asks for the commits and the rules of the branch where Flux verifies commits', async () => {
  await openSigned(stage);
  await stage.idle(SIGNED);
  const files = { 'README.md': 'Words.\n' };
  await stage.github.push(SIGNED, { branch: 'calm', files, by: 'ada' });
  // How it may be merged comes with the pull request, and the history of the base is known.
  expect((await requestsOfOpening('calm', SIGNED)).sort()).toEqual(
    [
      'query pulls',
      'GET /git/trees/{tree_sha+}',
      'GET /compare/{basehead+}',
      'GET /rules/branches/{branch+}',
      ...CHECKS,
    ].sort(),
  );
});
