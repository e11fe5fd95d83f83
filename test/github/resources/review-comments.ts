import { z } from 'zod';

import { type AnchorFault, findAnchor } from '../domain/review-anchors.ts';
import {
  createReview,
  emitReviewComment,
  replyInThread,
  startThread,
  submitReview,
} from '../domain/reviews.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, created, invalid, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderReviewComment } from '../render/reviews.ts';
import type { PullIssue, ReviewComment } from '../state/model.ts';
import { timestamp } from '../state/world.ts';
import { checkMayChange, commentText } from './issue-comments.ts';
import { pullOf } from './pulls.ts';
import { PlaceFields, requireCommitOfPull, wantedAnchor } from './review-places.ts';

const READ = { app: ['pull_requests:read'] } as const;
const WRITE = { app: ['pull_requests:write'] } as const;

/** Comments on lines of the diff, one by one. */
export const reviewCommentRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls/comments', READ, listAll),
  repositoryRoute('GET /pulls/comments/{comment_id}', READ, getComment),
  repositoryRoute('PATCH /pulls/comments/{comment_id}', WRITE, updateComment),
  repositoryRoute('DELETE /pulls/comments/{comment_id}', WRITE, deleteComment),
  repositoryRoute('GET /pulls/{pull_number}/comments', READ, listComments),
  repositoryRoute('POST /pulls/{pull_number}/comments', WRITE, createComment),
  repositoryRoute('POST /pulls/{pull_number}/comments/{comment_id}/replies', WRITE, createReply),
];

/** Submitted comments: those of a pending review are its author's own. */
function commentsOn({ pull }: PullIssue): ReviewComment[] {
  return pull.threads
    .flatMap(({ comments }) => comments)
    .filter(({ review }) => review.state !== 'PENDING')
    .sort((a, b) => a.id - b.id);
}

function allComments({ repository }: RepositoryContext): ReviewComment[] {
  return [...repository.issues.values()].flatMap((issue) =>
    issue.pull === undefined ? [] : commentsOn(issue as PullIssue),
  );
}

function list(context: RepositoryContext, comments: readonly ReviewComment[]): Promise<Answer> {
  const since = context.request.query.get('since') ?? '';
  const shown = comments.filter(({ updatedAt }) => updatedAt >= since);
  if (context.request.query.get('direction') === 'desc') shown.reverse();
  return paginate(context, shown, (comment) => renderReviewComment(context.world, comment));
}

function listAll(context: RepositoryContext): Promise<Answer> {
  return list(context, allComments(context));
}

function listComments(context: RepositoryContext): Promise<Answer> {
  return list(context, commentsOn(pullOf(context)));
}

/** The comment that a route names. */
export function reviewCommentOf(context: RepositoryContext): ReviewComment {
  const id = numberParam(context, 'comment_id');
  const comment = allComments(context).find((candidate) => candidate.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

function getComment(context: RepositoryContext): Answer {
  return ok(renderReviewComment(context.world, reviewCommentOf(context)));
}

const NewComment = PlaceFields.extend({
  commit_id: z.string(),
  in_reply_to: z.number().optional(),
});

const FAULTS: Record<AnchorFault, { field: string; message: string }> = {
  path: { field: 'pull_request_review_thread.path', message: 'is invalid' },
  line: { field: 'pull_request_review_thread.line', message: 'must be part of the diff' },
  'start-hunk': {
    field: 'pull_request_review_thread.start_line',
    message: 'must be part of the same hunk as the line.',
  },
  'start-order': {
    field: 'pull_request_review_thread.start_line',
    message: 'must precede the end line.',
  },
};

function badAnchor(fault: AnchorFault) {
  const { field, message } = FAULTS[fault];
  const resource = 'PullRequestReviewComment';
  return invalid(
    { resource, code: 'custom', field, message: `${field} ${message}` },
    { resource, code: 'missing_field', field: 'pull_request_review_thread.diff_hunk' },
  );
}

async function createComment(context: RepositoryContext): Promise<Answer> {
  const { world, actor, request } = context;
  const issue = pullOf(context);
  const wanted = bodyOf(request, NewComment);
  const body = commentText(context, 'PullRequestReviewComment');
  if (wanted.in_reply_to !== undefined) return reply(context, issue, wanted.in_reply_to, body);
  const commitId = await requireCommitOfPull(issue, wanted.commit_id);
  const result = await findAnchor(issue, wantedAnchor(wanted), commitId);
  if ('fault' in result) throw badAnchor(result.fault);
  const review = createReview(world, { issue, actor, body: '', commitId, state: 'COMMENTED' });
  const comment = startThread(world, review, result.anchor, body);
  submitReview(world, review);
  return created(renderReviewComment(world, comment));
}

function reply(context: RepositoryContext, issue: PullIssue, to: number, body: string): Answer {
  const thread = issue.pull.threads.find(({ comments }) => comments.some(({ id }) => id === to));
  if (thread === undefined) throw notFound();
  const comment = replyInThread(context.world, thread, context.actor, body);
  return created(renderReviewComment(context.world, comment));
}

function createReply(context: RepositoryContext): Answer {
  const body = commentText(context, 'PullRequestReviewComment');
  return reply(context, pullOf(context), numberParam(context, 'comment_id'), body);
}

function updateComment(context: RepositoryContext): Answer {
  const { world, actor } = context;
  const comment = reviewCommentOf(context);
  checkMayChange(context, comment);
  const from = comment.body;
  comment.body = commentText(context, 'PullRequestReviewComment');
  comment.updatedAt = timestamp(world);
  const changes = { body: { from } };
  emitReviewComment(world, comment, 'edited', requireAccount(actor), { changes });
  return ok(renderReviewComment(world, comment));
}

/** A thread without comments is gone. */
function deleteComment(context: RepositoryContext): Answer {
  const comment = reviewCommentOf(context);
  checkMayChange(context, comment);
  const { thread } = comment;
  emitReviewComment(context.world, comment, 'deleted', requireAccount(context.actor));
  thread.comments.splice(thread.comments.indexOf(comment), 1);
  const { threads } = thread.issue.pull;
  if (thread.comments.length === 0) threads.splice(threads.indexOf(thread), 1);
  return noContent;
}
