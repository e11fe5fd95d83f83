import type { RawCommit } from '../model/evidence.ts';

/**
 * The heads that a branch had up to a commit. They never change, and the tip of a base branch is
 * where every pull request into it begins. One cache serves one repository.
 */
export interface HistoryCache {
  get(tip: string): readonly RawCommit[] | undefined;
  set(tip: string, heads: readonly RawCommit[]): void;
}

/** @param maximum tips that are remembered, the longest unused dropped first */
export function createHistoryCache(maximum: number): HistoryCache {
  const histories = new Map<string, readonly RawCommit[]>();
  function set(tip: string, heads: readonly RawCommit[]): void {
    histories.delete(tip);
    histories.set(tip, heads);
    const [oldest] = histories.keys();
    if (histories.size > maximum && oldest !== undefined) histories.delete(oldest);
  }
  return {
    get(tip) {
      const known = histories.get(tip);
      if (known !== undefined) set(tip, known);
      return known;
    },
    set,
  };
}
