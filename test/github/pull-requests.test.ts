import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Example, startExample } from './example-app.ts';
import { REPOSITORY } from './example-fleet.ts';

let example: Example;

beforeEach(async () => {
  example = await startExample();
});

afterEach(async () => {
  await example.close();
  expect(example.github.contractViolations).toEqual([]);
});

test('a pull request lives: opened, checked, pushed to, merged', async () => {
  const { github, heard, as } = example;
  const ada = as('ada').rest;
  heard.length = 0;
  await github.push('acme/fleet', {
    branch: 'scale',
    files: { 'apps/web.yaml': 'kind: Deployment\nspec:\n  replicas: 2\n' },
    by: 'ada',
  });
  const { data: opened } = await ada.pulls.create({
    ...REPOSITORY,
    title: 'Scale web',
    head: 'scale',
    base: 'main',
  });
  expect(opened).toMatchObject({ number: 1, mergeable: null, commits: 1, changed_files: 1 });
  await github.settled();
  expect(heard).toEqual([
    'push',
    'create',
    'check_suite.requested',
    'pull_request.opened',
    'check_run.created',
    'check_run.completed',
    'check_suite.completed',
  ]);

  const pull = { ...REPOSITORY, pull_number: 1 };
  const { data: checks } = await ada.checks.listForRef({ ...REPOSITORY, ref: 'scale' });
  expect(checks.check_runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Greeting', 'success'],
  ]);
  const { data: ready } = await ada.pulls.get(pull);
  expect(ready).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
  const { data: test } = await ada.git.getCommit({
    ...REPOSITORY,
    commit_sha: ready.merge_commit_sha ?? '',
  });
  expect(test.parents.map(({ sha }) => sha)).toEqual([ready.base.sha, ready.head.sha]);
  expect(test.message).toBe(`Merge ${ready.head.sha} into ${ready.base.sha}`);

  heard.length = 0;
  await ada.repos.createOrUpdateFileContents({
    ...REPOSITORY,
    path: 'apps/new.yaml',
    message: 'Add a file',
    content: Buffer.from('a: 1\n').toString('base64'),
    branch: 'scale',
  });
  await github.settled();
  expect(heard.slice(0, 3)).toEqual(['push', 'check_suite.requested', 'pull_request.synchronize']);
  const { data: merged } = await ada.pulls.merge(pull);
  expect(merged.merged).toBe(true);
  const { data: closed } = await ada.pulls.get(pull);
  expect(closed).toMatchObject({ merged: true, state: 'closed', merge_commit_sha: merged.sha });
  const { data: main } = await ada.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  expect(main.object.sha).toBe(merged.sha);
});
