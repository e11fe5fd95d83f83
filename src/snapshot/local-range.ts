import type { GitSnapshot } from './git.ts';
import { type Listing, SnapshotTree } from './snapshot.ts';
import { listWorktree, worktreeRoot } from './worktree.ts';

/** The two sides of a local review. */
export interface LocalRange {
  readonly before: SnapshotTree;
  /** What would be deployed after the merge. */
  readonly after: SnapshotTree;
  /** What the author has: lines of findings are lines of these files. */
  readonly head: SnapshotTree;
  /** How the sides were chosen, one sentence for the report; absent where it is as expected. */
  readonly note?: string;
}

export interface RangeRequest {
  readonly repository: string;
  /** Default: where the branch left the upstream default branch. */
  readonly base?: string;
  /** Default HEAD. */
  readonly head?: string;
  /** Review the files as they lie in the working directory instead of a commit. */
  readonly worktree?: boolean;
}

/**
 * Chooses what is compared (`architecture.md`, before and after): base and head where the base is
 * an ancestor; else the merge of both, made in memory; where that conflicts, what the branch
 * changed since it left.
 *
 * @throws GitError when a revision does not exist
 */
export async function resolveRange(git: GitSnapshot, request: RangeRequest): Promise<LocalRange> {
  const head = await git.resolve(request.head ?? 'HEAD');
  const named = request.base ?? (await git.defaultBase());
  const tip = await git.resolve(named);
  const base = request.base === undefined ? ((await git.mergeBase(tip, head)) ?? tip) : tip;
  if (request.worktree) return worktreeRange(git, request.repository, base);
  const headTree = new SnapshotTree(git, await git.list(head));
  const before = (commit: string) => git.list(commit).then((found) => new SnapshotTree(git, found));
  const ancestor = await git.mergeBase(base, head);
  if (ancestor === base) return { before: await before(base), after: headTree, head: headTree };
  const merged = ancestor && (await git.mergeTree(base, head));
  if (merged) {
    const listing: Listing = { ...(await git.list(merged)), commit: head };
    return { before: await before(base), after: new SnapshotTree(git, listing), head: headTree };
  }
  const note = ancestor
    ? `${named} and the head do not merge: this compares the head with where it left ${named}.`
    : `${named} and the head have no common history: this compares one with the other.`;
  return { before: await before(ancestor ?? base), after: headTree, head: headTree, note };
}

async function worktreeRange(
  git: GitSnapshot,
  repository: string,
  base: string,
): Promise<LocalRange> {
  const { listing, snapshot } = await listWorktree(await worktreeRoot(repository));
  const after = new SnapshotTree(snapshot, listing);
  return { before: new SnapshotTree(git, await git.list(base)), after, head: after };
}
