import { diffArrays } from 'diff';

import type { FileContent, FileTree } from '../../../model/file-tree.ts';
import { changesOf } from '../../../model/tree-changes.ts';

/** A line that a change takes away, brings, or puts in another's place. Lines count from 1. */
export interface LineChange {
  /** Of the file after: the line itself, or the one above where lines went away. */
  readonly at: number;
  readonly was?: NumberedLine;
  readonly is?: NumberedLine;
}

export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** A file that a change touches. Text of it is attacker-controlled. */
export interface FileChange {
  readonly path: string;
  /** `unread`: its content is not text, or was not looked at. */
  readonly state: 'added' | 'removed' | 'changed' | 'unread';
  /** Empty unless `changed`. */
  readonly lines: readonly LineChange[];
  /** All lines of the file after the change; empty unless `changed`. */
  readonly text: readonly string[];
}

/** More lines than this are no update of an image. */
const MOST_EDITS = 2000;

const known = new WeakMap<FileTree, WeakMap<FileTree, readonly FileChange[]>>();

/** The files that differ between two commits, by path. Worked out once for each pair of trees. */
export function fileChangesOf(before: FileTree, after: FileTree): readonly FileChange[] {
  const pairs = known.get(before) ?? new WeakMap<FileTree, readonly FileChange[]>();
  known.set(before, pairs);
  const found = pairs.get(after) ?? compareTrees(before, after);
  pairs.set(after, found);
  return found;
}

function compareTrees(before: FileTree, after: FileTree): FileChange[] {
  const changes: FileChange[] = [];
  const none = { lines: [], text: [] };
  for (const path of pathsToCompare(before, after)) {
    const [was, is] = [before.entry(path), after.entry(path)];
    if (was === undefined) changes.push({ path, state: 'added', ...none });
    else if (is === undefined) changes.push({ path, state: 'removed', ...none });
    else if (was.id !== is.id || was.kind !== is.kind) {
      changes.push(compareFiles(path, before.read(path), after.read(path)));
    }
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function pathsToCompare(before: FileTree, after: FileTree): Iterable<string> {
  const changes = changesOf(after);
  if (changes?.from === before) return changes.paths;
  return new Set([...after.list(), ...before.list()].map(({ path }) => path));
}

function compareFiles(path: string, before: FileContent, after: FileContent): FileChange {
  if (before.state !== 'text' || after.state !== 'text') {
    return { path, state: 'unread', lines: [], text: [] };
  }
  const [old, text] = [before.text.split('\n'), after.text.split('\n')];
  const lines = compareLines(old, text);
  return lines === undefined
    ? { path, state: 'unread', lines: [], text: [] }
    : { path, state: 'changed', lines, text };
}

/** Line by line where the file keeps its length, as updates do; else by the smallest difference. */
export function compareLines(
  before: readonly string[],
  after: readonly string[],
): LineChange[] | undefined {
  if (before.length === after.length) {
    const pairs = after.flatMap((text, index) => pairOf(before[index], index, text, index));
    if (pairs.length <= MOST_EDITS) return pairs;
  }
  const parts = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS });
  if (parts === undefined) return undefined;
  const changes: LineChange[] = [];
  let [from, to] = [0, 0];
  let removed: string[] = [];
  for (const part of parts) {
    if (part.removed) {
      removed = part.value;
      from += part.value.length;
      continue;
    }
    const added = part.added ? part.value : [];
    const start = from - removed.length;
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1) {
      const line = to + Math.min(at, added.length);
      changes.push(...pairOf(removed[at], start + at, added[at], line));
    }
    removed = [];
    to += part.value.length;
    if (!part.added) from += part.value.length;
  }
  for (const [at, text] of removed.entries()) {
    changes.push(...pairOf(text, from - removed.length + at, undefined, to));
  }
  return changes;
}

function pairOf(
  was: string | undefined,
  from: number,
  is: string | undefined,
  to: number,
): LineChange[] {
  if (was === is) return [];
  return [
    {
      at: is === undefined ? Math.max(1, to) : to + 1,
      ...(was !== undefined && { was: { line: from + 1, text: was } }),
      ...(is !== undefined && { is: { line: to + 1, text: is } }),
    },
  ];
}
