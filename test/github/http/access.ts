import type { Account, Access, Repository, Role } from '../state/model.ts';
import { findRepository } from '../state/world.ts';
import { type Answer, ApiError, notFound } from './answer.ts';
import type { Actor } from './authentication.ts';
import { type Context, type Handler, type Route, param } from './router.ts';

const ROLES: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];

/** What a route asks of its caller. */
export interface Requirement {
  /** Of an App: any one of these permissions, as `checks:write`. None: metadata is enough. */
  readonly app?: readonly string[];
  /** Of a person: at least this role in the repository. Default `read`. */
  readonly role?: Role;
  /** Only an App may call it, with this answer for people. */
  readonly appOnly?: true;
  /** Not open to whoever may see a public repository. */
  readonly restricted?: true;
}

export interface RepositoryContext extends Context {
  readonly repository: Repository;
}

export type RepositoryHandler = (context: RepositoryContext) => Answer | Promise<Answer>;

/**
 * A route below `/repos/{owner}/{repo}`: the repository is found and the caller's rights to it are
 * checked before the handler runs.
 */
export function repositoryRoute(
  pattern: string,
  requirement: Requirement,
  handle: RepositoryHandler,
): Route {
  const [method, path] = pattern.split(' ');
  const handler: Handler = (context) => {
    const repository = findRepository(
      context.world,
      param(context, 'owner'),
      param(context, 'repo'),
    );
    if (repository === undefined || !canSee(context.actor, repository)) throw notFound();
    const redirect = redirectOf(context, repository);
    if (redirect !== undefined) return redirect;
    checkRequirement(context.actor, repository, requirement, method !== 'GET');
    return handle({ ...context, repository });
  };
  return { pattern: `${method} /repos/{owner}/{repo}${path === '/' ? '' : path}`, handle: handler };
}

/** A renamed or transferred repository answers under its old name with a redirect to its id. */
function redirectOf(context: Context, repository: Repository): Answer | undefined {
  const asked = `${param(context, 'owner')}/${param(context, 'repo')}`;
  if (`${repository.owner.login}/${repository.name}`.toLowerCase() === asked.toLowerCase()) {
    return undefined;
  }
  const rest = context.request.path.split('/').slice(4).join('/');
  const query = context.request.query.size > 0 ? `?${context.request.query.toString()}` : '';
  const url = `${context.world.urls.api}/repositories/${repository.id}${rest && `/${rest}`}${query}`;
  const body = { message: 'Moved Permanently', url, documentation_url: DOCUMENTATION };
  const status = context.request.method === 'GET' ? 301 : 307;
  return { status, body, headers: { location: url } };
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** A person's role in a repository; undefined for none. */
export function roleOf(account: Account, repository: Repository): Role | undefined {
  if (repository.owner.id === account.id) return 'admin';
  if (repository.owner.members.get(account.id) === 'admin') return 'admin';
  const own = repository.collaborators.get(account.id);
  if (own !== undefined) return own;
  // Organisations give their members read access by default.
  return repository.owner.members.has(account.id) ? 'read' : undefined;
}

export function hasRole(account: Account, repository: Repository, wanted: Role): boolean {
  const role = roleOf(account, repository);
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(wanted);
}

/** Whether an installation token reaches a repository. */
function isReached(actor: Actor & { kind: 'installation' }, repository: Repository): boolean {
  const { installation, repositories } = actor;
  if (installation.account.id !== repository.owner.id) return false;
  if (installation.repositories !== 'all' && !installation.repositories.has(repository.id)) {
    return false;
  }
  return repositories?.has(repository.id) ?? true;
}

export function canSee(actor: Actor, repository: Repository): boolean {
  if (!repository.private) return true;
  if (actor.kind === 'user') return roleOf(actor.account, repository) !== undefined;
  // An App's own token finds where it is installed, but reads nothing.
  return actor.kind === 'app' || (actor.kind === 'installation' && isReached(actor, repository));
}

/** Whether the actor may do what needs one of these permissions of an App, a role of a person. */
export function may(
  actor: Actor,
  repository: Repository,
  permissions: readonly string[],
  role: Role,
): boolean {
  if (actor.kind === 'user') {
    const isOpen = role === 'read' && !repository.private;
    return isOpen || hasRole(actor.account, repository, role);
  }
  return actor.kind === 'installation' && isGranted(actor, repository, permissions);
}

function isGranted(
  actor: Actor & { kind: 'installation' },
  repository: Repository,
  wanted: readonly string[],
): boolean {
  if (!isReached(actor, repository)) return false;
  if (wanted.length === 0) return true;
  return wanted.some((one) => {
    const [name = '', access = 'read'] = one.split(':');
    const granted = name === 'metadata' ? 'read' : actor.permissions[name];
    return granted !== undefined && covers(granted, access as Access);
  });
}

const ACCESS: readonly Access[] = ['read', 'write', 'admin'];

export function covers(granted: Access, wanted: Access): boolean {
  return ACCESS.indexOf(granted) >= ACCESS.indexOf(wanted);
}

function checkRequirement(
  actor: Actor,
  repository: Repository,
  requirement: Requirement,
  writes: boolean,
): void {
  if (writes && repository.archived) {
    throw new ApiError(403, 'Repository was archived so is read-only.');
  }
  const open = !writes && !repository.private && requirement.restricted === undefined;
  if (actor.kind === 'anonymous') {
    if (!open) throw new ApiError(401, 'Requires authentication');
    return;
  }
  if (actor.kind === 'app') {
    throw new ApiError(403, `Resource not accessible by integration`);
  }
  if (actor.kind === 'installation') {
    if (open || isGranted(actor, repository, requirement.app ?? [])) return;
    throw new ApiError(403, 'Resource not accessible by integration', undefined, {
      'x-accepted-github-permissions': acceptedPermissions(requirement),
    });
  }
  if (requirement.appOnly === true) {
    throw new ApiError(403, 'You must authenticate via a GitHub App.');
  }
  const role = requirement.role ?? 'read';
  // Whoever sees a public repository may also comment there, fork it and open pull requests.
  if (role === 'read' && !repository.private && requirement.restricted === undefined) return;
  if (!hasRole(actor.account, repository, role)) throw refusal(role);
}

function acceptedPermissions(requirement: Requirement): string {
  return (requirement.app ?? ['metadata:read']).map((one) => one.replace(':', '=')).join('; ');
}

function refusal(role: Role): ApiError {
  if (role === 'admin') return new ApiError(403, 'Must have admin rights to Repository.');
  return new ApiError(403, 'Resource not accessible by personal access token');
}
