import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { canSee, covers } from '../http/access.ts';
import {
  type Answer,
  ApiError,
  created,
  invalid,
  noContent,
  notFound,
  ok,
} from '../http/answer.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Context, type Route, numberParam, param } from '../http/router.ts';
import { renderApp, renderInstallation } from '../render/accounts.ts';
import { renderRepository } from '../render/repositories.ts';
import type { Access, App, Installation, Repository } from '../state/model.ts';
import { type World, findAccount, findRepository, timestamp } from '../state/world.ts';
import { emitInstallation, reachedBy } from '../webhooks/emit.ts';

/** Apps as they see themselves: by their own token, and by those of their installations. */
export const appRoutes: readonly Route[] = [
  { pattern: 'GET /app', handle: getApp },
  { pattern: 'GET /app/installations', handle: listInstallations },
  { pattern: 'GET /app/installations/{installation_id}', handle: getInstallation },
  { pattern: 'DELETE /app/installations/{installation_id}', handle: deleteInstallation },
  { pattern: 'POST /app/installations/{installation_id}/access_tokens', handle: createToken },
  { pattern: 'PUT /app/installations/{installation_id}/suspended', handle: suspend },
  { pattern: 'DELETE /app/installations/{installation_id}/suspended', handle: unsuspend },
  { pattern: 'GET /repos/{owner}/{repo}/installation', handle: getRepositoryInstallation },
  { pattern: 'GET /orgs/{org}/installation', handle: getAccountInstallation },
  { pattern: 'GET /users/{username}/installation', handle: getAccountInstallation },
  { pattern: 'GET /installation/repositories', handle: listRepositories },
  { pattern: 'DELETE /installation/token', handle: revokeToken },
];

/** The App that asks with its own token. */
export function requireApp({ actor }: Pick<Context, 'actor'>): App {
  if (actor.kind === 'app') return actor.app;
  throw new ApiError(401, 'A JSON web token could not be decoded');
}

function getApp(context: Context): Answer {
  const app = requireApp(context);
  const installations = installationsOf(context.world, app);
  return ok({ ...renderApp(context.world, app), installations_count: installations.length });
}

function installationsOf(world: World, app: App): Installation[] {
  return [...world.installations.values()].filter((installation) => installation.app === app);
}

function listInstallations(context: Context): Promise<Answer> {
  const { world } = context;
  const installations = installationsOf(world, requireApp(context));
  return paginate(context, installations, (installation) =>
    renderInstallation(world, installation),
  );
}

function installationOf(context: Context): Installation {
  const app = requireApp(context);
  const installation = context.world.installations.get(numberParam(context, 'installation_id'));
  if (installation?.app !== app) throw notFound();
  return installation;
}

function getInstallation(context: Context): Answer {
  return ok(renderInstallation(context.world, installationOf(context)));
}

function deleteInstallation(context: Context): Answer {
  const installation = installationOf(context);
  context.world.installations.delete(installation.id);
  for (const [token, grant] of context.world.tokens) {
    if (grant.kind === 'installation' && grant.installation === installation) {
      context.world.tokens.delete(token);
    }
  }
  emitInstallation(context.world, installation, 'deleted');
  return noContent;
}

function suspend(context: Context): Answer {
  const installation = installationOf(context);
  installation.suspendedAt = timestamp(context.world);
  installation.suspendedBy = installation.app.owner;
  emitInstallation(context.world, installation, 'suspend');
  return noContent;
}

function unsuspend(context: Context): Answer {
  const installation = installationOf(context);
  installation.suspendedAt = null;
  installation.suspendedBy = null;
  emitInstallation(context.world, installation, 'unsuspend');
  return noContent;
}

const TokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

const HOUR_MILLISECONDS = 3_600_000;

