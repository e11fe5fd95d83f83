import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Example, startExample } from './example-app.ts';
import { REPOSITORY } from './example-fleet.ts';

let example: Example;
let threadId: string;

beforeAll(async () => {
  example = await startExample();
  const { github, as } = example;
  await github.push('acme/fleet', {
    branch: 'scale',
    files: { 'apps/web.yaml': 'kind: Deployment\nspec:\n  replicas: 2\n' },
    by: 'ada',
  });
  const ada = as('ada').rest;
  await ada.pulls.create({ ...REPOSITORY, title: 'Scale', head: 'scale', base: 'main' });
  await as('bob').rest.pulls.createReview({
    ...REPOSITORY,
    pull_number: 1,
    event: 'COMMENT',
    comments: [{ path: 'apps/web.yaml', line: 3, body: 'Why two?' }],
  });
  await github.settled();
});

afterAll(async () => {
  await example.close();
  expect(example.github.contractViolations).toEqual([]);
});

const THREADS = `query threads($number: Int!) {
  repository(owner: "acme", name: "fleet") {
    pullRequest(number: $number) {
      reviewThreads(first: 10) {
        totalCount
        pageInfo { hasNextPage }
        nodes {
          id isResolved isOutdated path line viewerCanResolve
          comments(first: 1) { nodes { databaseId body author { __typename login ... on User { databaseId } } } }
        }
      }
    }
  }
}`;

interface Threads {
  repository: {
    pullRequest: {
      reviewThreads: { totalCount: number; nodes: { id: string; isResolved: boolean }[] };
    };
  };
}

test('review threads are listed with their comments', async () => {
  const data = await example.as('ada').graphql<Threads>(THREADS, { number: 1 });
  const { nodes, totalCount } = data.repository.pullRequest.reviewThreads;
  expect(totalCount).toBe(1);
  expect(nodes[0]).toMatchObject({
    isResolved: false,
    isOutdated: false,
    path: 'apps/web.yaml',
    line: 3,
    viewerCanResolve: true,
    comments: { nodes: [{ body: 'Why two?', author: { __typename: 'User', login: 'bob' } }] },
  });
  threadId = nodes[0]?.id ?? '';
});

test('an App without contents: write may not resolve a thread', async () => {
  const app = await example.asApp();
  const mutation = `mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }`;
  await expect(app.graphql(mutation, { id: threadId })).rejects.toMatchObject({
    errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    data: { resolveReviewThread: null },
  });
});

test('a person who may write resolves a thread, answers in it and opens it again', async () => {
  const { github, heard, as } = example;
  const ada = as('ada');
  heard.length = 0;
  const resolved = await ada.graphql(
    `mutation($id: ID!) {
      resolveReviewThread(input: { threadId: $id, clientMutationId: "x" }) {
        clientMutationId thread { isResolved resolvedBy { login } }
      }
    }`,
    { id: threadId },
  );
  expect(resolved).toEqual({
    resolveReviewThread: {
      clientMutationId: 'x',
      thread: { isResolved: true, resolvedBy: { login: 'ada' } },
    },
  });
  const replied = await ada.graphql(
    `mutation($id: ID!) {
      addPullRequestReviewThreadReply(input: { pullRequestReviewThreadId: $id, body: "Fixed" }) {
        comment { body replyTo { body } }
      }
    }`,
    { id: threadId },
  );
  expect(replied).toEqual({
    addPullRequestReviewThreadReply: { comment: { body: 'Fixed', replyTo: { body: 'Why two?' } } },
  });
  await ada.graphql(
    `mutation($id: ID!) { unresolveReviewThread(input: { threadId: $id }) { thread { id } } }`,
    { id: threadId },
  );
  await github.settled();
  expect(heard).toEqual([
    'pull_request_review_thread.resolved',
    'pull_request_review.submitted',
    'pull_request_review_comment.created',
    'pull_request_review_thread.unresolved',
  ]);
});

