import type { FileTree } from '../model/file-tree.ts';
import { changesOf } from '../model/tree-changes.ts';
import type { Frame } from './context.ts';

/** A result, what it was made from, and what was noted while it was made. */
export interface Memo {
  readonly value: unknown;
  readonly frame: Frame;
}

/** Versions of one build that are kept: the one before and the one after a change, and a few. */
const MAX_VERSIONS = 4;

const MAX_MEMOS = 50_000;

/** Characters of files whose parsed form is kept. */
const MAX_PARSED_CHARACTERS = 256 * 1024 * 1024;

/**
 * What earlier builds of one repository worked out, kept by content: parsed files by their blob,
 * the results of directories by the blobs that they were made from. Never shared between
 * repositories, and bounded.
 */
export class BuildCache {
  readonly #memos = new Map<string, Memo[]>();
  readonly #parsed = new Map<string, { readonly value: unknown; readonly length: number }>();
  #parsedCharacters = 0;
  /** Which memos hold for a tree: asked many times for a base that many overlays share. */
  readonly #validity = new WeakMap<FileTree, WeakMap<Frame, boolean>>();

  /** A result under a key that would come out the same for the tree. */
  find(key: string, tree: FileTree): Memo | undefined {
    return this.#memos.get(key)?.find(({ frame }) => this.holds(frame, tree));
  }

  /** @param tree that it was made from */
  add(key: string, memo: Memo, tree: FileTree): void {
    this.#validityFor(tree).set(memo.frame, true);
    if (this.#memos.size >= MAX_MEMOS) this.#memos.clear();
    const versions = this.#memos.get(key) ?? [];
    this.#memos.set(key, [memo, ...versions].slice(0, MAX_VERSIONS));
  }

  /** The parsed form of a text, made once. The key names the blob, its path and the reader. */
  parsed<T>(key: string, length: number, make: () => T): T {
    const known = this.#parsed.get(key);
    if (known) return known.value as T;
    const value = make();
    this.#parsed.set(key, { value, length });
    this.#parsedCharacters += length;
    for (const [oldest, { length: freed }] of this.#parsed) {
      if (this.#parsedCharacters <= MAX_PARSED_CHARACTERS) break;
      this.#parsed.delete(oldest);
      this.#parsedCharacters -= freed;
    }
    return value;
  }

  /** Whether a part that was made from some tree would come out the same from this one. */
  holds(frame: Frame, tree: FileTree): boolean {
    const known = this.#validityFor(tree);
    let holds = known.get(frame);
    if (holds === undefined) {
      holds = this.#isUnchanged(frame, tree);
      known.set(frame, holds);
    }
    return holds;
  }

  #validityFor(tree: FileTree): WeakMap<Frame, boolean> {
    const known = this.#validity.get(tree) ?? new WeakMap<Frame, boolean>();
    this.#validity.set(tree, known);
    return known;
  }

  /** Where it held for the tree that this one follows, only what differs is looked at. */
  #isUnchanged(frame: Frame, tree: FileTree): boolean {
    const changes = changesOf(tree);
    const held = changes && this.#validity.get(changes.from)?.get(frame);
    for (const input of frame.inputs.values()) {
      const isSame = held === true && !changes.touched.has(input.path);
      if (!isSame && input.stateIn(tree) !== input.state) return false;
    }
    return frame.children.every((child) => this.holds(child, tree));
  }
}
