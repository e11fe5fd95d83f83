import type { ObjectStore } from './objects.ts';

export const MODES = {
  file: '100644',
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
  directory: '040000',
} as const;

export interface TreeEntry {
  /** Six digits, `040000` for a directory. */
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

/** What a path becomes; null removes it. */
export type TreeChange = { readonly mode: string; readonly id: string } | null;

export function entryType(mode: string): 'tree' | 'commit' | 'blob' {
  if (mode === MODES.directory) return 'tree';
  return mode === MODES.submodule ? 'commit' : 'blob';
}

/** Reads a tree object's entries; an absent tree has none. */
export async function readTree(store: ObjectStore, id: string): Promise<TreeEntry[]> {
  const object = await store.read(id);
  if (object?.type !== 'tree') return [];
  const entries: TreeEntry[] = [];
  const { bytes } = object;
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.toString('latin1', at, space).padStart(6, '0'),
      name: bytes.toString('utf8', space + 1, end),
      id: bytes.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** Writes a tree object and answers its id. */
export function writeTree(store: ObjectStore, entries: readonly TreeEntry[]): string {
  // Git sorts names by byte, a directory as if its name ended in a slash.
  const keyed = entries.map((entry) => ({
    entry,
    key: Buffer.from(entry.mode === MODES.directory ? `${entry.name}/` : entry.name),
  }));
  keyed.sort((a, b) => Buffer.compare(a.key, b.key));
  return store.write(
    'tree',
    Buffer.concat(
      keyed.flatMap(({ entry }) => [
        Buffer.from(`${entry.mode.replace(/^0/, '')} ${entry.name}\0`),
        Buffer.from(entry.id, 'hex'),
      ]),
    ),
  );
}

/** The entry at a path below a tree; undefined when there is none. */
export async function findEntry(
  store: ObjectStore,
  tree: string,
  path: string,
): Promise<TreeEntry | undefined> {
  let entry: TreeEntry = { mode: MODES.directory, name: '', id: tree };
  for (const name of path.split('/').filter((segment) => segment !== '')) {
    if (entry.mode !== MODES.directory) return undefined;
    const entries: TreeEntry[] = await readTree(store, entry.id);
    const next = entries.find((candidate) => candidate.name === name);
    if (next === undefined) return undefined;
    entry = next;
  }
  return entry;
}

/**
 * A tree with some paths changed; directories that become empty disappear, a file in the way of a
 * directory is replaced.
 *
 * @param base the tree to start from; undefined for an empty one
 */
export async function editTree(
  store: ObjectStore,
  base: string | undefined,
  changes: ReadonlyMap<string, TreeChange>,
): Promise<string> {
  const entries = new Map<string, TreeEntry>();
  if (base !== undefined) {
    for (const entry of await readTree(store, base)) entries.set(entry.name, entry);
  }
  const below = new Map<string, Map<string, TreeChange>>();
  for (const [path, change] of changes) {
    const slash = path.indexOf('/');
    if (slash === -1) {
      if (change === null) entries.delete(path);
      else entries.set(path, { name: path, ...change });
      continue;
    }
    const name = path.slice(0, slash);
    const inner = below.get(name) ?? new Map<string, TreeChange>();
    below.set(name, inner.set(path.slice(slash + 1), change));
  }
  for (const [name, inner] of below) {
    const old = entries.get(name);
    const id = await editTree(store, old?.mode === MODES.directory ? old.id : undefined, inner);
    if (id === EMPTY_TREE) entries.delete(name);
    else entries.set(name, { mode: MODES.directory, name, id });
  }
  return writeTree(store, [...entries.values()]);
}

/** The id of the tree without entries; git knows it without its being written. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
