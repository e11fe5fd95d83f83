import { canSee } from '../http/access.ts';
import { requireAccount } from '../http/authentication.ts';
import { rateLimitOf } from '../http/rate-limit.ts';
import type { Repository } from '../state/model.ts';
import { findRepository } from '../state/world.ts';
import { connectionTypes, pageInfoType } from './connections.ts';
import { findNode, typeOfNode } from './nodes.ts';
import {
  type Arguments,
  FieldError,
  type QueryContext,
  type Schema,
  type TypeDefinition,
  field,
} from './schema.ts';
import { accountTypes } from './types/accounts.ts';
import { commitTypes } from './types/commits.ts';
import { mutationTypes } from './types/mutations.ts';
import { pullTypes } from './types/pulls.ts';
import { repositoryTypes } from './types/repositories.ts';
import { reviewTypes } from './types/reviews.ts';

function repositoryByName({ owner, name }: Arguments, { world, actor }: QueryContext): Repository {
  const repository = findRepository(world, String(owner), String(name));
  if (repository !== undefined && canSee(actor, repository)) return repository;
  const label = `${String(owner)}/${String(name)}`;
  const message = `Could not resolve to a Repository with the name '${label}'.`;
  throw new FieldError('NOT_FOUND', message);
}

async function nodeById({ id }: Arguments, context: QueryContext) {
  const node = await findNode(context, String(id));
  if (node !== undefined) return node;
  const message = `Could not resolve to a node with the global id of '${String(id)}'`;
  throw new FieldError('NOT_FOUND', message);
}

type RateLimit = ReturnType<typeof rateLimitOf>;

const queryType: TypeDefinition = {
  fields: {
    viewer: field('User!', (_, __, { actor }) => requireAccount(actor)),
    repository: field('Repository', (_, args, context) => repositoryByName(args, context), {
      owner: 'String!',
      name: 'String!',
      followRenames: 'Boolean',
    }),
    node: field('Node', (_, args, context) => nodeById(args, context), { id: 'ID!' }),
    rateLimit: field('RateLimit', (_, __, { world, actor }) =>
      rateLimitOf(world, actor, 'graphql'),
    ),
  },
};

const rateLimitType: TypeDefinition = {
  fields: {
    cost: field('Int!', () => 1),
    limit: field<RateLimit>('Int!', ({ limit }) => limit),
    remaining: field<RateLimit>('Int!', ({ remaining }) => remaining),
    used: field<RateLimit>('Int!', ({ used }) => used),
    resetAt: field<RateLimit>('DateTime!', ({ reset }) => new Date(reset * 1000).toISOString()),
  },
};

const PAGED = [
  ...['Commit', 'IssueComment', 'PullRequest', 'PullRequestChangedFile', 'PullRequestCommit'],
  ...['PullRequestReview', 'PullRequestReviewComment', 'PullRequestReviewThread'],
];

const definitions: readonly [string, TypeDefinition][] = [
  ...accountTypes,
  ...commitTypes,
  ...pullTypes,
  ...repositoryTypes,
  ...reviewTypes,
  ...mutationTypes,
  ...PAGED.flatMap(connectionTypes),
  ['PageInfo', pageInfoType],
  ['Query', queryType],
  ['RateLimit', rateLimitType],
];

/** Whatever has a global id, which is all that `Node` tells of it. */
function nodeInterface(): TypeDefinition {
  const possible = definitions.filter(([, { fields }]) => 'id' in fields).map(([name]) => name);
  const id = field('ID!', (source, args, context) =>
    new Map(definitions).get(typeOfNode(source))?.fields.id?.resolve(source, args, context),
  );
  return { fields: { id }, possible, typeOf: typeOfNode };
}

/** The part of GitHub's schema that is answered here; all else is refused by name. */
export const schema: Schema = new Map([...definitions, ['Node', nodeInterface()]]);
