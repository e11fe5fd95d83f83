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
