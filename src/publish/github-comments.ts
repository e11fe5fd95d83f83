import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { InlineComment } from '../model/report.ts';
import { type OwnThread, ownThreads, planConversation } from './conversation.ts';
import { readConversation, resolveThread } from './github-threads.ts';
import { withMarker, withoutMarker } from './marker.ts';
import type { Words } from './publisher.ts';
import { withoutSuggestion } from './suggestion-block.ts';

type Client = Pick<Octokit, 'request' | 'graphql'>;

export interface CommentTarget {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly botId: number;
  readonly pace: () => Promise<void>;
  readonly connectToResolve?: () => Promise<Pick<Octokit, 'graphql'>>;
  /** Said with new comments, where there is no check run that could say it. */
  readonly remark?: string;
}

/**
 * Brings the comments on a pull request's lines to what a review says. What GitHub refuses does
 * not keep the rest from being said.
 *
 * @returns comments that could not be put on their lines
 */
export async function publishComments(
  octokit: Client,
  target: CommentTarget,
  head: string,
  { comments, present }: Words,
): Promise<readonly InlineComment[]> {
  const conversation = await orRefused(readConversation(octokit, target));
  if (conversation === undefined) return comments;
  if (conversation.head !== head) return [];
  const canResolve = target.connectToResolve !== undefined;
  const own = ownThreads(conversation.threads, target.botId).map((thread) => ({
    ...thread,
    canResolve: thread.canResolve || canResolve,
  }));
  const plan = planConversation(own, comments, present && new Set(present));
  for (const { thread, body } of plan.retire) {
    await orRefused(editComment(octokit, target, thread.first.id, body));
  }
  for (const thread of plan.close) await orRefused(closeThread(octokit, target, head, thread));
  for (const { thread, body } of plan.update) {
    await orRefused(editComment(octokit, target, thread.first.id, body));
  }
  return plan.post.length === 0 ? [] : postReview(octokit, target, head, plan.post);
}

/**
 * One review with all comments. One bad anchor refuses a whole review (`github.md` §4): then each
 * half is tried alone, until those that cannot be said are found.
 */
async function postReview(
  octokit: Client,
  target: CommentTarget,
  head: string,
  comments: readonly InlineComment[],
): Promise<readonly InlineComment[]> {
  const { owner, repo, number, pace, remark } = target;
  await pace();
  try {
    await octokit.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      owner,
      repo,
      pull_number: number,
      commit_id: head,
      event: 'COMMENT',
      ...(remark !== undefined && { body: remark }),
      comments: comments.map(toReviewComment),
    });
    return [];
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    if (error.code === 'forbidden') return comments;
    if (error.code !== 'refused') throw error;
    if (comments.length === 1) return comments;
    const middle = Math.ceil(comments.length / 2);
    return [
      ...(await postReview(octokit, target, head, comments.slice(0, middle))),
      ...(await postReview(octokit, target, head, comments.slice(middle))),
    ];
  }
}

function toReviewComment({ path, line, startLine, body, fingerprints }: InlineComment) {
  return {
    path,
    line,
    side: 'RIGHT',
    ...(startLine !== undefined && { start_line: startLine, start_side: 'RIGHT' }),
    body: withMarker(body, { fingerprints, isMended: false }),
  };
}

/**
 * Says that what a thread is about no longer holds: a line of reply, and the thread is resolved.
 * Where GitHub does not let the App resolve, the comment itself says so instead, unless somebody
 * answered it.
 */
async function closeThread(
  octokit: Client,
  target: CommentTarget,
  head: string,
  thread: OwnThread,
): Promise<void> {
  const { first, fingerprints } = thread;
  // At the head that it was written at, it was not the pull request that changed.
  const said =
    first.commit === head
      ? `Settled for ${head} by a change of the base branch.`
      : `No longer found in ${head}.`;
  const marker = { fingerprints, isMended: true };
  if (thread.canResolve || thread.isAnswered) {
    if (!thread.isMended) {
      const { owner, repo, number, pace } = target;
      await pace();
      await octokit.request(
        'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
        { owner, repo, pull_number: number, comment_id: first.id, body: withMarker(said, marker) },
      );
    }
    if (!thread.canResolve) return;
    const resolver = (await target.connectToResolve?.()) ?? octokit;
    const isResolved = await orRefused(resolveThread(resolver, thread.id).then(() => true));
    if (isResolved || thread.isAnswered) return;
  }
  const old = withoutSuggestion(withoutMarker(first.body));
  const body = `**${said}** What follows no longer holds.\n\n<details><summary>What it said</summary>\n\n${old}\n\n</details>`;
  await editComment(octokit, target, first.id, withMarker(body, marker));
}

async function editComment(
  octokit: Client,
  { owner, repo, pace }: CommentTarget,
  id: number,
  body: string,
): Promise<void> {
  await pace();
  await octokit.request('PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
    owner,
    repo,
    comment_id: id,
    body,
  });
}

/** What GitHub allows, or undefined: a locked conversation and a missing permission stop nothing. */
async function orRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Permanent) return undefined;
    throw error;
  }
}
