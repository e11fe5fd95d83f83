import { addRepository } from '../domain/repositories.ts';
import { refChanged } from '../domain/pushes.ts';
import type { Signer } from '../git/signing.ts';
import { setRef } from '../git/store.ts';
import { gitIdentityOf } from '../render/commits.ts';
import { type Files, commitFiles, filesOfDirectory, importRepository, seedFiles } from '../seed.ts';
import type { Role } from '../state/model.ts';
import { type World, fullName } from '../state/world.ts';
import { accountOf, repositoryOf } from './lookup.ts';

export interface RepositoryOptions {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  /** Default `main`. */
  readonly defaultBranch?: string;
  /** Becomes the first commit. */
  readonly directory?: string;
  /** Becomes the first commit, on top of what `directory` gives. */
  readonly files?: Files;
  /** Path or address of a git repository whose branches and tags are taken over. */
  readonly bareRepository?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
}

export interface PushOptions {
  /** Made when it does not exist. */
  readonly branch: string;
  readonly files: Files;
  readonly message?: string;
  readonly by: string;
  /** Where a new branch starts; default the default branch. */
  readonly from?: string;
  /** Signs the commit, as git does on the machine of whoever pushes. */
  readonly signer?: Signer;
}

export async function createRepository(
  world: World,
  options: RepositoryOptions,
): Promise<{ id: number; fullName: string }> {
  const owner = accountOf(world, options.owner);
  const { name, defaultBranch = 'main' } = options;
  const repository = await addRepository(world, {
    owner,
    name,
    defaultBranch,
    private: options.private ?? false,
    ...(options.description === undefined ? {} : { description: options.description }),
  });
  const { git } = repository;
  if (options.bareRepository !== undefined) await importRepository(git, options.bareRepository);
  const fixtures = options.directory === undefined ? {} : filesOfDirectory(options.directory);
  const files = { ...fixtures, ...options.files };
  if (Object.keys(files).length > 0) {
    // Without the account's number, which depends on what else was made before.
    const email = `${owner.login}@users.noreply.github.com`;
    await seedFiles(git, defaultBranch, files, { name: owner.login, email });
  }
  for (const [login, role] of Object.entries(options.collaborators ?? {})) {
    repository.collaborators.set(accountOf(world, login).id, role);
  }
  return { id: repository.id, fullName: fullName(repository) };
}

export function gitUrl(world: World, repository: string, login?: string): string {
  const url = new URL(`${world.urls.html}/${fullName(repositoryOf(world, repository))}.git`);
  if (login === undefined) return url.href;
  const account = accountOf(world, login);
  for (const [token, grant] of world.tokens) {
    if (grant.kind !== 'user' || grant.account !== account) continue;
    url.username = login;
    url.password = token;
  }
  return url.href;
}

export async function push(world: World, name: string, options: PushOptions): Promise<string> {
  const repository = repositoryOf(world, name);
  const { git } = repository;
  const by = accountOf(world, options.by);
  const ref = `refs/heads/${options.branch}`;
  const before = git.refs.get(ref);
  const start = `refs/heads/${options.from ?? repository.defaultBranch}`;
  const commitAt = (date: Date) =>
    commitFiles(git, {
      files: options.files,
      message: options.message ?? `Change ${Object.keys(options.files).join(', ')}`,
      author: gitIdentityOf(by),
      date,
      parent: before ?? git.refs.get(start),
      ...(options.signer && { signer: options.signer }),
    });
  const now = world.now();
  const heads = new Set(git.refs.values());
  let after = await commitAt(now);
  // The same change on two branches within a second would be one commit, by chance.
  for (let second = 1; heads.has(after); second += 1) {
    after = await commitAt(new Date(now.getTime() + second * 1000));
  }
  setRef(git, ref, after);
  await refChanged(world, repository, { ref, before, after }, by);
  return after;
}
