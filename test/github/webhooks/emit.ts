import { covers } from '../http/access.ts';
import { renderAccount, renderInstallation, renderOrganization } from '../render/accounts.ts';
import { renderListedRepository, renderRepository } from '../render/repositories.ts';
import type { Account, Installation, Repository } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import { deliver } from './delivery.ts';

/** The permission without which an App cannot have an event. */
const NEEDED: Readonly<Record<string, string>> = {
  push: 'contents',
  create: 'contents',
  delete: 'contents',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  pull_request_review_comment: 'pull_requests',
  pull_request_review_thread: 'pull_requests',
  check_run: 'checks',
  check_suite: 'checks',
  issue_comment: 'issues',
  merge_group: 'merge_queues',
  repository: 'metadata',
};

export interface Event {
  readonly name: string;
  /** Absent for events without one (push, create, delete). */
  readonly action?: string;
  /** What the event adds to the common fields. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly sender: Account;
}

/** The installations that reach a repository, in the order of their making. */
export function installationsOn(world: World, repository: Repository): Installation[] {
  return [...world.installations.values()].filter(
    ({ account, repositories, suspendedAt }) =>
      suspendedAt === null &&
      account.id === repository.owner.id &&
      (repositories === 'all' || repositories.has(repository.id)),
  );
}

/** Tells every App that reaches the repository, has the permission and is subscribed. */
export function emit(world: World, repository: Repository, event: Event): void {
  for (const installation of installationsOn(world, repository)) {
    const needed = NEEDED[event.name] ?? 'metadata';
    const granted = needed === 'metadata' ? 'read' : installation.permissions[needed];
    if (granted === undefined || !covers(granted, 'read')) continue;
    if (installation.events.includes(event.name)) emitTo(world, installation, repository, event);
  }
}

/** Tells one App about one of its own checks. Those come without a subscription. */
export function emitTo(
  world: World,
  installation: Installation,
  repository: Repository,
  event: Event,
): void {
  const payload = {
    ...(event.action === undefined ? {} : { action: event.action }),
    ...event.payload,
    repository: { ...renderRepository(world, repository), ...pushFields(event, repository) },
    ...(repository.owner.type === 'Organization'
      ? { organization: renderOrganization(world, repository.owner) }
      : {}),
    sender: renderAccount(world, event.sender),
    installation: { id: installation.id, node_id: nodeId('MDI', installation.id) },
  };
  deliver(world, { app: installation.app, event: event.name, payload, installation, repository });
}

/** In `push` alone GitHub writes two of the repository's dates as seconds. */
function pushFields(event: Event, repository: Repository): Record<string, unknown> {
  if (event.name !== 'push') return {};
  const seconds = (date: string) => Math.floor(Date.parse(date) / 1000);
  return {
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(repository.owner.type === 'Organization' ? { organization: repository.owner.login } : {}),
  };
}

export type InstallationAction =
  'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';

/** Tells an App of its installation. Every App hears this, subscribed or not. */
export function emitInstallation(
  world: World,
  installation: Installation,
  action: InstallationAction,
): void {
  const payload = {
    action,
    installation: renderInstallation(world, installation),
    repositories: reachedBy(world, installation).map(renderListedRepository),
    requester: null,
    sender: renderAccount(world, installation.account),
  };
  const { app } = installation;
  deliver(world, { app, event: 'installation', payload, installation, repository: undefined });
}

/** Tells an App that an installation reaches more or fewer repositories. */
export function emitInstallationRepositories(
  world: World,
  installation: Installation,
  change: { added: readonly Repository[]; removed: readonly Repository[] },
): void {
  const payload = {
    action: change.added.length > 0 ? 'added' : 'removed',
    installation: renderInstallation(world, installation),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    repositories_added: change.added.map(renderListedRepository),
    repositories_removed: change.removed.map(renderListedRepository),
    requester: null,
    sender: renderAccount(world, installation.account),
  };
  const { app } = installation;
  const event = 'installation_repositories';
  deliver(world, { app, event, payload, installation, repository: undefined });
}

/** The repositories that an installation reaches. */
export function reachedBy(world: World, { account, repositories }: Installation): Repository[] {
  return [...world.repositories.values()].filter(
    ({ id, owner }) => owner.id === account.id && (repositories === 'all' || repositories.has(id)),
  );
}
