import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { failWith } from '../github/faults.ts';
import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const at = { owner: 'acme', repo: 'fleet' };
const SERVICE = 'apps/base/podinfo/service.yaml';
const CRONJOB = 'apps/base/payments/cronjob.yaml';

const good = (path: string): string => readFileSync(`${FLEET}/${path}`, 'utf8');
/** A tab where blanks belong, in the first of its lines that is indented. */
const bad = (path: string): string => good(path).replace(/^ {2}(?=\S)/m, '\t');

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  await stage.github.createRepository({ owner: 'acme', name: 'fleet', directory: FLEET });
});

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

async function push(files: Record<string, string | null>): Promise<void> {
  await stage.github.push('acme/fleet', { branch: 'work', files, by: 'ada' });
  await stage.idle('acme/fleet');
}

async function open(files: Record<string, string | null>): Promise<number> {
  await stage.github.push('acme/fleet', { branch: 'work', files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({
    ...at,
    title: 'Work',
    head: 'work',
    base: 'main',
  });
  await stage.idle('acme/fleet');
  return data.number;
}

/** The conversation, a line for each comment: who, where, and how it begins. */
async function said(number: number): Promise<string[]> {
  const { data } = await stage.ada.pulls.listReviewComments({
    ...at,
    pull_number: number,
    per_page: 100,
  });
  return data.map(({ user, path, body, in_reply_to_id: reply }) => {
    const first = (body.split('\n')[0] ?? '').replace(/[0-9a-f]{40}/g, 'SHA');
    return `${user.login}${reply === undefined ? '' : ' replies'} ${path}: ${first}`;
  });
}

it('keeps a conversation true through twelve pushes, an answer and a restart', async () => {
  for (const event of ['pull_request', 'check_suite', 'push', 'pull_request_review_comment']) {
    stage.github.faults.deliveries(event, 'duplicate', Infinity);
  }
  const number = await open({ [SERVICE]: bad(SERVICE) });
  await push({ 'README.md': 'One.\n' });
  await push({ [CRONJOB]: bad(CRONJOB) });
  // Bob answers on the second file.
  const { data: comments } = await stage.ada.pulls.listReviewComments({
    ...at,
    pull_number: number,
  });
  const second = comments.find(({ path }) => path === CRONJOB);
  await stage.ada.pulls.createReplyForReviewComment({
    ...at,
    pull_number: number,
    comment_id: second?.id ?? 0,
    body: 'Is a tab so bad?',
  });
  await push({ 'README.md': 'Two.\n' });
  await push({ [SERVICE]: good(SERVICE) }); // mended
  await push({ 'README.md': 'Three.\n' });
  await stage.restart();
  await push({ [SERVICE]: bad(SERVICE) }); // and broken again
  await push({ 'README.md': 'Four.\n' });
  await push({ [CRONJOB]: good(CRONJOB) }); // mended, with an answer
  await push({ 'README.md': 'Five.\n' });
  await push({ [SERVICE]: good(SERVICE) });
  await push({ [SERVICE]: bad(SERVICE) });
  const { data: pull } = await stage.ada.pulls.get({ ...at, pull_number: number });
  const { data: runs } = await stage.ada.checks.listForRef({
    ...at,
    ref: pull.head.sha,
    filter: 'all',
  });
  expect(
    runs.check_runs.map(({ name, conclusion }) => `${name}: ${conclusion ?? ''}`).sort(),
  ).toEqual([
    'Fluxgate / commit signatures: success',
    'Fluxgate / gitops: failure',
    'Fluxgate / image policy: success',
    'Fluxgate / pod security: success',
  ]);
  expect(await said(number)).toMatchInlineSnapshot(`
    [
      "fluxgate[bot] apps/base/podinfo/service.yaml: **No longer found in SHA.** What follows no longer holds.",
      "fluxgate[bot] apps/base/payments/cronjob.yaml: **Flux will refuse 2 objects in \`production\` and \`staging\`.**",
      "ada replies apps/base/payments/cronjob.yaml: Is a tab so bad?",
      "fluxgate[bot] apps/base/podinfo/service.yaml: **No longer found in SHA.** What follows no longer holds.",
      "fluxgate[bot] replies apps/base/payments/cronjob.yaml: No longer found in SHA.",
      "fluxgate[bot] apps/base/podinfo/service.yaml: **Flux will refuse 2 objects in \`production\` and \`staging\`.**",
    ]
  `);
}, 240_000);

it('says nothing twice when webhooks come again', async () => {
  stage.github.faults.deliveries('pull_request', 'duplicate', 2);
  const number = await open({ [SERVICE]: bad(SERVICE), [CRONJOB]: bad(CRONJOB) });
  const before = await said(number);
  expect(before).toHaveLength(2);
  await push({ 'README.md': 'One.\n' });
  expect(await said(number)).toEqual(before);
});

it('delivers the rest when GitHub refuses comments, and says so in the summary', async () => {
  stage.github.faults.add({
    method: 'POST',
    path: '/repos/acme/fleet/pulls/*/reviews',
    failure: failWith(422, 'Unprocessable Entity', { errors: ['Line could not be resolved'] }),
    times: 2,
  });
  const number = await open({ [SERVICE]: bad(SERVICE), [CRONJOB]: bad(CRONJOB) });
  expect(await said(number)).toHaveLength(1);
  const { data: pull } = await stage.ada.pulls.get({ ...at, pull_number: number });
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: pull.head.sha });
  const run = data.check_runs.find(({ name }) => name === 'Fluxgate / gitops');
  expect(run?.output.summary).toContain('GitHub did not take 1 comment, on `apps/base/');
  expect(run?.conclusion).toBe('failure');
});
