import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type GitSnapshot, openRepository } from '../../src/snapshot/git.ts';
import { type RangeRequest, resolveRange } from '../../src/snapshot/local-range.ts';
import type { SnapshotTree } from '../../src/snapshot/snapshot.ts';

let directory: string;
let opened: GitSnapshot[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fluxgate-test-'));
  opened = [];
  git('init', '-q', '-b', 'main');
});

afterEach(async () => {
  for (const snapshot of opened) await snapshot.close();
  rmSync(directory, { recursive: true });
});

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  // Whatever this machine's git is told to sign, convert or run.
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const options = { cwd: directory, encoding: 'utf8', env } as const;
  return execFileSync('git', [...identity, ...args], options).trim();
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
}

function commit(files: Record<string, string | Buffer>): string {
  for (const [path, content] of Object.entries(files)) write(path, content);
  git('add', '-A');
  git('commit', '-qm', 'change');
  return git('rev-parse', 'HEAD');
}

async function open(): Promise<GitSnapshot> {
  const snapshot = await openRepository(directory);
  opened.push(snapshot);
  return snapshot;
}

async function range(request: Omit<RangeRequest, 'repository'> = {}) {
  return resolveRange(await open(), { repository: directory, ...request });
}

async function textOf(side: SnapshotTree, path: string): Promise<string> {
  await side.load([path]);
  const content = side.tree.read(path);
  return content.state === 'text' ? content.text : content.state;
}

describe('a local repository', () => {
  it('lists files, links and submodules, and reads what is asked for', async () => {
    symlinkSync('a.yaml', join(directory, 'link.yaml'));
    const id = commit({ 'a.yaml': 'a: 1\n', 'sub dir/ü "q".yaml': 'b', 'x.bin': Buffer.of(0, 1) });
    git('update-index', '--add', '--cacheinfo', `160000,${id},module`);
    git('commit', '-qm', 'module');
    const snapshot = await open();
    const listing = await snapshot.list(await snapshot.resolve('HEAD'));
    expect(listing.entries.map(({ path, kind }) => [path, kind])).toEqual([
      ['a.yaml', 'file'],
      ['link.yaml', 'symlink'],
      ['module', 'submodule'],
      ['sub dir/ü "q".yaml', 'file'],
      ['x.bin', 'file'],
    ]);
    const blobs = await snapshot.load([...listing.entries.map((entry) => entry.id)], listing);
    expect(Buffer.from(blobs.get(listing.entries[0]?.id ?? '') ?? []).toString()).toBe('a: 1\n');
    expect(blobs.has(id)).toBe(true); // the commit object itself, harmless and never asked for
  });

  it('says what to do when a revision does not exist', async () => {
    commit({ a: '1' });
    const snapshot = await open();
    await expect(snapshot.resolve('nowhere')).rejects.toThrow('There is no commit "nowhere" in');
    await expect(snapshot.resolve('--all')).rejects.toThrow('There is no commit "--all" in');
  });

  it('says so when there is no repository', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'fluxgate-none-'));
    await expect(openRepository(empty)).rejects.toThrow('is not a git repository that can be read');
    rmSync(empty, { recursive: true });
  });

  it('tells a directory that is not there from a git that is not', async () => {
    const file = new URL(import.meta.url).pathname;
    for (const none of ['/no/such/directory', file]) {
      await expect(openRepository(none)).rejects.toThrow(`There is no directory "${none}".`);
    }
  });

  it('runs nothing that the repository configures and writes nothing into it', async () => {
    const base = commit({
      'a.yaml': 'x\n1\n2\n3\n',
      '.gitattributes': '*.yaml merge=evil diff=evil\n',
    });
    git('checkout', '-qb', 'topic');
    const head = commit({ 'a.yaml': 'x\n1\n2\n3\n4\n' });
    git('checkout', '-q', 'main');
    const tip = commit({ 'a.yaml': 'y\n1\n2\n3\n' });
    const trap = `touch ${join(directory, 'trapped')}`;
    for (const key of [
      'merge.evil.driver',
      'diff.evil.textconv',
      'core.fsmonitor',
      'diff.external',
    ]) {
      git('config', key, trap);
    }
    const before = git('count-objects', '-v');
    const sides = await range({ base: tip, head });
    expect(await textOf(sides.after, 'a.yaml')).toBe('y\n1\n2\n3\n4\n');
    expect(base).not.toBe(tip);
    git('config', '--unset', 'core.fsmonitor');
    expect(git('count-objects', '-v')).toBe(before);
    expect(git('status', '--porcelain')).toBe('');
  });
});

describe('before and after', () => {
  it('compares base and head where the base is an ancestor', async () => {
    const base = commit({ 'a.yaml': '1' });
    const head = commit({ 'a.yaml': '2' });
    const sides = await range({ base, head });
    expect([sides.before.listing.commit, sides.after.listing.commit]).toEqual([base, head]);
    expect(sides.note).toBeUndefined();
  });

  it('takes where the branch left main by default', async () => {
    const base = commit({ 'a.yaml': '1' });
    git('checkout', '-qb', 'topic');
    const head = commit({ 'b.yaml': '2' });
    git('checkout', '-q', 'main');
    commit({ 'c.yaml': '3' });
    git('checkout', '-q', 'topic');
    const sides = await range();
    expect([sides.before.listing.commit, sides.after.listing.commit]).toEqual([base, head]);
  });

  it('merges in memory where both sides went on', async () => {
    commit({ 'a.yaml': '1' });
    git('checkout', '-qb', 'topic');
    commit({ 'b.yaml': '2' });
    git('checkout', '-q', 'main');
    commit({ 'c.yaml': '3' });
    const sides = await range({ base: 'main', head: 'topic' });
    expect(sides.after.tree.list().map(({ path }) => path)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(sides.head.tree.list().map(({ path }) => path)).toEqual(['a.yaml', 'b.yaml']);
  });

  it('falls back to where the branch left when the two do not merge', async () => {
    const base = commit({ 'a.yaml': '1' });
    git('checkout', '-qb', 'topic');
    commit({ 'a.yaml': '2' });
    git('checkout', '-q', 'main');
    commit({ 'a.yaml': '3' });
    const sides = await range({ base: 'main', head: 'topic' });
    expect(sides.before.listing.commit).toBe(base);
    expect(sides.note).toBe(
      'main and the head do not merge: this compares the head with where it left main.',
    );
  });

  it('compares histories that have nothing in common', async () => {
    commit({ 'a.yaml': '1' });
    git('checkout', '-q', '--orphan', 'other');
    commit({ 'b.yaml': '2' });
    const sides = await range({ base: 'main', head: 'other' });
    expect(sides.note).toBe(
      'main and the head have no common history: this compares one with the other.',
    );
  });

  it('takes uncommitted, new and deleted files of the working directory, not ignored ones', async () => {
    commit({ 'a.yaml': '1', 'gone.yaml': 'x', '.gitignore': 'secret.yaml\n' });
    write('a.yaml', '2');
    write('new.yaml', '3');
    write('secret.yaml', '4');
    rmSync(join(directory, 'gone.yaml'));
    symlinkSync('/etc/passwd', join(directory, 'link.yaml'));
    const sides = await range({ worktree: true });
    expect(sides.after.tree.list().map(({ path, kind }) => [path, kind])).toEqual([
      ['.gitignore', 'file'],
      ['a.yaml', 'file'],
      ['link.yaml', 'symlink'],
      ['new.yaml', 'file'],
    ]);
    expect(await textOf(sides.after, 'a.yaml')).toBe('2');
    expect(await textOf(sides.before, 'a.yaml')).toBe('1');
  });
});
