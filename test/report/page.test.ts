import { describe, expect, it } from 'vitest';

import { toCheckRuns } from '../../src/report/check-run.ts';
import { finding, review, RULES, unknown } from './make.ts';
import { HOSTILE, SITUATIONS } from './situations.ts';

function pageOf(made: Parameters<typeof review>[0]) {
  const run = toCheckRuns(review(made), RULES).find(({ area }) => area === made.verdict?.area);
  if (run === undefined) throw new Error('The situation names no area.');
  return run;
}

describe('the page of a check run', () => {
  it.each(Object.entries(SITUATIONS))('%s', async (name, made) => {
    const { conclusion, title, summary } = pageOf(made);
    expect(title).not.toMatch(/\n/);
    expect(title.length).toBeLessThanOrEqual(120);
    const page = `<!-- ${conclusion}: ${title.replaceAll('-->', '')} -->\n\n${summary}\n`;
    await expect(page).toMatchFileSnapshot(`../../fixtures/pages/${name}.md`);
  });

  it('is one line when nothing is new', () => {
    for (const name of ['clean-gitops', 'clean-pod-security', 'only-existing'] as const) {
      expect(pageOf(SITUATIONS[name] ?? {}).summary).not.toContain('\n');
    }
  });
});

describe('many findings', () => {
  const many = Array.from({ length: 3000 }, (_, index) =>
    finding({
      subject: { ...finding().subject, name: `api-${index}` },
      detail: `text ${index} `.repeat(500),
      change: index % 3 === 0 ? 'existing' : index % 3 === 1 ? 'fixed' : 'introduced',
    }),
  );
  const { summary, title } = pageOf({
    verdict: { area: 'pod-security', conclusion: 'failure', because: 'findings' },
    findings: many,
    unknowns: Array.from({ length: 100 }, (_, index) =>
      unknown({ area: 'pod-security', reason: `Base ${index} is not read.` }),
    ),
  });

  it('stay within the limit of GitHub, with exact counts', () => {
    expect(summary.length).toBeLessThanOrEqual(65_535);
    expect(title).toBe('Production will refuse the pods of 1000 workloads');
    expect(summary).toContain('Introduced by this change: 1000 refusals.');
    expect(summary).toContain('<summary>1000 findings existed before');
    expect(summary).toContain('<summary>This change fixes 1000 findings');
    expect(summary).toContain('- and 80 more: `fluxgate review --all`');
  });

  it('say how many have no room, and every one is counted', () => {
    const sections = summary.match(/^#### /gm)?.length ?? 0;
    const [body = ''] = summary.split('<details><summary>This change fixes');
    const lines = body.match(/^- Refused: /gm)?.length ?? 0;
    const more = Number(/^and (\d+) more findings: /m.exec(body)?.[1]);
    expect(sections).toBeGreaterThan(3);
    expect(lines).toBeGreaterThan(20);
    expect(sections + lines + more).toBe(1000);
  });
});

describe('text of a repository', () => {
  const { summary, title } = pageOf(SITUATIONS.hostile ?? {});
  const outsideCode = withoutCode(summary);

  it.each([
    ['mentions', /(?<!\u2060)@(?!\u2060)/],
    ['markers', /<!--/],
    ['links', /\]\(http:|https?:\/\/evil/],
    ['references', /(?<!\\)#1|GH-1/],
    ['tags', /<script|<\/details>(?!\s*(?:\n|$))/],
    ['invisible marks', /[\u202a-\u202e\u2066-\u2069]/],
    ['emoji', /:smile:/],
  ])('forges no %s', (_, pattern) => {
    expect(outsideCode).not.toMatch(pattern);
  });

  it('makes no second line of a title', () => {
    expect(title).not.toMatch(/[\n\u202e]/);
  });

  it('breaks no table, however long it is', () => {
    const subject = { ...finding().subject, namespace: `${HOSTILE}${'x|'.repeat(5000)}` };
    const { summary: page } = pageOf({
      verdict: { area: 'pod-security', conclusion: 'failure', because: 'findings' },
      findings: [finding({ subject })],
    });
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
    expect(page.length).toBeLessThan(10_000);
  });
});

/** Markdown without its code blocks and spans, as a reader of CommonMark sees it. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}
