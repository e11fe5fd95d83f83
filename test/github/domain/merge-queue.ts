import { readCommit, setRef } from '../git/store.ts';
import { ApiError } from '../http/answer.ts';
import { renderSimpleCommit } from '../render/commits.ts';
import type {
  Account,
  MergeMethod,
  MergeQueue,
  PullIssue,
  QueueEntry,
  Repository,
} from '../state/model.ts';
import type { World } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';
import { landOnBase, mergedCommit } from './merging.ts';
import { emitPull } from './pull-changes.ts';
import { refChanged } from './pushes.ts';
import { obstaclesOf, requirementsOf, rulesOf, verdictOf } from './requirements.ts';

/** Why a pull request leaves the queue, in the words of the webhook. */
type LeaveReason = 'MERGE' | 'MERGE_CONFLICT' | 'CI_FAILURE' | 'MANUAL';

/** What becomes of a group that is no longer needed. */
type GroupEnd = 'merged' | 'invalidated' | 'dequeued';

function queueOf({ queues }: Repository, base: string): MergeQueue {
  const queue = queues.get(base) ?? { base, entries: [] };
  queues.set(base, queue);
  return queue;
}

/** The entry of a pull request that waits in the queue of its base. */
export function entryOf(issue: PullIssue): QueueEntry | undefined {
  const { entries } = queueOf(issue.repository, issue.pull.baseRef);
  return entries.find((entry) => entry.issue === issue);
}

/**
 * Puts a pull request at the end of the queue of its base. The group of each entry stands on the
 * group before it, so that what is checked is what will be merged.
 *
 * @throws ApiError 422 when it may not be queued
 */
export async function enqueuePull(world: World, issue: PullIssue, by: Account): Promise<void> {
  const { repository, pull } = issue;
  const wanted = requirementsOf(repository, pull.baseRef);
  if (!wanted.queue) throw refused('The base branch requires no merge queue');
  if (issue.state === 'closed' || pull.draft) throw refused('Pull request is not open');
  if (entryOf(issue) !== undefined) throw refused('Pull request is already in the queue');
  const [obstacle] = obstaclesOf(issue);
  if (obstacle !== undefined) throw refused(obstacle);
  await emitPull(world, issue, 'enqueued', by);
  await addEntry(world, issue, by);
  await advanceQueue(world, repository, pull.baseRef);
}

function refused(message: string): ApiError {
  return new ApiError(422, message);
}

async function addEntry(world: World, issue: PullIssue, enqueuer: Account): Promise<void> {
  const { repository, pull } = issue;
  const { entries } = queueOf(repository, pull.baseRef);
  const tip = repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  const baseSha = entries.at(-1)?.headSha ?? tip;
  if (baseSha === undefined) return;
  const method = queueMethod(repository, pull.baseRef);
  const request = { method, title: undefined, message: undefined, by: enqueuer };
  const headSha = await mergedCommit(world, issue, request, baseSha);
  if (headSha === undefined) {
    return emitPull(world, issue, 'dequeued', enqueuer, { reason: 'MERGE_CONFLICT' });
  }
  const headRef = `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${issue.number}-${baseSha}`;
  const id = world.nextId('queueEntry');
  const entry: QueueEntry = { id, issue, enqueuer, headRef, headSha, baseSha };
  entries.push(entry);
  setRef(repository.git, headRef, headSha);
  const change = { ref: headRef, before: undefined, after: headSha };
  await refChanged(world, repository, change, enqueuer);
  await emitGroup(world, entry, 'checks_requested');
}

function queueMethod(repository: Repository, base: string): MergeMethod {
  const rule = rulesOf(repository, base).find(({ type }) => type === 'merge_queue');
  const method = rule?.parameters?.merge_method;
  return method === 'SQUASH' ? 'squash' : method === 'REBASE' ? 'rebase' : 'merge';
}

async function emitGroup(
  world: World,
  entry: QueueEntry,
  action: 'checks_requested' | 'destroyed',
  reason?: GroupEnd,
): Promise<void> {
  const { repository, pull } = entry.issue;
  const commit = await readCommit(repository.git, entry.headSha);
  if (commit === undefined) return;
  const payload = {
    merge_group: {
      head_sha: entry.headSha,
      head_ref: entry.headRef,
      base_sha: entry.baseSha,
      base_ref: `refs/heads/${pull.baseRef}`,
      head_commit: renderSimpleCommit(commit),
    },
    ...(reason === undefined ? {} : { reason }),
  };
  emit(world, repository, { name: 'merge_group', action, payload, sender: entry.enqueuer });
}

async function endGroup(world: World, entry: QueueEntry, reason: GroupEnd): Promise<void> {
  const { repository } = entry.issue;
  setRef(repository.git, entry.headRef, undefined);
  const change = { ref: entry.headRef, before: entry.headSha, after: undefined };
  await refChanged(world, repository, change, entry.enqueuer);
  await emitGroup(world, entry, 'destroyed', reason);
}

/** Looks at the first group: merges it when its checks have passed, drops it when one failed. */
export async function advanceQueue(
  world: World,
  repository: Repository,
  base: string,
): Promise<void> {
  const { entries } = queueOf(repository, base);
  const [first] = entries;
  if (first === undefined) return;
  const { checks } = requirementsOf(repository, base);
  const verdicts = checks.map((check) => verdictOf(repository, first.headSha, check));
  if (verdicts.includes('failed')) {
    await leaveQueue(world, first, 'CI_FAILURE');
  } else if (verdicts.every((verdict) => verdict === 'passed')) {
    await mergeFirst(world, first);
  } else {
    return;
  }
  await advanceQueue(world, repository, base);
}

/** After news of a check on a commit. */
export async function advanceQueues(world: World, repository: Repository): Promise<void> {
  for (const base of repository.queues.keys()) await advanceQueue(world, repository, base);
}

async function mergeFirst(world: World, entry: QueueEntry): Promise<void> {
  const { issue, headSha: after, enqueuer } = entry;
  const { repository, pull } = issue;
  const before = repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  queueOf(repository, pull.baseRef).entries.shift();
  await landOnBase(world, issue, { before, after }, enqueuer);
  await emitPull(world, issue, 'dequeued', enqueuer, { reason: 'MERGE' });
  await endGroup(world, entry, 'merged');
}

/** Takes an entry out; all that stood behind it are grouped anew. */
export async function leaveQueue(
  world: World,
  entry: QueueEntry,
  reason: LeaveReason,
): Promise<void> {
  const { repository, pull } = entry.issue;
  const { entries } = queueOf(repository, pull.baseRef);
  const [own, ...behind] = entries.splice(entries.indexOf(entry));
  if (own === undefined) return;
  await endGroup(world, own, 'dequeued');
  await emitPull(world, own.issue, 'dequeued', own.enqueuer, { reason });
  await regroup(world, behind);
}

async function regroup(world: World, entries: readonly QueueEntry[]): Promise<void> {
  for (const entry of entries) await endGroup(world, entry, 'invalidated');
  for (const { issue, enqueuer } of entries) await addEntry(world, issue, enqueuer);
}

/** A base that moved by other ways invalidates every group that stands on the old one. */
export async function regroupOnto(
  world: World,
  repository: Repository,
  base: string,
  tip: string,
): Promise<void> {
  const { entries } = queueOf(repository, base);
  if (entries[0] === undefined || entries[0].baseSha === tip) return;
  await regroup(world, entries.splice(0));
}
