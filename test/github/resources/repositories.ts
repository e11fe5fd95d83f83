import { z } from 'zod';

import { type RepositoryContext, hasRole, repositoryRoute, roleOf } from '../http/access.ts';
import { type Answer, ApiError, invalid, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, param } from '../http/router.ts';
import { renderAccount } from '../render/accounts.ts';
import { renderFullRepository, renderRepository } from '../render/repositories.ts';
import type { Account, Role } from '../state/model.ts';
import { forkRepository, removeRepository, renameRepository } from '../domain/repositories.ts';
import { findAccount, timestamp } from '../state/world.ts';

export const repositoryRoutes: readonly Route[] = [
  repositoryRoute('GET /', {}, getRepository),
  repositoryRoute('PATCH /', { app: ['administration:write'], role: 'admin' }, updateRepository),
  repositoryRoute('DELETE /', { app: ['administration:write'], role: 'admin' }, deleteRepository),
  repositoryRoute('GET /forks', {}, listForks),
  repositoryRoute('POST /forks', { app: ['administration:write'] }, createFork),
  repositoryRoute('GET /collaborators', { restricted: true }, listCollaborators),
  repositoryRoute('GET /collaborators/{username}', { restricted: true }, checkCollaborator),
  repositoryRoute('GET /collaborators/{username}/permission', { restricted: true }, getPermission),
  repositoryRoute(
    'PUT /collaborators/{username}',
    { app: ['administration:write'], role: 'admin' },
    addCollaborator,
  ),
  repositoryRoute(
    'DELETE /collaborators/{username}',
    { app: ['administration:write'], role: 'admin' },
    removeCollaborator,
  ),
];

function getRepository({ world, repository, actor }: RepositoryContext): Answer {
  return ok(renderFullRepository(world, repository, actor));
}

const RepositoryUpdate = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  private: z.boolean().optional(),
  archived: z.boolean().optional(),
  default_branch: z.string().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  allow_auto_merge: z.boolean().optional(),
  allow_update_branch: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
  squash_merge_commit_title: z.enum(['PR_TITLE', 'COMMIT_OR_PR_TITLE']).optional(),
  squash_merge_commit_message: z.enum(['PR_BODY', 'COMMIT_MESSAGES', 'BLANK']).optional(),
  merge_commit_title: z.enum(['PR_TITLE', 'MERGE_MESSAGE']).optional(),
  merge_commit_message: z.enum(['PR_BODY', 'PR_TITLE', 'BLANK']).optional(),
});

function updateRepository(context: RepositoryContext): Answer {
  const { world, repository, actor } = context;
  const wanted = bodyOf(context.request, RepositoryUpdate);
  const { settings } = repository;
  const branch = wanted.default_branch;
  if (branch !== undefined && !repository.git.refs.has(`refs/heads/${branch}`)) {
    throw invalid({
      resource: 'Repository',
      code: 'invalid',
      field: 'default_branch',
      message: `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`,
    });
  }
  if (wanted.name !== undefined && wanted.name !== repository.name) {
    renameRepository(world, repository, wanted.name, requireAccount(actor));
  }
  repository.defaultBranch = branch ?? repository.defaultBranch;
  if (wanted.description !== undefined) repository.description = wanted.description;
  repository.private = wanted.private ?? repository.private;
  repository.archived = wanted.archived ?? repository.archived;
  repository.updatedAt = timestamp(world);
  Object.assign(settings, {
    allowMergeCommit: wanted.allow_merge_commit ?? settings.allowMergeCommit,
    allowSquashMerge: wanted.allow_squash_merge ?? settings.allowSquashMerge,
    allowRebaseMerge: wanted.allow_rebase_merge ?? settings.allowRebaseMerge,
    allowAutoMerge: wanted.allow_auto_merge ?? settings.allowAutoMerge,
    allowUpdateBranch: wanted.allow_update_branch ?? settings.allowUpdateBranch,
    deleteBranchOnMerge: wanted.delete_branch_on_merge ?? settings.deleteBranchOnMerge,
    squashTitle: wanted.squash_merge_commit_title ?? settings.squashTitle,
    squashMessage: wanted.squash_merge_commit_message ?? settings.squashMessage,
    mergeTitle: wanted.merge_commit_title ?? settings.mergeTitle,
    mergeMessage: wanted.merge_commit_message ?? settings.mergeMessage,
  });
  const ways = [settings.allowMergeCommit, settings.allowSquashMerge, settings.allowRebaseMerge];
  if (!ways.includes(true)) {
    settings.allowMergeCommit = true;
    throw invalid({
      resource: 'Repository',
      code: 'custom',
      field: 'merge_commit_allowed',
      message: 'Sorry, you need to allow at least one merge strategy.',
    });
  }
  return ok(renderFullRepository(world, repository, actor));
}

