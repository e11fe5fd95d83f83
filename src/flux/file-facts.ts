import type { FileTree } from '../model/file-tree.ts';
import { changesOf } from '../model/tree-changes.ts';

/**
 * Reads one file of a tree. What it finds may depend on nothing but the file's path and content,
 * and on which charts the tree holds.
 */
export type FileReader<T> = (tree: FileTree, path: string) => readonly T[];

interface FactsOfFile {
  readonly path: string;
  readonly found: readonly unknown[];
}

interface Facts {
  readonly files: readonly FactsOfFile[];
  readonly all: readonly unknown[];
}

const known = new WeakMap<FileTree, Map<FileReader<unknown>, Facts>>();

/**
 * What a reader finds in the files of a tree, in the order of their paths. Of a tree that follows
 * another one, only the files that differ are read; where they bring nothing new, the answer is the
 * identical list, so that what follows from it holds too.
 *
 * @param read the same function each time: it tells the facts apart
 */
export function factsOf<T>(tree: FileTree, read: FileReader<T>): readonly T[] {
  const ofTree = known.get(tree) ?? new Map<FileReader<unknown>, Facts>();
  known.set(tree, ofTree);
  let facts = ofTree.get(read);
  if (facts === undefined) {
    facts = inherited(tree, read) ?? gather(tree, pathsOf(tree), read);
    ofTree.set(read, facts);
  }
  return facts.all as readonly T[];
}

function* pathsOf(tree: FileTree): Generator<string> {
  for (const { path, kind } of tree.list()) if (kind === 'file') yield path;
}

function gather(tree: FileTree, paths: Iterable<string>, read: FileReader<unknown>): Facts {
  const files: FactsOfFile[] = [];
  for (const path of paths) {
    const found = read(tree, path);
    if (found.length > 0) files.push({ path, found });
  }
  return toFacts(files);
}

function toFacts(files: readonly FactsOfFile[]): Facts {
  const all: unknown[] = [];
  for (const { found } of files) for (const fact of found) all.push(fact);
  return { files, all };
}

/** Whether a file makes others templates of a chart. */
const CHART = /(?:^|\/)Chart\.yaml$/;

function inherited(tree: FileTree, read: FileReader<unknown>): Facts | undefined {
  const changes = changesOf(tree);
  const before = changes && known.get(changes.from)?.get(read);
  if (changes === undefined || before === undefined) return undefined;
  if (changes.paths.some((path) => CHART.test(path))) return undefined;
  const here = changes.paths.filter((path) => tree.entry(path)?.kind === 'file');
  const fresh = new Map(gather(tree, here, read).files.map((file) => [file.path, file]));
  const files = [...before.files];
  let isSame = true;
  for (const path of changes.paths) {
    const at = indexOf(files, path);
    const isKnown = files[at]?.path === path;
    const file = fresh.get(path);
    if (!isKnown && file === undefined) continue;
    isSame = false;
    files.splice(at, isKnown ? 1 : 0, ...(file ? [file] : []));
  }
  return isSame ? before : toFacts(files);
}

/** Where a path stands in files sorted by path, or would stand. */
function indexOf(files: readonly FactsOfFile[], path: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}
