import { canSee } from '../http/access.ts';
import { readCommit } from '../git/store.ts';
import type { Commit } from '../git/commit-object.ts';
import type {
  Account,
  Issue,
  IssueComment,
  PullIssue,
  Repository,
  Review,
  ReviewComment,
  ReviewThread,
} from '../state/model.ts';
import { fromNodeId } from '../state/world.ts';
import { FieldError, type QueryContext } from './schema.ts';

/** A commit knows its repository here: the same one may stand in several. */
export interface CommitNode {
  readonly repository: Repository;
  readonly commit: Commit;
}

export async function commitNode(
  repository: Repository,
  id: string | null,
): Promise<CommitNode | null> {
  const commit = id === null ? undefined : await readCommit(repository.git, id);
  return commit === undefined ? null : { repository, commit };
}

export type GraphqlNode =
  | Account
  | Repository
  | Issue
  | PullIssue
  | IssueComment
  | Review
  | ReviewThread
  | ReviewComment
  | CommitNode;

/** The GraphQL type of an object, told by what it has. */
export function typeOfNode(source: unknown): string {
  const node = source as GraphqlNode;
  if ('login' in node) return node.type;
  if ('git' in node) return 'Repository';
  if ('commit' in node) return 'Commit';
  if ('anchor' in node) return 'PullRequestReviewThread';
  if ('thread' in node) return 'PullRequestReviewComment';
  if ('commitId' in node) return 'PullRequestReview';
  if ('number' in node) return node.pull === undefined ? 'Issue' : 'PullRequest';
  return 'IssueComment';
}

/** Finds an object by its global id, among those that the actor sees. */
export async function findNode(
  context: QueryContext,
  id: string,
): Promise<GraphqlNode | undefined> {
  const { world, actor } = context;
  for (const prefix of ['U', 'O', 'BOT']) {
    const account = fromNodeId(prefix, id);
    if (account !== undefined) return world.accounts.get(Number(account));
  }
  const repositories = [...world.repositories.values()].filter((one) => canSee(actor, one));
  const own = fromNodeId('R', id);
  if (own !== undefined) return repositories.find((one) => String(one.id) === own);
  const commit = fromNodeId('C', id);
  if (commit !== undefined) return findCommit(repositories, commit);
  for (const { issues } of repositories) {
    for (const issue of issues.values()) {
      const found = findInIssue(issue, id);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

async function findCommit(
  repositories: readonly Repository[],
  id: string,
): Promise<CommitNode | undefined> {
  const [repositoryId, sha = ''] = id.split(':');
  const repository = repositories.find((one) => String(one.id) === repositoryId);
  const commit = repository && (await readCommit(repository.git, sha));
  return repository === undefined || commit === undefined ? undefined : { repository, commit };
}

function findInIssue(issue: Issue, id: string): GraphqlNode | undefined {
  const by = (prefix: string) => {
    const wanted = fromNodeId(prefix, id);
    return (one: { readonly id: number }) => String(one.id) === wanted;
  };
  const comment = issue.comments.find(by('IC'));
  if (comment !== undefined) return comment;
  const { pull } = issue;
  if (pull === undefined) return by('I')(issue) ? issue : undefined;
  if (by('PR')(pull)) return issue;
  const threads = pull.threads;
  return (
    threads.find(by('PRRT')) ??
    threads.flatMap(({ comments }) => comments).find(by('PRRC')) ??
    pull.reviews.find(by('PRR'))
  );
}

/** The object of one type behind an id that a mutation names. */
export async function requireNode<T extends GraphqlNode>(
  context: QueryContext,
  id: unknown,
  ...types: string[]
): Promise<T> {
  const node = typeof id === 'string' ? await findNode(context, id) : undefined;
  if (node !== undefined && types.includes(typeOfNode(node))) return node as T;
  const message = `Could not resolve to a node with the global id of '${String(id)}'`;
  throw new FieldError('NOT_FOUND', message);
}
