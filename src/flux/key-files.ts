import picomatch from 'picomatch';

import type { FileTree } from '../model/file-tree.ts';

/** More key files than a keyring has. */
const MOST_FILES = 200;

/** Paths of the files that globs of the configuration name as keys, sorted. */
export function keyFilesOf(tree: FileTree, globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  const isKey = picomatch([...globs], { dot: true });
  return tree
    .list()
    .filter(({ path, kind }) => kind === 'file' && isKey(path))
    .slice(0, MOST_FILES)
    .map(({ path }) => path);
}

/** Names that key files usually have. */
const USUAL_NAME = /(?:\.(?:asc|gpg|pgp|pem|key|ppk)|(?:^|\/)(?:id_[a-z0-9_]+|identity))$/;
/** No key is larger. In bytes. */
const MAX_BYTES = 1024 * 1024;

export function isUsualKeyFile(path: string): boolean {
  return USUAL_NAME.test(path);
}

/** Paths of files with the names that key files usually have, sorted; a bounded number of them. */
export function usualKeyFilesOf(tree: FileTree): string[] {
  return tree
    .list()
    .filter(
      ({ path, kind, size = 0 }) => kind === 'file' && size <= MAX_BYTES && isUsualKeyFile(path),
    )
    .slice(0, MOST_FILES)
    .map(({ path }) => path);
}
