import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';

let fleet: Fleet;

const LIMITS = {
  treeEntries: 6,
  contentBytes: 100,
  rawBytes: 1_000,
  patchBytes: 200,
  pullFiles: 4,
  compareFiles: 3,
  pullCommits: 2,
};

beforeEach(async () => {
  fleet = await startFleet({ limits: LIMITS });
});

afterEach(async () => {
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

async function commit(files: Record<string, string | Buffer | null>, branch = 'main') {
  return fleet.github.push('acme/fleet', { branch, files, by: 'ada' });
}

describe('contents', () => {
  test('are a file, raw or in base64', async () => {
    const { rest } = fleet.as('ada');
    const path = 'apps/web.yaml';
    const { data } = await rest.repos.getContent({ ...REPOSITORY, path });
    expect(data).toMatchObject({
      type: 'file',
      name: 'web.yaml',
      path,
      encoding: 'base64',
      size: 59,
    });
    const raw = await rest.repos.getContent({ ...REPOSITORY, path, mediaType: { format: 'raw' } });
    expect(raw.data).toMatch(/^kind: Deployment\n/);
  });

  test('are a folder, as a list or as an object', async () => {
    const { rest } = fleet.as('ada');
    const { data } = await rest.repos.getContent({ ...REPOSITORY, path: '' });
    expect(data).toMatchObject([
      { type: 'file', name: 'README.md' },
      { type: 'dir', name: 'apps', path: 'apps', size: 0 },
    ]);
    const { data: object } = await rest.repos.getContent({
      ...REPOSITORY,
      path: 'apps',
      mediaType: { format: 'object' },
    });
    expect(object).toMatchObject({ type: 'dir', entries: [{ path: 'apps/web.yaml' }] });
  });

  test('of a larger file are empty, and of a much larger one refused', async () => {
    await commit({ large: 'x'.repeat(101), larger: 'x'.repeat(1_001) });
    const { repos } = fleet.as('ada').rest;
    const { data } = await repos.getContent({ ...REPOSITORY, path: 'large' });
    expect(data).toMatchObject({ encoding: 'none', content: '', size: 101 });
    const raw = await repos.getContent({
      ...REPOSITORY,
      path: 'large',
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('x'.repeat(101));
    await expect(repos.getContent({ ...REPOSITORY, path: 'larger' })).rejects.toMatchObject({
      status: 403,
      response: { data: { errors: [{ code: 'too_large' }] } },
    });
  });

  test('are not replaced unseen', async () => {
    const { repos } = fleet.as('ada').rest;
    const wanted = { ...REPOSITORY, path: 'README.md', message: 'x', content: 'eA==' };
    await expect(repos.createOrUpdateFileContents(wanted)).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(`"sha" wasn't supplied.`) as string,
    });
    const stale = { ...wanted, sha: '1'.repeat(40) };
    await expect(repos.createOrUpdateFileContents(stale)).rejects.toMatchObject({ status: 409 });
    const { data: old } = await repos.getContent({ ...REPOSITORY, path: 'README.md' });
    const { sha } = old as { sha: string };
    const { status } = await repos.createOrUpdateFileContents({ ...wanted, sha });
    expect(status).toBe(200);
    const { data: made } = await repos.getContent({ ...REPOSITORY, path: 'README.md' });
    await repos.deleteFile({
      ...REPOSITORY,
      path: 'README.md',
      message: 'x',
      sha: (made as { sha: string }).sha,
    });
    await expect(repos.getContent({ ...REPOSITORY, path: 'README.md' })).rejects.toMatchObject({
      status: 404,
    });
  });

  test('of a name with odd characters are found', async () => {
    const path = 'ümlaut/a b#c?d%41.yaml';
    await commit({ [path]: 'odd' });
    const { data } = await fleet.as('ada').rest.repos.getContent({ ...REPOSITORY, path });
    expect(data).toMatchObject({ path, content: 'b2Rk\n' });
  });

  test('of a link and a submodule say what they are', async () => {
    await fleet.github.createRepository({
      owner: 'ada',
      name: 'odd',
      files: {
        link: { content: 'README.md', mode: '120000' },
        run: { content: '#!/bin/sh', mode: '100755' },
      },
    });
    const odd = { owner: 'ada', repo: 'odd' };
    const { rest } = fleet.as('ada');
    const { data } = await rest.repos.getContent({ ...odd, path: 'link' });
    expect(data).toMatchObject({ type: 'symlink', target: 'README.md' });
    const { data: tree } = await rest.git.getTree({ ...odd, tree_sha: 'main' });
    expect(tree.tree.map(({ path, mode }) => [path, mode])).toEqual([
      ['link', '120000'],
      ['run', '100755'],
    ]);
  });
});

describe('git objects', () => {
  test('make a commit, a branch and a tag', async () => {
    const { git } = fleet.as('ada').rest;
    const { data: main } = await git.getRef({ ...REPOSITORY, ref: 'heads/main' });
    const { data: blob } = await git.createBlob({
      ...REPOSITORY,
      content: 'YmxvYg==',
      encoding: 'base64',
    });
    const { data: tree } = await git.createTree({
      ...REPOSITORY,
      base_tree: main.object.sha,
      tree: [
        { path: 'a/b', mode: '100644', type: 'blob', sha: blob.sha },
        { path: 'c', mode: '100644', type: 'blob', content: 'inline' },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      ],
    });
    expect(tree.tree.map(({ path }) => path)).toEqual(['a', 'apps', 'c']);
    const { data: made } = await git.createCommit({
      ...REPOSITORY,
      message: 'By hand',
      tree: tree.sha,
      parents: [main.object.sha],
      author: { name: 'Zoë', email: 'zoe@example.org', date: '2026-01-01T12:00:00+02:00' },
    });
    expect(made).toMatchObject({
      author: { name: 'Zoë', date: '2026-01-01T10:00:00Z' },
      verification: { verified: false, reason: 'unsigned' },
    });
    await git.createRef({ ...REPOSITORY, ref: 'refs/heads/deep/branch', sha: made.sha });
    const { data: tag } = await git.createTag({
      ...REPOSITORY,
      tag: 'v1',
      message: 'One',
      object: made.sha,
      type: 'commit',
    });
    await git.createRef({ ...REPOSITORY, ref: 'refs/tags/v1', sha: tag.sha });
    const { data: commit } = await fleet
      .as('ada')
      .rest.repos.getCommit({ ...REPOSITORY, ref: 'v1' });
    expect(commit.sha).toBe(made.sha);
    expect(commit.files?.map(({ filename, status }) => [filename, status])).toEqual([
      ['README.md', 'removed'],
      ['a/b', 'added'],
      ['c', 'added'],
    ]);
    const { data: blobBack } = await git.getBlob({ ...REPOSITORY, file_sha: blob.sha });
    expect(blobBack).toMatchObject({ content: 'YmxvYg==\n', size: 4 });
  });

  test.each<[string, Record<string, string>, string]>([
    ['an existing ref', { ref: 'refs/heads/main' }, 'Reference already exists'],
    ['a ref below another', { ref: 'refs/heads/main/below' }, 'Reference update failed'],
    [
      'a ref of GitHub’s',
      { ref: 'refs/pull/1/head' },
      'Reference name is not valid: refs/pull/1/head',
    ],
    ['an odd name', { ref: 'refs/heads/a..b' }, 'Reference name is not valid: refs/heads/a..b'],
    ['an unknown commit', { sha: '1'.repeat(40) }, 'Object does not exist'],
  ])('%s cannot be made', async (_, change, message) => {
    const { git } = fleet.as('ada').rest;
    const { data: main } = await git.getRef({ ...REPOSITORY, ref: 'heads/main' });
    const wanted = { ...REPOSITORY, ref: 'refs/heads/new', sha: main.object.sha, ...change };
    await expect(git.createRef(wanted)).rejects.toMatchObject({
      status: 422,
      response: { data: { message } },
    });
  });

  test('a ref moves forward only, unless forced', async () => {
    const first = (await fleet.as('ada').rest.repos.getBranch({ ...REPOSITORY, branch: 'main' }))
      .data.commit.sha;
    const second = await commit({ x: 'x' });
    const { git } = fleet.as('ada').rest;
    const back = { ...REPOSITORY, ref: 'heads/main', sha: first };
    await expect(git.updateRef(back)).rejects.toMatchObject({
      status: 422,
      response: { data: { message: 'Update is not a fast forward' } },
    });
    await git.updateRef({ ...back, force: true });
    await git.updateRef({ ...back, sha: second });
  });

  test('a tree is cut at its limit, and says so', async () => {
    await commit({ a: '', b: '', 'c/d': '', 'c/e': '' });
    const { git } = fleet.as('ada').rest;
    const { data: whole } = await git.getTree({ ...REPOSITORY, tree_sha: 'main' });
    expect(whole).toMatchObject({ truncated: false });
    const { data } = await git.getTree({ ...REPOSITORY, tree_sha: 'main', recursive: 'true' });
    expect(data.truncated).toBe(true);
    expect(data.tree.map(({ path }) => path)).toEqual([
      'README.md',
      'a',
      'apps',
      'apps/web.yaml',
      'b',
      'c',
    ]);
    expect(data.tree[3]).toMatchObject({ type: 'blob', size: 59 });
  });
});

describe('what a pull request changes', () => {
  test('is listed with its patches, the larger ones left out', async () => {
    await commit({ 'moved.txt': 'one\ntwo\nthree\nfour\n', gone: 'x\n' });
    await commit(
      {
        'moved.txt': null,
        'there.txt': 'one\ntwo\nthree\nFOUR\n',
        gone: null,
        large: 'line\n'.repeat(100),
        binary: Buffer.from([0, 1, 2]),
      },
      'topic',
    );
    const { pulls } = fleet.as('ada').rest;
    await pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
    const { data } = await pulls.listFiles({ ...REPOSITORY, pull_number: 1 });
    expect(
      data.map(({ filename, status, additions, deletions, patch, previous_filename }) => [
        ...[filename, status, additions, deletions, patch, previous_filename],
      ]),
    ).toEqual([
      ['binary', 'added', 0, 0, undefined, undefined],
      ['gone', 'removed', 0, 1, '@@ -1 +0,0 @@\n-x', undefined],
      ['large', 'added', 100, 0, undefined, undefined],
      [
        'there.txt',
        'renamed',
        1,
        1,
        '@@ -1,4 +1,4 @@\n one\n two\n three\n-four\n+FOUR',
        'moved.txt',
      ],
    ]);
  });

  test('stops at the limits of files and commits', async () => {
    for (const name of ['a', 'b', 'c']) {
      await commit({ [`${name}1`]: name, [`${name}2`]: name }, 'topic');
    }
    const { pulls, repos } = fleet.as('ada').rest;
    const { data: pull } = await pulls.create({
      ...REPOSITORY,
      title: 'x',
      head: 'topic',
      base: 'main',
    });
    expect(pull).toMatchObject({ commits: 3, changed_files: 6 });
    const target = { ...REPOSITORY, pull_number: 1 };
    expect((await pulls.listFiles(target)).data.map(({ filename }) => filename)).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
    ]);
    expect((await pulls.listCommits(target)).data).toHaveLength(2);
    const { data } = await repos.compareCommitsWithBasehead({
      ...REPOSITORY,
      basehead: 'main...topic',
    });
    expect(data).toMatchObject({ status: 'ahead', ahead_by: 3, behind_by: 0, total_commits: 3 });
    expect([data.commits.length, data.files?.length]).toEqual([2, 3]);
  });

  test('is a diff or a mailbox on request', async () => {
    await commit({ x: 'x\n' }, 'topic');
    const { pulls } = fleet.as('ada').rest;
    await pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
    const target = { ...REPOSITORY, pull_number: 1 };
    const diff = await pulls.get({ ...target, mediaType: { format: 'diff' } });
    expect(diff.data).toMatch(/^diff --git a\/x b\/x\nnew file mode 100644\n/);
    const patch = await pulls.get({ ...target, mediaType: { format: 'patch' } });
    expect(patch.data).toMatch(/^From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\n/);
  });

  test('is the same from both sides of a fork', async () => {
    await commit({ x: 'x' }, 'topic');
    await commit({ y: 'y' });
    const { repos } = fleet.as('ada').rest;
    const { data } = await repos.compareCommitsWithBasehead({
      ...REPOSITORY,
      basehead: 'main...acme:topic',
    });
    expect(data).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      files: [{ filename: 'x' }],
    });
  });
});

