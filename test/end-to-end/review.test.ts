import { afterEach, beforeEach, expect, it } from 'vitest';

import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAMES = [
  'Fluxgate / commit signatures',
  'Fluxgate / gitops',
  'Fluxgate / image policy',
  'Fluxgate / pod security',
];
const at = { owner: 'acme', repo: 'fleet' };

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

async function open(branch: string, files: Record<string, string | null>): Promise<number> {
  await stage.github.push('acme/fleet', { branch, files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({
    ...at,
    title: branch,
    head: branch,
    base: 'main',
  });
  return data.number;
}

async function checksOf(number: number): Promise<string[]> {
  // Comments come after the checks.
  await stage.idle('acme/fleet');
  const { data: pull } = await stage.ada.pulls.get({ ...at, pull_number: number });
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: pull.head.sha });
  return data.check_runs
    .map(
      ({ name, conclusion, output }) => `${name}: ${conclusion ?? 'none'}: ${output.title ?? ''}`,
    )
    .sort();
}

it('concludes four checks on a pull request that changes nothing that matters', async () => {
  const number = await open('docs', { 'README.md': 'Only words.\n' });
  const checks = await checksOf(number);
  expect(checks.map((line) => line.slice(0, line.indexOf(':')))).toEqual(NAMES);
  expect(checks[1]).toBe('Fluxgate / gitops: success: Nothing new to report');
});

it('comments on the line of a file that does not parse', async () => {
  const number = await open('broken', {
    'apps/base/podinfo/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: podinfo\n',
  });
  const checks = await checksOf(number);
  expect(checks.map((line) => line.slice(0, line.indexOf(':')))).toEqual(NAMES);
  expect(checks[1]).toMatch(/^Fluxgate \/ gitops: failure: /);
  const { data: comments } = await stage.ada.pulls.listReviewComments({
    ...at,
    pull_number: number,
  });
  expect(comments.map(({ path, line }) => `${path}:${line ?? 0}`)).toEqual([
    'apps/base/podinfo/service.yaml:4',
  ]);
});
