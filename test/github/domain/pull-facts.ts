import { type FileChange, diffTrees } from '../git/diff.ts';
import { commitsBetween, mergeBase } from '../git/history.ts';
import { type GitStore, remember } from '../git/store.ts';
import type { PullIssue, Repository } from '../state/model.ts';
import type { Limits } from '../state/world.ts';
import { mergeableStateOf } from './requirements.ts';

/** What has to be worked out to show a pull request. */
export interface PullFacts {
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

export async function factsOf(issue: PullIssue): Promise<PullFacts> {
  const files = await pullFiles(issue);
  const commits = await pullCommits(issue);
  const { test, mergedAt } = issue.pull;
  const sum = (count: (file: FileChange) => number) =>
    files.reduce((total, file) => total + count(file), 0);
  return {
    mergeable: mergedAt === null ? test.mergeable : null,
    mergeableState: mergeableStateOf(issue),
    commits: commits.length,
    additions: sum(({ additions }) => additions),
    deletions: sum(({ deletions }) => deletions),
    changedFiles: files.length,
  };
}

/** Where the pull request's own changes begin. */
export function pullMergeBase({ repository, pull }: PullIssue): Promise<string | undefined> {
  return mergeBaseOf(repository.git, pull.baseSha, pull.headSha);
}

export function mergeBaseOf(
  git: GitStore,
  base: string,
  head: string,
): Promise<string | undefined> {
  return remember(git, `merge-base ${base} ${head}`, () => mergeBase(git, base, head));
}

/** All changed files: the diff from the merge base to the head. */
export async function pullFiles(issue: PullIssue): Promise<FileChange[]> {
  return changesBetween(issue.repository, await pullMergeBase(issue), issue.pull.headSha);
}

export function changesBetween(
  { git }: Repository,
  before: string | undefined,
  after: string,
): Promise<FileChange[]> {
  return remember(git, `diff ${before ?? 'nothing'} ${after}`, () =>
    diffTrees(git.directory, before, after),
  );
}

/** All commits, oldest first. */
export function pullCommits({ repository, pull }: PullIssue): Promise<string[]> {
  const { git } = repository;
  return remember(git, `commits ${pull.baseSha} ${pull.headSha}`, () =>
    commitsBetween(git, pull.baseSha, pull.headSha),
  );
}

/** The pull request that brought a commit to its branch, and the open ones that hold it. */
export async function pullsWith({ issues }: Repository, commit: string): Promise<PullIssue[]> {
  const pulls: PullIssue[] = [];
  for (const issue of issues.values()) {
    if (issue.pull === undefined) continue;
    const isOpen = issue.state === 'open' || issue.pull.mergedAt !== null;
    const commits = isOpen ? await pullCommits(issue as PullIssue) : [];
    if (issue.pull.mergeSha === commit || commits.includes(commit)) pulls.push(issue as PullIssue);
  }
  return pulls;
}

/**
 * The patches that GitHub shows: not those of single files that are too big, and none once the diff
 * as a whole is.
 */
export function shownPatches(
  changes: readonly FileChange[],
  limits: Limits,
): (string | undefined)[] {
  let bytes = 0;
  let lines = 0;
  return changes.map(({ patch, additions, deletions }) => {
    if (patch === undefined) return undefined;
    const size = Buffer.byteLength(patch);
    if (size > limits.patchBytes || additions + deletions > limits.patchLines) return undefined;
    bytes += size;
    lines += additions + deletions;
    return bytes > limits.diffBytes || lines > limits.diffLines ? undefined : patch;
  });
}
