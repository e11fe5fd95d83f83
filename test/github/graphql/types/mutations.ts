import { enqueuePull, entryOf, leaveQueue } from '../../domain/merge-queue.ts';
import { addIssueComment, checkUnlocked } from '../../domain/issues.ts';
import { emitPull } from '../../domain/pull-changes.ts';
import { replyInThread, setResolved } from '../../domain/reviews.ts';
import { isTooLong } from '../../contract.ts';
import { may } from '../../http/access.ts';
import { accountOf, requireAccount } from '../../http/authentication.ts';
import type {
  Issue,
  IssueComment,
  PullIssue,
  Repository,
  Review,
  ReviewComment,
  ReviewThread,
} from '../../state/model.ts';
import { requireNode } from '../nodes.ts';
import {
  type Arguments,
  type FieldDefinition,
  FieldError,
  type QueryContext,
  type TypeDefinition,
  field,
} from '../schema.ts';
import { mayResolve } from './reviews.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * A mutation: what it does with its input, and the fields of its payload with their types.
 * `clientMutationId` comes back as it went in.
 */
function mutation(
  name: string,
  payload: Readonly<Record<string, string>>,
  run: (input: Input, context: QueryContext) => Promise<Record<string, unknown>>,
): { name: string; definition: FieldDefinition; type: [string, TypeDefinition] } {
  const typeName = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  const fields = Object.entries({ ...payload, clientMutationId: 'String' }).map(
    ([key, type]): [string, FieldDefinition] => [
      key,
      field<Record<string, unknown>>(type, (result) => result[key]),
    ],
  );
  const resolve = async (_: unknown, args: Arguments, context: QueryContext) => {
    const input = args.input as Input;
    return { ...(await run(input, context)), clientMutationId: input.clientMutationId ?? null };
  };
  return {
    name,
    definition: { type: `${typeName}Payload`, args: { input: `${typeName}Input!` }, resolve },
    type: [`${typeName}Payload`, { fields: Object.fromEntries(fields) }],
  };
}

function forbid(context: QueryContext): FieldError {
  const who = context.actor.kind === 'installation' ? 'integration' : 'personal access token';
  return new FieldError('FORBIDDEN', `Resource not accessible by ${who}`);
}

function requireMay(
  context: QueryContext,
  repository: Repository,
  permissions: readonly string[],
  role: 'read' | 'write' = 'write',
): void {
  if (!may(context.actor, repository, permissions, role)) throw forbid(context);
}

function textOf(input: Input): string {
  const body = input.body;
  if (typeof body !== 'string' || body.trim() === '') {
    throw new FieldError('UNPROCESSABLE', "Body can't be blank");
  }
  if (isTooLong(body)) {
    throw new FieldError('UNPROCESSABLE', 'Body is too long (maximum is 65536 characters)');
  }
  return body;
}

async function resolveThread(input: Input, context: QueryContext, to: boolean) {
  const { threadId } = input;
  const thread = await requireNode<ReviewThread>(context, threadId, 'PullRequestReviewThread');
  if (!mayResolve(context, thread)) throw forbid(context);
  setResolved(context.world, thread, requireAccount(context.actor), to);
  return { thread };
}

const REASONS: Readonly<Record<string, string>> = {
  ABUSE: 'abuse',
  DUPLICATE: 'duplicate',
  LOW_QUALITY: 'low-quality',
  OFF_TOPIC: 'off-topic',
  OUTDATED: 'outdated',
  RESOLVED: 'resolved',
  SPAM: 'spam',
};

type Minimizable = IssueComment | ReviewComment | Review;

/** One's own comments, or anybody's for those who may write. */
async function minimize(input: Input, context: QueryContext, reason: string | undefined) {
  const { subjectId } = input;
  const types = ['IssueComment', 'PullRequestReviewComment', 'PullRequestReview'];
  const comment = await requireNode<Minimizable>(context, subjectId, ...types);
  const issue = 'issue' in comment ? comment.issue : comment.thread.issue;
  if (comment.user !== accountOf(context.actor)) {
    requireMay(context, issue.repository, ['issues:write', 'pull_requests:write']);
  }
  comment.minimized = reason;
  return comment;
}

