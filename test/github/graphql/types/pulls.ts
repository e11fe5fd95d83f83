import { entryOf } from '../../domain/merge-queue.ts';
import { factsOf, pullCommits, pullFiles } from '../../domain/pull-facts.ts';
import { mergeableStateOf } from '../../domain/requirements.ts';
import { refreshTestMerge } from '../../domain/test-merge.ts';
import type { FileChange } from '../../git/diff.ts';
import { issuePage } from '../../render/issues.ts';
import type { Issue, PullIssue, QueueEntry } from '../../state/model.ts';
import { nodeId } from '../../state/world.ts';
import { connection } from '../connections.ts';
import { type CommitNode, commitNode } from '../nodes.ts';
import { type FieldDefinition, type TypeDefinition, field } from '../schema.ts';
import { refOf } from './repositories.ts';

/** A commit as part of a pull request. */
interface PullCommit {
  readonly number: number;
  readonly node: CommitNode;
}

/** Every commit of the pull request, also beyond the 250 that the REST API lists. */
async function commitsOf(issue: PullIssue): Promise<PullCommit[]> {
  const nodes = await Promise.all(
    (await pullCommits(issue)).map((id) => commitNode(issue.repository, id)),
  );
  return nodes.flatMap((node) => (node === null ? [] : [{ number: issue.number, node }]));
}

const issueFields: Record<string, FieldDefinition> = {
  number: field<Issue>('Int!', ({ number }) => number),
  title: field<Issue>('String!', ({ title }) => title),
  body: field<Issue>('String!', ({ body }) => body ?? ''),
  author: field<Issue>('Actor', ({ user }) => user),
  url: field<Issue>('URI!', (issue, _, { world }) => issuePage(world, issue)),
  createdAt: field<Issue>('DateTime!', ({ createdAt }) => createdAt),
  updatedAt: field<Issue>('DateTime!', ({ updatedAt }) => updatedAt),
  closed: field<Issue>('Boolean!', ({ state }) => state === 'closed'),
  closedAt: field<Issue>('DateTime', ({ closedAt }) => closedAt),
  locked: field<Issue>('Boolean!', ({ locked }) => locked),
  repository: field<Issue>('Repository!', ({ repository }) => repository),
  comments: connection<Issue>('comments', 'IssueComment', ({ comments }) => comments),
};

const MERGEABLE = new Map<boolean | null, string>([
  [null, 'UNKNOWN'],
  [true, 'MERGEABLE'],
  [false, 'CONFLICTING'],
]);

function stateOf({ state, pull }: PullIssue): string {
  if (pull.mergedAt !== null) return 'MERGED';
  return state.toUpperCase();
}