test('a tarball holds the tree, below a folder', async () => {
  const { data, url } = await fleet
    .as('ada')
    .rest.repos.downloadTarballArchive({ ...REPOSITORY, ref: 'main' });
  const tar = gunzipSync(Buffer.from(data as ArrayBuffer)).toString('latin1');
  expect(tar).toContain('apps/web.yaml');
  expect(tar).toMatch(/acme-fleet-[0-9a-f]{7}\//);
  // Another service, to which the caller's token does not go.
  expect(url).toContain('/_codeload/');
  const fetched = fleet.github.requests.at(-1);
  expect(fetched).toMatchObject({ status: 200 });
});

test('commits are listed, of a path on request', async () => {
  await commit({ x: '1' });
  await commit({ y: '1' });
  await commit({ x: '2' });
  const { repos } = fleet.as('ada').rest;
  const { data: all } = await repos.listCommits(REPOSITORY);
  expect(all).toHaveLength(4);
  const { data: ofX } = await repos.listCommits({ ...REPOSITORY, path: 'x' });
  expect(ofX.map(({ commit: { message } }) => message)).toEqual(['Change x', 'Change x']);
});

test('the first commit of a fixture is the same in every run', async () => {
  const { data } = await fleet.as('ada').rest.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
  expect(data.object.sha).toBe('a605b3e625c240d13a1559fb7306577440f6257f');
});
