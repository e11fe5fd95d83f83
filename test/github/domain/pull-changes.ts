import { isAncestor } from '../git/history.ts';
import { type RefChange, setRef } from '../git/store.ts';
import { renderPull } from '../render/pulls.ts';
import type { Account, PullIssue, Repository } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';
import { requestSuites } from './checks.ts';
import { entryOf, leaveQueue } from './merge-queue.ts';
import { factsOf } from './pull-facts.ts';
import { followLines } from './review-anchors.ts';
import { refreshTestMerge } from './test-merge.ts';

/** Tells Apps of a pull request. */
export async function emitPull(
  world: World,
  issue: PullIssue,
  action: string,
  sender: Account,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const pull_request = renderPull(world, issue, await factsOf(issue));
  const payload = { number: issue.number, pull_request, ...extra };
  emit(world, issue.repository, { name: 'pull_request', action, payload, sender });
}

/** All open pull requests, of every repository, for which something holds. */
export function openPulls(world: World, holds: (issue: PullIssue) => boolean): PullIssue[] {
  return [...world.repositories.values()].flatMap(({ issues }) =>
    [...issues.values()].filter(
      (issue): issue is PullIssue =>
        issue.state === 'open' && issue.pull !== undefined && holds(issue as PullIssue),
    ),
  );
}

/** The head branch of pull requests has moved, or is gone. */
export async function followHead(
  world: World,
  repository: Repository,
  branch: string,
  change: RefChange,
  pusher: Account,
): Promise<void> {
  const pulls = openPulls(
    world,
    ({ pull }) => pull.headRepository === repository && pull.headRef === branch,
  );
  for (const issue of pulls) {
    if (change.after === undefined) await closePull(world, issue, pusher);
    else await moveHead(world, issue, change.after, pusher);
  }
}

async function moveHead(
  world: World,
  issue: PullIssue,
  after: string,
  pusher: Account,
): Promise<void> {
  const { repository, pull } = issue;
  const before = pull.headSha;
  if (before === after) return;
  pull.headSha = after;
  pull.baseSha = repository.git.refs.get(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  pull.test.mergeable = null;
  issue.updatedAt = timestamp(world);
  const queued = entryOf(issue);
  if (queued !== undefined) await leaveQueue(world, queued, 'MANUAL');
  setRef(repository.git, `refs/pull/${issue.number}/head`, after);
  await followLines(issue);
  await requestSuitesOfFork(world, issue, before, pusher);
  await emitPull(world, issue, 'synchronize', pusher, { before, after });
  refreshTestMerge(world, issue);
}

/** A push to a fork makes no suites in the base repository; its pull request does. */
export async function requestSuitesOfFork(
  world: World,
  { repository, pull }: PullIssue,
  before: string | null,
  sender: Account,
): Promise<void> {
  if (pull.headRepository === repository) return;
  await requestSuites(world, repository, { sha: pull.headSha, branch: null, before }, sender);
}

/** The base branch of pull requests has moved, or is gone. */
export async function followBase(
  world: World,
  repository: Repository,
  branch: string,
  after: string | undefined,
  pusher: Account,
): Promise<void> {
  const pulls = openPulls(
    world,
    (issue) => issue.repository === repository && issue.pull.baseRef === branch,
  );
  for (const issue of pulls) {
    if (after === undefined) await closePull(world, issue, pusher);
    else if (await isAncestor(repository.git, issue.pull.headSha, after)) {
      // Merged by hand and pushed: GitHub notices.
      await markMerged(world, issue, after, pusher);
    }
  }
}

export async function closePull(world: World, issue: PullIssue, by: Account): Promise<void> {
  const queued = entryOf(issue);
  if (queued !== undefined) await leaveQueue(world, queued, 'MANUAL');
  issue.state = 'closed';
  issue.closedAt = issue.updatedAt = timestamp(world);
  issue.closedBy = by;
  await emitPull(world, issue, 'closed', by);
}

export async function markMerged(
  world: World,
  issue: PullIssue,
  sha: string,
  by: Account,
): Promise<void> {
  issue.pull.mergedAt = timestamp(world);
  issue.pull.mergedBy = by;
  issue.pull.mergeSha = sha;
  await closePull(world, issue, by);
}