async function setDraft(input: Input, context: QueryContext, draft: boolean) {
  const { pullRequestId } = input;
  const issue = await requireNode<PullIssue>(context, pullRequestId, 'PullRequest');
  const sender = requireAccount(context.actor);
  if (sender !== issue.user) requireMay(context, issue.repository, ['pull_requests:write']);
  if (issue.pull.draft !== draft) {
    issue.pull.draft = draft;
    const action = draft ? 'converted_to_draft' : 'ready_for_review';
    await emitPull(context.world, issue, action, sender);
  }
  return { pullRequest: issue };
}

const PULL = { pullRequest: 'PullRequest' } as const;

const mutations = [
  mutation('resolveReviewThread', { thread: 'PullRequestReviewThread' }, (input, context) =>
    resolveThread(input, context, true),
  ),
  mutation('unresolveReviewThread', { thread: 'PullRequestReviewThread' }, (input, context) =>
    resolveThread(input, context, false),
  ),
  mutation(
    'addPullRequestReviewThreadReply',
    { comment: 'PullRequestReviewComment' },
    async (input, context) => {
      const { pullRequestReviewThreadId: id } = input;
      const thread = await requireNode<ReviewThread>(context, id, 'PullRequestReviewThread');
      requireMay(context, thread.issue.repository, ['pull_requests:write'], 'read');
      const body = textOf(input);
      return { comment: replyInThread(context.world, thread, context.actor, body) };
    },
  ),
  mutation('minimizeComment', { minimizedComment: 'Minimizable' }, async (input, context) => {
    const reason = REASONS[String(input.classifier)];
    if (reason === undefined) {
      throw new FieldError('UNPROCESSABLE', 'Argument classifier has an invalid value');
    }
    return { minimizedComment: await minimize(input, context, reason) };
  }),
  mutation('unminimizeComment', { unminimizedComment: 'Minimizable' }, async (input, context) => ({
    unminimizedComment: await minimize(input, context, undefined),
  })),
  mutation('addComment', { subject: 'Node' }, async (input, context) => {
    const issue = await requireNode<Issue>(context, input.subjectId, 'Issue', 'PullRequest');
    requireMay(context, issue.repository, ['issues:write', 'pull_requests:write'], 'read');
    checkUnlocked(context.actor, issue);
    addIssueComment(context.world, issue, context.actor, textOf(input));
    return { subject: issue };
  }),
  mutation('convertPullRequestToDraft', PULL, (input, context) => setDraft(input, context, true)),
  mutation('markPullRequestReadyForReview', PULL, (input, context) =>
    setDraft(input, context, false),
  ),
  mutation('enqueuePullRequest', { mergeQueueEntry: 'MergeQueueEntry' }, async (input, context) => {
    const { pullRequestId } = input;
    const issue = await requireNode<PullIssue>(context, pullRequestId, 'PullRequest');
    requireMay(context, issue.repository, ['contents:write']);
    await enqueuePull(context.world, issue, requireAccount(context.actor));
    return { mergeQueueEntry: entryOf(issue) };
  }),
  mutation(
    'dequeuePullRequest',
    { mergeQueueEntry: 'MergeQueueEntry' },
    async ({ id }, context) => {
      const issue = await requireNode<PullIssue>(context, id, 'PullRequest');
      requireMay(context, issue.repository, ['contents:write']);
      const entry = entryOf(issue);
      if (entry !== undefined) await leaveQueue(context.world, entry, 'MANUAL');
      return { mergeQueueEntry: entry };
    },
  ),
];

export const mutationTypes: readonly [string, TypeDefinition][] = [
  ...mutations.map(({ type }) => type),
  [
    'Mutation',
    { fields: Object.fromEntries(mutations.map(({ name, definition }) => [name, definition])) },
  ],
];
