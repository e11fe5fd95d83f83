import { expect, it } from 'vitest';

import type { Review } from '../../src/model/review.ts';
import { toCheckRuns } from '../../src/report/check-run.ts';
import { review, RULES } from './make.ts';

const PROBLEM = { message: 'x.', place: { path: 'f', line: 1, endLine: 1 } };

it.each<[string, Review['settings'], string]>([
  ['of no faults', { problems: [] }, 'Nothing new to report'],
  [
    'of the configuration in force',
    { problems: [PROBLEM] },
    'Nothing new to report; the configuration has 1 fault',
  ],
  [
    'of the one that the pull request brings',
    {
      problems: [PROBLEM],
      change: { problems: [PROBLEM, PROBLEM], differences: [], verdicts: [] },
    },
    'Nothing new to report; the new configuration has 2 faults',
  ],
])('tells in the title of gitops %s', (_label, settings, title) => {
  const runs = toCheckRuns({ ...review({}), ...(settings && { settings }) }, RULES);
  expect(runs.map((run) => run.title)).toEqual([
    ...Array<string>(3).fill('Nothing new to report'),
    title,
  ]);
});
