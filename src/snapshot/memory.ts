import { createHash } from 'node:crypto';

import type { FileTree, TreeEntry } from '../model/file-tree.ts';
import { follow } from '../model/tree-changes.ts';
import { LoadedTree } from './tree.ts';

/**
 * A tree from contents by path, with the blob ids that git would give them.
 *
 * @param files text or bytes by path
 */
export function memoryTree(
  files: Readonly<Record<string, string | Uint8Array>>,
  commit = 'memory',
): FileTree {
  const blobs = new Map<string, Uint8Array>();
  const entries = Object.entries(files).map(([path, content]): TreeEntry => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const id = blobId(bytes);
    blobs.set(id, bytes);
    return { path, id, kind: 'file', size: bytes.length };
  });
  return new LoadedTree(commit, entries, blobs);
}

/** A tree with some files replaced or added, as an edit would leave it. */
export function editedTree(tree: FileTree, edits: Readonly<Record<string, string>>): FileTree {
  const edited = memoryTree(edits, tree.commit);
  const entries = [
    ...tree.list().filter(({ path }) => edited.entry(path) === undefined),
    ...edited.list(),
  ];
  const listing = new LoadedTree(tree.commit, entries, new Map(), tree.incomplete);
  const result: FileTree = {
    commit: tree.commit,
    list: () => listing.list(),
    entry: (path) => listing.entry(path),
    isDirectory: (path) => listing.isDirectory(path),
    children: (directory) => listing.children(directory),
    read: (path) => (edited.entry(path) ? edited.read(path) : tree.read(path)),
    ...(tree.incomplete !== undefined && { incomplete: tree.incomplete }),
  };
  follow(result, tree);
  return result;
}

/** The object id that git (SHA-1) gives to a content. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
