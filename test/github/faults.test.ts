import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';
import {
  cut,
  delay,
  failWith,
  garble,
  hang,
  primaryRateLimit,
  reset,
  secondaryRateLimit,
} from './faults.ts';

let fleet: Fleet;

beforeEach(async () => {
  fleet = await startFleet();
});

afterEach(async () => {
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

const PATH = '/repos/*/*';
const get = () => fleet.as('ada').rest.repos.get(REPOSITORY);

test.each([401, 403, 404, 409, 422, 500, 502, 503])(
  'answers %i as often as asked',
  async (status) => {
    fleet.github.faults.add({ method: 'GET', path: PATH, failure: failWith(status), times: 2 });
    await expect(get()).rejects.toMatchObject({ status });
    await expect(get()).rejects.toMatchObject({ status });
    expect((await get()).status).toBe(200);
    expect(fleet.github.requests.map((request) => request.status)).toEqual([status, status, 200]);
  },
);

test('lets some requests pass first, and counts its hits', async () => {
  const { faults } = fleet.github;
  const fault = faults.add({ path: PATH, failure: failWith(500), skip: 1, times: Infinity });
  expect((await get()).status).toBe(200);
  await expect(get()).rejects.toMatchObject({ status: 500 });
  await expect(get()).rejects.toMatchObject({ status: 500 });
  fault.remove();
  expect((await get()).status).toBe(200);
  expect(fault.hits()).toBe(2);
});

test('a request of another method or path is not touched', async () => {
  const { faults } = fleet.github;
  faults.add({ method: 'POST', path: PATH, failure: failWith(500) });
  faults.add({ path: '/repos/*', failure: failWith(500) });
  faults.add({ path: '/repos/**/pulls', failure: failWith(500) });
  expect((await get()).status).toBe(200);
  await expect(fleet.as('ada').rest.pulls.list(REPOSITORY)).rejects.toMatchObject({ status: 500 });
});

test('a write takes effect although its answer is lost', async () => {
  const { github, as } = fleet;
  const { issues } = as('ada').rest;
  const { data: issue } = await issues.create({ ...REPOSITORY, title: 'One' });
  const target = { ...REPOSITORY, issue_number: issue.number };
  github.faults.add({
    method: 'POST',
    path: '/repos/*/*/issues/*/comments',
    failure: failWith(502),
    when: 'after',
  });
  await expect(issues.createComment({ ...target, body: 'Once' })).rejects.toMatchObject({
    status: 502,
  });
  expect((await issues.listComments(target)).data).toHaveLength(1);
});

test('the limits carry GitHub’s headers', async () => {
  const { faults } = fleet.github;
  faults.add({ path: PATH, failure: primaryRateLimit(new Date('2026-01-01T00:00:00Z')) });
  await expect(get()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225600' } },
  });
  faults.add({ path: PATH, failure: secondaryRateLimit(60, 429) });
  await expect(get()).rejects.toMatchObject({
    status: 429,
    response: { headers: { 'retry-after': '60' } },
  });
  faults.add({ path: PATH, failure: secondaryRateLimit() });
  await expect(get()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('You have exceeded a secondary rate limit') as string,
  });
});

test.each([
  ['reset', reset],
  ['cut off', cut],
])('a connection is %s', async (_, failure) => {
  fleet.github.faults.add({ path: PATH, failure });
  const url = `${fleet.github.url}/repos/acme/fleet`;
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect((await fetch(url)).status).toBe(200);
});

test('an answer’s JSON ends in the middle', async () => {
  fleet.github.faults.add({ path: PATH, failure: garble });
  const response = await fetch(`${fleet.github.url}/repos/acme/fleet`);
  const text = await response.text();
  expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
});

test('an answer that never comes ends with its caller, or with GitHub', async () => {
  fleet.github.faults.add({ path: PATH, failure: hang, times: 2 });
  const url = `${fleet.github.url}/repos/acme/fleet`;
  const controller = new AbortController();
  const impatient = fetch(url, { signal: controller.signal });
  controller.abort();
  await expect(impatient).rejects.toThrow();
  const patient = expect(fetch(url)).rejects.toThrow();
  while (!fleet.github.requests.some(({ status }) => status === 0)) await sleep(5);
  await fleet.github.close();
  await patient;
});

test('a slow answer is the real one', async () => {
  fleet.github.faults.add({ path: PATH, failure: delay(5) });
  expect((await get()).data.name).toBe('fleet');
});

test('a test merge is held until it is let go', async () => {
  const { github, as } = fleet;
  const { pulls } = as('ada').rest;
  const release = github.faults.holdTestMerges();
  await github.push('acme/fleet', { branch: 'x', files: { x: 'x' }, by: 'ada' });
  await pulls.create({ ...REPOSITORY, title: 'x', head: 'x', base: 'main' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  const { data: early } = await pulls.get(pull);
  expect(early).toMatchObject({
    mergeable: null,
    mergeable_state: 'unknown',
    merge_commit_sha: null,
  });
  release();
  await github.settled();
  expect((await pulls.get(pull)).data.mergeable).toBe(true);
});
