import { canSee } from '../http/access.ts';
import { type Answer, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { paginate } from '../http/pagination.ts';
import { rateLimitOf } from '../http/rate-limit.ts';
import { type Context, type Route, param } from '../http/router.ts';
import { renderFullOrganization, renderOwnProfile, renderProfile } from '../render/accounts.ts';
import { renderRepository } from '../render/repositories.ts';
import type { Account } from '../state/model.ts';
import { findAccount } from '../state/world.ts';

/** People, organisations and what concerns nobody in particular. */
export const accountRoutes: readonly Route[] = [
  { pattern: 'GET /user', handle: getSelf },
  { pattern: 'GET /user/repos', handle: listOwnRepositories },
  { pattern: 'GET /users/{username}', handle: getUser },
  { pattern: 'GET /users/{username}/repos', handle: listRepositories },
  { pattern: 'GET /orgs/{org}', handle: getOrganization },
  { pattern: 'GET /orgs/{org}/repos', handle: listRepositories },
  { pattern: 'GET /orgs/{org}/members/{username}', handle: checkMember },
  { pattern: 'GET /rate_limit', handle: getRateLimit },
  { pattern: 'GET /meta', handle: getMeta },
  { pattern: 'GET /zen', handle: getZen },
];

function accountOf(context: Context, name: string): Account {
  const account = findAccount(context.world, param(context, name));
  if (account === undefined) throw notFound();
  return account;
}

function getSelf(context: Context): Answer {
  return ok(renderOwnProfile(context.world, requireAccount(context.actor)));
}

function getUser(context: Context): Answer {
  return ok(renderProfile(context.world, accountOf(context, 'username')));
}

function getOrganization(context: Context): Answer {
  const account = accountOf(context, 'org');
  if (account.type !== 'Organization') throw notFound();
  return ok(renderFullOrganization(context.world, account));
}

function listOwnRepositories(context: Context): Promise<Answer> {
  return listOf(context, requireAccount(context.actor));
}

function listRepositories(context: Context): Promise<Answer> {
  return listOf(context, accountOf(context, 'username' in context.params ? 'username' : 'org'));
}

function listOf(context: Context, owner: Account): Promise<Answer> {
  const { world, actor } = context;
  const repositories = [...world.repositories.values()].filter(
    (repository) => repository.owner === owner && canSee(actor, repository),
  );
  return paginate(context, repositories, (repository) => renderRepository(world, repository));
}

function checkMember(context: Context): Answer {
  const organization = accountOf(context, 'org');
  if (organization.members.has(accountOf(context, 'username').id)) return noContent;
  throw notFound();
}

function getRateLimit({ world, actor }: Context): Answer {
  const core = rateLimitOf(world, actor, 'core');
  const graphql = rateLimitOf(world, actor, 'graphql');
  const search = { ...core, limit: 30, used: 0, remaining: 30 };
  return ok({ resources: { core, search, graphql }, rate: core });
}

function getMeta({ world }: Context): Answer {
  const version = world.style === 'ghes' ? { installed_version: '3.19.0' } : {};
  return ok({ verifiable_password_authentication: false, ...version });
}

function getZen(): Answer {
  return {
    status: 200,
    raw: { type: 'text/plain', bytes: Buffer.from('Keep it logically awesome.') },
  };
}
