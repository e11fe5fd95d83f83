import { z } from 'zod';

import { isTooLong } from '../contract.ts';
import { nextNumber } from '../domain/issues.ts';
import { closePull } from '../domain/pull-changes.ts';
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
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam } from '../http/router.ts';
import { renderIssue } from '../render/issues.ts';
import type { Issue, PullIssue } from '../state/model.ts';
import { timestamp } from '../state/world.ts';

const READ = { app: ['issues:read', 'pull_requests:read'] } as const;
const WRITE = { app: ['issues:write', 'pull_requests:write'] } as const;

/** Issues, which pull requests are as well. */
export const issueRoutes: readonly Route[] = [
  repositoryRoute('GET /issues', READ, listIssues),
  repositoryRoute('POST /issues', WRITE, createIssue),
  repositoryRoute('GET /issues/{issue_number}', READ, getIssue),
  repositoryRoute('PATCH /issues/{issue_number}', WRITE, updateIssue),
  repositoryRoute('PUT /issues/{issue_number}/lock', { ...WRITE, role: 'write' }, lock),
  repositoryRoute('DELETE /issues/{issue_number}/lock', { ...WRITE, role: 'write' }, unlock),
];

/** The issue or pull request that a route names. */
export function issueOf(context: RepositoryContext): Issue {
  const issue = context.repository.issues.get(numberParam(context, 'issue_number'));
  if (issue === undefined) throw notFound();
  return issue;
}

function listIssues(context: RepositoryContext): Promise<Answer> {
  const state = context.request.query.get('state') ?? 'open';
  const issues = [...context.repository.issues.values()].filter(
    (issue) => state === 'all' || issue.state === state,
  );
  return paginate(context, issues.reverse(), (issue) => renderIssue(context.world, issue));
}

/** The text of an issue or pull request, refused when it is too long. */
export function checkDescription(resource: string, body: string | null | undefined): void {
  if (typeof body !== 'string' || !isTooLong(body)) return;
  const message = 'body is too long (maximum is 65536 characters)';
  throw invalid({ resource, code: 'custom', field: 'body', message });
}

const NewIssue = z.object({
  title: z.union([z.string(), z.number()]),
  body: z.string().nullish(),
});

function createIssue({ world, repository, actor, request }: RepositoryContext): Answer {
  const wanted = bodyOf(request, NewIssue);
  checkDescription('Issue', wanted.body);
  const now = timestamp(world);
  const issue: Issue = {
    id: world.nextId('issue'),
    repository,
    number: nextNumber(repository),
    user: requireAccount(actor),
    title: String(wanted.title),
    body: wanted.body ?? null,
    state: 'open',
    locked: false,
    lockReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    comments: [],
    reactions: [],
    pull: undefined,
  };
  repository.issues.set(issue.number, issue);
  return created(renderIssue(world, issue));
}

function getIssue(context: RepositoryContext): Answer {
  return ok(renderIssue(context.world, issueOf(context)));
}

const IssueUpdate = z.object({
  title: z.union([z.string(), z.number()]).nullish(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
});

async function updateIssue(context: RepositoryContext): Promise<Answer> {
  const { world, actor } = context;
  const issue = issueOf(context);
  const account = requireAccount(actor);
  if (account !== issue.user && !may(actor, issue.repository, WRITE.app, 'triage')) {
    throw new ApiError(403, 'Must have admin rights to Repository.');
  }
  const wanted = bodyOf(context.request, IssueUpdate);
  checkDescription('Issue', wanted.body);
  if (wanted.title !== undefined && wanted.title !== null) issue.title = String(wanted.title);
  if (wanted.body !== undefined) issue.body = wanted.body;
  if (wanted.state === 'closed' && issue.state === 'open') {
    if (issue.pull !== undefined) await closePull(world, issue as PullIssue, account);
    issue.closedAt = timestamp(world);
    issue.closedBy = account;
  }
  issue.state = wanted.state ?? issue.state;
  if (issue.state === 'open') issue.closedAt = issue.closedBy = null;
  issue.updatedAt = timestamp(world);
  return ok(renderIssue(world, issue));
}

const LockRequest = z.object({ lock_reason: z.string().optional() }).nullish();

function lock(context: RepositoryContext): Answer {
  const issue = issueOf(context);
  issue.locked = true;
  issue.lockReason = bodyOf(context.request, LockRequest)?.lock_reason ?? null;
  return noContent;
}

function unlock(context: RepositoryContext): Answer {
  const issue = issueOf(context);
  issue.locked = false;
  issue.lockReason = null;
  return noContent;
}
