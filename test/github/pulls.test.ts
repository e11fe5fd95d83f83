import type { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, createReviewer, startFleet } from './example-fleet.ts';
import type { RegisteredApp } from './people/apps.ts';

let fleet: Fleet;
let app: RegisteredApp;
let ada: Octokit['rest'];

const PULL = { ...REPOSITORY, pull_number: 1 } as const;

beforeEach(async () => {
  fleet = await startFleet({ webFlowKey: true });
  const { github, as } = fleet;
  ada = as('ada').rest;
  app = await createReviewer(github);
  github.setWebhookUrl(app, 'http://127.0.0.1:9/');
  github.installApp(app, 'acme');
  await github.push('acme/fleet', { branch: 'release', files: { r: 'r' }, by: 'ada' });
  await github.push('acme/fleet', {
    branch: 'topic',
    files: { 'apps/web.yaml': 'kind: Deployment\nspec:\n  replicas: 2\n  paused: true\n' },
    by: 'bob',
  });
  await as('bob').rest.pulls.create({ ...REPOSITORY, title: 'Scale', head: 'topic', base: 'main' });
  await github.settled();
});

afterEach(async () => {
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

const lastPullEvent = () =>
  fleet.github.deliveries(app).findLast(({ event }) => event === 'pull_request');

test('an edit says what it was before', async () => {
  await ada.pulls.update({ ...PULL, title: 'Scale web', body: 'To two.' });
  expect(lastPullEvent()?.payload).toMatchObject({
    action: 'edited',
    changes: { title: { from: 'Scale' }, body: { from: '' } },
    pull_request: { title: 'Scale web', body: 'To two.' },
  });
  const before = fleet.github.deliveries(app).length;
  await ada.pulls.update({ ...PULL, title: 'Scale web' });
  expect(fleet.github.deliveries(app)).toHaveLength(before);
  const stranger = fleet.as('eve').rest.pulls.update({ ...PULL, title: 'Mine' });
  await expect(stranger).rejects.toMatchObject({ status: 403 });
});

test('another base is another diff and another test merge', async () => {
  const { data: before } = await ada.pulls.get(PULL);
  await ada.pulls.update({ ...PULL, base: 'release' });
  expect(lastPullEvent()?.payload).toMatchObject({
    action: 'edited',
    changes: { base: { ref: { from: 'main' }, sha: { from: before.base.sha } } },
  });
  await fleet.github.settled();
  const { data: after } = await ada.pulls.get(PULL);
  const { data: release } = await ada.git.getRef({ ...REPOSITORY, ref: 'heads/release' });
  expect(after.base).toMatchObject({ ref: 'release', sha: release.object.sha });
  expect(after.merge_commit_sha).not.toBe(before.merge_commit_sha);
  await expect(ada.pulls.update({ ...PULL, base: 'nowhere' })).rejects.toMatchObject({
    status: 422,
  });
});

test('it is closed and opened again', async () => {
  await ada.pulls.update({ ...PULL, state: 'closed' });
  expect(lastPullEvent()?.payload).toMatchObject({
    action: 'closed',
    pull_request: { merged: false, closed_at: expect.stringContaining('T') as string },
  });
  await ada.pulls.update({ ...PULL, state: 'open' });
  expect(lastPullEvent()?.action).toBe('reopened');
  await ada.issues.update({ ...REPOSITORY, issue_number: 1, state: 'closed' });
  expect((await ada.pulls.get(PULL)).data.state).toBe('closed');
  expect(lastPullEvent()?.action).toBe('closed');
});

test('it is not opened again once its branch has moved or it is merged', async () => {
  await ada.pulls.update({ ...PULL, state: 'closed' });
  await fleet.github.push('acme/fleet', { branch: 'topic', files: { x: 'x' }, by: 'bob' });
  await expect(ada.pulls.update({ ...PULL, state: 'open' })).rejects.toMatchObject({ status: 422 });
});

test('a draft becomes ready', async () => {
  const { as, github } = fleet;
  await github.push('acme/fleet', { branch: 'wip', files: { w: 'w' }, by: 'bob' });
  const { data } = await as('bob').rest.pulls.create({
    ...REPOSITORY,
    title: 'WIP',
    head: 'wip',
    base: 'main',
    draft: true,
  });
  expect(data.draft).toBe(true);
  await github.settled();
  const wip = { ...REPOSITORY, pull_number: data.number };
  expect((await ada.pulls.get(wip)).data.mergeable_state).toBe('draft');
  await expect(ada.pulls.merge(wip)).rejects.toMatchObject({ status: 405 });
  const ready = `mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`;
  await as('bob').graphql(ready, { id: data.node_id });
  expect(lastPullEvent()?.action).toBe('ready_for_review');
  expect((await ada.pulls.merge(wip)).data.merged).toBe(true);
});

test('lists are filtered and sorted', async () => {
  const { github } = fleet;
  await github.push('acme/fleet', { branch: 'second', files: { s: 's' }, by: 'ada' });
  await ada.pulls.create({ ...REPOSITORY, title: 'Second', head: 'second', base: 'release' });
  await ada.pulls.update({ ...PULL, state: 'closed' });
  const numbers = async (filter: Parameters<typeof ada.pulls.list>[0]) =>
    (await ada.pulls.list({ ...REPOSITORY, ...filter })).data.map(({ number }) => number);
  expect(await numbers({ ...REPOSITORY })).toEqual([2]);
  expect(await numbers({ ...REPOSITORY, state: 'all' })).toEqual([2, 1]);
  expect(await numbers({ ...REPOSITORY, state: 'all', direction: 'asc' })).toEqual([1, 2]);
  expect(await numbers({ ...REPOSITORY, state: 'closed', head: 'acme:topic' })).toEqual([1]);
  expect(await numbers({ ...REPOSITORY, base: 'main' })).toEqual([]);
});

test('the pull requests of a commit are found, also once it is merged', async () => {
  const { data: pull } = await ada.pulls.get(PULL);
  const target = { ...REPOSITORY, commit_sha: pull.head.sha };
  const found = async () =>
    (await ada.repos.listPullRequestsAssociatedWithCommit(target)).data.map(({ number }) => number);
  expect(await found()).toEqual([1]);
  await ada.pulls.merge(PULL);
  expect(await found()).toEqual([1]);
});

test('a pull request needs a body of bearable length', async () => {
  const body = 'x'.repeat(65_537);
  await expect(ada.pulls.update({ ...PULL, body })).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ message: 'body is too long (maximum is 65536 characters)' }] } },
  });
  fleet.github.contractViolations.length = 0;
});

