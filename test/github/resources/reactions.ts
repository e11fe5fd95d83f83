import { z } from 'zod';

import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderReaction } from '../render/issues.ts';
import type { Reaction, ReactionContent } from '../state/model.ts';
import { timestamp } from '../state/world.ts';
import { issueCommentOf } from './issue-comments.ts';
import { issueOf } from './issues.ts';
import { reviewCommentOf } from './review-comments.ts';

type Target = (context: RepositoryContext) => { readonly reactions: Reaction[] };

/** Reactions on issues, comments and line comments. */
export const reactionRoutes: readonly Route[] = [
  ...reactionsOf('/issues/{issue_number}', issueOf, ['issues', 'pull_requests']),
  ...reactionsOf('/issues/comments/{comment_id}', issueCommentOf, ['issues', 'pull_requests']),
  ...reactionsOf('/pulls/comments/{comment_id}', reviewCommentOf, ['pull_requests']),
];

function reactionsOf(path: string, target: Target, names: readonly string[]): Route[] {
  const read = { app: names.map((name) => `${name}:read`) };
  const write = { app: names.map((name) => `${name}:write`) };
  return [
    repositoryRoute(`GET ${path}/reactions`, read, (context) => list(context, target)),
    repositoryRoute(`POST ${path}/reactions`, write, (context) => add(context, target)),
    repositoryRoute(`DELETE ${path}/reactions/{reaction_id}`, write, (context) =>
      remove(context, target),
    ),
  ];
}

function list(context: RepositoryContext, target: Target): Promise<Answer> {
  const content = context.request.query.get('content');
  const shown = target(context).reactions.filter(
    (reaction) => content === null || reaction.content === content,
  );
  return paginate(context, shown, (reaction) => renderReaction(context.world, reaction));
}

const CONTENTS: readonly ReactionContent[] = [
  ...(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const),
];

const NewReaction = z.object({ content: z.enum(CONTENTS) });

/** The same reaction a second time is the first one. */
function add(context: RepositoryContext, target: Target): Answer {
  const { world, actor, request } = context;
  const { reactions } = target(context);
  const { content } = bodyOf(request, NewReaction);
  const user = requireAccount(actor);
  const old = reactions.find((one) => one.user === user && one.content === content);
  if (old !== undefined) return ok(renderReaction(world, old));
  const createdAt = timestamp(world);
  const reaction: Reaction = { id: world.nextId('reaction'), user, content, createdAt };
  reactions.push(reaction);
  return created(renderReaction(world, reaction));
}

function remove(context: RepositoryContext, target: Target): Answer {
  const { reactions } = target(context);
  const id = numberParam(context, 'reaction_id');
  const index = reactions.findIndex((one) => one.id === id);
  if (index === -1) throw notFound();
  if (reactions[index]?.user !== requireAccount(context.actor)) {
    throw new ApiError(403, 'Resource not accessible by integration');
  }
  reactions.splice(index, 1);
  return noContent;
}
