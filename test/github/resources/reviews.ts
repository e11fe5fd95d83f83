import { z } from 'zod';

import { isTooLong } from '../contract.ts';
import { type AnchorFault, findAnchor } from '../domain/review-anchors.ts';
import { commentsOf, createReview, startThread, submitReview } from '../domain/reviews.ts';
import { type RepositoryContext, may, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, notFound, ok } from '../http/answer.ts';
import { accountOf, requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderReview, renderReviewComment, renderReviewOfWebhook } from '../render/reviews.ts';
import { renderSimplePull } from '../render/pulls.ts';
import type { Anchor, PullIssue, Review, ReviewState } from '../state/model.ts';
import { emit } from '../webhooks/emit.ts';
import { PlaceFields, requireCommitOfPull, wantedAnchor } from './review-places.ts';
import { pullOf } from './pulls.ts';

const READ = { app: ['pull_requests:read'] } as const;
const WRITE = { app: ['pull_requests:write'] } as const;
const REVIEW = '/pulls/{pull_number}/reviews/{review_id}';

/** Reviews, each with any number of line comments. */
export const reviewRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls/{pull_number}/reviews', READ, listReviews),
  repositoryRoute('POST /pulls/{pull_number}/reviews', WRITE, postReview),
  repositoryRoute(`GET ${REVIEW}`, READ, getReview),
  repositoryRoute(`PUT ${REVIEW}`, WRITE, updateReview),
  repositoryRoute(`DELETE ${REVIEW}`, WRITE, deleteReview),
  repositoryRoute(`GET ${REVIEW}/comments`, READ, listComments),
  repositoryRoute(`POST ${REVIEW}/events`, WRITE, submit),
  repositoryRoute(`PUT ${REVIEW}/dismissals`, { ...WRITE, role: 'write' }, dismiss),
];

const STATES = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const satisfies Record<string, ReviewState>;

const ReviewEvent = z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);

const NewReview = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: ReviewEvent.optional(),
  comments: z.array(PlaceFields.extend({ body: z.string() })).optional(),
});

/** A review is refused with a plain list of sentences. */
function unprocessable(...errors: string[]): ApiError {
  return new ApiError(422, 'Unprocessable Entity', errors);
}

const ANCHOR_MESSAGES: Record<AnchorFault, string> = {
  path: 'Path could not be resolved',
  line: 'Line could not be resolved',
  'start-hunk': 'Pull request review thread start line must be part of the same hunk as the line.',
  'start-order': 'Pull request review thread start line must precede the end line.',
};

/** All places are looked up before anything is kept: one bad one refuses the whole review. */
async function postReview(context: RepositoryContext): Promise<Answer> {
  const { world, actor, request } = context;
  const issue = pullOf(context);
  const wanted = bodyOf(request, NewReview);
  const comments = wanted.comments ?? [];
  const commitId = await requireCommitOfPull(issue, wanted.commit_id ?? issue.pull.headSha);
  checkReview(context, issue, wanted);
  const anchors: Anchor[] = [];
  for (const comment of comments) {
    const result = await findAnchor(issue, wantedAnchor(comment), commitId);
    if ('fault' in result) throw unprocessable(ANCHOR_MESSAGES[result.fault]);
    anchors.push(result.anchor);
  }
  const state = wanted.event === undefined ? 'PENDING' : STATES[wanted.event];
  const review = createReview(world, { issue, actor, body: wanted.body ?? '', commitId, state });
  for (const [index, anchor] of anchors.entries()) {
    startThread(world, review, anchor, comments[index]?.body ?? '');
  }
  if (state !== 'PENDING') submitReview(world, review);
  return ok(renderReview(world, review));
}

