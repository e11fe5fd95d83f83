import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { TreeEntry } from '../model/file-tree.ts';
import { GitError, placeName, runGit } from './git-process.ts';

/**
 * The objects of a local repository, behind a bare repository of our own that borrows them. So no
 * configuration, hook, attribute or remote of the repository is ever in force, what is written
 * (a merge made in memory) stays outside it, and its worktree is not touched.
 */
export interface GitObjects {
  readonly directory: string;
  run(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** @throws GitError when there is no repository at `repository` */
export async function borrowObjects(repository: string): Promise<GitObjects> {
  const found = await locate(repository);
  const directory = await mkdtemp(join(tmpdir(), 'fluxgate-git-'));
  await mkdir(join(directory, 'objects', 'info'), { recursive: true });
  await mkdir(join(directory, 'refs'));
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(directory, 'config'), config(found.format));
  await writeFile(join(directory, 'objects', 'info', 'alternates'), `${found.objects}\n`);
  const shallow = await readFile(found.shallow, 'utf8').catch(() => undefined);
  if (shallow !== undefined) await writeFile(join(directory, 'shallow'), shallow);
  return {
    directory,
    async run(...args) {
      const { output } = await runGit({ directory, arguments: args });
      return output.toString();
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function locate(
  repository: string,
): Promise<{ objects: string; shallow: string; format: string }> {
  const { output } = await runGit({
    directory: repository,
    arguments: [
      'rev-parse',
      '--git-path',
      'objects',
      '--git-path',
      'shallow',
      '--show-object-format',
    ],
  }).catch((cause: unknown) => {
    throw cause instanceof GitError && cause.code === 'failed'
      ? toMissing(repository, cause)
      : cause;
  });
  const [objects = '', shallow = '', format = 'sha1'] = output.toString().trimEnd().split('\n');
  return { objects: resolve(repository, objects), shallow: resolve(repository, shallow), format };
}

function toMissing(repository: string, cause: GitError): GitError {
  const message = `${placeName(repository)} is not a git repository that can be read: ${cause.message}`;
  return Object.assign(new GitError('failed', message, cause.said), { cause });
}

function config(format: string): string {
  const base = '[core]\n\tbare = true\n';
  return format === 'sha1'
    ? base
    : `${base}\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = ${format}\n`;
}

const TREE_LINE = /^(\d{6}) (blob|tree|commit) ([0-9a-f]+) +(\d+|-)\t(.*)$/s;

/** All entries below a commit or tree. */
export async function listTree(objects: GitObjects, id: string): Promise<TreeEntry[]> {
  const listing = await objects.run(
    'ls-tree',
    '-r',
    '-l',
    '-z',
    '--full-tree',
    '--end-of-options',
    id,
  );
  return listing.split('\0').flatMap((line): TreeEntry[] => {
    const match = TREE_LINE.exec(line);
    if (match === null) return [];
    const [, mode, type, blob = '', size = '-', path = ''] = match;
    const kind = type === 'commit' ? 'submodule' : mode === '120000' ? 'symlink' : 'file';
    return [{ path, id: blob, kind, ...(size !== '-' && { size: Number(size) }) }];
  });
}

/** Contents by object id; ids that do not exist are left out. */
export async function readBlobs(
  objects: GitObjects,
  ids: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const found = await readObjects(objects, ids);
  return new Map([...found].map(([id, { bytes }]) => [id, bytes]));
}

/** An object as git stores it, without its header. */
export interface GitObject {
  /** `commit`, `tag`, `tree` or `blob`. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Objects by id; ids that do not exist are left out. */
export async function readObjects(
  objects: GitObjects,
  ids: readonly string[],
): Promise<Map<string, GitObject>> {
  const { output } = await runGit({
    directory: objects.directory,
    arguments: ['cat-file', '--batch'],
    input: ids.map((id) => `${id}\n`).join(''),
  });
  const found = new Map<string, GitObject>();
  let at = 0;
  while (at < output.length) {
    const lineEnd = output.indexOf(0x0a, at);
    if (lineEnd === -1) break;
    const [id = '', type = '', size] = output.toString('latin1', at, lineEnd).split(' ');
    at = lineEnd + 1;
    if (type === 'missing' || size === undefined) continue;
    found.set(id, { type, bytes: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return found;
}
