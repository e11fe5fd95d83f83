import { z } from 'zod';

import { advanceQueues } from '../domain/merge-queue.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, created, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, param } from '../http/router.ts';
import { renderAccount } from '../render/accounts.ts';
import { apiUrl, renderRepository } from '../render/repositories.ts';
import type { CommitStatus } from '../state/model.ts';
import { nodeId, timestamp } from '../state/world.ts';
import { requireCommit } from './commits.ts';

const READ = { app: ['statuses:read'] } as const;

/** Commit statuses: the older brother of check runs, which other tools still write. */
export const statusRoutes: readonly Route[] = [
  repositoryRoute('POST /statuses/{sha}', { app: ['statuses:write'], role: 'write' }, postStatus),
  repositoryRoute('GET /commits/{ref+}/statuses', READ, listStatuses),
  repositoryRoute('GET /commits/{ref+}/status', READ, getCombined),
];

const NewStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.string().nullish(),
  description: z.string().nullish(),
  context: z.string().default('default'),
});

async function postStatus(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const wanted = bodyOf(request, NewStatus);
  const status: CommitStatus = {
    id: world.nextId('status'),
    sha: await requireCommit(context, param(context, 'sha')),
    state: wanted.state,
    context: wanted.context,
    description: wanted.description ?? null,
    targetUrl: wanted.target_url ?? null,
    creator: requireAccount(actor),
    createdAt: timestamp(world),
  };
  repository.statuses.push(status);
  await advanceQueues(world, repository);
  return created(renderFull(context, status));
}

function render({ world, repository }: RepositoryContext, status: CommitStatus) {
  return {
    url: `${apiUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: renderAccount(world, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

function renderFull(context: RepositoryContext, status: CommitStatus) {
  return { ...render(context, status), creator: renderAccount(context.world, status.creator) };
}

async function statusesOf(context: RepositoryContext): Promise<CommitStatus[]> {
  const sha = await requireCommit(context, param(context, 'ref'));
  return context.repository.statuses.filter((status) => status.sha === sha).reverse();
}

async function listStatuses(context: RepositoryContext): Promise<Answer> {
  return paginate(context, await statusesOf(context), (status) => renderFull(context, status));
}

async function getCombined(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const sha = await requireCommit(context, param(context, 'ref'));
  const newest = new Map<string, CommitStatus>();
  for (const status of (await statusesOf(context)).reverse()) newest.set(status.context, status);
  const statuses = [...newest.values()];
  const states = statuses.map(({ state }) => state);
  const isBad = states.includes('failure') || states.includes('error');
  const isFine = states.length > 0 && states.every((state) => state === 'success');
  return ok({
    state: isBad ? 'failure' : isFine ? 'success' : 'pending',
    statuses: statuses.map((status) => render(context, status)),
    sha,
    total_count: statuses.length,
    repository: renderRepository(world, repository),
    commit_url: `${apiUrl(world, repository)}/commits/${sha}`,
    url: `${apiUrl(world, repository)}/commits/${sha}/status`,
  });
}
