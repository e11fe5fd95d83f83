import { expect, it } from 'vitest';

import type { Review } from '../../src/model/review.ts';
import { toCheckRuns } from '../../src/report/check-run.ts';
import { finding, review, RULES } from './make.ts';

const PROBLEM = { message: 'x.', place: { path: 'f', line: 1, endLine: 1 } };

it('counts things that could be better, and names them where they are of a kind', () => {
  const advice = (kind: string, name: string) =>
    finding({ effect: 'advice', subject: { ...finding().subject, kind, name } });
  const verdict = {
    ...({ area: 'pod-security', conclusion: 'neutral', because: 'below-fail-on' } as const),
  };
  const titles = [
    [advice('Deployment', 'a')],
    [advice('Deployment', 'a'), advice('Deployment', 'b')],
    [advice('Deployment', 'a'), advice('File', 'b')],
  ].map((findings) => toCheckRuns(review({ findings, verdict }), RULES)[0]?.title);
  expect(titles).toEqual([
    'One thing could be better: Deployment payments/a',
    '2 things could be better: 2 Deployments',
    '2 things could be better',
  ]);
});

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
