import { accountOf } from '../../http/authentication.ts';
import { renderAccount } from '../../render/accounts.ts';
import type { Account } from '../../state/model.ts';
import { type FieldDefinition, type TypeDefinition, field } from '../schema.ts';
import { typeOfNode } from '../nodes.ts';

/** GraphQL leaves `[bot]` off a bot's name; the REST API does not. */
function loginOf({ login, type }: Account): string {
  return type === 'Bot' ? login.replace(/\[bot\]$/, '') : login;
}

const actorFields: Record<string, FieldDefinition> = {
  login: field<Account>('String!', loginOf),
  url: field<Account>('URI!', (account, _, { world }) => renderAccount(world, account).html_url),
  avatarUrl: field<Account>(
    'URI!',
    (account, _, { world }) => renderAccount(world, account).avatar_url,
  ),
};

const accountFields: Record<string, FieldDefinition> = {
  ...actorFields,
  id: field<Account>('ID!', (account, _, { world }) => renderAccount(world, account).node_id),
  databaseId: field<Account>('Int', ({ id }) => id),
};

const userFields: Record<string, FieldDefinition> = {
  ...accountFields,
  name: field<Account>('String', ({ name }) => name),
  email: field<Account>('String!', ({ email }) => email ?? ''),
  isViewer: field<Account>('Boolean!', (account, _, { actor }) => account === accountOf(actor)),
};

export const accountTypes: readonly [string, TypeDefinition][] = [
  ['Actor', { fields: actorFields, possible: ['User', 'Bot', 'Organization'], typeOf: typeOfNode }],
  [
    'RepositoryOwner',
    { fields: accountFields, possible: ['User', 'Organization'], typeOf: typeOfNode },
  ],
  ['User', { fields: userFields }],
  ['Bot', { fields: accountFields }],
  [
    'Organization',
    { fields: { ...accountFields, name: field<Account>('String', ({ name }) => name) } },
  ],
];
