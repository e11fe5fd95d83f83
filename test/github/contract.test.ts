import { Octokit } from '@octokit/rest';
import { afterEach, describe, expect, test } from 'vitest';

import { watchContract } from './contract-hook.ts';
import { loadContract } from './contract.ts';
import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';
import { routes } from './routes.ts';

const contract = loadContract();

function check(method: string, path: string, body?: unknown) {
  const url = new URL(path, 'http://localhost');
  return contract
    .checkRequest({ method, path: url.pathname, query: url.searchParams, body })
    .map(({ kind, message }) => `${kind}: ${message}`);
}

const RUNS = '/repos/acme/fleet/check-runs';
const RUN = { name: 'Build', head_sha: 'abc' };

test.each<[string, string, string, unknown, string[]]>([
  ['a plain request', 'GET', '/repos/acme/fleet', undefined, []],
  ['a request with a query', 'GET', '/repos/acme/fleet/pulls?state=all&per_page=5', undefined, []],
  ['a request with a body', 'POST', RUNS, { ...RUN, conclusion: 'success' }, []],
  ['a ref with slashes', 'GET', '/repos/acme/fleet/git/ref/heads/a/b', undefined, []],
  ['the files’ root', 'GET', '/repos/acme/fleet/contents', undefined, []],
  [
    'an unknown path',
    'GET',
    '/repos/acme/fleet/nothing',
    undefined,
    ['unknown: no such operation in the slice of the description that we keep'],
  ],
  [
    'an unknown parameter',
    'GET',
    '/repos/acme/fleet/pulls?stat=all',
    undefined,
    ['unknown: there is no query parameter stat'],
  ],
  [
    'a wrong parameter',
    'GET',
    '/repos/acme/fleet/pulls?state=some',
    undefined,
    ['unknown: query parameter state must be equal to one of the allowed values'],
  ],
  [
    'a parameter of the wrong type',
    'GET',
    '/repos/acme/fleet/pulls?per_page=many',
    undefined,
    ['unknown: query parameter per_page must be integer'],
  ],
  [
    'an unknown property',
    'POST',
    RUNS,
    { ...RUN, colour: 'red' },
    ['unknown: there is no property colour'],
  ],
  [
    'a property of the wrong type',
    'POST',
    RUNS,
    { ...RUN, name: 1 },
    [`invalid: For 'properties/name', 1 is not a string.`],
  ],
  ['missing properties', 'POST', RUNS, {}, [`invalid: "name", "head_sha" weren't supplied.`]],
  ['no body', 'POST', RUNS, undefined, ['invalid: Body should be a JSON object']],
  [
    'a completed run without a conclusion',
    'POST',
    RUNS,
    { ...RUN, status: 'completed' },
    [`invalid: "conclusion" wasn't supplied.`],
  ],
  [
    'a date that is none',
    'POST',
    RUNS,
    { ...RUN, started_at: 'today' },
    [`invalid: For 'properties/started_at', must match format "date-time".`],
  ],
  [
    'a body that is not taken',
    'DELETE',
    '/repos/acme/fleet/issues/comments/1',
    { a: 1 },
    ['unknown: the operation takes no body'],
  ],
  [
    'a nested fault',
    'PATCH',
    `${RUNS}/1`,
    { output: { summary: 's', annotations: [{ path: 'x' }] } },
    [`invalid: "start_line", "end_line", "annotation_level", "message" weren't supplied.`],
  ],
])('%s', (_, method, path, body, messages) => {
  expect(check(method, path, body)).toEqual(messages);
});

describe('answers', () => {
  test('are held to the description', () => {
    const message = (status: number, body: unknown) =>
      contract
        .checkResponse('GET /repos/{owner}/{repo}/git/ref/{ref}', status, body)
        .map((one) => one.message);
    const ref = {
      ref: 'refs/heads/main',
      node_id: 'x',
      url: 'http://localhost/x',
      object: { type: 'commit', sha: 'a'.repeat(40), url: 'http://localhost/y' },
    };
    expect(message(200, ref)).toEqual([]);
    expect(message(200, { ...ref, url: 'nowhere' })).toEqual(['200: /url must match format "uri"']);
    expect(message(200, { ...ref, node_id: undefined })).toEqual([
      "200: / must have required property 'node_id'",
    ]);
    expect(message(201, ref)).toEqual(['201: no such answer is described']);
    expect(message(500, {})).toEqual([]);
  });

  test('without a body must have none', () => {
    const operation = 'DELETE /repos/{owner}/{repo}/git/refs/{ref}';
    expect(contract.checkResponse(operation, 204, undefined)).toEqual([]);
    expect(contract.checkResponse(operation, 204, {})).toHaveLength(1);
  });
});

test('webhooks are held to the description', () => {
  const messages = contract
    .checkWebhook('push', { ref: 'refs/heads/main' })
    .map(({ message }) => message);
  expect(messages).toContain("/ must have required property 'before'");
  expect(contract.checkWebhook('pull_request', { action: 'frobbed' })).toMatchObject([
    { operation: 'pull_request.frobbed', message: 'no such webhook is described' },
  ]);
});

test('every route is an operation that GitHub describes', () => {
  const unknown = routes
    .map(({ pattern }) => pattern)
    .filter((pattern) => !pattern.includes('/_'))
    .filter((pattern) => {
      const [method = '', path = ''] = pattern.split(' ');
      return contract.operationOf(method, path.replace(/\{\w+\+?\}/g, '1')) === undefined;
    });
  expect(unknown).toEqual([]);
});

describe('a watched client', () => {
  let fleet: Fleet;

  afterEach(async () => {
    await fleet.github.close();
  });

  test.each(['public', 'ghes'] as const)(
    'of the %s kind tells what it breaks',
    async (baseUrlStyle) => {
      fleet = await startFleet({ baseUrlStyle });
      const client = fleet.as('ada');
      const violations = watchContract(client);
      await client.rest.repos.get(REPOSITORY);
      await client.rest.issues.create({ ...REPOSITORY, title: 'Fine' });
      await client.graphql('{ viewer { login } }');
      expect(violations).toEqual([]);
      await client.request('GET /repos/{owner}/{repo}/pulls', { ...REPOSITORY, colour: 'red' });
      expect(violations).toMatchObject([
        {
          source: 'request',
          operation: 'GET /repos/{owner}/{repo}/pulls',
          message: 'there is no query parameter colour',
        },
      ]);
      // What the embedded GitHub heard, it noticed as well.
      expect(fleet.github.contractViolations).toEqual(violations);
    },
  );

  test('tells of answers that GitHub would not give', async () => {
    fleet = await startFleet();
    const client = new Octokit({
      request: {
        fetch: () => Promise.resolve(Response.json({ ref: 'refs/heads/main' }, { status: 200 })),
      },
    });
    const violations = watchContract(client);
    await client.rest.git.getRef({ ...REPOSITORY, ref: 'heads/main' });
    expect(violations.map(({ source, message }) => `${source}: ${message}`)).toEqual([
      "response: 200: / must have required property 'node_id'",
      "response: 200: / must have required property 'url'",
      "response: 200: / must have required property 'object'",
    ]);
  });
});
