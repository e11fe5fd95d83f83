import { noreplyAddress } from '../render/commits.ts';
import type { Account } from '../state/model.ts';
import { type World, findAccount, timestamp } from '../state/world.ts';
import { accountOf, createToken } from './lookup.ts';

export interface User {
  readonly login: string;
  readonly id: number;
  /** A personal access token with all of the user's rights. */
  readonly token: string;
  /** The address under which the user commits. */
  readonly email: string;
}

export function addAccount(
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

export function createUser(
  world: World,
  login: string,
  profile?: { name?: string; email?: string },
): User {
  const account = addAccount(world, login, 'User', profile);
  const token = createToken(world, 'ghp');
  world.tokens.set(token, { kind: 'user', account });
  return { login, id: account.id, token, email: account.email ?? noreplyAddress(account) };
}

export function createOrganization(
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
