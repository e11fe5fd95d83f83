/** One path of a repository at a commit. */
export interface TreeEntry {
  /** Relative to the repository's root, with `/`, without a leading one. */
  readonly path: string;
  /** The blob's object id: equal ids are equal contents. */
  readonly id: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  /** In bytes, where the listing tells it. */
  readonly size?: number;
}

export type FileContent =
  | { readonly state: 'text'; readonly text: string; readonly id: string }
  /** Not valid UTF-8, or holding NUL bytes. */
  | { readonly state: 'binary'; readonly bytes: Uint8Array; readonly id: string }
  | { readonly state: 'missing' }
  /** In the tree, its content not fetched yet: the review loads it and asks again. */
  | { readonly state: 'not-loaded'; readonly path: string }
  /** In the tree, but never read: too large, a symbolic link, a submodule. */
  | { readonly state: 'unreadable'; readonly reason: string };

/**
 * A repository at a commit, in memory and synchronous. Paths and contents are attacker-controlled.
 */
export interface FileTree {
  /** Identifies the commit for people, e.g. its object id. */
  readonly commit: string;
  /** All entries, sorted by path. */
  list(): readonly TreeEntry[];
  read(path: string): FileContent;
  /** Entry of a file; undefined for directories and absent paths. */
  entry(path: string): TreeEntry | undefined;
  /** Whether a directory of that path exists; `''` is the root. */
  isDirectory(path: string): boolean;
  /** Names in a directory, sorted; empty when there is none. */
  children(directory: string): readonly string[];
  /** Whether contents come from where another tree's do: what is here for one is for both. */
  sharesContents?(other: FileTree): boolean;
  /** Why parts of the tree are not listed, where the source cut it. */
  readonly incomplete?: string;
}
