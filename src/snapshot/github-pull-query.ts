import type { Octokit } from '@octokit/rest';

import { RetryAfter } from '../model/errors.ts';
import type { MergeAllowance } from '../model/evidence.ts';
import type { RepositoryName } from './github.ts';
import type { PullRequest, Standing } from './pull-request.ts';

/** A head that was rebased lately has the tip of its base among so many of its newest commits. */
const HISTORY = 50;
/** More pull requests with one commit than this are asked for piece by piece. */
const MOST_PULLS = 20;

/** Classic protection, as every reader sees it. */
const RULE =
  'refUpdateRule { requiredApprovingReviewCount requiresLinearHistory requiresSignatures }';

const REPOSITORY =
  'id defaultBranchRef { name } mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed';

/**
 * A pull request, the tip of its base, its test merge with parents and trees: six answers of the
 * REST API in one. The commits are of what is asked for at that moment, so that they fit together.
 */
const PULL = `fragment pull on PullRequest {
  number state isDraft baseRefName headRefName headRefOid mergeable
  author { __typename login }
  baseRef { ${RULE} target { ... on Commit { oid tree { oid } } } }
  commits(last: 1) {
    nodes { commit { oid tree { oid } history(first: ${HISTORY}) { nodes { oid } } } }
  }
  potentialMergeCommit { oid tree { oid } parents(first: 3) { nodes { oid } } }
  reviewThreads(first: 1) { totalCount }
  repository { id }
}`;

const ONE = `query pull($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    ${REPOSITORY}
    pullRequest(number: $number) { ...pull }
  }
}
${PULL}`;

/** The numbers are our own: nothing of others gets into the text of a query. */
function aroundQuery(known: readonly number[]): string {
  const told = known.map((number) => `n${number}: pullRequest(number: ${number}) { ...pull }`);
  return `query pulls($owner: String!, $repo: String!, $head: GitObjectID!) {
  repository(owner: $owner, name: $repo) {
    ${REPOSITORY}
    object(oid: $head) {
      ... on Commit {
        associatedPullRequests(first: ${MOST_PULLS}) { totalCount nodes { ...pull } }
      }
    }
    ${told.join('\n    ')}
  }
}
${PULL}`;
}

interface CommitAnswer {
  readonly oid: string;
  readonly tree: { readonly oid: string };
}

interface PullAnswer {
  readonly number: number;
  readonly state: string;
  readonly isDraft: boolean;
  readonly baseRefName: string;
  readonly headRefName: string;
  readonly headRefOid: string;
  readonly mergeable: string;
  readonly author: { readonly __typename: string; readonly login: string } | null;
  readonly baseRef:
    | ({ readonly target: Partial<CommitAnswer> | null } & Pick<MergeAllowance, 'refUpdateRule'>)
    | null;
  readonly commits: {
    readonly nodes: readonly {
      readonly commit: CommitAnswer & { readonly history: Nodes<{ readonly oid: string }> };
    }[];
  };
  readonly potentialMergeCommit:
    (CommitAnswer & { readonly parents: Nodes<{ readonly oid: string }> }) | null;
  readonly reviewThreads: { readonly totalCount: number };
  readonly repository: { readonly id: string };
}

interface Nodes<T> {
  readonly nodes: readonly T[];
}

interface RepositoryAnswer extends Omit<MergeAllowance, 'refUpdateRule'> {
  readonly id: string;
  readonly defaultBranchRef: { readonly name: string } | null;
  /** GitHub did not tell about the protection of branches: not that there is none. */
  readonly isSilent?: true;
}

/** Numbers that one query names. */
const MOST_KNOWN = 10;

/** @returns undefined where GitHub does not tell it this way */
export async function queryPull(
  octokit: Pick<Octokit, 'graphql'>,
  name: RepositoryName,
  number: number,
): Promise<PullRequest | undefined> {
  const repository = await ask<RepositoryAnswer & { pullRequest: PullAnswer | null }>(
    octokit,
    ONE,
    { ...name, number },
  );
  return repository?.pullRequest ? toPullRequest(repository.pullRequest, repository) : undefined;
}

