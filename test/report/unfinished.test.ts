import { expect, it } from 'vitest';

import { toErrorChecks, toLimitChecks } from '../../src/report/unfinished.ts';

it('concludes a change that is more than a review may take, by the mode of its base', () => {
  const reason = 'It *nests* deeper than 100 levels.';
  const [enforced] = toLimitChecks(reason, 'enforce');
  const [advised] = toLimitChecks(reason, 'advisory');
  expect(enforced).toMatchObject({
    name: 'Fluxgate / pod security',
    conclusion: 'failure',
    title: 'This change is more than a review may take',
  });
  expect(enforced?.summary).toContain('It \\*nests\\* deeper');
  expect(enforced?.summary).not.toContain('Advisory');
  expect(advised).toMatchObject({ conclusion: 'neutral' });
  expect(advised?.summary).toMatch(/Advisory mode: this does not fail the check\.$/);
});

it('is never red for a fault of ours', () => {
  for (const { conclusion, summary } of toErrorChecks('GitHub was away.', 'abc-1')) {
    expect(conclusion).toBe('neutral');
    expect(summary).toContain('`abc-1`');
  }
});
