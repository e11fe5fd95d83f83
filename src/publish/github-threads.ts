import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { Thread } from './conversation.ts';

type Client = Pick<Octokit, 'graphql'>;

/** A pull request's head and its threads, in one request for each hundred. */
const QUERY = `query threads($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      headRefOid
      state
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated viewerCanResolve path line startLine
          comments(first: 50) { nodes { ...said } }
          newest: comments(last: 50) { nodes { ...said } }
        }
      }
    }
  }
}
fragment said on PullRequestReviewComment {
  databaseId body originalCommit { oid }
  author { __typename ... on User { databaseId } ... on Bot { databaseId } }
}`;

interface Answer {
  readonly repository: {
    readonly pullRequest: {
      readonly headRefOid: string;
      readonly state: string;
      readonly reviewThreads: {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
        readonly nodes: readonly Node[];
      };
    } | null;
  } | null;
}

interface Node {
  readonly id: string;
  readonly isResolved: boolean;
  readonly isOutdated: boolean;
  readonly viewerCanResolve: boolean;
  readonly path: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly comments: { readonly nodes: readonly Said[] };
  /** The last of them: what lies between does not matter. */
  readonly newest: { readonly nodes: readonly Said[] };
}

interface Said {
  readonly databaseId: number | null;
  readonly body: string;
  readonly originalCommit: { readonly oid: string } | null;
  readonly author: { readonly databaseId?: number | null } | null;
}

export interface Conversation {
  /** Full object id of the pull request's head, when it is open. */
  readonly head: string | undefined;
  readonly threads: readonly Thread[];
}

/** More pages than a pull request can be talked about in. */
const MAX_PAGES = 30;

/** Reads the threads of a pull request. */
export async function readConversation(
  octokit: Client,
  pull: { readonly owner: string; readonly repo: string; readonly number: number },
): Promise<Conversation> {
  const threads: Thread[] = [];
  let after: string | null = null;
  let head: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer: Answer = await ask<Answer>(octokit, QUERY, { ...pull, after });
    const found = answer.repository?.pullRequest;
    if (!found) throw new Permanent('gone', 'GitHub does not find the pull request.');
    head = found.state === 'OPEN' ? found.headRefOid : undefined;
    threads.push(...found.reviewThreads.nodes.map(toThread));
    const { hasNextPage, endCursor } = found.reviewThreads.pageInfo;
    if (!hasNextPage) break;
    after = endCursor;
  }
  return { head, threads };
}

function toThread({ comments, newest, ...node }: Node): Thread {
  const early = new Set(comments.nodes.map(({ databaseId }) => databaseId));
  const late = newest.nodes.filter(({ databaseId }) => !early.has(databaseId));
  const { id, isResolved, isOutdated, viewerCanResolve, path, line, startLine } = node;
  return {
    id,
    isResolved,
    isOutdated,
    canResolve: viewerCanResolve,
    path,
    ...(line !== null && { line }),
    ...(startLine !== null && { startLine }),
    comments: [...comments.nodes, ...late].map(({ databaseId, body, author, originalCommit }) => ({
      id: databaseId ?? 0,
      author: author?.databaseId ?? 0,
      body,
      ...(originalCommit && { commit: originalCommit.oid }),
    })),
  };
}

const RESOLVE = `mutation resolve($id: ID!) {
  resolveReviewThread(input: { threadId: $id }) { thread { isResolved } }
}`;

/** @throws Permanent `forbidden` where GitHub does not let the App resolve it */
export async function resolveThread(octokit: Client, id: string): Promise<void> {
  await ask(octokit, RESOLVE, { id });
}

/** GraphQL answers 200 and lists what went wrong: told in our own errors, as REST's answers are. */
async function ask<T>(
  octokit: Client,
  query: string,
  variables: Record<string, unknown>,
): Promise<T> {
  try {
    return await octokit.graphql<T>(query, variables);
  } catch (error) {
    const types = typesOf(error);
    if (types.includes('FORBIDDEN') || types.includes('INSUFFICIENT_SCOPES')) {
      throw new Permanent('forbidden', 'GitHub does not allow it.', { cause: error });
    }
    if (types.includes('NOT_FOUND')) {
      throw new Permanent('gone', 'GitHub does not find it.', { cause: error });
    }
    throw error;
  }
}

function typesOf(error: unknown): string[] {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return [];
  return error.errors.map((one: { type?: unknown }) => String(one.type));
}
