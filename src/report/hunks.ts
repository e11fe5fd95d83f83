import type { ChangedFile } from '../model/report.ts';

/** Lines of the right side (from 1) that can carry a comment: one range per hunk, inclusive. */
export interface Hunk {
  readonly start: number;
  readonly end: number;
}

const HEADER = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm;

/** The hunks of a diff by path. A file without a patch has none that are known. */
export function indexHunks(files: readonly ChangedFile[]): ReadonlyMap<string, readonly Hunk[]> {
  return new Map(
    files.map(({ path, patch }) => [path, patch === undefined ? [] : parseHunks(patch)]),
  );
}

/** Added and unchanged lines of a patch; GitHub takes comments on both. */
function parseHunks(patch: string): Hunk[] {
  return [...patch.matchAll(HEADER)]
    .map(([, start = '0', length = '1']) => ({ start: Number(start), length: Number(length) }))
    .filter(({ length }) => length > 0)
    .map(({ start, length }) => ({ start, end: start + length - 1 }));
}

/** Whether lines `start` to `end` lie in one hunk, as a comment must. */
export function isInDiff(hunks: readonly Hunk[] | undefined, start: number, end: number): boolean {
  return hunks?.some((hunk) => hunk.start <= start && end <= hunk.end) ?? false;
}
