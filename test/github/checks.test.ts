import type { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  type Fleet,
  REPOSITORY,
  clientOfInstallation,
  createReviewer,
  startFleet,
} from './example-fleet.ts';
import type { RegisteredApp } from './people/apps.ts';

let fleet: Fleet;
let app: RegisteredApp;
let checks: Octokit['rest']['checks'];
let sha: string;

beforeEach(async () => {
  fleet = await startFleet();
  const { github } = fleet;
  app = await createReviewer(github);
  github.setWebhookUrl(app, 'http://127.0.0.1:9/');
  const installation = github.installApp(app, 'acme');
  checks = (await clientOfInstallation(github, app, installation)).rest.checks;
  sha = await github.push('acme/fleet', { branch: 'topic', files: { x: 'x' }, by: 'ada' });
});

afterEach(async () => {
  await fleet.github.close();
});

const told = () =>
  fleet.github
    .deliveries(app)
    .filter(({ event }) => event.startsWith('check_'))
    .map(({ event, action }) => `${event}.${action ?? ''}`);

const annotation = (line: number) => ({
  path: 'x',
  start_line: line,
  end_line: line,
  annotation_level: 'warning' as const,
  message: `Line ${line}`,
});

test('a run is queued, goes on and ends', async () => {
  const { data: queued } = await checks.create({
    ...REPOSITORY,
    name: 'Build',
    head_sha: sha,
    external_id: 'x-1',
  });
  expect(queued).toMatchObject({
    status: 'queued',
    conclusion: null,
    external_id: 'x-1',
    app: { slug: 'reviewer' },
  });
  const run = { ...REPOSITORY, check_run_id: queued.id };
  const { data: running } = await checks.update({ ...run, status: 'in_progress' });
  expect(running).toMatchObject({ status: 'in_progress', completed_at: null });
  const output = { title: 'Done', summary: 'All well.' };
  const { data: done } = await checks.update({ ...run, conclusion: 'neutral', output });
  expect(done).toMatchObject({ status: 'completed', conclusion: 'neutral', output });
  expect(told()).toEqual([
    ...['check_suite.requested', 'check_run.created'],
    ...['check_run.completed', 'check_suite.completed'],
  ]);
  const { data: suites } = await checks.listSuitesForRef({ ...REPOSITORY, ref: 'topic' });
  expect(suites.check_suites).toMatchObject([
    { status: 'completed', conclusion: 'neutral', head_branch: 'topic' },
  ]);
  expect(fleet.github.contractViolations).toEqual([]);
});

test('annotations come fifty at a time and add up', async () => {
  const fifty = Array.from({ length: 50 }, (_, index) => annotation(index + 1));
  const { data } = await checks.create({
    ...REPOSITORY,
    name: 'Build',
    head_sha: sha,
    output: { title: 't', summary: 's', annotations: fifty },
  });
  const run = { ...REPOSITORY, check_run_id: data.id };
  const output = { title: 't', summary: 's' };
  await checks.update({ ...run, output: { ...output, annotations: [annotation(51)] } });
  const { data: page } = await checks.listAnnotations({ ...run, per_page: 100 });
  expect(page).toHaveLength(51);
  expect(page[50]).toMatchObject({ message: 'Line 51', start_column: null });
  expect(fleet.github.contractViolations).toEqual([]);
  const many = checks.update({
    ...run,
    output: { ...output, annotations: [...fifty, annotation(51)] },
  });
  await expect(many).rejects.toMatchObject({
    status: 422,
    response: {
      data: { message: 'Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied.' },
    },
  });
  expect((await checks.get(run)).data.output.annotations_count).toBe(51);
});

test.each<[string, Record<string, unknown>, string]>([
  ['completed without a conclusion', { status: 'completed' }, `"conclusion" wasn't supplied.`],
  [
    'an unknown conclusion',
    { conclusion: 'fine' },
    `For 'properties/conclusion', "fine" is not a member of ["action_required","cancelled","failure","neutral","success","skipped","stale","timed_out"].`,
  ],
  [
    'too long a summary',
    { output: { title: 't', summary: 'x'.repeat(65_536) } },
    'Only 65535 characters are allowed; 65536 were supplied.',
  ],
  [
    'four buttons',
    {
      actions: ['a', 'b', 'c', 'd'].map((name) => ({
        label: name,
        description: name,
        identifier: name,
      })),
    },
    'No more than 3 items are allowed; 4 were supplied.',
  ],
  [
    'too long a label',
    { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] },
    'Only 20 characters are allowed; 21 were supplied.',
  ],
  ['an output without a summary', { output: { title: 't' } }, `"summary" wasn't supplied.`],
  ['no name', { name: undefined }, `"name" wasn't supplied.`],
])('%s is refused', async (_, fields, message) => {
  const wanted = { ...REPOSITORY, name: 'Build', head_sha: sha, ...fields };
  await expect(checks.create(wanted)).rejects.toMatchObject({
    status: 422,
    response: { data: { message: `Invalid request.\n\n${message}` } },
  });
  expect(fleet.github.contractViolations).toMatchObject([{ source: 'request', message }]);
  expect((await checks.listForRef({ ...REPOSITORY, ref: sha })).data.total_count).toBe(0);
});

