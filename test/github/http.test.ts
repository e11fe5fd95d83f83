import { afterEach, expect, test } from 'vitest';

import {
  type Fleet,
  REPOSITORY,
  clientOf,
  createReviewer,
  jwtOf,
  startFleet,
} from './example-fleet.ts';

let fleet: Fleet;

afterEach(async () => {
  await fleet.github.close();
});

test('what has not changed costs nothing', async () => {
  fleet = await startFleet();
  const { rest } = fleet.as('ada');
  const { headers } = await rest.repos.get(REPOSITORY);
  const again = rest.repos.get({ ...REPOSITORY, headers: { 'if-none-match': headers.etag ?? '' } });
  await expect(again).rejects.toMatchObject({
    status: 304,
    response: { headers: { 'x-ratelimit-used': headers['x-ratelimit-used'] } },
  });
  await rest.repos.update({ ...REPOSITORY, description: 'new' });
  const { status } = await rest.repos.get({
    ...REPOSITORY,
    headers: { 'if-none-match': headers.etag ?? '' },
  });
  expect(status).toBe(200);
});

test('the hour’s requests are counted, and end', async () => {
  let moment = new Date('2026-01-01T00:00:00Z');
  fleet = await startFleet({ limits: { requests: 2 }, now: () => moment });
  const { rest } = fleet.as('ada');
  const { headers } = await rest.repos.get(REPOSITORY);
  expect(headers).toMatchObject({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '1',
    'x-ratelimit-resource': 'core',
    'x-ratelimit-reset': String(Date.parse('2026-01-01T01:00:00Z') / 1000),
  });
  await rest.repos.get(REPOSITORY);
  const third = rest.repos.get(REPOSITORY);
  await expect(third).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  });
  // Others have their own, and to ask for the limit costs nothing.
  expect((await fleet.as('bob').rest.repos.get(REPOSITORY)).status).toBe(200);
  expect((await rest.rateLimit.get()).data.rate).toMatchObject({ limit: 2, used: 2, remaining: 0 });
  moment = new Date('2026-01-01T01:00:00Z');
  expect((await rest.repos.get(REPOSITORY)).status).toBe(200);
});

test('a list goes on from page to page', async () => {
  fleet = await startFleet();
  const { rest, paginate } = fleet.as('ada');
  for (let count = 1; count <= 5; count += 1) {
    await rest.issues.create({ ...REPOSITORY, title: `Issue ${count}` });
  }
  const first = await rest.issues.listForRepo({ ...REPOSITORY, per_page: 2 });
  expect(first.headers.link).toMatch(/page=2>; rel="next", <.*page=3>; rel="last"/);
  const all = await paginate(rest.issues.listForRepo, { ...REPOSITORY, per_page: 2 });
  expect(all.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
  expect(fleet.github.contractViolations).toEqual([]);
});

test('an Enterprise Server has another address and no limits', async () => {
  fleet = await startFleet({ baseUrlStyle: 'ghes' });
  const { github } = fleet;
  expect(github.url).toMatch(/\/api\/v3$/);
  const client = fleet.as('ada');
  const { headers, data } = await client.rest.repos.get(REPOSITORY);
  expect(headers).not.toHaveProperty('x-ratelimit-limit');
  expect(data.url).toBe(`${github.url}/repos/acme/fleet`);
  expect(data.html_url).toBe(`${github.htmlUrl}/acme/fleet`);
  // Octokit finds the other address by itself.
  await expect(client.graphql('{ viewer { login } }')).resolves.toEqual({
    viewer: { login: 'ada' },
  });
  const app = await createReviewer(github);
  expect((await clientOf(github, jwtOf(app)).rest.apps.getAuthenticated()).status).toBe(200);
  const outside = clientOf({ url: github.htmlUrl }, fleet.tokenOf('ada'));
  await expect(outside.rest.repos.get(REPOSITORY)).rejects.toMatchObject({ status: 404 });
  expect(github.contractViolations).toEqual([]);
});

test('the log tells who asked for what', async () => {
  fleet = await startFleet();
  const { github, as } = fleet;
  await as('ada').rest.pulls.list({ ...REPOSITORY, state: 'all' });
  await as('bob').graphql('query who { viewer { login } }');
  await fetch(`${github.url}/nowhere`, { method: 'POST', body: 'x' });
  expect(github.requests).toMatchObject([
    {
      method: 'GET',
      path: '/repos/acme/fleet/pulls?state=all',
      route: 'GET /repos/{owner}/{repo}/pulls',
      status: 200,
      actor: 'ada',
      responseBytes: 2,
    },
    { method: 'POST', route: 'POST /graphql', operation: 'who', status: 200, actor: 'bob' },
    {
      method: 'POST',
      path: '/nowhere',
      route: undefined,
      status: 400,
      actor: 'anonymous',
      requestBytes: 1,
    },
  ]);
});

test('nothing is left behind', async () => {
  fleet = await startFleet();
  const { github } = fleet;
  await github.close();
  await expect(fetch(github.url)).rejects.toThrow();
});
