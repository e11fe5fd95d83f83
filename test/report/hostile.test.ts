import { describe, expect, it } from 'vitest';

import type { Conversation } from '../../src/commands/command.ts';
import { readComment } from '../../src/commands/index.ts';
import type { Finding } from '../../src/model/finding.ts';
import { renderMarkdown } from '../../src/preview/markdown.ts';
import { readMarker, withMarker } from '../../src/publish/marker.ts';
import { renderAreaSections } from '../../src/report/area-sections.ts';
import { toCheckRuns } from '../../src/report/check-run.ts';
import { combineChecks } from '../../src/report/combine.ts';
import { toCommentBody } from '../../src/report/comment.ts';
import { renderPlan } from '../../src/report/plan.ts';
import { tellRefused } from '../../src/report/refused.ts';
import { toReport } from '../../src/report/report.ts';
import { renderSettings } from '../../src/report/settings.ts';
import { toErrorChecks, toLimitChecks } from '../../src/report/unfinished.ts';
import { rules } from '../../src/rules/index.ts';
import { finding, review, RULES } from './make.ts';

/** What names, paths, branches, user ids of keys and messages of commits may be made of. */
const TEXTS: Readonly<Record<string, string>> = {
  backticks: 'a`b``c```d',
  'a fence': '```\n# x\n```',
  'the end of CDATA': ']]>',
  'a comment of HTML': '<!-- fluxgate:dead -->',
  'an open comment': 'x <!-- y',
  'a mention': '@everyone, @acme/platform',
  'a reference': '#1 GH-1 acme/fleet#1',
  links:
    '[x](https://evil.example) https://evil.example www.evil.example ![i](https://evil.example/i.png) <https://evil.example>',
  'a right-to-left mark': 'safe\u202egnp.exe \u2067x\u2069',
  pipes: 'a | b || c \\| d',
  newlines: 'one\n\n## two\r\n- three\u2028four',
  tags: '</details></summary><script>alert(1)</script><img src=x onerror=x>',
  'much of it': '@x|`'.repeat(2500),
  emphasis: '**a** _b_ ~~c~~ $d$ :smile:',
  entities: '&lt;b&gt; &#64;x',
  nothing: '',
};

function hostile(text: string): Finding {
  return finding({
    message: text,
    detail: text,
    subject: { apiVersion: 'v1', kind: text, namespace: text, name: text, field: text },
    primary: { path: text || 'x', line: 1, endLine: 1 },
    clusters: ['production'],
    policy: text,
    related: [{ path: text, line: 2, why: text }],
    remedy: {
      ...{ summary: text, fields: [], caution: text },
      edits: [{ path: text, line: 1, endLine: 1, was: [text], lines: [text] }],
    },
  });
}

function reviewOf(text: string) {
  return review({
    verdict: { area: 'pod-security', conclusion: 'failure', because: 'findings' },
    findings: [hostile(text), { ...hostile(text), change: 'fixed' }],
    unknowns: [
      {
        ...{ area: 'pod-security', rule: 'pod-security/seccomp', reason: text },
        ...{ place: { path: text, line: 1, endLine: 1 }, cause: 'content' },
        ...{ change: 'introduced', clusters: [text] },
      },
    ],
    notes: [text],
    waivers: [
      {
        ...{ rule: 'pod-security/*', subject: text, owner: text, reason: text, clusters: [text] },
        ...{ expires: '2027-01-01', place: { path: text, line: 1, endLine: 1 } },
        ...{ state: 'used', daysLeft: 3, findings: 1 },
      },
    ],
  });
}

async function answerTo(command: string, text: string): Promise<string> {
  const conversation: Conversation = {
    ...{ asker: 'ada', now: Date.UTC(2026, 0, 1), rules, thread: [] },
    review: () => Promise.resolve(reviewOf(text)),
    plan: () => Promise.resolve(planOf(text)),
    recheck: () => Promise.resolve(undefined),
  };
  const [asked] = readComment(command);
  return (await asked?.reply(conversation))?.body ?? '';
}

function planOf(text: string) {
  const place = { path: text, line: 1, endLine: 1 };
  return {
    clusters: [text],
    namespaces: [
      {
        ...{ cluster: text, namespace: text, place, policy: text, version: text },
        ...({ enforced: 'baseline', highest: 'baseline' } as const),
        ...{ isLabelled: true, isExempt: false, workloads: 1 },
        levels: [
          {
            ...({ level: 'restricted', verdict: 'refuses' } as const),
            ...{ controls: [{ rule: text, workloads: 1 }], unknowns: [text] },
            refusals: [{ name: text, detail: text, place }],
          },
        ],
      },
    ],
  };
}

type Surface = (text: string) => string | Promise<string>;

