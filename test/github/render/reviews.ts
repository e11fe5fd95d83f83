import type { Anchor, Review, ReviewComment } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import { renderAccount } from './accounts.ts';
import { issuePage, renderReactions } from './issues.ts';
import { pullUrl } from './pulls.ts';
import { apiUrl, associationOf } from './repositories.ts';

export function renderReview(world: World, review: Review) {
  const html = `${issuePage(world, review.issue)}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: renderAccount(world, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl(world, review.issue),
    author_association: associationOf(review.user, review.issue.repository),
    _links: { html: { href: html }, pull_request: { href: pullUrl(world, review.issue) } },
    ...(review.submittedAt === undefined ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** In webhooks the state is written in small letters. */
export function renderReviewOfWebhook(world: World, review: Review) {
  return {
    ...renderReview(world, review),
    state: review.state.toLowerCase(),
    submitted_at: review.submittedAt ?? null,
    body: review.body === '' ? null : review.body,
  };
}

/** A line comment. Once it is outdated its present place is null; the original one stays. */
export function renderReviewComment(world: World, comment: ReviewComment) {
  const { thread, review } = comment;
  const { anchor, current, issue } = thread;
  const url = `${apiUrl(world, issue.repository)}/pulls/comments/${comment.id}`;
  const html = `${issuePage(world, issue)}#discussion_r${comment.id}`;
  const [first] = thread.comments;
  const isReply = first !== undefined && first !== comment;
  return {
    url,
    pull_request_review_id: review.id,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: anchor.hunk,
    path: anchor.path,
    commit_id: current === undefined ? anchor.commitId : issue.pull.headSha,
    original_commit_id: anchor.commitId,
    user: renderAccount(world, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl(world, issue),
    author_association: associationOf(comment.user, issue.repository),
    _links: {
      self: { href: url },
      html: { href: html },
      pull_request: { href: pullUrl(world, issue) },
    },
    reactions: renderReactions(url, comment.reactions),
    ...renderPlace(anchor, current),
    ...(isReply ? { in_reply_to_id: first.id } : {}),
  };
}

function renderPlace(anchor: Anchor, current: Anchor | undefined) {
  const isFile = anchor.subject === 'file';
  return {
    start_line: current?.startLine ?? null,
    original_start_line: anchor.startLine ?? null,
    start_side: anchor.startSide ?? null,
    line: isFile ? null : (current?.line ?? null),
    original_line: isFile ? null : (anchor.line ?? null),
    side: anchor.side,
    original_position: isFile ? 1 : (anchor.position ?? null),
    position: isFile ? 1 : (current?.position ?? null),
    subject_type: anchor.subject,
  };
}
