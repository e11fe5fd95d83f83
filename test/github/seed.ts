import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

import { type Identity, toIdentity } from './git/commit-object.ts';
import { runGit } from './git/process.ts';
import { type Signer, writeSignedCommit } from './git/signing.ts';
import { type GitStore, readCommit, reloadRefs, setRef } from './git/store.ts';
import { MODES, type TreeChange, editTree } from './git/trees.ts';

/** Content of a file; null removes it. */
export type FileContent =
  string | Buffer | null | { readonly content: string | Buffer; readonly mode: string };

export type Files = Readonly<Record<string, FileContent>>;

/** Fixture commits are made at this moment, so that their ids are the same in every run. */
export const FIRST_COMMIT_DATE = new Date('2025-01-01T00:00:00Z');

/** All files below a directory, with executable bits and symbolic links. */
export function filesOfDirectory(directory: string): Files {
  const files: Record<string, FileContent> = {};
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file
      .slice(directory.length)
      .replace(/^[/\\]+/, '')
      .replaceAll('\\', '/');
    if (path === '.git' || path.startsWith('.git/')) continue;
    files[path] = entry.isSymbolicLink()
      ? { content: readlinkSync(file), mode: MODES.symlink }
      : { content: readFileSync(file), mode: modeOf(file) };
  }
  return files;
}

function modeOf(file: string): string {
  return (lstatSync(file).mode & 0o100) === 0 ? MODES.file : MODES.executable;
}

export interface FileCommit {
  readonly files: Files;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly date: Date;
  /** The commit to build on; undefined for a first commit. */
  readonly parent: string | undefined;
  readonly signer?: Signer;
}

/** Writes a commit that changes some files and answers its id. No ref is moved. */
export async function commitFiles(store: GitStore, wanted: FileCommit): Promise<string> {
  const changes = new Map<string, TreeChange>();
  for (const [path, file] of Object.entries(wanted.files)) {
    changes.set(path, toChange(store, file));
  }
  const parent = wanted.parent === undefined ? undefined : await readCommit(store, wanted.parent);
  const author: Identity = toIdentity(wanted.author, wanted.date);
  const fields = {
    tree: await editTree(store.objects, parent?.tree, changes),
    parents: parent === undefined ? [] : [parent.id],
    author,
    committer: author,
    message: wanted.message,
  };
  return writeSignedCommit(store, fields, wanted.signer);
}

function toChange(store: GitStore, file: FileContent): TreeChange {
  if (file === null) return null;
  const isPlain = typeof file === 'string' || Buffer.isBuffer(file);
  const content = isPlain ? file : file.content;
  const id = store.objects.write('blob', Buffer.from(content));
  return { mode: isPlain ? MODES.file : file.mode, id };
}

/** Takes over all branches and tags of another repository on this machine. */
export async function importRepository(store: GitStore, path: string): Promise<void> {
  await runGit(store.directory, [
    ...['fetch', '--quiet', '--no-tags', '--end-of-options', path],
    ...['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'],
  ]);
  await reloadRefs(store);
}

/** Makes the first commit of a repository. */
export async function seedFiles(
  store: GitStore,
  branch: string,
  files: Files,
  author: { name: string; email: string },
): Promise<void> {
  const commit = { files, message: 'First commit', author, date: FIRST_COMMIT_DATE };
  setRef(store, `refs/heads/${branch}`, await commitFiles(store, { ...commit, parent: undefined }));
}
