import { commentsOf } from '../../domain/reviews.ts';
import { may } from '../../http/access.ts';
import { accountOf } from '../../http/authentication.ts';
import { renderIssueComment } from '../../render/issues.ts';
import { renderReview, renderReviewComment } from '../../render/reviews.ts';
import type {
  Account,
  Comment,
  IssueComment,
  Review,
  ReviewComment,
  ReviewThread,
} from '../../state/model.ts';
import { nodeId } from '../../state/world.ts';
import { connection } from '../connections.ts';
import { commitNode, typeOfNode } from '../nodes.ts';
import { type FieldDefinition, type QueryContext, type TypeDefinition, field } from '../schema.ts';

interface Minimizable {
  readonly minimized: string | undefined;
}

const minimizableFields: Record<string, FieldDefinition> = {
  isMinimized: field<Minimizable>('Boolean!', ({ minimized }) => minimized !== undefined),
  minimizedReason: field<Minimizable>('String', ({ minimized }) => minimized),
};

interface Written {
  readonly id: number;
  readonly user: Account;
  readonly body: string;
}

const writtenFields: Record<string, FieldDefinition> = {
  ...minimizableFields,
  databaseId: field<Written>('Int', ({ id }) => id),
  fullDatabaseId: field<Written>('BigInt', ({ id }) => String(id)),
  author: field<Written>('Actor', ({ user }) => user),
  body: field<Written>('String!', ({ body }) => body),
  viewerDidAuthor: field<Written>(
    'Boolean!',
    ({ user }, _, { actor }) => user === accountOf(actor),
  ),
};

const commentFields: Record<string, FieldDefinition> = {
  ...writtenFields,
  createdAt: field<Comment>('DateTime!', ({ createdAt }) => createdAt),
  updatedAt: field<Comment>('DateTime!', ({ updatedAt }) => updatedAt),
};

/**
 * Threads are resolved by those who may write and by the pull request's author. Of an App GitHub
 * asks `contents: write`, although nothing of the contents changes.
 */
export function mayResolve({ actor }: QueryContext, { issue }: ReviewThread): boolean {
  const isAuthor = actor.kind === 'user' && actor.account === issue.user;
  return isAuthor || may(actor, issue.repository, ['contents:write'], 'write');
}

const threadFields: Record<string, FieldDefinition> = {
  id: field<ReviewThread>('ID!', ({ id }) => nodeId('PRRT', id)),
  isResolved: field<ReviewThread>('Boolean!', ({ resolvedBy }) => resolvedBy !== undefined),
  isCollapsed: field<ReviewThread>('Boolean!', ({ resolvedBy }) => resolvedBy !== undefined),
  isOutdated: field<ReviewThread>('Boolean!', ({ current }) => current === undefined),
  resolvedBy: field<ReviewThread>('User', ({ resolvedBy }) => resolvedBy),
  path: field<ReviewThread>('String!', ({ anchor }) => anchor.path),
  line: field<ReviewThread>('Int', ({ current }) => current?.line),
  startLine: field<ReviewThread>('Int', ({ current }) => current?.startLine),
  originalLine: field<ReviewThread>('Int', ({ anchor }) => anchor.line),
  originalStartLine: field<ReviewThread>('Int', ({ anchor }) => anchor.startLine),
  diffSide: field<ReviewThread>('DiffSide!', ({ anchor }) => anchor.side),
  startDiffSide: field<ReviewThread>('DiffSide', ({ anchor }) => anchor.startSide),
  subjectType: field<ReviewThread>('PullRequestReviewThreadSubjectType!', ({ anchor }) =>
    anchor.subject.toUpperCase(),
  ),
  viewerCanResolve: field<ReviewThread>(
    'Boolean!',
    (thread, _, context) => thread.resolvedBy === undefined && mayResolve(context, thread),
  ),
  viewerCanUnresolve: field<ReviewThread>(
    'Boolean!',
    (thread, _, context) => thread.resolvedBy !== undefined && mayResolve(context, thread),
  ),
  viewerCanReply: field<ReviewThread>('Boolean!', () => true),
  pullRequest: field<ReviewThread>('PullRequest!', ({ issue }) => issue),
  comments: connection<ReviewThread>(
    'comments',
    'PullRequestReviewComment',
    ({ comments }) => comments,
  ),
};

const reviewCommentFields: Record<string, FieldDefinition> = {
  ...commentFields,
  id: field<ReviewComment>('ID!', ({ id }) => nodeId('PRRC', id)),
  path: field<ReviewComment>('String!', ({ thread }) => thread.anchor.path),
  line: field<ReviewComment>('Int', ({ thread }) => thread.current?.line),
  originalLine: field<ReviewComment>('Int', ({ thread }) => thread.anchor.line),
  originalCommit: field<ReviewComment>('Commit', ({ thread }) =>
    commitNode(thread.issue.repository, thread.anchor.commitId),
  ),
  outdated: field<ReviewComment>('Boolean!', ({ thread }) => thread.current === undefined),
  diffHunk: field<ReviewComment>('String!', ({ thread }) => thread.anchor.hunk),
  pullRequest: field<ReviewComment>('PullRequest!', ({ thread }) => thread.issue),
  pullRequestReview: field<ReviewComment>('PullRequestReview', ({ review }) => review),
  replyTo: field<ReviewComment>('PullRequestReviewComment', (comment) => {
    const [first] = comment.thread.comments;
    return first === comment ? null : first;
  }),
  url: field<ReviewComment>(
    'URI!',
    (comment, _, { world }) => renderReviewComment(world, comment).html_url,
  ),
};

const reviewFields: Record<string, FieldDefinition> = {
  ...writtenFields,
  id: field<Review>('ID!', ({ id }) => nodeId('PRR', id)),
  state: field<Review>('PullRequestReviewState!', ({ state }) => state),
  submittedAt: field<Review>('DateTime', ({ submittedAt }) => submittedAt),
  pullRequest: field<Review>('PullRequest!', ({ issue }) => issue),
  comments: connection<Review>('comments', 'PullRequestReviewComment', commentsOf),
  url: field<Review>('URI!', (review, _, { world }) => renderReview(world, review).html_url),
};

const issueCommentFields: Record<string, FieldDefinition> = {
  ...commentFields,
  id: field<IssueComment>('ID!', ({ id }) => nodeId('IC', id)),
  pullRequest: field<IssueComment>('PullRequest', ({ issue }) =>
    issue.pull === undefined ? null : issue,
  ),
  url: field<IssueComment>(
    'URI!',
    (comment, _, { world }) => renderIssueComment(world, comment).html_url,
  ),
};

export const reviewTypes: readonly [string, TypeDefinition][] = [
  ['PullRequestReviewThread', { fields: threadFields }],
  ['PullRequestReviewComment', { fields: reviewCommentFields }],
  ['PullRequestReview', { fields: reviewFields }],
  ['IssueComment', { fields: issueCommentFields }],
  [
    'Minimizable',
    {
      fields: minimizableFields,
      possible: ['IssueComment', 'PullRequestReviewComment', 'PullRequestReview'],
      typeOf: typeOfNode,
    },
  ],
];
