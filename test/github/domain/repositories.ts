import { join } from 'node:path';

import { type GitStore, createStore, setRef } from '../git/store.ts';
import { ApiError } from '../http/answer.ts';
import type { Account, Repository, RepositorySettings } from '../state/model.ts';
import { type World, findRepository, fullName, timestamp } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';
import { closePull, openPulls } from './pull-changes.ts';

const DEFAULT_SETTINGS: RepositorySettings = {
  allowMergeCommit: true,
  allowSquashMerge: true,
  allowRebaseMerge: true,
  allowUpdateBranch: false,
  allowAutoMerge: false,
  deleteBranchOnMerge: false,
  squashTitle: 'COMMIT_OR_PR_TITLE',
  squashMessage: 'COMMIT_MESSAGES',
  mergeTitle: 'MERGE_MESSAGE',
  mergeMessage: 'PR_TITLE',
};

export interface NewRepository {
  readonly owner: Account;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
  readonly parent?: Repository;
}

/** Makes a repository without a commit. */
export async function addRepository(world: World, wanted: NewRepository): Promise<Repository> {
  const { owner, name, parent } = wanted;
  const taken = findRepository(world, owner.login, name);
  if (taken?.name.toLowerCase() === name.toLowerCase() && taken.owner === owner) {
    throw new ApiError(422, 'Repository creation failed.', [
      {
        resource: 'Repository',
        code: 'custom',
        field: 'name',
        message: 'name already exists on this account',
      },
    ]);
  }
  const id = world.nextId('repository');
  const now = timestamp(world);
  const defaultBranch = wanted.defaultBranch ?? 'main';
  const directory = join(world.directory, `${id}.git`);
  const git: GitStore = await createStore(directory, defaultBranch, parent?.git);
  const repository: Repository = {
    id,
    owner,
    name,
    description: wanted.description ?? null,
    private: wanted.private ?? false,
    archived: false,
    defaultBranch,
    parent,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    git,
    settings: { ...DEFAULT_SETTINGS },
    collaborators: new Map(),
    issues: new Map(),
    protections: new Map(),
    rulesets: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    statuses: [],
    queues: new Map(),
  };
  world.repositories.set(id, repository);
  return repository;
}

/** A fork has its parent's branches and tags; an owner has at most one. */
export async function forkRepository(
  world: World,
  parent: Repository,
  owner: Account,
  name = parent.name,
): Promise<Repository> {
  const existing = [...world.repositories.values()].find(
    (repository) => repository.parent === parent && repository.owner === owner,
  );
  if (existing !== undefined) return existing;
  const fork = await addRepository(world, {
    owner,
    name,
    parent,
    private: parent.private,
    defaultBranch: parent.defaultBranch,
  });
  for (const [ref, id] of parent.git.refs) {
    if (/^refs\/(heads|tags)\//.test(ref)) setRef(fork.git, ref, id);
  }
  return fork;
}

/** The old name goes on to lead to the repository. */
export function renameRepository(
  world: World,
  repository: Repository,
  name: string,
  sender: Account,
): void {
  const from = repository.name;
  world.redirects.set(fullName(repository).toLowerCase(), repository);
  repository.name = name;
  const payload = { changes: { repository: { name: { from } } } };
  emit(world, repository, { name: 'repository', action: 'renamed', payload, sender });
}

/** The repository goes to another owner, and out of reach of the old owner's installations. */
export function transferRepository(
  world: World,
  repository: Repository,
  owner: Account,
  sender: Account,
): void {
  const old = repository.owner;
  world.redirects.set(fullName(repository).toLowerCase(), repository);
  for (const { account, repositories } of world.installations.values()) {
    if (account === old && repositories !== 'all') repositories.delete(repository.id);
  }
  repository.owner = owner;
  const from = old.type === 'Organization' ? { organization: { login: old.login } } : {};
  const payload = { changes: { owner: { from } } };
  emit(world, repository, { name: 'repository', action: 'transferred', payload, sender });
}

/** Pull requests that come from a deleted fork are closed and keep no head repository. */
export async function removeRepository(
  world: World,
  repository: Repository,
  sender: Account,
): Promise<void> {
  world.repositories.delete(repository.id);
  for (const issue of openPulls(world, ({ pull }) => pull.headRepository === repository)) {
    issue.pull.headRepository = null;
    await closePull(world, issue, sender);
  }
}
