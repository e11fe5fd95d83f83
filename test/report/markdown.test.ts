import { expect, it } from 'vitest';

import { renderMarkdown } from '../../src/report/markdown.ts';
import { toReport } from '../../src/report/report.ts';
import { finding, review, RULES } from './make.ts';

const ASKING = 'Write `/pss-explain` in a comment';

it('says once what is to note, below the four checks', () => {
  const notes = ['The defaults are in force.'];
  const markdown = renderMarkdown(review({ findings: [finding()], notes }), RULES);
  expect(markdown.match(/^## .*$/gm)).toHaveLength(4);
  expect(markdown.split('The defaults are in force').length - 1).toBe(1);
  expect(markdown.endsWith('<sub>The defaults are in force\\.</sub>')).toBe(true);
  expect(markdown).not.toContain(ASKING);
});

it('holds for present what is neither fixed nor waived', () => {
  const waiver = {
    ...{ owner: '@a', reason: 'because', expires: '2027-01-01' },
    place: { path: 'f', line: 1, endLine: 1 },
  };
  const { present } = toReport(
    review({
      findings: [
        finding({ fingerprint: 'a' }),
        finding({ fingerprint: 'b', change: 'existing' }),
        finding({ fingerprint: 'c', change: 'fixed' }),
        finding({ fingerprint: 'd', waiver }),
      ],
    }),
    { files: [], rules: RULES },
  );
  expect(present).toEqual(['a', 'b']);
});

it('says on the page of a check that does not succeed how to ask, where the App hears it', () => {
  const { checks } = toReport(
    review({
      findings: [finding()],
      verdict: { area: 'pod-security', conclusion: 'failure', because: 'findings' },
    }),
    { files: [], rules: RULES },
  );
  expect(checks.map(({ area, summary }) => [area, summary.includes(ASKING)])).toEqual([
    ['pod-security', true],
    ['commit-signatures', false],
    ['image-policy', false],
    ['gitops', false],
  ]);
});
