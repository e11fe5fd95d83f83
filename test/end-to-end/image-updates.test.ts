import { afterAll, beforeAll, expect, it } from 'vitest';

import { openImageUpdates } from '../demo/image-updates.ts';
import { setStage, type Stage } from './stage.ts';

const AT = { owner: 'acme', repo: 'images' };

let stage: Stage;
let numbers: Map<string, number>;

beforeAll(async () => {
  stage = await setStage();
  numbers = await openImageUpdates(stage);
  await stage.idle('acme/images');
}, 120_000);

afterAll(() => stage.close());

async function checkOf(branch: string) {
  const { data: pull } = await stage.ada.pulls.get({
    ...AT,
    pull_number: numbers.get(branch) ?? 0,
  });
  const { data } = await stage.ada.checks.listForRef({ ...AT, ref: pull.head.sha });
  const run = data.check_runs.find(({ name }) => name === 'Fluxgate / image policy');
  return { conclusion: run?.conclusion, summary: run?.output.summary ?? '' };
}

it('passes an update by the automation, and says what it moves', async () => {
  const { conclusion, summary } = await checkOf('image-updates');
  expect(summary).toContain('### Image updates');
  expect(summary).toContain('This is an update by ImageUpdateAutomation "web"\\.');
  expect(summary).toContain('[changelog](https://github.com/acme/web/releases)');
  expect(conclusion).toBe('success');
});

it('fails an update that somebody added to, on whatever branch', async () => {
  const { conclusion, summary } = await checkOf('image-updates-again');
  expect(summary).toContain('hostNetwork: true');
  expect(summary).toContain('image-policy/tampered-update');
  expect(conclusion).toBe('failure');
});

it('fails a range that is widened, from what to what', async () => {
  const { conclusion, summary } = await checkOf('prereleases');
  expect(summary).toContain('image-policy/widened-range');
  expect(conclusion).toBe('failure');
});