/** A token for an hour, for all of the installation or a part of it. */
function createToken(context: Context): Answer {
  const { world } = context;
  const installation = installationOf(context);
  if (installation.suspendedAt !== null) {
    throw new ApiError(403, 'This installation has been suspended');
  }
  const wanted = bodyOf(context.request, TokenRequest);
  const repositories = narrowRepositories(world, installation, wanted);
  const permissions = narrowPermissions(installation, wanted.permissions);
  const token = `ghs_${randomBytes(18).toString('hex')}`;
  const expiresAt = new Date(world.now().getTime() + HOUR_MILLISECONDS);
  const ids = repositories && new Set(repositories.map(({ id }) => id));
  world.tokens.set(token, {
    kind: 'installation',
    installation,
    repositories: ids,
    permissions,
    expiresAt,
  });
  return created({
    token,
    expires_at: `${expiresAt.toISOString().slice(0, 19)}Z`,
    permissions,
    repository_selection:
      repositories === undefined && installation.repositories === 'all' ? 'all' : 'selected',
    ...(repositories === undefined
      ? {}
      : { repositories: repositories.map((one) => renderRepository(world, one)) }),
  });
}

function narrowRepositories(
  world: World,
  installation: Installation,
  wanted: z.infer<typeof TokenRequest>,
): Repository[] | undefined {
  if (wanted.repositories === undefined && wanted.repository_ids === undefined) return undefined;
  const all = reachedBy(world, installation);
  const named = (wanted.repositories ?? []).map((name) =>
    all.find((repository) => repository.name.toLowerCase() === name.toLowerCase()),
  );
  const numbered = (wanted.repository_ids ?? []).map((id) => all.find((one) => one.id === id));
  const found = [...named, ...numbered];
  if (found.includes(undefined)) {
    throw new ApiError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return found.filter((repository) => repository !== undefined);
}

function narrowPermissions(
  { permissions }: Installation,
  wanted: Record<string, Access> | undefined,
): Record<string, Access> {
  if (wanted === undefined) return { metadata: 'read', ...permissions };
  for (const [name, access] of Object.entries(wanted)) {
    const granted = name === 'metadata' ? 'read' : permissions[name];
    if (granted === undefined || !covers(granted, access)) {
      throw new ApiError(422, 'The permissions requested are not granted to this installation.');
    }
  }
  return { ...wanted, metadata: 'read' };
}

function getRepositoryInstallation(context: Context): Answer {
  const app = requireApp(context);
  const { world } = context;
  const repository = findRepository(world, param(context, 'owner'), param(context, 'repo'));
  const installation = installationsOf(world, app).find(
    (one) => repository !== undefined && reachedBy(world, one).includes(repository),
  );
  if (installation === undefined) throw notFound();
  return ok(renderInstallation(world, installation));
}

function getAccountInstallation(context: Context): Answer {
  const app = requireApp(context);
  const { world } = context;
  const account = findAccount(world, param(context, 'org') || param(context, 'username'));
  const installation = installationsOf(world, app).find((one) => one.account === account);
  if (installation === undefined) throw notFound();
  return ok(renderInstallation(world, installation));
}

function listRepositories(context: Context): Promise<Answer> {
  const { actor, world } = context;
  if (actor.kind !== 'installation') {
    throw new ApiError(
      403,
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  }
  const { installation, repositories } = actor;
  const visible = reachedBy(world, installation).filter(({ id }) => repositories?.has(id) ?? true);
  const selection = installation.repositories === 'all' ? 'all' : 'selected';
  return paginate(
    context,
    visible.filter((repository) => canSee(actor, repository)),
    (repository) => renderRepository(world, repository),
    (page) => ({
      total_count: visible.length,
      repository_selection: selection,
      repositories: page,
    }),
  );
}

function revokeToken(context: Context): Answer {
  const token = context.request.headers.authorization?.split(' ')[1] ?? '';
  if (context.actor.kind !== 'installation') throw invalid('not an installation token');
  context.world.tokens.delete(token);
  return noContent;
}
