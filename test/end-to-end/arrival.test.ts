import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { failWith, hang } from '../github/faults.ts';
import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };
const FILE = 'apps/base/podinfo/service.yaml';
const BROKEN = { [FILE]: 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: podinfo\n' };
const CALM = { 'README.md': 'Only words.\n' };

let stage: Stage;
/** What the App logged. */
let log: Readonly<Record<string, unknown>>[];

async function begin(options: Parameters<typeof setStage>[0] = {}): Promise<void> {
  log = [];
  stage = await setStage({
    logLevel: 'info',
    log: (line) => log.push(JSON.parse(line) as Record<string, unknown>),
    ...options,
  });
  await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
}

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

async function open(branch: string, files: Record<string, string>, base = 'main') {
  const head = await stage.github.push(NAME, { branch, files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({ ...at, title: branch, head: branch, base });
  return { number: data.number, head };
}

/** Check runs of a commit, every one that it ever got: `NAME: CONCLUSION`. */
async function runsOf(head: string): Promise<string[]> {
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head, filter: 'all' });
  return data.check_runs
    .map(({ name, status, conclusion }) => `${name.slice(11)}: ${conclusion ?? status}`)
    .sort();
}

const CALM_RUNS = [
  'commit signatures: success',
  'gitops: success',
  'image policy: success',
  'pod security: success',
];
const BROKEN_RUNS = CALM_RUNS.with(1, 'gitops: failure');

/** Reviews that were finished for a reason, by the log. */
function reviewsBecause(cause: string): Readonly<Record<string, unknown>>[] {
  return log.filter(({ msg, cause: one }) => msg === 'Reviewed.' && one === cause);
}

it('gives a merge group its verdict', async () => {
  await begin();
  await stage.ada.repos.createRepoRuleset({
    ...at,
    name: 'queue',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      {
        type: 'merge_queue',
        parameters: {
          check_response_timeout_minutes: 60,
          grouping_strategy: 'ALLGREEN',
          max_entries_to_build: 5,
          max_entries_to_merge: 5,
          merge_method: 'MERGE',
          min_entries_to_merge: 1,
          min_entries_to_merge_wait_minutes: 0,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: 'Fluxgate / gitops' }],
        },
      },
    ],
  });
  const { number } = await open('calm', CALM);
  await stage.idle(NAME);
  await stage.github.enqueueMerge(NAME, number, 'ada');
  await stage.idle(NAME);
  const groups = stage.github
    .deliveries()
    .filter(({ event, action }) => event === 'merge_group' && action === 'checks_requested');
  expect(groups).toHaveLength(1);
  const { merge_group: group } = groups[0]?.payload as { merge_group: { head_sha: string } };
  expect(await runsOf(group.head_sha)).toEqual(CALM_RUNS);
  const { data } = await stage.ada.pulls.get({ ...at, pull_number: number });
  expect(data.merged).toBe(true);
});

it('reviews every open pull request again after pushes to its base, once', async () => {
  await begin();
  const first = await open('first', CALM);
  const second = await open('second', { 'NOTES.md': 'Words.\n' });
  await stage.idle(NAME);
  // A burst, however long this machine takes to push three times.
  stage.github.faults.deliveries('push', 'hold', 3);
  for (const text of ['one', 'two', 'three']) {
    await stage.github.push(NAME, { branch: 'main', files: { 'LOG.md': text }, by: 'ada' });
  }
  stage.github.faults.releaseDeliveries();
  await stage.idle(NAME);
  const again = reviewsBecause('base-moved').flatMap(({ pullRequests }) => pullRequests);
  expect(again.sort()).toEqual([first.number, second.number]);
  expect(await runsOf(first.head)).toEqual(CALM_RUNS);
});

it('gives the verdict to the head that is pushed while a review runs', async () => {
  await begin();
  const active = stage.github.faults.add({
    path: '/repos/*/*/git/trees/*',
    failure: { kind: 'delay', milliseconds: 3000 },
  });
  const { head, number } = await open('work', BROKEN);
  while (active.hits() === 0) await delay(20);
  const newest = await stage.github.push(NAME, { branch: 'work', files: CALM, by: 'ada' });
  await stage.idle(NAME);
  expect(await runsOf(newest)).toEqual(BROKEN_RUNS);
  for (const run of await runsOf(head)) expect(run).not.toMatch(/in_progress|queued/);
  const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  expect(data.map(({ path, line }) => `${path}:${line ?? 0}`)).toEqual([`${FILE}:4`]);
});

it('takes the worse verdict of two pull requests with one head, and names both', async () => {
  await begin();
  // Broken there already: into this branch the same head introduces nothing.
  await stage.github.push(NAME, { branch: 'release', files: BROKEN, by: 'ada' });
  const { head, number } = await open('work', { ...BROKEN, ...CALM });
  const { data: second } = await stage.ada.pulls.create({
    ...at,
    ...{ title: 'The same', head: 'work', base: 'release' },
  });
  await stage.idle(NAME);
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head });
  expect(data.check_runs).toHaveLength(4);
  const gitops = data.check_runs.find(({ name }) => name === 'Fluxgate / gitops');
  expect(gitops?.conclusion).toBe('failure');
  expect(gitops?.output.title).toMatch(new RegExp(`^#${number}: `));
  expect(gitops?.output.summary).toContain(`Pull request #${number}`);
  expect(gitops?.output.summary).toContain(`Pull request #${second.number}`);
});

it('finishes after a restart in the middle what had begun, once', async () => {
  await begin();
  const active = stage.github.faults.add({
    path: '/repos/*/*/check-runs',
    method: 'POST',
    failure: { kind: 'delay', milliseconds: 1500 },
    when: 'after',
    times: 4,
  });
  const { head, number } = await open('broken', BROKEN);
  while (active.hits() === 0) await delay(20);
  await stage.restart();
  await stage.idle(NAME);
  expect(await runsOf(head)).toEqual(BROKEN_RUNS);
  const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  expect(data).toHaveLength(1);
});

describe('GitHub', () => {
  it('hangs: the request is given up, and made again', async () => {
    await begin({ patience: 1_000 });
    const active = stage.github.faults.add({ path: '/repos/*/*/git/trees/*', failure: hang });
    const { head } = await open('broken', BROKEN);
    await stage.idle(NAME);
    expect(active.hits()).toBe(1);
    expect(await runsOf(head)).toEqual(BROKEN_RUNS);
  });

  it('has lost the repository: nothing is said, and the next pull request has its verdict', async () => {
    await begin();
    stage.github.faults.add({ path: '/graphql', failure: failWith(404) });
    const gone = stage.github.faults.add({
      path: '/repos/acme/fleet/commits/*/pulls',
      failure: failWith(404),
    });
    const lost = await open('lost', BROKEN);
    while (!log.some(({ msg }) => msg === 'Job given up, its end is told')) await delay(20);
    expect(gone.hits()).toBe(1);
    expect(await runsOf(lost.head)).toEqual([]);
    const next = await open('next', CALM);
    // A review that takes long announces its runs before it concludes them.
    const concluded = async () =>
      (await runsOf(next.head)).filter((run) => !/in_progress|queued/.test(run));
    while ((await concluded()).length < 4) await delay(50);
    expect(await runsOf(next.head)).toEqual(CALM_RUNS);
    await stage.ada.pulls.update({ ...at, pull_number: lost.number, state: 'closed' });
  });
});
