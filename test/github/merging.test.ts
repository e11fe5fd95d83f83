import { createMessage, readKey, readSignature, verify } from 'openpgp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';

let fleet: Fleet;

const PULL = { ...REPOSITORY, pull_number: 1 } as const;

beforeEach(async () => {
  fleet = await startFleet({ webFlowKey: true, now: () => new Date('2026-01-01T12:00:00Z') });
  const { github, as } = fleet;
  for (const name of ['one', 'two']) {
    await github.push('acme/fleet', {
      branch: 'topic',
      files: { [name]: name },
      message: `Add ${name}`,
      by: 'bob',
    });
  }
  await as('bob').rest.pulls.create({
    ...REPOSITORY,
    title: 'Add two files',
    body: 'Both are needed.',
    head: 'topic',
    base: 'main',
  });
  await github.push('acme/fleet', { branch: 'main', files: { other: 'x' }, by: 'ada' });
});

afterEach(async () => {
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

async function mergeBy(merge_method: 'merge' | 'squash' | 'rebase') {
  const { rest } = fleet.as('ada');
  const { data: base } = await rest.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  const { data } = await rest.pulls.merge({ ...PULL, merge_method });
  const { data: commit } = await rest.repos.getCommit({ ...REPOSITORY, ref: data.sha });
  return { base: base.object.sha, commit };
}

describe('the commit that a merge makes', () => {
  test('is a merge commit by GitHub, signed', async () => {
    const { base, commit } = await mergeBy('merge');
    const { data: pull } = await fleet.as('ada').rest.pulls.get(PULL);
    expect(commit.parents.map(({ sha }) => sha)).toEqual([base, pull.head.sha]);
    expect(commit.commit).toMatchObject({
      message: 'Merge pull request #1 from acme/topic\n\nAdd two files',
      author: { name: 'ada' },
      committer: { name: 'GitHub', email: 'noreply@github.com', date: '2026-01-01T12:00:00Z' },
      verification: { verified: true, reason: 'valid' },
    });
    expect(commit).toMatchObject({ author: { login: 'ada' }, committer: { login: 'web-flow' } });
  });

  test('is one commit by the author of the pull request, signed', async () => {
    const { base, commit } = await mergeBy('squash');
    expect(commit.parents.map(({ sha }) => sha)).toEqual([base]);
    expect(commit.commit).toMatchObject({
      message: 'Add two files (#1)\n\n* Add one\n\n* Add two',
      author: { name: 'bob' },
      committer: { name: 'GitHub' },
      verification: { verified: true, reason: 'valid' },
    });
  });

  test('is the same commits again, by the merger and unsigned', async () => {
    const { base, commit } = await mergeBy('rebase');
    const { data: first } = await fleet.as('ada').rest.repos.getCommit({
      ...REPOSITORY,
      ref: commit.parents[0]?.sha ?? '',
    });
    expect(first.parents.map(({ sha }) => sha)).toEqual([base]);
    expect([first.commit.message, commit.commit.message]).toEqual(['Add one', 'Add two']);
    expect(commit.commit).toMatchObject({
      author: { name: 'bob' },
      committer: { name: 'ada' },
      verification: { verified: false, reason: 'unsigned', signature: null },
    });
    expect(commit.files?.map(({ filename }) => filename)).toEqual(['two']);
  });

  test('is a new one even where the merger made the same commit in the same second', async () => {
    const { rest } = fleet.as('ada');
    await fleet.github.push('acme/fleet', { branch: 'own', files: { three: '3' }, by: 'ada' });
    const { data: pull } = await rest.pulls.create({
      ...{ ...REPOSITORY, title: 'Three', head: 'own', base: 'main' },
    });
    const { data } = await rest.pulls.merge({
      ...{ ...REPOSITORY, pull_number: pull.number, merge_method: 'rebase' },
    });
    expect(data.merged).toBe(true);
    expect(data.sha).not.toBe(pull.head.sha);
  });
});

test('a signature is made with the key that is told', async () => {
  const { commit } = await mergeBy('merge');
  const { signature, payload } = commit.commit.verification ?? {};
  const result = await verify({
    message: await createMessage({ binary: new TextEncoder().encode(payload ?? '') }),
    signature: await readSignature({ armoredSignature: signature ?? '' }),
    verificationKeys: (await readKey({ armoredKey: fleet.github.webFlowKey ?? '' })).toPublic(),
    date: new Date('2026-01-02T00:00:00Z'),
  });
  await expect(result.signatures[0]?.verified).resolves.toBe(true);
});

test('a merge needs no body', async () => {
  const { github, tokenOf } = fleet;
  const response = await fetch(`${github.url}/repos/acme/fleet/pulls/1/merge`, {
    method: 'PUT',
    headers: { authorization: `token ${tokenOf('ada')}` },
  });
  expect(response.status).toBe(200);
});

test.each<[string, Record<string, unknown>, number, string]>([
  [
    'another head',
    { sha: '0'.repeat(40) },
    409,
    'Head branch was modified. Review and try the merge again.',
  ],
  [
    'a method that is off',
    { merge_method: 'squash' },
    405,
    'Squash merges are not allowed on this repository.',
  ],
])('a merge of %s is refused', async (_, request, status, message) => {
  const { rest } = fleet.as('ada');
  await rest.repos.update({ ...REPOSITORY, allow_squash_merge: false });
  await expect(rest.pulls.merge({ ...PULL, ...request })).rejects.toMatchObject({
    status,
    response: { data: { message } },
  });
});

test('a conflict cannot be merged, and keeps the old test merge', async () => {
  const { github, as } = fleet;
  const { rest } = as('ada');
  await rest.pulls.get(PULL);
  await github.settled();
  const { data: before } = await rest.pulls.get(PULL);
  expect(before.mergeable).toBe(true);
  await github.push('acme/fleet', { branch: 'main', files: { one: 'otherwise' }, by: 'ada' });
  // GitHub does not look before it is asked.
  const { data: asked } = await rest.pulls.get(PULL);
  expect(asked).toMatchObject({ mergeable: null, merge_commit_sha: before.merge_commit_sha });
  expect(asked.base.sha).toBe(before.base.sha);
  await github.settled();
  const { data: after } = await rest.pulls.get(PULL);
  expect(after).toMatchObject({
    mergeable: false,
    mergeable_state: 'dirty',
    merge_commit_sha: before.merge_commit_sha,
  });
  for (const merge_method of ['merge', 'squash', 'rebase'] as const) {
    await expect(rest.pulls.merge({ ...PULL, merge_method })).rejects.toMatchObject({
      status: 405,
    });
  }
});

test('an updated branch holds the base', async () => {
  const { github, as } = fleet;
  const { rest } = as('bob');
  await rest.pulls.updateBranch(PULL);
  const { data } = await rest.pulls.get(PULL);
  const { data: head } = await rest.git.getCommit({ ...REPOSITORY, commit_sha: data.head.sha });
  const { data: main } = await rest.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  expect(head.parents[1]?.sha).toBe(main.object.sha);
  expect(head.verification.verified).toBe(true);
  expect(data).toMatchObject({ commits: 3, changed_files: 2 });
  await expect(rest.pulls.updateBranch(PULL)).rejects.toMatchObject({ status: 422 });
  expect(github.requests.at(-1)?.status).toBe(422);
});

test('a required check stands between a pull request and its merge', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.updateBranchProtection({
    ...REPOSITORY,
    branch: 'main',
    required_status_checks: { strict: false, contexts: ['build'] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await expect(rest.pulls.merge(PULL)).rejects.toMatchObject({
    status: 405,
    response: { data: { message: 'Required status check "build" is expected.' } },
  });
  const { data: pull } = await rest.pulls.get(PULL);
  const status = { ...REPOSITORY, sha: pull.head.sha, context: 'build' };
  await rest.repos.createCommitStatus({ ...status, state: 'failure' });
  await expect(rest.pulls.merge(PULL)).rejects.toMatchObject({ status: 405 });
  await rest.repos.createCommitStatus({ ...status, state: 'success' });
  expect((await rest.pulls.merge(PULL)).data.merged).toBe(true);
});

test('a branch goes with its merge where the repository says so', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.update({ ...REPOSITORY, delete_branch_on_merge: true });
  await rest.pulls.merge(PULL);
  const gone = rest.git.getRef({ ...REPOSITORY, ref: 'heads/topic' });
  await expect(gone).rejects.toMatchObject({ status: 404 });
  expect((await rest.pulls.get(PULL)).data.merged).toBe(true);
});

test.each<[string, Record<string, string>, string]>([
  ['from an unknown branch', { head: 'nowhere' }, 'invalid'],
  ['into an unknown branch', { base: 'nowhere' }, 'invalid'],
  ['of nothing new', { head: 'main' }, 'No commits between main and acme:main'],
  ['twice', {}, 'A pull request already exists for acme:topic.'],
])('no pull request %s', async (_, change, message) => {
  const wanted = { ...REPOSITORY, title: 'x', head: 'topic', base: 'main', ...change };
  await expect(fleet.as('ada').rest.pulls.create(wanted)).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining(message) as string,
  });
});
