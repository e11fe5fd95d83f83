import { z } from 'zod';

import { isTooLong } from '../contract.ts';
import { addIssueComment, checkUnlocked, emitComment } from '../domain/issues.ts';
import { type RepositoryContext, may, repositoryRoute } from '../http/access.ts';
import {
  type Answer,
  ApiError,
  created,
  invalid,
  noContent,
  notFound,
  ok,
} from '../http/answer.ts';
import { accountOf, requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderIssueComment } from '../render/issues.ts';
import type { Comment, IssueComment } from '../state/model.ts';
import { timestamp } from '../state/world.ts';
import { issueOf } from './issues.ts';

const READ = { app: ['issues:read', 'pull_requests:read'] } as const;
const WRITE = { app: ['issues:write', 'pull_requests:write'] } as const;

/** The conversation below an issue or pull request. */
export const issueCommentRoutes: readonly Route[] = [
  repositoryRoute('GET /issues/comments', READ, listAll),
  repositoryRoute('GET /issues/comments/{comment_id}', READ, getComment),
  repositoryRoute('PATCH /issues/comments/{comment_id}', WRITE, updateComment),
  repositoryRoute('DELETE /issues/comments/{comment_id}', WRITE, deleteComment),
  repositoryRoute('GET /issues/{issue_number}/comments', READ, listComments),
  repositoryRoute('POST /issues/{issue_number}/comments', WRITE, createComment),
];

const CommentBody = z.object({ body: z.string() });

/** The text of a comment, refused when it is empty or too long. */
export function commentText(context: RepositoryContext, resource: string): string {
  const { body } = bodyOf(context.request, CommentBody);
  if (body.trim() === '') throw invalid({ resource, code: 'missing_field', field: 'body' });
  if (isTooLong(body)) {
    throw invalid({
      resource,
      code: 'unprocessable',
      field: 'data',
      message: 'Body is too long (maximum is 65536 characters)',
    });
  }
  return body;
}

function listAll(context: RepositoryContext): Promise<Answer> {
  const comments = [...context.repository.issues.values()].flatMap((issue) => issue.comments);
  return list(context, comments);
}

function listComments(context: RepositoryContext): Promise<Answer> {
  return list(context, issueOf(context).comments);
}

function list(context: RepositoryContext, comments: readonly IssueComment[]): Promise<Answer> {
  const since = context.request.query.get('since') ?? '';
  const shown = comments.filter(({ updatedAt }) => updatedAt >= since);
  shown.sort((a, b) => a.id - b.id);
  return paginate(context, shown, (comment) => renderIssueComment(context.world, comment));
}

/** The comment that a route names. */
export function issueCommentOf(context: RepositoryContext): IssueComment {
  const id = numberParam(context, 'comment_id');
  for (const { comments } of context.repository.issues.values()) {
    const comment = comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) return comment;
  }
  throw notFound();
}

function getComment(context: RepositoryContext): Answer {
  return ok(renderIssueComment(context.world, issueCommentOf(context)));
}

function createComment(context: RepositoryContext): Answer {
  const { world, actor } = context;
  const issue = issueOf(context);
  checkUnlocked(actor, issue);
  const body = commentText(context, 'IssueComment');
  return created(renderIssueComment(world, addIssueComment(world, issue, actor, body)));
}

/** One's own comments, or anybody's for those who may write. */
export function checkMayChange({ actor, repository }: RepositoryContext, comment: Comment): void {
  if (accountOf(actor) === comment.user) return;
  if (may(actor, repository, ['issues:write', 'pull_requests:write'], 'write')) return;
  throw new ApiError(403, 'Must have admin rights to Repository.');
}

function updateComment(context: RepositoryContext): Answer {
  const { world, actor } = context;
  const comment = issueCommentOf(context);
  checkMayChange(context, comment);
  const from = comment.body;
  comment.body = commentText(context, 'IssueComment');
  comment.updatedAt = timestamp(world);
  const changes = { body: { from } };
  emitComment(world, comment, 'edited', requireAccount(actor), { changes });
  return ok(renderIssueComment(world, comment));
}

function deleteComment(context: RepositoryContext): Answer {
  const comment = issueCommentOf(context);
  checkMayChange(context, comment);
  const { comments } = comment.issue;
  comments.splice(comments.indexOf(comment), 1);
  emitComment(context.world, comment, 'deleted', requireAccount(context.actor));
  return noContent;
}
