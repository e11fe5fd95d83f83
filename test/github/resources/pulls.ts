import { z } from 'zod';

import { openPull } from '../domain/pulls.ts';
import { closePull, emitPull } from '../domain/pull-changes.ts';
import { factsOf, pullMergeBase } from '../domain/pull-facts.ts';
import { refreshTestMerge } from '../domain/test-merge.ts';
import { diffText } from '../git/diff.ts';
import { gitText } from '../git/process.ts';
import { type RepositoryContext, canSee, hasRole, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, invalid, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf, mediaOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderAccount } from '../render/accounts.ts';
import { renderPull, renderSimplePull } from '../render/pulls.ts';
import type { PullIssue, Repository } from '../state/model.ts';
import { checkDescription } from './issues.ts';
import { findAccount, timestamp } from '../state/world.ts';

const READ = { app: ['pull_requests:read'] } as const;

/** Pull requests themselves. */
export const pullRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls', READ, listPulls),
  repositoryRoute('POST /pulls', { app: ['pull_requests:write'] }, createPull),
  repositoryRoute('GET /pulls/{pull_number}', READ, getPull),
  repositoryRoute('PATCH /pulls/{pull_number}', { app: ['pull_requests:write'] }, updatePull),
  repositoryRoute('GET /pulls/{pull_number}/requested_reviewers', READ, listReviewers),
  repositoryRoute(
    'POST /pulls/{pull_number}/requested_reviewers',
    { app: ['pull_requests:write'], role: 'triage' },
    requestReviewers,
  ),
];

/** The pull request that a route names. */
export function pullOf(context: RepositoryContext): PullIssue {
  const issue = context.repository.issues.get(numberParam(context, 'pull_number'));
  if (issue?.pull === undefined) throw notFound();
  return issue as PullIssue;
}

function listPulls(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const state = request.query.get('state') ?? 'open';
  const base = request.query.get('base');
  const head = request.query.get('head');
  const pulls = [...repository.issues.values()].filter((issue): issue is PullIssue => {
    const { pull } = issue;
    if (pull === undefined || (state !== 'all' && issue.state !== state)) return false;
    if (base !== null && pull.baseRef !== base) return false;
    return head === null || `${pull.headOwner.login}:${pull.headRef}` === head;
  });
  return paginate(context, sorted(pulls, request.query), (issue) => renderSimplePull(world, issue));
}

/** Newest first, unless asked otherwise. */
function sorted(pulls: readonly PullIssue[], query: URLSearchParams): PullIssue[] {
  const sort = query.get('sort') ?? 'created';
  const direction = query.get('direction') ?? (sort === 'created' ? 'desc' : 'asc');
  const key = (issue: PullIssue) =>
    sort === 'updated' ? issue.updatedAt : String(issue.number).padStart(10, '0');
  const ascending = [...pulls].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return direction === 'asc' ? ascending : ascending.reverse();
}