/** @returns undefined where GitHub does not tell it this way, or not all of it */
export async function queryPullsAround(
  octokit: Pick<Octokit, 'graphql'>,
  name: RepositoryName,
  head: string,
  known: readonly number[],
): Promise<readonly PullRequest[] | undefined> {
  if (known.length > MOST_KNOWN) return undefined;
  type Answer = RepositoryAnswer & {
    object: { associatedPullRequests?: Nodes<PullAnswer> & { totalCount: number } } | null;
  };
  const repository = await ask<Answer>(octokit, aroundQuery(known), { ...name, head });
  const found = repository?.object?.associatedPullRequests;
  if (!repository || !found || found.totalCount > found.nodes.length) return undefined;
  const named = repository as unknown as Readonly<Record<string, PullAnswer | null | undefined>>;
  const told = known.map((number) => named[`n${number}`]);
  const pulls = new Map<number, PullRequest>();
  for (const pull of [...found.nodes, ...told]) {
    if (!pull) return undefined;
    // A commit may stand in pull requests of forks and of what this is a fork of, too.
    if (pull.repository.id !== repository.id) continue;
    pulls.set(pull.number, toPullRequest(pull, repository));
  }
  return [...pulls.values()];
}

/**
 * What GraphQL refuses, as where a permission is missing, the REST API may answer in part; where
 * all of GitHub is away, it says so itself.
 */
async function ask<T extends object>(
  octokit: Pick<Octokit, 'graphql'>,
  query: string,
  variables: Record<string, unknown>,
): Promise<T | undefined> {
  try {
    const { repository } = await octokit.graphql<{ repository: T | null }>(query, variables);
    return repository ?? undefined;
  } catch (error) {
    if (error instanceof RetryAfter) throw error;
    const told = toldBeside(error, 'refUpdateRule') as { repository?: T | null } | undefined;
    return told?.repository ? { ...told.repository, isSilent: true } : undefined;
  }
}

/** GraphQL answers 200 and lists what went wrong beside what it tells. */
interface PartialAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly path?: readonly (string | number)[] }[];
}

/** What GraphQL told all the same, where it refused nothing but one field. */
function toldBeside(error: unknown, field: string): unknown {
  if (!(error instanceof Error && error.name === 'GraphqlResponseError')) return undefined;
  const { data, errors = [] } = error as PartialAnswer;
  const isAll = errors.length > 0 && errors.every(({ path = [] }) => path.at(-1) === field);
  return isAll ? (data ?? undefined) : undefined;
}

function toPullRequest(pull: PullAnswer, repository: RepositoryAnswer): PullRequest {
  const { author, mergeable, potentialMergeCommit: merge } = pull;
  const isKnown = mergeable !== 'UNKNOWN';
  const { defaultBranchRef, isSilent } = repository;
  const standing = standingOf(pull);
  const { mergeCommitAllowed, squashMergeAllowed, rebaseMergeAllowed } = repository;
  const mergeAllowance = pull.baseRef && {
    ...{ mergeCommitAllowed, squashMergeAllowed, rebaseMergeAllowed },
    refUpdateRule: pull.baseRef.refUpdateRule,
  };
  return {
    number: pull.number,
    isOpen: pull.state === 'OPEN',
    isDraft: pull.isDraft,
    baseBranch: pull.baseRefName,
    defaultBranch: defaultBranchRef?.name ?? pull.baseRefName,
    head: pull.headRefOid,
    headBranch: pull.headRefName,
    lineComments: pull.reviewThreads.totalCount,
    ...(author && { opener: loginOf(author) }),
    ...(isKnown && merge && { testMerge: merge.oid }),
    ...(isKnown && { isMergeable: mergeable === 'MERGEABLE' }),
    ...(standing && { standing }),
    ...(mergeAllowance && !isSilent && { mergeAllowance }),
  };
}

/** As the REST API writes it: GraphQL leaves off what tells a bot by its name. */
function loginOf({ __typename: type, login }: { __typename: string; login: string }): string {
  return type === 'Bot' ? `${login}[bot]` : login;
}

function standingOf(pull: PullAnswer): Standing | undefined {
  const { baseRef, headRefOid, potentialMergeCommit: merge, commits } = pull;
  const base = baseRef?.target;
  if (base?.oid === undefined || base.tree === undefined) return undefined;
  const own = commits.nodes.find(({ commit }) => commit.oid === headRefOid)?.commit;
  const trees = new Map([[base.oid, base.tree.oid]]);
  if (own) trees.set(own.oid, own.tree.oid);
  if (merge) trees.set(merge.oid, merge.tree.oid);
  return {
    tip: base.oid,
    isAhead: own?.history.nodes.some(({ oid }) => oid === base.oid) ?? false,
    ...(merge && { mergeParents: merge.parents.nodes.map(({ oid }) => oid) }),
    trees,
  };
}