/** Everything that is written as Markdown. */
const SURFACES: Readonly<Record<string, Surface>> = {
  'the page of a check': (text) => toCheckRuns(reviewOf(text), RULES)[0]?.summary ?? '',
  'the page that several pull requests share': (text) =>
    combineChecks(
      [1, 2].map((number) => ({
        number,
        checks: toReport(reviewOf(text), { files: [], rules: RULES }).checks,
      })),
    )[0]?.summary ?? '',
  'a comment': (text) => toCommentBody([hostile(text)], undefined),
  'sections of areas': (text) =>
    renderAreaSections(
      [
        {
          ...{ area: 'gitops', title: text },
          blocks: [
            { kind: 'text', text },
            { kind: 'steps', items: [text] },
            { kind: 'table', head: [text, 'b'], rows: [[{ text, isCode: true }, { text }]] },
          ],
        },
      ],
      'gitops',
    ).join('\n\n'),
  settings: (text) =>
    renderSettings(
      {
        problems: [{ message: text, place: { path: text, line: 1, endLine: 1 } }],
        change: {
          ...{ problems: [], verdicts: [] },
          differences: [{ setting: text, from: text, to: text }],
        },
      },
      'gitops',
    ) ?? '',
  'faults of settings to come': (text) =>
    renderSettings(
      {
        problems: [],
        change: {
          problems: [{ message: text, place: { path: text, line: 1, endLine: 1 } }],
          ...{ differences: [], verdicts: [] },
        },
      },
      'gitops',
    ) ?? '',
  'a limit': (text) => toLimitChecks(text)[0]?.summary ?? '',
  'an error': (text) => toErrorChecks(text, 'abc')[0]?.summary ?? '',
  'refused comments': (text) =>
    tellRefused(toLimitChecks('x'), [
      { path: text, line: 1, body: '', fingerprints: [], areas: ['gitops'] },
    ])[0]?.summary ?? '',
  'a plan': (text) => renderPlan(planOf(text), { namespace: text }),
  'a plan of everything': (text) => renderPlan(planOf(text), {}),
  'a plan of nothing': (text) =>
    renderPlan({ namespaces: [], clusters: [text] }, { namespace: text, cluster: text }),
  'an explanation': (text) => answerTo('/pss-explain', text),
  'an explanation of what is not there': (text) =>
    answerTo(`/pss-explain ${text.replace(/[\r\n\u2028]/g, ' ')}`, text),
  'a waiver': (text) =>
    answerTo(
      `/pss-waive pod-security/* ${text.replace(/\s/g, '.') || 'x'} until 2026-02-01 because ${text.replace(/[\r\n\u2028]/g, ' ')}x`,
      text,
    ),
  'a waiver of no rule': (text) =>
    answerTo(`/pss-waive ${text.replace(/\s/g, '.') || 'x'} y until 2026-02-01 because xyz`, text),
  'a waiver until no day': (text) =>
    answerTo(
      `/pss-waive pod-security/* y until ${text.replace(/\s/g, '.') || 'x'} because xyz`,
      text,
    ),
};

/** The text that a reader sees, without what stands in code. */
function proseOf(html: string): string {
  return html
    .replace(/<pre>[^]*?<\/pre>|<code>[^]*?<\/code>/g, '')
    .replace(/Pull request #\d/g, '')
    .replace(/<a href="https:\/\/github\.com\/fluxgate[^>]*>|<\/a>/g, '');
}

const FORGERIES: readonly (readonly [string, RegExp])[] = [
  ['mention', /@[\w-]/],
  ['reference', /(?:^|[^&\w\u2060])#\d|GH-\d/],
  ['link', /<a |https?:\/\/|www\.\w/],
  [
    'tag',
    /<(?!\/?(?:p|ul|ol|li|strong|details|summary|sub|h[1-6]|br|table|thead|tbody|tr|th|td|div|span)\b)[a-z/!]/i,
  ],
  ['emoji', /:smile:/],
  ['emphasis', /<em>|<del>/],
];

describe.each(Object.entries(SURFACES))('%s', (_name, surface) => {
  it.each(Object.entries(TEXTS))('shows %s as it is written', async (_kind, text) => {
    const markdown = await surface(text);
    const html = renderMarkdown(markdown);
    expect(html).not.toMatch(/^<pre>/);
    const prose = proseOf(html);
    const found = FORGERIES.filter(([, pattern]) => pattern.test(prose)).map(([what]) => what);
    expect(found).toEqual([]);
    expect(markdown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028]/);
    expect(markdown.length).toBeLessThan(65_000);
    // A table has as many cells in each row as in its head.
    for (const [table] of html.matchAll(/<table>[^]*?<\/table>/g)) {
      const rows = table
        .split('<tr>')
        .slice(1)
        .map((row) => row.match(/<t[hd]/g)?.length);
      expect(new Set(rows).size).toBe(1);
    }
    for (const tag of ['details', 'summary']) {
      const [open, closed] = [`<${tag}>`, `</${tag}>`].map((one) => html.split(one).length);
      expect(open).toBe(closed);
    }
    const marker = { fingerprints: ['ab12'], isMended: false };
    expect(readMarker(withMarker(markdown, marker))).toEqual(marker);
    expect(readMarker(markdown)).toBeUndefined();
  });
});

describe('plain text', () => {
  it.each(Object.entries(TEXTS))('of titles and annotations has one line: %s', (_kind, text) => {
    const path = text || 'x';
    const made = hostile(text);
    const files = [{ path, patch: '@@ -1,1 +1,2 @@\n+a\n+b' }];
    const { checks } = toReport(
      review({
        verdict: { area: 'pod-security', conclusion: 'failure', because: 'findings' },
        findings: [{ ...made, effect: 'advice' }],
      }),
      { files, rules: RULES },
    );
    const [check] = checks;
    const [annotation] = check?.annotations ?? [];
    for (const words of [check?.title ?? '', annotation?.title ?? '']) {
      expect(words).not.toMatch(/[\n\r\u2028\u202e]/);
      expect(words.length).toBeLessThanOrEqual(255);
    }
    expect(annotation?.message.split('\n')).toHaveLength(2);
  });
});