const pullFields: Record<string, FieldDefinition> = {
  ...issueFields,
  id: field<PullIssue>('ID!', ({ pull }) => nodeId('PR', pull.id)),
  databaseId: field<PullIssue>('Int', ({ pull }) => pull.id),
  fullDatabaseId: field<PullIssue>('BigInt', ({ pull }) => String(pull.id)),
  state: field<PullIssue>('PullRequestState!', stateOf),
  isDraft: field<PullIssue>('Boolean!', ({ pull }) => pull.draft),
  isCrossRepository: field<PullIssue>(
    'Boolean!',
    ({ pull, repository }) => pull.headRepository !== repository,
  ),
  headRefName: field<PullIssue>('String!', ({ pull }) => pull.headRef),
  headRefOid: field<PullIssue>('GitObjectID!', ({ pull }) => pull.headSha),
  baseRefName: field<PullIssue>('String!', ({ pull }) => pull.baseRef),
  baseRefOid: field<PullIssue>('GitObjectID!', ({ pull }) => pull.baseSha),
  baseRef: field<PullIssue>('Ref', ({ repository, pull }) => refOf(repository, pull.baseRef)),
  headRepository: field<PullIssue>('Repository', ({ pull }) => pull.headRepository),
  baseRepository: field<PullIssue>('Repository', ({ repository }) => repository),
  mergeable: field<PullIssue>('MergeableState!', (issue, _, { world }) => {
    refreshTestMerge(world, issue);
    return MERGEABLE.get(issue.pull.test.mergeable);
  }),
  mergeStateStatus: field<PullIssue>('MergeStateStatus!', (issue) =>
    mergeableStateOf(issue).toUpperCase(),
  ),
  potentialMergeCommit: field<PullIssue>('Commit', ({ repository, pull }) =>
    commitNode(repository, pull.test.mergeable === true ? pull.test.sha : null),
  ),
  merged: field<PullIssue>('Boolean!', ({ pull }) => pull.mergedAt !== null),
  mergedAt: field<PullIssue>('DateTime', ({ pull }) => pull.mergedAt),
  mergedBy: field<PullIssue>('Actor', ({ pull }) => pull.mergedBy),
  mergeCommit: field<PullIssue>('Commit', ({ repository, pull }) =>
    commitNode(repository, pull.mergeSha),
  ),
  isInMergeQueue: field<PullIssue>('Boolean!', (issue) => entryOf(issue) !== undefined),
  mergeQueueEntry: field<PullIssue>('MergeQueueEntry', entryOf),
  additions: field<PullIssue>('Int!', async (issue) => (await factsOf(issue)).additions),
  deletions: field<PullIssue>('Int!', async (issue) => (await factsOf(issue)).deletions),
  changedFiles: field<PullIssue>('Int!', async (issue) => (await factsOf(issue)).changedFiles),
  commits: connection<PullIssue>('commits', 'PullRequestCommit', commitsOf),
  files: connection<PullIssue>('files', 'PullRequestChangedFile', async (issue, _, { world }) =>
    (await pullFiles(issue)).slice(0, world.limits.pullFiles),
  ),
  reviews: connection<PullIssue>('reviews', 'PullRequestReview', ({ pull }) =>
    pull.reviews.filter(({ state }) => state !== 'PENDING'),
  ),
  reviewThreads: connection<PullIssue>(
    'reviewThreads',
    'PullRequestReviewThread',
    ({ pull }) => pull.threads,
  ),
};

const CHANGES: Record<string, string> = { removed: 'DELETED' };

export const pullTypes: readonly [string, TypeDefinition][] = [
  [
    'Issue',
    {
      fields: {
        ...issueFields,
        id: field<Issue>('ID!', ({ id }) => nodeId('I', id)),
        state: field<Issue>('IssueState!', ({ state }) => state.toUpperCase()),
      },
    },
  ],
  ['PullRequest', { fields: pullFields }],
  [
    'PullRequestCommit',
    {
      fields: {
        id: field<PullCommit>('ID!', ({ number, node }) =>
          nodeId('PURC', `${node.repository.id}:${number}:${node.commit.id}`),
        ),
        commit: field<PullCommit>('Commit!', ({ node }) => node),
      },
    },
  ],
  [
    'PullRequestChangedFile',
    {
      fields: {
        path: field<FileChange>('String!', ({ path }) => path),
        additions: field<FileChange>('Int!', ({ additions }) => additions),
        deletions: field<FileChange>('Int!', ({ deletions }) => deletions),
        changeType: field<FileChange>(
          'PatchStatus!',
          ({ status }) => CHANGES[status] ?? status.toUpperCase(),
        ),
      },
    },
  ],
  [
    'MergeQueueEntry',
    {
      fields: {
        id: field<QueueEntry>('ID!', ({ id }) => nodeId('MQE', id)),
        enqueuer: field<QueueEntry>('Actor!', ({ enqueuer }) => enqueuer),
        pullRequest: field<QueueEntry>('PullRequest', ({ issue }) => issue),
        headCommit: field<QueueEntry>('Commit', ({ issue, headSha }) =>
          commitNode(issue.repository, headSha),
        ),
      },
    },
  ],
];
