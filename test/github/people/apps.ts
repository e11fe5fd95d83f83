import { createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

import type { App, Installation, Permissions } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emitInstallation, emitInstallationRepositories } from '../webhooks/emit.ts';
import { accountOf, known, repositoryOf } from './lookup.ts';
import { addAccount } from './sign-up.ts';

export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  /** PEM, as downloaded from GitHub. */
  readonly privateKey: string;
  /** Of the account `SLUG[bot]` that writes the App's comments. */
  readonly botUserId: number;
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

const KEY_BITS = 2_048;

export async function createApp(world: World, options: AppOptions): Promise<RegisteredApp> {
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

export function installApp(
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

export function changeInstallation(
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

export function changePermissions(
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
