import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  type Fleet,
  REPOSITORY,
  clientOfInstallation,
  createReviewer,
  startFleet,
} from './example-fleet.ts';
import type { RegisteredApp } from './people/apps.ts';

let fleet: Fleet;
let app: RegisteredApp;
let installation: { id: number };
let folder: string;

beforeEach(async () => {
  fleet = await startFleet({ private: true });
  app = await createReviewer(fleet.github);
  fleet.github.setWebhookUrl(app, 'http://127.0.0.1:9/');
  installation = fleet.github.installApp(app, 'acme');
  folder = mkdtempSync(join(tmpdir(), 'clone-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Bob',
  GIT_AUTHOR_EMAIL: 'bob@example.org',
  GIT_COMMITTER_NAME: 'Bob',
  GIT_COMMITTER_EMAIL: 'bob@example.org',
};

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], {
    env: ENVIRONMENT,
  });
  return stdout.trim();
}

const urlFor = (login?: string) => fleet.github.gitUrl('acme/fleet', login);
const told = () =>
  fleet.github
    .deliveries(app)
    .map(({ event, action }) => (action === undefined ? event : `${event}.${action}`));

test('a clone, a push, a forced push and a deleted branch', async () => {
  const { github, as } = fleet;
  await git('clone', '--quiet', urlFor('bob'), '.');
  await git('checkout', '--quiet', '-b', 'topic');
  writeFileSync(join(folder, 'new.yaml'), 'a: 1\n');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Add a file');
  await git('push', '--quiet', 'origin', 'topic');
  const sha = await git('rev-parse', 'HEAD');
  const { rest } = as('bob');
  const { data: pull } = await rest.pulls.create({
    ...REPOSITORY,
    title: 'x',
    head: 'topic',
    base: 'main',
  });
  expect(pull.head.sha).toBe(sha);

  const before = told().length;
  await git('commit', '--quiet', '--amend', '-m', 'Add another file');
  await git('push', '--quiet', '--force', 'origin', 'topic');
  expect(told().slice(before)).toEqual([
    'push',
    'check_suite.requested',
    'pull_request.synchronize',
  ]);
  const synchronize = github.deliveries(app).at(-1);
  expect(synchronize?.payload).toMatchObject({
    before: sha,
    after: await git('rev-parse', 'HEAD'),
  });
  // The old head can still be read: comments stand on it.
  expect((await rest.git.getCommit({ ...REPOSITORY, commit_sha: sha })).status).toBe(200);

  await git('push', '--quiet', 'origin', '--delete', 'topic');
  expect((await rest.pulls.get({ ...REPOSITORY, pull_number: 1 })).data.state).toBe('closed');
  await git('fetch', '--quiet', 'origin', 'refs/pull/1/head');
  expect(await git('rev-parse', 'FETCH_HEAD')).toBe(await git('rev-parse', 'topic'));
});

test('a pull request merged by hand is noticed', async () => {
  const { github, as } = fleet;
  await github.push('acme/fleet', { branch: 'topic', files: { x: 'x' }, by: 'ada' });
  const { rest } = as('bob');
  await rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  await git('clone', '--quiet', urlFor('bob'), '.');
  await git('merge', '--quiet', '--no-ff', '-m', 'By hand', 'origin/topic');
  await git('push', '--quiet', 'origin', 'main');
  const { data } = await rest.pulls.get({ ...REPOSITORY, pull_number: 1 });
  expect(data).toMatchObject({ merged: true, merged_by: { login: 'bob' } });
  expect(data.merge_commit_sha).toBe(await git('rev-parse', 'HEAD'));
});

test.each([
  ['a stranger without a name', undefined, 'Authentication failed|could not read Username'],
  ['a stranger with one', 'eve', 'not found'],
])('a private repository is not there for %s', async (_, login, message) => {
  await expect(git('ls-remote', urlFor(login))).rejects.toThrow(new RegExp(message));
});

