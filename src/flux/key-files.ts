import picomatch from 'picomatch';

import type { FileTree, TreeEntry } from '../model/file-tree.ts';
import { factsOf } from './file-facts.ts';

/** More key files than a keyring has. */
const MOST_FILES = 200;

/** Paths of the files that globs of the configuration name as keys, sorted. */
export function keyFilesOf(tree: FileTree, globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  const isKey = picomatch([...globs], { dot: true });
  return filesOf(tree, ({ path }) => isKey(path)).slice(0, MOST_FILES);
}

/** Names that files with private keys usually have, most of all first. */
const USUAL_NAMES = [
  /(?:\.(?:key|ppk|agekey|p8)|(?:^|\/)(?:id_[a-z0-9_]+|identity|keys?\.txt))$/,
  /\.(?:asc|gpg|pgp|pem)$/,
];
/** No key is larger. In bytes. */
const MAX_BYTES = 1024 * 1024;

export function isUsualKeyFile(path: string): boolean {
  return USUAL_NAMES.some((name) => name.test(path));
}

/**
 * Paths of files with the names that files with private keys usually have; a bounded number of
 * them, of which those come first that hold nothing else.
 */
export function usualKeyFilesOf(tree: FileTree): string[] {
  const named = factsOf(tree, usualKeyAt);
  return USUAL_NAMES.flatMap((name) => named.filter((path) => name.test(path))).slice(
    0,
    MOST_FILES,
  );
}

function usualKeyAt(tree: FileTree, path: string): string[] {
  const isOne = isUsualKeyFile(path) && (tree.entry(path)?.size ?? 0) <= MAX_BYTES;
  return isOne ? [path] : [];
}

function filesOf(tree: FileTree, isMeant: (entry: TreeEntry) => boolean): string[] {
  return tree
    .list()
    .filter((entry) => entry.kind === 'file' && isMeant(entry))
    .map(({ path }) => path);
}