test('a suggestion is committed over the web', async () => {
  const { github } = fleet;
  const { data: pull } = await ada.pulls.get(PULL);
  const { data: comment } = await ada.pulls.createReviewComment({
    ...PULL,
    commit_id: pull.head.sha,
    path: 'apps/web.yaml',
    start_line: 3,
    line: 4,
    body: 'Better:\n\n````suggestion\n  replicas: 3 # ```\n````\n',
  });
  const after = await github.applySuggestion('acme/fleet', comment.id, 'bob');
  const { data: file } = await ada.repos.getContent({
    ...REPOSITORY,
    path: 'apps/web.yaml',
    ref: 'topic',
    mediaType: { format: 'raw' },
  });
  expect(file).toBe('kind: Deployment\nspec:\n  replicas: 3 # ```\n');
  const { data: commit } = await ada.git.getCommit({ ...REPOSITORY, commit_sha: after });
  expect(commit).toMatchObject({
    author: { name: 'bob' },
    committer: { name: 'GitHub' },
    verification: { verified: true },
  });
  expect(lastPullEvent()?.action).toBe('synchronize');
  // Its lines are gone, and with them the button.
  await expect(github.applySuggestion('acme/fleet', comment.id, 'bob')).rejects.toThrow(
    'There is no such place in the newest head here.',
  );
});

test('a reviewer is asked', async () => {
  const { data } = await ada.pulls.requestReviewers({ ...PULL, reviewers: ['cy'] });
  expect(data.requested_reviewers?.map(({ login }) => login)).toEqual(['cy']);
  const author = ada.pulls.requestReviewers({ ...PULL, reviewers: ['bob'] });
  await expect(author).rejects.toMatchObject({ status: 422 });
});
