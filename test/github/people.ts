import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import { askRunsApp, rerequestSuite } from './domain/checks.ts';
import { enqueuePull } from './domain/merge-queue.ts';
import { refChanged } from './domain/pushes.ts';
import { addRepository, transferRepository } from './domain/repositories.ts';
import { setRef } from './git/store.ts';
import { gitIdentityOf, noreplyAddress } from './render/commits.ts';
import { commitFiles, filesOfDirectory, type Files, importRepository, seedFiles } from './seed.ts';
import {
  type Account,
  type App,
  type Installation,
  type Permissions,
  type PullIssue,
  type Repository,
  type Role,
} from './state/model.ts';
import { type World, findAccount, findRepository, fullName, timestamp } from './state/world.ts';
import { emitInstallation, emitInstallationRepositories } from './webhooks/emit.ts';

export interface User {
  readonly login: string;
  readonly id: number;
  /** A personal access token with all of the user's rights. */
  readonly token: string;
  /** The address under which the user commits. */
  readonly email: string;
}

export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  /** PEM, as downloaded from GitHub. */
  readonly privateKey: string;
  /** Of the account `SLUG[bot]` that writes the App's comments. */
  readonly botUserId: number;
}

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

export interface AppOptions {
  readonly slug: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** Default: an organisation of the same name as the App. */
  readonly owner?: string;
  /** PEM of a key to use again: making one takes a moment. */
  readonly privateKey?: string;
}

export interface PushOptions {
  /** Made when it does not exist. */
  readonly branch: string;
  readonly files: Files;
  readonly message?: string;
  readonly by: string;
  /** Where a new branch starts; default the default branch. */
  readonly from?: string;
}

/** What stands in for forms and buttons of GitHub's pages, and for its sign-up. */
export interface People {
  createUser(login: string, profile?: { name?: string; email?: string }): User;
  createOrganization(
    login: string,
    people?: { admins?: readonly string[]; members?: readonly string[] },
  ): { login: string; id: number };
  /** `owner/name` is how all other calls name it. */
  createRepository(options: RepositoryOptions): Promise<{ id: number; fullName: string }>;
  createApp(options: AppOptions): Promise<RegisteredApp>;
  /** @param repositories names of the owner's repositories; default all, also later ones */
  installApp(
    app: { readonly id: number },
    owner: string,
    repositories?: readonly string[],
  ): { id: number };
  /** Adds or removes repositories of an installation that has only some. */
  changeInstallation(
    installation: { readonly id: number },
    change: { add?: readonly string[]; remove?: readonly string[] },
  ): void;
  /** The App asks for other permissions or events, and every owner accepts. */
  changePermissions(
    app: { readonly id: number },
    wanted: { permissions: Permissions; events?: readonly string[] },
  ): void;
  setWebhookUrl(app: { readonly id: number }, url: string): void;
  /** Address for `git clone` and `git push`, with the user's token where one is named. */
  gitUrl(repository: string, login?: string): string;
  /** One commit that changes files, pushed: webhooks and all. Answers the commit's id. */
  push(repository: string, options: PushOptions): Promise<string>;
  transferRepository(repository: string, owner: string, by: string): void;
  /** An armored public key with which the user signs commits, for `verification`. */
  addSigningKey(login: string, armoredKey: string): void;
  /** The button "Re-run" of a check. */
  rerunCheck(repository: string, run: number, by: string): void;
  /** The button "Re-run all checks" of a suite. */
  rerunSuite(repository: string, suite: number, by: string): Promise<void>;
  /** A button that an App has put on its check. */
  pressButton(repository: string, run: number, identifier: string, by: string): void;
  /** "Merge when ready": puts a pull request into the merge queue of its base. */
  enqueueMerge(repository: string, number: number, by: string): Promise<void>;
}

export function createPeople(world: World): People {
  return {
    createUser: (login, profile) => createUser(world, login, profile),
    createOrganization: (login, people) => createOrganization(world, login, people),
    createRepository: (options) => createRepository(world, options),
    createApp: (options) => createApp(world, options),
    installApp: (app, owner, repositories) => installApp(world, app, owner, repositories),
    changeInstallation: ({ id }, change) => changeInstallation(world, id, change),
    changePermissions: ({ id }, wanted) => changePermissions(world, id, wanted),
    setWebhookUrl: ({ id }, url) => void (known(world.apps.get(id), 'App').webhookUrl = url),
    gitUrl: (repository, login) => gitUrl(world, repository, login),
    push: (repository, options) => push(world, repository, options),
    transferRepository: (repository, owner, by) =>
      transferRepository(
        world,
        repositoryOf(world, repository),
        accountOf(world, owner),
        accountOf(world, by),
      ),
    addSigningKey: (login, key) => void accountOf(world, login).signingKeys.push(key),
    rerunCheck: (repository, id, by) => {
      const run = known(repositoryOf(world, repository).checkRuns.get(id), 'check run');
      askRunsApp(world, run, accountOf(world, by), { action: 'rerequested' });
    },
    rerunSuite: (repository, id, by) => {
      const suite = known(repositoryOf(world, repository).checkSuites.get(id), 'check suite');
      return rerequestSuite(world, suite, accountOf(world, by));
    },
    pressButton: (repository, id, identifier, by) => {
      const run = known(repositoryOf(world, repository).checkRuns.get(id), 'check run');
      const event = { action: 'requested_action', identifier } as const;
      askRunsApp(world, run, accountOf(world, by), event);
    },
    enqueueMerge: (repository, number, by) => {
      const issue = known(repositoryOf(world, repository).issues.get(number), 'pull request');
      return enqueuePull(world, issue as PullIssue, accountOf(world, by));
    },
  };
}

