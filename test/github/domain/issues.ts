import { ApiError } from '../http/answer.ts';
import { may } from '../http/access.ts';
import { type Actor, appOf, requireAccount } from '../http/authentication.ts';
import { renderIssue, renderIssueComment } from '../render/issues.ts';
import type { Account, Issue, IssueComment, Repository } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';

/** Issues and pull requests count together. */
export function nextNumber({ issues }: Repository): number {
  return Math.max(0, ...issues.keys()) + 1;
}

/** A locked conversation is for those who may write. */
export function checkUnlocked(actor: Actor, issue: Issue): void {
  if (
    !issue.locked ||
    may(actor, issue.repository, ['issues:write', 'pull_requests:write'], 'write')
  )
    return;
  throw new ApiError(403, 'Unable to create comment because issue is locked.');
}

export function addIssueComment(
  world: World,
  issue: Issue,
  actor: Actor,
  body: string,
): IssueComment {
  const now = timestamp(world);
  const comment: IssueComment = {
    id: world.nextId('comment'),
    issue,
    user: requireAccount(actor),
    app: appOf(actor),
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    minimized: undefined,
  };
  issue.comments.push(comment);
  issue.updatedAt = now;
  emitComment(world, comment, 'created', comment.user);
  return comment;
}

export function emitComment(
  world: World,
  comment: IssueComment,
  action: 'created' | 'edited' | 'deleted',
  sender: Account,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const { issue } = comment;
  const payload = {
    issue: renderIssue(world, issue),
    comment: renderIssueComment(world, comment),
    ...extra,
  };
  emit(world, issue.repository, { name: 'issue_comment', action, payload, sender });
}