test('a comment is folded away with a reason', async () => {
  const ada = example.as('ada');
  const { data: comment } = await ada.rest.issues.createComment({
    ...REPOSITORY,
    issue_number: 1,
    body: 'Old news',
  });
  const minimized = await ada.graphql(
    `mutation($id: ID!) {
      minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
        minimizedComment { __typename isMinimized minimizedReason }
      }
    }`,
    { id: comment.node_id },
  );
  expect(minimized).toEqual({
    minimizeComment: {
      minimizedComment: {
        __typename: 'IssueComment',
        isMinimized: true,
        minimizedReason: 'outdated',
      },
    },
  });
});

test('commits beyond a page are reached by cursor', async () => {
  const { github, as } = example;
  for (let count = 1; count <= 3; count += 1) {
    await github.push('acme/fleet', { branch: 'long', files: { a: String(count) }, by: 'ada' });
  }
  const ada = as('ada');
  await ada.rest.pulls.create({ ...REPOSITORY, title: 'Long', head: 'long', base: 'main' });
  const query = `query($after: String) {
    repository(owner: "acme", name: "fleet") {
      pullRequest(number: 2) {
        commits(first: 2, after: $after) {
          totalCount
          pageInfo { hasNextPage endCursor }
          nodes { commit { oid signature { isValid } author { user { login } } } }
        }
      }
    }
  }`;
  interface Page {
    repository: {
      pullRequest: {
        commits: {
          totalCount: number;
          pageInfo: { hasNextPage: boolean; endCursor: string };
          nodes: { commit: { oid: string } }[];
        };
      };
    };
  }
  const first = (await ada.graphql<Page>(query)).repository.pullRequest.commits;
  expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  expect(first.nodes[0]?.commit).toMatchObject({
    signature: null,
    author: { user: { login: 'ada' } },
  });
  const after = first.pageInfo.endCursor;
  const second = (await ada.graphql<Page>(query, { after })).repository.pullRequest.commits;
  expect(second.nodes).toHaveLength(1);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test.each([
  [
    '{ repository(owner: "acme", name: "nothing") { id } }',
    "Could not resolve to a Repository with the name 'acme/nothing'.",
  ],
  ['{ viewer { shoeSize } }', "Field 'shoeSize' doesn't exist on type 'User'"],
  [
    '{ repository(owner: "acme") { id } }',
    "Field 'repository' is missing required arguments: name",
  ],
  [
    '{ viewer }',
    "Field must have selections (field 'viewer' returns User but has no selections. Did you mean 'viewer { ... }'?)",
  ],
  [
    '{ viewer { login { x } } }',
    "Selections can't be made on scalars (field 'login' returns String but has selections)",
  ],
  ['{ viewer(x: 1) { login } }', "Field 'viewer' doesn't accept argument 'x'"],
  ['{ node(id: $id) { id } }', 'Variable $id is used but not declared'],
  [
    'query($id: ID!) { node(id: $id) { id } }',
    'Variable $id of type ID! was provided invalid value',
  ],
  [
    '{ node(id: "PR_nonsense") { id } }',
    "Could not resolve to a node with the global id of 'PR_nonsense'",
  ],
  ['{ viewer { login }', 'Parse error: Expected a name, found end of input'],
  ['{ ...F } fragment F on Query { ...F }', 'Fragment F contains an infinite loop'],
  [
    '{ repository(owner: "acme", name: "fleet") { pullRequests { totalCount } } }',
    'You must provide a `first` or `last` value to properly paginate the `pullRequests` connection.',
  ],
  [
    '{ repository(owner: "acme", name: "fleet") { pullRequests(first: 101) { totalCount } } }',
    'Requesting 101 records on the `pullRequests` connection exceeds the `first` limit of 100 records.',
  ],
])('%s is refused: %s', async (query, message) => {
  await expect(example.as('ada').graphql(query)).rejects.toMatchObject({ errors: [{ message }] });
});
