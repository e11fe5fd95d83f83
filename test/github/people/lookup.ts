import { createHash } from 'node:crypto';

import type { Account, Repository } from '../state/model.ts';
import { type World, findAccount, findRepository } from '../state/world.ts';

/** A test that names what it never made is itself at fault. */
export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`There is no such ${what} here.`);
  return value;
}

export function accountOf(world: World, login: string): Account {
  return known(findAccount(world, login), `account ${login}`);
}

export function repositoryOf(world: World, name: string): Repository {
  const [owner = '', repository = ''] = name.split('/');
  return known(findRepository(world, owner, repository), `repository ${name}`);
}

/** Tokens look like GitHub's and are the same in every run. */
export function createToken(world: World, prefix: string): string {
  const digest = createHash('sha256')
    .update(`${prefix} ${world.nextId('token')}`)
    .digest('hex');
  return `${prefix}_${digest.slice(0, 36)}`;
}
