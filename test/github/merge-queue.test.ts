import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Example, startExample } from './example-app.ts';
import { REPOSITORY } from './example-fleet.ts';

let example: Example;

beforeEach(async () => {
  example = await startExample();
  const { github, as } = example;
  const ada = as('ada').rest;
  await ada.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'merge_queue',
        parameters: {
          check_response_timeout_minutes: 60,
          grouping_strategy: 'ALLGREEN',
          max_entries_to_build: 5,
          max_entries_to_merge: 5,
          merge_method: 'SQUASH',
          min_entries_to_merge: 1,
          min_entries_to_merge_wait_minutes: 0,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'Greeting' }],
        },
      },
    ],
  });
  for (const name of ['one', 'two']) {
    await github.push('acme/fleet', { branch: name, files: { [name]: name }, by: 'ada' });
    await ada.pulls.create({ ...REPOSITORY, title: `Add ${name}`, head: name, base: 'main' });
  }
  await github.settled();
  example.heard.length = 0;
});

afterEach(async () => {
  await example.close();
  expect(example.github.contractViolations).toEqual([]);
});

async function conclude(sha: string, conclusion: 'success' | 'failure'): Promise<void> {
  const app = (await example.asApp()).rest;
  await app.checks.create({
    ...REPOSITORY,
    name: 'Greeting',
    head_sha: sha,
    status: 'completed',
    conclusion,
  });
  await example.github.settled();
}

function groups(): { head_sha: string; head_ref: string; base_sha: string }[] {
  return example.github
    .deliveries()
    .filter(({ event, action }) => event === 'merge_group' && action === 'checks_requested')
    .map(({ payload }) => payload.merge_group as ReturnType<typeof groups>[number]);
}

test('groups stand on each other and are merged in order', async () => {
  const { github, as, heard } = example;
  const ada = as('ada').rest;
  const direct = ada.pulls.merge({ ...REPOSITORY, pull_number: 1 });
  await expect(direct).rejects.toMatchObject({ status: 405 });
  await github.enqueueMerge('acme/fleet', 1, 'ada');
  await github.enqueueMerge('acme/fleet', 2, 'ada');
  await github.settled();
  const [first, second] = groups();
  expect(second?.base_sha).toBe(first?.head_sha);
  expect(first?.head_ref).toBe(`refs/heads/gh-readonly-queue/main/pr-1-${first?.base_sha ?? ''}`);
  expect(heard.filter((name) => /merge_group|enqueued/.test(name))).toEqual([
    'pull_request.enqueued',
    'merge_group.checks_requested',
    'pull_request.enqueued',
    'merge_group.checks_requested',
  ]);
  // The second is green first, and waits.
  await conclude(second?.head_sha ?? '', 'success');
  expect((await ada.pulls.get({ ...REPOSITORY, pull_number: 2 })).data.merged).toBe(false);
  heard.length = 0;
  await conclude(first?.head_sha ?? '', 'success');
  const { data: main } = await ada.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  expect(main.object.sha).toBe(second?.head_sha);
  for (const pull_number of [1, 2]) {
    const { data } = await ada.pulls.get({ ...REPOSITORY, pull_number });
    expect(data).toMatchObject({ merged: true, merged_by: { login: 'ada' } });
  }
  expect(heard.filter((name) => name === 'merge_group.destroyed')).toHaveLength(2);
  const { data: refs } = await ada.git.listMatchingRefs({ ...REPOSITORY, ref: 'heads/gh-' });
  expect(refs).toEqual([]);
});

test('a red group leaves the queue and the next is built anew', async () => {
  const { github, as } = example;
  await github.enqueueMerge('acme/fleet', 1, 'ada');
  await github.enqueueMerge('acme/fleet', 2, 'ada');
  const [first] = groups();
  await conclude(first?.head_sha ?? '', 'failure');
  const third = groups()[2];
  expect(third?.base_sha).toBe(first?.base_sha);
  const reasons = github
    .deliveries()
    .filter(({ action }) => action === 'dequeued' || action === 'destroyed')
    .map(({ event, payload }) => [event, payload.reason]);
  expect(reasons).toEqual([
    ['merge_group', 'dequeued'],
    ['pull_request', 'CI_FAILURE'],
    ['merge_group', 'invalidated'],
  ]);
  await conclude(third?.head_sha ?? '', 'success');
  const ada = as('ada').rest;
  expect((await ada.pulls.get({ ...REPOSITORY, pull_number: 1 })).data.merged).toBe(false);
  expect((await ada.pulls.get({ ...REPOSITORY, pull_number: 2 })).data.merged).toBe(true);
});