test('a run of an unknown commit is refused', async () => {
  const head_sha = '1'.repeat(40);
  await expect(checks.create({ ...REPOSITORY, name: 'Build', head_sha })).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining(`No commit found for SHA: ${head_sha}`) as string,
  });
});

test('the newest run of a name is listed, the others on request', async () => {
  const wanted = { ...REPOSITORY, name: 'Build', head_sha: sha, status: 'completed' as const };
  await checks.create({ ...wanted, conclusion: 'failure' });
  await checks.create({ ...wanted, conclusion: 'success' });
  await checks.create({ ...wanted, name: 'Other', conclusion: 'skipped' });
  const { data: latest } = await checks.listForRef({ ...REPOSITORY, ref: sha });
  expect(latest.check_runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Other', 'skipped'],
    ['Build', 'success'],
  ]);
  const { data: all } = await checks.listForRef({ ...REPOSITORY, ref: sha, filter: 'all' });
  expect(all.total_count).toBe(3);
  const { data: named } = await checks.listForRef({
    ...REPOSITORY,
    ref: 'topic',
    check_name: 'Build',
  });
  expect(named.total_count).toBe(1);
  expect(fleet.github.contractViolations).toEqual([]);
});

test('only its own App changes a run', async () => {
  const { github } = fleet;
  const { data: run } = await checks.create({ ...REPOSITORY, name: 'Build', head_sha: sha });
  const other = await github.createApp({
    slug: 'stranger',
    permissions: { checks: 'write' },
    events: [],
    privateKey: app.privateKey,
  });
  const installation = github.installApp(other, 'acme');
  const stranger = (await clientOfInstallation(github, other, installation)).rest.checks;
  const change = stranger.update({ ...REPOSITORY, check_run_id: run.id, name: 'Mine' });
  await expect(change).rejects.toMatchObject({ status: 403 });
});

test('people ask for a run, a suite or an action again', async () => {
  const { github } = fleet;
  const { data: run } = await checks.create({
    ...REPOSITORY,
    name: 'Build',
    head_sha: sha,
    conclusion: 'failure',
    actions: [{ label: 'Explain', description: 'Say more', identifier: 'explain' }],
  });
  const suite = run.check_suite?.id ?? 0;
  github.rerunCheck('acme/fleet', run.id, 'bob');
  await github.rerunSuite('acme/fleet', suite, 'bob');
  github.pressButton('acme/fleet', run.id, 'explain', 'bob');
  const asked = github.deliveries(app).slice(-3);
  expect(
    asked.map(({ event, action, payload }) => [
      event,
      action,
      (payload.sender as { login: string }).login,
    ]),
  ).toEqual([
    ['check_run', 'rerequested', 'bob'],
    ['check_suite', 'rerequested', 'bob'],
    ['check_run', 'requested_action', 'bob'],
  ]);
  expect(asked[2]?.payload).toMatchObject({ requested_action: { identifier: 'explain' } });
  const { data } = await checks.getSuite({ ...REPOSITORY, check_suite_id: suite });
  expect(data).toMatchObject({ status: 'queued', conclusion: null });
  expect(fleet.github.contractViolations).toEqual([]);
});

test('a check belongs to the pull requests of its own repository only', async () => {
  const { github, as } = fleet;
  await as('ada').rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  await as('eve').rest.repos.createFork(REPOSITORY);
  const foreign = await github.push('eve/fleet', { branch: 'y', files: { y: 'y' }, by: 'eve' });
  await as('eve').rest.pulls.create({ ...REPOSITORY, title: 'y', head: 'eve:y', base: 'main' });
  const { data: own } = await checks.create({ ...REPOSITORY, name: 'Build', head_sha: sha });
  const { data: forked } = await checks.create({ ...REPOSITORY, name: 'Build', head_sha: foreign });
  expect(own.pull_requests.map(({ number }) => number)).toEqual([1]);
  expect(forked.pull_requests).toEqual([]);
  expect(github.contractViolations).toEqual([]);
});

test('a failing check makes a pull request unstable, not blocked', async () => {
  const { github, as } = fleet;
  const { pulls } = as('ada').rest;
  await pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  await checks.create({ ...REPOSITORY, name: 'Build', head_sha: sha, conclusion: 'failure' });
  await github.settled();
  const { data } = await pulls.get({ ...REPOSITORY, pull_number: 1 });
  expect(data).toMatchObject({ mergeable: true, mergeable_state: 'unstable' });
});
