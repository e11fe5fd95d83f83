import type { FileContent, FileTree, TreeEntry } from '../model/file-tree.ts';
import { changesOf } from '../model/tree-changes.ts';

/** Larger files are never read: nothing that Flux applies is, and memory is bounded by it. */
export const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** A {@link FileTree} over a listing and whatever contents have been loaded so far. */
export class LoadedTree implements FileTree {
  readonly commit: string;
  readonly incomplete?: string;
  readonly #entries: readonly TreeEntry[];
  readonly #byPath: ReadonlyMap<string, TreeEntry>;
  readonly #blobs: ReadonlyMap<string, Uint8Array>;
  readonly #absent: ReadonlySet<string>;
  #directories: Map<string, string[]> | undefined;

  /**
   * @param blobs contents by blob id; may grow while the tree is in use
   * @param absent ids of contents that were asked for and did not come; may grow too
   */
  constructor(
    commit: string,
    entries: readonly TreeEntry[],
    blobs: ReadonlyMap<string, Uint8Array>,
    incomplete?: string,
    absent: ReadonlySet<string> = new Set(),
  ) {
    this.commit = commit;
    this.#entries = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
    this.#byPath = new Map(this.#entries.map((entry) => [entry.path, entry]));
    this.#blobs = blobs;
    this.#absent = absent;
    if (incomplete !== undefined) this.incomplete = incomplete;
  }

  list(): readonly TreeEntry[] {
    return this.#entries;
  }

  entry(path: string): TreeEntry | undefined {
    return this.#byPath.get(path);
  }

  read(path: string): FileContent {
    const entry = this.#byPath.get(path);
    if (entry === undefined) return { state: 'missing' };
    if (entry.kind !== 'file')
      return { state: 'unreadable', reason: `it is a ${word(entry.kind)}` };
    if ((entry.size ?? 0) > MAX_FILE_BYTES) {
      return { state: 'unreadable', reason: `it is larger than ${MAX_FILE_BYTES} bytes` };
    }
    const bytes = this.#blobs.get(entry.id);
    if (bytes === undefined && this.#absent.has(entry.id)) {
      return { state: 'unreadable', reason: 'its content could not be fetched' };
    }
    if (bytes === undefined) return { state: 'not-loaded', path };
    const known = decoded.get(bytes);
    if (known !== undefined) return known;
    const content = decode(bytes, entry.id);
    decoded.set(bytes, content);
    return content;
  }

  isDirectory(path: string): boolean {
    return this.#index().has(path);
  }

  children(directory: string): readonly string[] {
    return this.#index().get(directory) ?? [];
  }

  sharesContents(other: FileTree): boolean {
    return other instanceof LoadedTree && other.#blobs === this.#blobs;
  }

  #index(): Map<string, string[]> {
    if (this.#directories === undefined) {
      const changes = changesOf(this);
      const isLike = changes?.isSameShape && changes.from instanceof LoadedTree;
      const shared = isLike ? changes.from.#directories : undefined;
      this.#directories = shared ?? indexDirectories(this.#entries);
    }
    return this.#directories;
  }
}

/** Trees that share their blobs share the texts in them too. */
const decoded = new WeakMap<Uint8Array, FileContent>();

function word(kind: 'symlink' | 'submodule'): string {
  return kind === 'symlink' ? 'symbolic link' : 'submodule';
}

/** Fails on bytes that are not UTF-8; keeps a byte order mark, which is part of the text. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, id: string): FileContent {
  try {
    const text = utf8.decode(bytes);
    if (!text.includes('\0')) return { state: 'text', text, id };
  } catch {
    // Not UTF-8: binary, as a NUL byte means too.
  }
  return { state: 'binary', bytes, id };
}

function indexDirectories(entries: readonly TreeEntry[]): Map<string, string[]> {
  const directories = new Map<string, string[]>([['', []]]);
  for (const { path } of entries) {
    let child = path;
    for (;;) {
      const slash = child.lastIndexOf('/');
      const parent = slash === -1 ? '' : child.slice(0, slash);
      const known = directories.get(parent);
      if (known) known.push(child.slice(slash + 1));
      else directories.set(parent, [child.slice(slash + 1)]);
      if (known || parent === '') break;
      child = parent;
    }
  }
  for (const children of directories.values()) children.sort();
  return directories;
}