/** A test that names what it never made is itself at fault. */
function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no such ${what} here.`);
  return value;
}

function accountOf(world: World, login: string): Account {
  return known(findAccount(world, login), `account ${login}`);
}

function repositoryOf(world: World, name: string): Repository {
  const [owner = '', repository = ''] = name.split('/');
  return known(findRepository(world, owner, repository), `repository ${name}`);
}

/** Tokens look like GitHub's and are the same in every run. */
function createToken(world: World, prefix: string): string {
  const digest = createHash('sha256')
    .update(`${prefix} ${world.nextId('token')}`)
    .digest('hex');
  return `${prefix}_${digest.slice(0, 36)}`;
}

function addAccount(
  world: World,
  login: string,
  type: Account['type'],
  profile: { name?: string; email?: string } = {},
): Account {
  if (findAccount(world, login) !== undefined) throw new Error(`${login} exists already.`);
  const account: Account = {
    id: world.nextId('account'),
    login,
    type,
    name: profile.name ?? null,
    email: profile.email ?? null,
    createdAt: timestamp(world),
    members: new Map(),
    signingKeys: [],
    rulesets: new Map(),
  };
  world.accounts.set(account.id, account);
  return account;
}

function createUser(
  world: World,
  login: string,
  profile?: { name?: string; email?: string },
): User {
  const account = addAccount(world, login, 'User', profile);
  const token = createToken(world, 'ghp');
  world.tokens.set(token, { kind: 'user', account });
  return { login, id: account.id, token, email: account.email ?? noreplyAddress(account) };
}

function createOrganization(
  world: World,
  login: string,
  people: { admins?: readonly string[]; members?: readonly string[] } = {},
): { login: string; id: number } {
  const account = addAccount(world, login, 'Organization');
  for (const member of people.members ?? [])
    account.members.set(accountOf(world, member).id, 'member');
  for (const admin of people.admins ?? []) account.members.set(accountOf(world, admin).id, 'admin');
  return { login, id: account.id };
}

async function createRepository(
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

const KEY_BITS = 2_048;

async function createApp(world: World, options: AppOptions): Promise<RegisteredApp> {
  const privateKey = options.privateKey ?? (await createPrivateKey());
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  const id = world.nextId('app');
  const app: App = {
    id,
    slug: options.slug,
    name: options.slug,
    clientId: `Iv23li${String(id).padStart(14, '0')}`,
    owner:
      options.owner === undefined
        ? addAccount(world, options.slug, 'Organization')
        : accountOf(world, options.owner),
    bot: addAccount(world, `${options.slug}[bot]`, 'Bot'),
    publicKey: publicKey.toString(),
    createdAt: timestamp(world),
    permissions: options.permissions,
    events: options.events,
    webhookUrl: options.webhookUrl,
    webhookSecret: options.webhookSecret ?? '',
  };
  world.apps.set(id, app);
  const { slug, clientId, bot } = app;
  return { id, slug, clientId, privateKey, botUserId: bot.id };
}

/** GitHub hands out keys in the older PKCS #1 form. */
async function createPrivateKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}

function installApp(
  world: World,
  { id: appId }: { readonly id: number },
  owner: string,
  names?: readonly string[],
): { id: number } {
  const app = known(world.apps.get(appId), 'App');
  const id = world.nextId('installation');
  const ids = names?.map((name) => repositoryOf(world, `${owner}/${name}`).id);
  const installation: Installation = {
    id,
    app,
    account: accountOf(world, owner),
    repositories: ids === undefined ? 'all' : new Set(ids),
    permissions: app.permissions,
    events: app.events,
    createdAt: timestamp(world),
    suspendedAt: null,
    suspendedBy: null,
  };
  world.installations.set(id, installation);
  emitInstallation(world, installation, 'created');
  return { id };
}

function changeInstallation(
  world: World,
  id: number,
  change: { add?: readonly string[]; remove?: readonly string[] },
): void {
  const installation = known(world.installations.get(id), 'installation');
  const { repositories, account } = installation;
  if (repositories === 'all') throw new Error('The installation has all repositories.');
  const find = (name: string) => repositoryOf(world, `${account.login}/${name}`);
  const added = (change.add ?? []).map(find);
  const removed = (change.remove ?? []).map(find);
  for (const repository of added) repositories.add(repository.id);
  for (const repository of removed) repositories.delete(repository.id);
  if (added.length > 0) {
    emitInstallationRepositories(world, installation, { added, removed: [] });
  }
  if (removed.length > 0) {
    emitInstallationRepositories(world, installation, { added: [], removed });
  }
}

function changePermissions(
  world: World,
  id: number,
  wanted: { permissions: Permissions; events?: readonly string[] },
): void {
  const app = known(world.apps.get(id), 'App');
  app.permissions = wanted.permissions;
  app.events = wanted.events ?? app.events;
  for (const installation of world.installations.values()) {
    if (installation.app !== app) continue;
    installation.permissions = app.permissions;
    installation.events = app.events;
    emitInstallation(world, installation, 'new_permissions_accepted');
  }
}

function gitUrl(world: World, repository: string, login?: string): string {
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

async function push(world: World, name: string, options: PushOptions): Promise<string> {
  const repository = repositoryOf(world, name);
  const { git } = repository;
  const by = accountOf(world, options.by);
  const ref = `refs/heads/${options.branch}`;
  const before = git.refs.get(ref);
  const start = `refs/heads/${options.from ?? repository.defaultBranch}`;
  const after = await commitFiles(git, {
    files: options.files,
    message: options.message ?? `Change ${Object.keys(options.files).join(', ')}`,
    author: gitIdentityOf(by),
    date: world.now(),
    parent: before ?? git.refs.get(start),
  });
  setRef(git, ref, after);
  await refChanged(world, repository, { ref, before, after }, by);
  return after;
}
