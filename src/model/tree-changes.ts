import type { FileTree, TreeEntry } from './file-tree.ts';

/** How a tree differs from another one of the same repository. */
export interface TreeChanges {
  readonly from: FileTree;
  /** Paths that only one of them has, or that differ in content or kind; sorted. */
  readonly paths: readonly string[];
  /** Those paths, and every directory above one that came or went: all that may look different. */
  readonly touched: ReadonlySet<string>;
  /** Whether both list the same paths, each of the same kind. */
  readonly isSameShape: boolean;
}

/** Weak, so that the trees of a long row of reviews do not keep each other. */
const origins = new WeakMap<FileTree, WeakRef<FileTree>>();
const known = new WeakMap<FileTree, TreeChanges | null>();

/** More changes than this share of a tree, and little of what is known of the other one holds. */
const MOST_CHANGED = 1 / 4;

/**
 * Says that a tree is best looked at as a change of another one. It changes no answer: what is
 * known of the other tree then counts where the two do not differ.
 */
export function follow(tree: FileTree, from: FileTree): void {
  if (tree === from || origins.get(tree)?.deref() !== undefined) return;
  origins.set(tree, new WeakRef(from));
  known.delete(tree);
}

/** How a tree differs from the one that it follows; undefined where there is none, or nothing like it. */
export function changesOf(tree: FileTree): TreeChanges | undefined {
  const from = origins.get(tree)?.deref();
  if (from === undefined) return undefined;
  let changes = known.get(tree);
  if (changes === undefined) {
    changes = compare(from, tree);
    known.set(tree, changes);
  }
  return changes ?? undefined;
}

function compare(from: FileTree, tree: FileTree): TreeChanges | null {
  if (from.incomplete !== undefined || tree.incomplete !== undefined) return null;
  const [before, after] = [from.list(), tree.list()];
  const paths: string[] = [];
  const touched = new Set<string>();
  let isSameShape = true;
  const most = Math.max(before.length, after.length) * MOST_CHANGED;
  for (let at = 0, other = 0; at < before.length || other < after.length;) {
    const [was, is] = [before[at], after[other]];
    const order = orderOf(was, is);
    if (order <= 0) at += 1;
    if (order >= 0) other += 1;
    const isSameKind = order === 0 && was?.kind === is?.kind;
    if (isSameKind && was?.id === is?.id) continue;
    const path = (order <= 0 ? was : is)?.path ?? '';
    paths.push(path);
    touched.add(path);
    if (!isSameKind) {
      isSameShape = false;
      addAbove(touched, path);
    }
    if (paths.length > most) return null;
  }
  return { from, paths, touched, isSameShape };
}

/** Of entries in the order of their paths; an absent one comes last. */
function orderOf(one: TreeEntry | undefined, other: TreeEntry | undefined): number {
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}

function addAbove(directories: Set<string>, path: string): void {
  for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
    directories.add(path.slice(0, end));
  }
  directories.add('');
}
