import { type Actor, appOf, requireAccount } from '../http/authentication.ts';
import { renderSimplePull } from '../render/pulls.ts';
import { renderReviewComment, renderReviewOfWebhook } from '../render/reviews.ts';
import type {
  Account,
  Anchor,
  PullIssue,
  Review,
  ReviewComment,
  ReviewState,
  ReviewThread,
} from '../state/model.ts';
import { type World, nodeId, timestamp } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';

export interface NewReview {
  readonly issue: PullIssue;
  readonly actor: Actor;
  readonly body: string;
  readonly commitId: string;
  readonly state: ReviewState;
}

/** Makes a review without telling anybody: comments are added first, see {@link submitReview}. */
export function createReview(world: World, wanted: NewReview): Review {
  const review: Review = {
    id: world.nextId('review'),
    issue: wanted.issue,
    user: requireAccount(wanted.actor),
    app: appOf(wanted.actor),
    body: wanted.body,
    state: wanted.state,
    commitId: wanted.commitId,
    submittedAt: wanted.state === 'PENDING' ? undefined : timestamp(world),
    minimized: undefined,
  };
  wanted.issue.pull.reviews.push(review);
  return review;
}

/** Starts a thread at a place of the diff. */
export function startThread(
  world: World,
  review: Review,
  anchor: Anchor,
  body: string,
): ReviewComment {
  const { issue } = review;
  const isCurrent = anchor.commitId === issue.pull.headSha;
  const thread: ReviewThread = {
    id: world.nextId('thread'),
    issue,
    anchor,
    current: isCurrent ? anchor : undefined,
    resolvedBy: undefined,
    comments: [],
  };
  issue.pull.threads.push(thread);
  return addComment(world, thread, review, body);
}

/** Answers in a thread. Each answer stands in a review of its own, as on GitHub. */
export function replyInThread(
  world: World,
  thread: ReviewThread,
  actor: Actor,
  body: string,
): ReviewComment {
  const { issue } = thread;
  const commitId = issue.pull.headSha;
  const review = createReview(world, { issue, actor, body: '', commitId, state: 'COMMENTED' });
  const comment = addComment(world, thread, review, body);
  submitReview(world, review);
  return comment;
}

function addComment(
  world: World,
  thread: ReviewThread,
  review: Review,
  body: string,
): ReviewComment {
  const now = timestamp(world);
  const comment: ReviewComment = {
    id: world.nextId('reviewComment'),
    thread,
    review,
    user: review.user,
    app: review.app,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    minimized: undefined,
  };
  thread.comments.push(comment);
  return comment;
}

export function commentsOf(review: Review): ReviewComment[] {
  return review.issue.pull.threads
    .flatMap(({ comments }) => comments)
    .filter((comment) => comment.review === review);
}

/** Tells of a review and of each of its comments. */
export function submitReview(world: World, review: Review): void {
  const { issue } = review;
  const now = timestamp(world);
  review.submittedAt ??= now;
  issue.updatedAt = now;
  const payload = {
    review: renderReviewOfWebhook(world, review),
    pull_request: renderSimplePull(world, issue),
  };
  const sender = review.user;
  const name = 'pull_request_review';
  emit(world, issue.repository, { name, action: 'submitted', payload, sender });
  for (const comment of commentsOf(review)) emitReviewComment(world, comment, 'created', sender);
}

export function emitReviewComment(
  world: World,
  comment: ReviewComment,
  action: 'created' | 'edited' | 'deleted',
  sender: Account,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const { issue } = comment.thread;
  const payload = {
    comment: renderReviewComment(world, comment),
    pull_request: renderSimplePull(world, issue),
    ...extra,
  };
  const name = 'pull_request_review_comment';
  emit(world, issue.repository, { name, action, payload, sender });
}

/** Resolves a thread, or opens it again. */
export function setResolved(world: World, thread: ReviewThread, by: Account, to: boolean): void {
  if ((thread.resolvedBy !== undefined) === to) return;
  thread.resolvedBy = to ? by : undefined;
  const { issue } = thread;
  const payload = {
    thread: {
      node_id: nodeId('PRRT', thread.id),
      comments: thread.comments.map((comment) => renderReviewComment(world, comment)),
    },
    pull_request: renderSimplePull(world, issue),
  };
  const action = to ? 'resolved' : 'unresolved';
  const name = 'pull_request_review_thread';
  emit(world, issue.repository, { name, action, payload, sender: by });
}