const NewPull = z.object({
  title: z.string().optional(),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

async function createPull(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const wanted = bodyOf(request, NewPull);
  checkDescription('PullRequest', wanted.body);
  if (!wanted.title) {
    throw invalid({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  }
  const issue = await openPull(world, repository, {
    title: wanted.title,
    body: wanted.body ?? null,
    base: wanted.base,
    head: headOf(context, wanted.head),
    draft: wanted.draft ?? false,
    maintainerCanModify: wanted.maintainer_can_modify ?? false,
    user: requireAccount(actor),
  });
  return created(renderPull(world, issue, await factsOf(issue)));
}

/** `branch` of this repository, or `owner:branch` of the owner's repository in the network. */
function headOf({ world, repository, actor }: RepositoryContext, head: string) {
  const colon = head.indexOf(':');
  if (colon === -1) return { repository, branch: head };
  const owner = findAccount(world, head.slice(0, colon));
  const root = (one: Repository): Repository => one.parent ?? one;
  const fork = [...world.repositories.values()].find(
    (one) => one.owner === owner && root(one) === root(repository),
  );
  if (fork === undefined || !canSee(actor, fork)) {
    throw invalid({ resource: 'PullRequest', code: 'invalid', field: 'head' });
  }
  return { repository: fork, branch: head.slice(colon + 1) };
}

async function getPull(context: RepositoryContext): Promise<Answer> {
  const { world, request } = context;
  const issue = pullOf(context);
  const media = mediaOf(request);
  if (media === 'diff' || media === 'patch') return answerText(issue, media);
  refreshTestMerge(world, issue);
  return ok(renderPull(world, issue, await factsOf(issue)));
}

async function answerText(issue: PullIssue, media: 'diff' | 'patch'): Promise<Answer> {
  const { git } = issue.repository;
  const base = await pullMergeBase(issue);
  const head = issue.pull.headSha;
  const text =
    media === 'diff'
      ? await diffText(git.directory, base, head)
      : await gitText(git.directory, ['format-patch', '--stdout', `${base ?? ''}..${head}`]);
  const type = `application/vnd.github.${media}; charset=utf-8`;
  return { status: 200, raw: { type, bytes: Buffer.from(text) } };
}

const PullUpdate = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

async function updatePull(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const issue = pullOf(context);
  const account = requireAccount(actor);
  const mayWrite = actor.kind === 'installation' || hasRole(account, repository, 'write');
  if (!mayWrite && issue.user !== account)
    throw new ApiError(403, 'Resource not accessible by personal access token');
  const wanted = bodyOf(request, PullUpdate);
  checkDescription('PullRequest', wanted.body);
  await edit(context, issue, wanted);
  if (wanted.state !== undefined && wanted.state !== issue.state) {
    if (wanted.state === 'closed') await closePull(world, issue, account);
    else await reopen(context, issue);
  }
  return ok(renderPull(world, issue, await factsOf(issue)));
}

async function edit(
  { world, actor }: RepositoryContext,
  issue: PullIssue,
  wanted: z.infer<typeof PullUpdate>,
): Promise<void> {
  const changes: Record<string, unknown> = {};
  if (wanted.title !== undefined && wanted.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = wanted.title;
  }
  if (wanted.body !== undefined && wanted.body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = wanted.body;
  }
  if (wanted.base !== undefined && wanted.base !== issue.pull.baseRef) {
    changes.base = changeBase(issue, wanted.base);
  }
  if (Object.keys(changes).length === 0) return;
  issue.updatedAt = timestamp(world);
  await emitPull(world, issue, 'edited', requireAccount(actor), { changes });
  refreshTestMerge(world, issue);
}

function changeBase({ repository, pull }: PullIssue, branch: string) {
  const sha = repository.git.refs.get(`refs/heads/${branch}`);
  if (sha === undefined) {
    throw invalid({ resource: 'PullRequest', code: 'invalid', field: 'base' });
  }
  const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
  pull.baseRef = branch;
  pull.baseSha = sha;
  pull.test.mergeable = null;
  return from;
}

/** A merged pull request stays closed, and so does one whose branches are gone. */
async function reopen({ world, actor }: RepositoryContext, issue: PullIssue): Promise<void> {
  const { pull, repository } = issue;
  const head = pull.headRepository?.git.refs.get(`refs/heads/${pull.headRef}`);
  if (pull.mergedAt !== null || head !== pull.headSha) {
    const message = 'state cannot be changed. The pull request cannot be reopened.';
    throw invalid({ resource: 'PullRequest', code: 'custom', field: 'state', message });
  }
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedBy = null;
  issue.updatedAt = timestamp(world);
  pull.baseSha = repository.git.refs.get(`refs/heads/${pull.baseRef}`) ?? pull.baseSha;
  await emitPull(world, issue, 'reopened', requireAccount(actor));
  refreshTestMerge(world, issue);
}

const ReviewersRequest = z.object({ reviewers: z.array(z.string()).optional() });

function listReviewers(context: RepositoryContext): Answer {
  const { pull } = pullOf(context);
  const users = [...pull.requestedReviewers];
  return ok({ users: users.map((user) => renderAccount(context.world, user)), teams: [] });
}

function requestReviewers(context: RepositoryContext): Answer {
  const { world, request } = context;
  const issue = pullOf(context);
  for (const login of bodyOf(request, ReviewersRequest).reviewers ?? []) {
    const user = findAccount(world, login);
    if (user === undefined || user === issue.user) {
      throw new ApiError(422, 'Reviews may only be requested from collaborators.');
    }
    issue.pull.requestedReviewers.add(user);
  }
  return created(renderSimplePull(world, issue));
}
