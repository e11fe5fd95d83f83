import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BASE_HEADS, MOST_COMMITS } from '../../src/evidence/evidence.ts';
import { gitEvidence } from '../../src/evidence/git.ts';
import { createLocalRepository, type LocalRepository } from '../cli/local-repository.ts';

let local: LocalRepository;
beforeEach(() => {
  local = createLocalRepository();
});
afterEach(() => local.remove());

function evidence(base: string, head: string, baseName = 'main') {
  return gitEvidence({ repository: local.directory, base, head, baseName });
}

async function commitsOf(base: string, head: string) {
  const commits = await evidence(base, head).commits({ kind: 'commits', keyrings: [] });
  if (commits.state === 'unknown') throw new Error(commits.reason);
  return commits.value;
}

/** A line of commits on top of a branch, made in one go. */
function grow(count: number): string {
  const person = 'Ada <ada@example.org> 1767322985 +0000';
  const commits = Array.from({ length: count }, (_, number) => {
    const parent = number === 0 ? 'from refs/heads/main^0\n' : '';
    return `commit refs/heads/long\ncommitter ${person}\ndata 1\nx\n${parent}\n`;
  });
  const stream = join(local.directory, 'stream');
  writeFileSync(stream, commits.join(''));
  local.git('-c', `alias.import=!git fast-import --quiet <'${stream}'`, 'import');
  return local.git('rev-parse', 'long');
}

describe('which repository a clone is of', () => {
  it.each([
    ['https://github.com/acme/fleet.git', 'github.com', 'acme/fleet'],
    ['git@github.com:acme/fleet.git', 'github.com', 'acme/fleet'],
    ['ssh://git@git.acme.example:2222/acme/fleet', 'git.acme.example', 'acme/fleet'],
  ])('%s', async (url, host, repository) => {
    local.git('remote', 'add', 'origin', url);
    const head = local.git('rev-parse', 'HEAD');
    expect(await evidence(head, head).identity()).toEqual({
      state: 'known',
      value: { host, repository, branch: 'main' },
    });
  });

  it('goes by upstream before origin', async () => {
    local.git('remote', 'add', 'origin', 'https://github.com/ada/fleet');
    local.git('remote', 'add', 'upstream', 'https://github.com/acme/fleet');
    const head = local.git('rev-parse', 'HEAD');
    expect(await evidence(head, head).identity()).toMatchObject({
      value: { repository: 'acme/fleet' },
    });
  });

  it.each([
    ['main', 'main'],
    ['refs/heads/main', 'main'],
    ['origin/main', 'main'],
    ['origin/team/main', 'team/main'],
    ['HEAD~0', undefined],
    ['--all', undefined],
    ['nothing', undefined],
  ])('tells the branch of %s', async (name, branch) => {
    local.git('remote', 'add', 'origin', 'https://github.com/acme/fleet');
    local.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    local.git('update-ref', 'refs/remotes/origin/team/main', 'HEAD');
    local.commit({ 'a.md': 'a' });
    const head = local.git('rev-parse', 'HEAD');
    local.git('checkout', '--quiet', '--detach');
    const identity = await evidence(head, head, name).identity();
    expect(identity.state === 'known' ? identity.value.branch : undefined).toBe(branch);
  });

  it.each(['', 'file:///srv/fleet', '/srv/fleet'])(
    'is unknown with the remote "%s"',
    async (url) => {
      if (url !== '') local.git('remote', 'add', 'origin', url);
      const head = local.git('rev-parse', 'HEAD');
      expect((await evidence(head, head).identity()).state).toBe('unknown');
    },
  );
});

describe('the commits of a clone', () => {
  it('are those of the change, oldest first, and the heads of the base, newest first', async () => {
    const first = local.git('rev-parse', 'HEAD');
    const base = local.commit({ 'base.md': 'b' });
    const one = local.commit({ 'one.md': '1' }, 'change');
    const two = local.commit({ 'two.md': '2' });
    const { change, baseHeads, cut } = await commitsOf(base, two);
    expect(change.map(({ id }) => id)).toEqual([one, two]);
    expect(baseHeads.map(({ id }) => id)).toEqual([base, first]);
    expect(cut).toBeUndefined();
    expect(Buffer.from(change[0]?.object ?? []).toString()).toBe(
      `${local.git('cat-file', 'commit', one)}\n`,
    );
  });

  it('follow first parents along the base', async () => {
    const first = local.git('rev-parse', 'HEAD');
    local.commit({ 'side.md': 's' }, 'side');
    local.git('switch', '--quiet', 'main');
    local.git('merge', '--quiet', '--no-ff', '--message', 'A merge', 'side');
    const merge = local.git('rev-parse', 'HEAD');
    const { baseHeads, change } = await commitsOf(merge, merge);
    expect(baseHeads.map(({ id }) => id)).toEqual([merge, first]);
    expect(change).toEqual([]);
  });

  it('are complete beyond 250, and cut with a word beyond a thousand', async () => {
    const base = local.git('rev-parse', 'HEAD');
    const head = grow(MOST_COMMITS + 5);
    const all = await commitsOf(base, `${head}~5`);
    expect([all.change.length, all.cut]).toEqual([MOST_COMMITS, undefined]);
    const { change, cut, baseHeads } = await commitsOf(head, head);
    expect([change.length, cut, baseHeads.length]).toEqual([0, undefined, BASE_HEADS]);
    const long = await commitsOf(base, head);
    expect([long.change.length, long.change.at(-1)?.id, long.cut]).toEqual([
      MOST_COMMITS,
      head,
      `only the newest ${MOST_COMMITS} were read`,
    ]);
  });

  it('fail where there is no such commit', async () => {
    await expect(commitsOf('0'.repeat(40), 'HEAD')).rejects.toThrow();
  });
});

it('tells of merge methods and images that it does not know them', async () => {
  const head = local.git('rev-parse', 'HEAD');
  const source = evidence(head, head);
  expect(await source.merging()).toMatchObject({ state: 'unknown' });
  const request = { kind: 'image' as const, reference: 'x', attestors: [] };
  expect(await source.image(request)).toMatchObject({ state: 'unknown' });
});
