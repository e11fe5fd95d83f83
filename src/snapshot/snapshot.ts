import type { FileTree, TreeEntry } from '../model/file-tree.ts';
import { LoadedTree } from './tree.ts';

/** What a repository holds at a commit. */
export interface Listing {
  /** As people know it. */
  readonly commit: string;
  /** Identifies the entries: listings with one identity hold the same. */
  readonly tree: string;
  readonly entries: readonly TreeEntry[];
  /** Why some entries are missing, where the source could not list them all. */
  readonly incomplete?: string;
}

/** A repository, as far as a review reads it. */
export interface Snapshot {
  /**
   * All files at a commit (a full object id).
   *
   * @param tree the commit's tree, where it is known: many commits have one in common
   */
  list(commit: string, tree?: string): Promise<Listing>;
  /**
   * Contents by blob id, of the ids that exist. `at` tells where they were listed, so that an
   * adapter may fetch a whole archive instead of very many blobs.
   */
  load(ids: readonly string[], at: Listing): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** A tree over a listing that fills while contents arrive. */
export class SnapshotTree {
  readonly listing: Listing;
  readonly tree: FileTree;
  readonly #snapshot: Snapshot;
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #absent = new Set<string>();

  constructor(snapshot: Snapshot, listing: Listing) {
    this.#snapshot = snapshot;
    this.listing = listing;
    this.tree = new LoadedTree(
      listing.commit,
      listing.entries,
      this.#blobs,
      listing.incomplete,
      this.#absent,
    );
  }

  /** Fetches the contents of paths that are not here yet; gives those that arrived, by blob id. */
  async load(paths: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array>> {
    const wanted = new Set<string>();
    for (const path of paths) {
      const entry = this.tree.entry(path);
      if (entry?.kind === 'file' && this.tree.read(path).state === 'not-loaded')
        wanted.add(entry.id);
    }
    if (wanted.size === 0) return new Map();
    const arrived = await this.fetch(wanted);
    for (const [id, bytes] of arrived) this.#blobs.set(id, bytes);
    for (const id of wanted) if (!arrived.has(id)) this.#absent.add(id);
    return arrived;
  }

  /** Contents by blob id, without keeping them here; ids that do not come are left out. */
  fetch(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#snapshot.load([...wanted], this.listing);
  }
}

const REVIEWED = /(?:\.ya?ml|\.json|(?:^|\/)(?:Kustomization|\.sourceignore))$/;

/** Whether a review reads a file from the start; all others are loaded when something asks. */
export function isReviewed(path: string): boolean {
  return REVIEWED.test(path);
}
