import type { World } from '../state/world.ts';
import { ApiError } from './answer.ts';
import type { Actor } from './authentication.ts';

export type Resource = 'core' | 'graphql';

const HOUR_MILLISECONDS = 3_600_000;

function budgetOf(world: World, actor: Actor, resource: Resource) {
  const key = `${resource} ${keyOf(actor)}`;
  const known = world.budgets.get(key);
  const now = world.now().getTime();
  if (known !== undefined && known.resetAt > now) return known;
  const fresh = { used: 0, resetAt: now + HOUR_MILLISECONDS };
  world.budgets.set(key, fresh);
  return fresh;
}

/** Strangers get less than anybody with a token. */
const ANONYMOUS_REQUESTS = 60;

function limitOf(world: World, actor: Actor): number {
  const { requests } = world.limits;
  return actor.kind === 'anonymous' ? Math.min(ANONYMOUS_REQUESTS, requests) : requests;
}

/** All tokens of an installation share its limit. */
function keyOf(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return `user ${actor.account.id}`;
    case 'app':
      return `app ${actor.app.id}`;
    case 'installation':
      return `installation ${actor.installation.id}`;
    case 'anonymous':
      return 'anonymous';
  }
}

/**
 * Counts a request. GitHub Enterprise Server has no limits unless somebody sets them.
 *
 * @throws ApiError 403 when the hour's requests are used up
 */
export function countRequest(world: World, actor: Actor, resource: Resource): void {
  if (world.style === 'ghes') return;
  const budget = budgetOf(world, actor, resource);
  if (budget.used < limitOf(world, actor)) {
    budget.used += 1;
    return;
  }
  const who =
    actor.kind === 'installation'
      ? `installation ID ${actor.installation.id}`
      : `user ID ${actor.kind === 'user' ? actor.account.id : 0}`;
  throw new ApiError(403, `API rate limit exceeded for ${who}.`);
}

/** @param isFree a 304 costs nothing: the request counted above is given back */
export function rateLimitHeaders(
  world: World,
  actor: Actor,
  resource: Resource,
  isFree: boolean,
): Record<string, string> {
  if (world.style === 'ghes') return {};
  const budget = budgetOf(world, actor, resource);
  const limit = limitOf(world, actor);
  if (isFree) budget.used -= 1;
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(limit - budget.used),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(Math.ceil(budget.resetAt / 1000)),
    'x-ratelimit-resource': resource,
  };
}

/** One line of `GET /rate_limit`, which costs nothing. */
export function rateLimitOf(world: World, actor: Actor, resource: Resource) {
  const budget = budgetOf(world, actor, resource);
  const limit = limitOf(world, actor);
  return {
    limit,
    used: budget.used,
    remaining: limit - budget.used,
    reset: Math.ceil(budget.resetAt / 1000),
  };
}
