import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { FileTree, TreeEntry } from '../model/file-tree.ts';
import { LoadedTree } from './tree.ts';
import { readEntry } from './worktree.ts';

/** Folders that are never part of what is deployed. */
const SKIPPED = new Set(['.git', 'node_modules']);

/** More files than any repository of manifests: the directory is a wrong one. */
const MAX_FILES = 200_000;

/**
 * The files below a directory that no git repository holds, as they lie there. Symbolic links are
 * listed, never followed.
 */
export async function readDirectory(root: string): Promise<FileTree> {
  const blobs = new Map<string, Uint8Array>();
  const entries: TreeEntry[] = [];
  const waiting: string[] = [''];
  for (const directory of waiting) {
    for (const child of await listNames(join(root, directory))) {
      const path = directory === '' ? child.name : `${directory}/${child.name}`;
      if (child.isDirectory()) {
        if (!SKIPPED.has(child.name)) waiting.push(path);
        continue;
      }
      const entry = await readEntry(root, path, blobs);
      if (entry) entries.push(entry);
    }
    if (entries.length > MAX_FILES) {
      throw new RangeError(`${root} holds more than ${MAX_FILES} files.`);
    }
  }
  return new LoadedTree('worktree', entries, blobs);
}

/** A directory that may not be read has nothing to say. */
async function listNames(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => []);
}