async function deleteRepository({ world, repository, actor }: RepositoryContext): Promise<Answer> {
  await removeRepository(world, repository, requireAccount(actor));
  return noContent;
}

function listForks(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const forks = [...world.repositories.values()].filter(({ parent }) => parent === repository);
  return paginate(context, forks, (fork) => renderRepository(world, fork));
}

const ForkRequest = z.object({
  organization: z.string().optional(),
  name: z.string().optional(),
  default_branch_only: z.boolean().optional(),
});

async function createFork(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor } = context;
  const wanted = bodyOf(context.request, ForkRequest);
  const owner =
    wanted.organization === undefined
      ? requireAccount(actor)
      : findAccount(world, wanted.organization);
  if (owner === undefined) throw notFound();
  const fork = await forkRepository(world, repository, owner, wanted.name);
  return { status: 202, body: renderFullRepository(world, fork, actor) };
}

/** The words of the old permission model, and those of the newer roles. */
const PERMISSIONS: Record<Role, string> = {
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

function permissionFlags(account: Account, context: RepositoryContext) {
  const can = (role: Role) => hasRole(account, context.repository, role);
  return {
    pull: can('read'),
    triage: can('triage'),
    push: can('write'),
    maintain: can('maintain'),
    admin: can('admin'),
  };
}

function listCollaborators(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const people = [...world.accounts.values()].filter(
    (account) => account.type === 'User' && roleOf(account, repository) !== undefined,
  );
  return paginate(context, people, (account) => ({
    ...renderAccount(world, account),
    permissions: permissionFlags(account, context),
    role_name: roleOf(account, repository) ?? 'read',
  }));
}

function checkCollaborator(context: RepositoryContext): Answer {
  const account = findAccount(context.world, param(context, 'username'));
  if (account === undefined || roleOf(account, context.repository) === undefined) throw notFound();
  return noContent;
}

/** For a stranger to a public repository GitHub answers `read`, not 404. */
function getPermission(context: RepositoryContext): Answer {
  const { world, repository } = context;
  const account = findAccount(world, param(context, 'username'));
  if (account === undefined) throw notFound();
  const role = roleOf(account, repository) ?? (repository.private ? undefined : 'read');
  return ok({
    permission: role === undefined ? 'none' : PERMISSIONS[role],
    role_name: role ?? 'none',
    user: {
      ...renderAccount(world, account),
      permissions: permissionFlags(account, context),
      role_name: role ?? 'none',
    },
  });
}

const ROLES: Readonly<Record<string, Role>> = {
  pull: 'read',
  triage: 'triage',
  push: 'write',
  maintain: 'maintain',
  admin: 'admin',
};

const CollaboratorRequest = z.object({ permission: z.string().optional() });

/** GitHub sends an invitation; here the invited always accept at once. */
function addCollaborator(context: RepositoryContext): Answer {
  const account = findAccount(context.world, param(context, 'username'));
  if (account === undefined) throw notFound();
  const { permission = 'push' } = bodyOf(context.request, CollaboratorRequest);
  const role = ROLES[permission];
  if (role === undefined) throw new ApiError(422, `Invalid permission: ${permission}`);
  context.repository.collaborators.set(account.id, role);
  return noContent;
}

function removeCollaborator(context: RepositoryContext): Answer {
  const account = findAccount(context.world, param(context, 'username'));
  if (account !== undefined) context.repository.collaborators.delete(account.id);
  return noContent;
}
