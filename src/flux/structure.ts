import type { FileTree } from '../model/file-tree.ts';
import { changesOf } from '../model/tree-changes.ts';
import { isKustomizationFile } from './reach.ts';

const known = new WeakMap<FileTree, object>();

/**
 * Stands for the paths of a tree and the contents of its kustomizations: trees that follow each
 * other have the same one as long as these stay. What depends on nothing else is kept for it.
 */
export function structureOf(tree: FileTree): object {
  let structure = known.get(tree);
  if (structure !== undefined) return structure;
  const changes = changesOf(tree);
  const isSame = changes?.isSameShape && !changes.paths.some(isKustomizationFile);
  structure = (isSame ? known.get(changes.from) : undefined) ?? {};
  known.set(tree, structure);
  if (isSame) known.set(changes.from, structure);
  return structure;
}