test('who may read may not push', async () => {
  await git('clone', '--quiet', urlFor('cy'), '.');
  await expect(git('push', 'origin', 'HEAD:refs/heads/x')).rejects.toThrow(/403/);
  expect(told()).toEqual(['installation.created']);
});

test('an installation token clones, and pushes only with contents: write', async () => {
  const { github } = fleet;
  const client = await clientOfInstallation(github, app, installation);
  const { token } = (await client.auth()) as { token: string };
  const url = new URL(urlFor());
  url.username = 'x-access-token';
  url.password = token;
  await git('clone', '--quiet', url.href, '.');
  await expect(git('push', 'origin', 'HEAD:refs/heads/x')).rejects.toThrow(/403/);
});

test('nobody pushes to the refs of pull requests', async () => {
  await git('clone', '--quiet', urlFor('ada'), '.');
  await expect(git('push', 'origin', 'HEAD:refs/pull/1/head')).rejects.toThrow(/hidden ref/);
});

test('a large push arrives whole', async () => {
  await git('clone', '--quiet', urlFor('bob'), '.');
  // More than git sends in one piece, so that it comes in chunks; random, so that it stays large.
  writeFileSync(
    join(folder, 'large'),
    Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919 * (i % 977)) % 251)),
  );
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Large');
  await git('push', '--quiet', 'origin', 'HEAD:refs/heads/large');
  const { data } = await fleet.as('bob').rest.repos.getBranch({ ...REPOSITORY, branch: 'large' });
  expect(data.commit.sha).toBe(await git('rev-parse', 'HEAD'));
});

test('a pull request comes from a fork', async () => {
  const { github, as } = fleet;
  const { rest } = as('cy');
  const { data: fork } = await rest.repos.createFork(REPOSITORY);
  expect(fork).toMatchObject({
    full_name: 'cy/fleet',
    fork: true,
    parent: { full_name: 'acme/fleet' },
  });
  const sha = await github.push('cy/fleet', { branch: 'topic', files: { x: 'x' }, by: 'cy' });
  const before = told().length;
  const { data: pull } = await rest.pulls.create({
    ...REPOSITORY,
    title: 'x',
    head: 'cy:topic',
    base: 'main',
  });
  expect(pull).toMatchObject({ head: { label: 'cy:topic', sha, repo: { full_name: 'cy/fleet' } } });
  expect(told().slice(before)).toEqual(['check_suite.requested', 'pull_request.opened']);
  expect(github.deliveries(app).at(-2)?.payload).toMatchObject({
    check_suite: { head_branch: null, pull_requests: [] },
  });
  // The commit can be read in the base repository, although it was pushed to the fork.
  const { rest: reviewer } = await clientOfInstallation(github, app, installation);
  const file = { ...REPOSITORY, path: 'x', ref: sha };
  expect((await reviewer.repos.getContent(file)).data).toMatchObject({ content: 'eA==\n' });

  await as('cy').rest.repos.delete({ owner: 'cy', repo: 'fleet' });
  const { data: orphan } = await as('ada').rest.pulls.get({ ...REPOSITORY, pull_number: 1 });
  expect(orphan).toMatchObject({ state: 'closed', head: { repo: null } });
});

test('a repository is taken over from another one', async () => {
  await git('init', '--quiet', '-b', 'trunk');
  for (const name of ['a', 'b']) {
    writeFileSync(join(folder, name), name);
    await git('add', '.');
    await git('commit', '--quiet', '-m', name);
  }
  await git('tag', '-a', 'v1', '-m', 'One');
  await fleet.github.createRepository({
    owner: 'ada',
    name: 'copy',
    defaultBranch: 'trunk',
    bareRepository: folder,
  });
  const { rest } = fleet.as('ada');
  const copy = { owner: 'ada', repo: 'copy' };
  const { data: commits } = await rest.repos.listCommits(copy);
  expect(commits.map(({ commit }) => commit.message)).toEqual(['b', 'a']);
  const { data: tags } = await rest.repos.listTags(copy);
  expect(tags).toMatchObject([{ name: 'v1', commit: { sha: commits[0]?.sha } }]);
});
