import { readCommit, resolveCommit } from '../../git/store.ts';
import { findEntry } from '../../git/trees.ts';
import { roleOf } from '../../http/access.ts';
import { requirePullsRead } from '../access.ts';
import { htmlUrl } from '../../render/repositories.ts';
import type { BranchProtection, PullIssue, Repository } from '../../state/model.ts';
import { fullName, nodeId } from '../../state/world.ts';
import { connection } from '../connections.ts';
import type { CommitNode } from '../nodes.ts';
import { type FieldDefinition, FieldError, type TypeDefinition, field } from '../schema.ts';

interface Ref {
  readonly repository: Repository;
  readonly name: string;
}

interface Blob {
  readonly oid: string;
  readonly bytes: Buffer;
}

/** A branch by its name, or any reference by its whole name. */
export function refOf(repository: Repository, name: string): Ref | null {
  const ref = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  return repository.git.refs.has(ref) ? { repository, name: ref } : null;
}

async function targetOf({ repository, name }: Ref): Promise<CommitNode | null> {
  const id = await resolveCommit(repository.git, name, repository.defaultBranch);
  const commit = id === undefined ? undefined : await readCommit(repository.git, id);
  return commit === undefined ? null : { repository, commit };
}

/** `REVISION` or `REVISION:PATH`, as git writes them. */
async function objectOf(
  repository: Repository,
  expression: string,
): Promise<CommitNode | Blob | { oid: string } | null> {
  const [revision = '', path] = expression.split(/:(.*)/s);
  const node = await targetOf({ repository, name: revision });
  if (node === null || path === undefined) return node;
  const entry = await findEntry(repository.git.objects, node.commit.tree, path);
  const object = entry && (await repository.git.objects.read(entry.id));
  if (entry === undefined || object === undefined) return null;
  return object.type === 'blob' ? { oid: entry.id, bytes: object.bytes } : { oid: entry.id };
}

function kindOfObject(source: unknown): string {
  const object = source as object;
  if ('commit' in object) return 'Commit';
  return 'bytes' in object ? 'Blob' : 'Tree';
}

function pullByNumber({ issues }: Repository, number: unknown): PullIssue {
  const issue = issues.get(Number(number));
  if (issue?.pull !== undefined) return issue as PullIssue;
  const message = `Could not resolve to a PullRequest with the number of ${String(number)}.`;
  throw new FieldError('NOT_FOUND', message);
}

function listPulls(
  { issues }: Repository,
  { states, headRefName, baseRefName }: Readonly<Record<string, unknown>>,
): PullIssue[] {
  const wanted = Array.isArray(states) ? states : undefined;
  return [...issues.values()].filter((issue): issue is PullIssue => {
    const { pull } = issue;
    if (pull === undefined) return false;
    const state = pull.mergedAt === null ? issue.state.toUpperCase() : 'MERGED';
    if (wanted !== undefined && !wanted.includes(state)) return false;
    if (typeof baseRefName === 'string' && pull.baseRef !== baseRefName) return false;
    return typeof headRefName !== 'string' || pull.headRef === headRefName;
  });
}

const PULL_FILTERS = {
  states: '[PullRequestState!]',
  headRefName: 'String',
  baseRefName: 'String',
} as const;

const repositoryFields: Record<string, FieldDefinition> = {
  id: field<Repository>('ID!', ({ id }) => nodeId('R', id)),
  databaseId: field<Repository>('Int', ({ id }) => id),
  name: field<Repository>('String!', ({ name }) => name),
  nameWithOwner: field<Repository>('String!', fullName),
  owner: field<Repository>('RepositoryOwner!', ({ owner }) => owner),
  url: field<Repository>('URI!', (repository, _, { world }) => htmlUrl(world, repository)),
  isPrivate: field<Repository>('Boolean!', (repository) => repository.private),
  isArchived: field<Repository>('Boolean!', ({ archived }) => archived),
  isFork: field<Repository>('Boolean!', ({ parent }) => parent !== undefined),
  mergeCommitAllowed: field<Repository>('Boolean!', ({ settings }) => settings.allowMergeCommit),
  squashMergeAllowed: field<Repository>('Boolean!', ({ settings }) => settings.allowSquashMerge),
  rebaseMergeAllowed: field<Repository>('Boolean!', ({ settings }) => settings.allowRebaseMerge),
  viewerPermission: field<Repository>('RepositoryPermission', (repository, _, { actor }) =>
    actor.kind === 'user' ? roleOf(actor.account, repository)?.toUpperCase() : null,
  ),
  defaultBranchRef: field<Repository>('Ref', (repository) =>
    refOf(repository, repository.defaultBranch),
  ),
  ref: field<Repository>(
    'Ref',
    (repository, { qualifiedName }) => refOf(repository, String(qualifiedName)),
    { qualifiedName: 'String!' },
  ),
  object: field<Repository>(
    'GitObject',
    (repository, { oid, expression }) => objectOf(repository, String(oid ?? expression)),
    { oid: 'GitObjectID', expression: 'String' },
  ),
  pullRequest: field<Repository>(
    'PullRequest',
    (repository, { number }, { actor }) => {
      requirePullsRead(actor, repository);
      return pullByNumber(repository, number);
    },
    { number: 'Int!' },
  ),
  pullRequests: connection<Repository>('pullRequests', 'PullRequest', listPulls, PULL_FILTERS),
};

export const repositoryTypes: readonly [string, TypeDefinition][] = [
  ['Repository', { fields: repositoryFields }],
  [
    'Ref',
    {
      fields: {
        name: field<Ref>('String!', ({ name }) => name.replace(/^refs\/(heads|tags)\//, '')),
        prefix: field<Ref>('String!', ({ name }) => /^refs\/[^/]+\//.exec(name)?.[0]),
        target: field<Ref>('GitObject', targetOf),
        refUpdateRule: field<Ref>(
          'RefUpdateRule',
          ({ repository, name }) =>
            repository.protections.get(name.replace('refs/heads/', '')) ?? null,
        ),
      },
    },
  ],
  [
    'RefUpdateRule',
    {
      fields: {
        requiredApprovingReviewCount: field<BranchProtection>(
          'Int',
          ({ requiredReviews }) => requiredReviews ?? null,
        ),
        requiresLinearHistory: field<BranchProtection>(
          'Boolean!',
          ({ requiredLinearHistory }) => requiredLinearHistory,
        ),
        requiresSignatures: field<BranchProtection>(
          'Boolean!',
          ({ requiredSignatures }) => requiredSignatures,
        ),
      },
    },
  ],
  [
    'GitObject',
    {
      fields: {
        oid: field<CommitNode | Blob>('GitObjectID!', (object) =>
          'commit' in object ? object.commit.id : object.oid,
        ),
      },
      possible: ['Commit', 'Blob', 'Tree'],
      typeOf: kindOfObject,
    },
  ],
  [
    'Blob',
    {
      fields: {
        oid: field<Blob>('GitObjectID!', ({ oid }) => oid),
        byteSize: field<Blob>('Int!', ({ bytes }) => bytes.length),
        isBinary: field<Blob>('Boolean', ({ bytes }) => bytes.includes(0)),
        isTruncated: field<Blob>('Boolean!', () => false),
        text: field<Blob>('String', ({ bytes }) =>
          bytes.includes(0) ? null : bytes.toString('utf8'),
        ),
      },
    },
  ],
];