function checkReview(
  { actor }: RepositoryContext,
  issue: PullIssue,
  { body = '', event, comments = [] }: z.infer<typeof NewReview>,
): void {
  const account = requireAccount(actor);
  if (event === 'APPROVE' && account === issue.user) {
    throw unprocessable('Can not approve your own pull request');
  }
  if (event === 'REQUEST_CHANGES' && account === issue.user) {
    throw unprocessable('Can not request changes on your own pull request');
  }
  const isPending = ({ user, state }: Review) => user === account && state === 'PENDING';
  if (issue.pull.reviews.some(isPending)) {
    throw unprocessable('User can only have one pending review per pull request');
  }
  const needsBody = event === 'REQUEST_CHANGES' || (event === 'COMMENT' && comments.length === 0);
  if (needsBody && body.trim() === '') throw unprocessable("Body can't be blank");
  if (comments.some((comment) => comment.body.trim() === '')) {
    throw unprocessable("Pull request review comment body can't be blank");
  }
  if ([body, ...comments.map((comment) => comment.body)].some(isTooLong)) {
    throw unprocessable('Body is too long (maximum is 65536 characters)');
  }
}

/** A pending review is seen by its author alone. */
function visibleReviews({ actor }: RepositoryContext, { pull }: PullIssue): Review[] {
  const account = accountOf(actor);
  return pull.reviews.filter(({ state, user }) => state !== 'PENDING' || user === account);
}

function reviewOf(context: RepositoryContext): Review {
  const id = numberParam(context, 'review_id');
  const review = visibleReviews(context, pullOf(context)).find((one) => one.id === id);
  if (review === undefined) throw notFound();
  return review;
}

function listReviews(context: RepositoryContext): Promise<Answer> {
  const reviews = visibleReviews(context, pullOf(context));
  return paginate(context, reviews, (review) => renderReview(context.world, review));
}

function getReview(context: RepositoryContext): Answer {
  return ok(renderReview(context.world, reviewOf(context)));
}

function listComments(context: RepositoryContext): Promise<Answer> {
  const comments = commentsOf(reviewOf(context));
  return paginate(context, comments, (comment) => renderReviewComment(context.world, comment));
}

const ReviewUpdate = z.object({ body: z.string() });

function updateReview(context: RepositoryContext): Answer {
  const review = reviewOf(context);
  const isOwn = review.user === accountOf(context.actor);
  if (!isOwn) throw new ApiError(403, 'Resource not accessible by integration');
  review.body = bodyOf(context.request, ReviewUpdate).body;
  return ok(renderReview(context.world, review));
}

/** Only what is not submitted yet can be taken back. */
function deleteReview(context: RepositoryContext): Answer {
  const review = reviewOf(context);
  if (review.state !== 'PENDING') {
    throw unprocessable('Can not delete a non-pending pull request review');
  }
  const { pull } = review.issue;
  const rendered = renderReview(context.world, review);
  const kept = pull.threads.filter(({ comments }) => comments[0]?.review !== review);
  pull.threads.splice(0, pull.threads.length, ...kept);
  pull.reviews.splice(pull.reviews.indexOf(review), 1);
  return ok(rendered);
}

const Submission = z.object({ body: z.string().optional(), event: ReviewEvent });

function submit(context: RepositoryContext): Answer {
  const { world, request } = context;
  const review = reviewOf(context);
  if (review.state !== 'PENDING') throw unprocessable('Review has already been submitted');
  const { body, event } = bodyOf(request, Submission);
  review.state = STATES[event];
  review.body = body ?? review.body;
  submitReview(world, review);
  return ok(renderReview(world, review));
}

const Dismissal = z.object({ message: z.string() });

function dismiss(context: RepositoryContext): Answer {
  const { world, repository, actor, request } = context;
  const review = reviewOf(context);
  bodyOf(request, Dismissal);
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw unprocessable('Can not dismiss a commented pull request review');
  }
  if (!may(actor, repository, ['pull_requests:write'], 'write')) throw notFound();
  review.state = 'DISMISSED';
  const payload = {
    review: renderReviewOfWebhook(world, review),
    pull_request: renderSimplePull(world, review.issue),
  };
  const sender = requireAccount(actor);
  const name = 'pull_request_review';
  emit(world, repository, { name, action: 'dismissed', payload, sender });
  return ok(renderReview(world, review));
}
