import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { TreeEntry } from '../model/file-tree.ts';
import { runGit } from './git-process.ts';
import { blobId } from './memory.ts';
import type { Listing, Snapshot } from './snapshot.ts';
import { MAX_FILE_BYTES } from './tree.ts';

/**
 * The files as they lie in the working directory: tracked and new ones, without ignored ones.
 * Symbolic links are listed, never followed.
 *
 * @param root the top of the working directory
 */
export async function listWorktree(
  root: string,
): Promise<{ listing: Listing; snapshot: Snapshot }> {
  const { output } = await runGit({
    directory: root,
    arguments: ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
  });
  const blobs = new Map<string, Uint8Array>();
  const entries: TreeEntry[] = [];
  for (const path of output.toString().split('\0')) {
    const entry = path === '' ? undefined : await readEntry(root, path, blobs);
    if (entry !== undefined) entries.push(entry);
  }
  const listing = { commit: 'worktree', tree: 'worktree', entries };
  return {
    listing,
    snapshot: { list: () => Promise.resolve(listing), load: () => Promise.resolve(blobs) },
  };
}

/** One file of a directory; undefined for what is no file. */
export async function readEntry(
  root: string,
  path: string,
  blobs: Map<string, Uint8Array>,
): Promise<TreeEntry | undefined> {
  const file = join(root, path);
  const status = await lstat(file).catch(() => undefined);
  if (status === undefined) return undefined; // deleted, not yet committed
  if (status.isDirectory()) return { path, id: '', kind: 'submodule' };
  if (status.isSymbolicLink()) {
    return { path, id: blobId(Buffer.from(await readlink(file))), kind: 'symlink' };
  }
  if (!status.isFile()) return undefined;
  if (status.size > MAX_FILE_BYTES) return { path, id: '', kind: 'file', size: status.size };
  const bytes = await readFile(file);
  const id = blobId(bytes);
  blobs.set(id, bytes);
  return { path, id, kind: 'file', size: bytes.length };
}

/** The top of the working directory that a directory lies in. */
export async function worktreeRoot(directory: string): Promise<string> {
  const { output } = await runGit({ directory, arguments: ['rev-parse', '--show-toplevel'] });
  return output.toString().replace(/\n$/, '');
}
