import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { renderMarkdown } from '../../src/preview/markdown.ts';
import { renderPreview } from '../../src/preview/page.ts';
import { toReport } from '../../src/report/report.ts';
import { review, RULES } from '../report/make.ts';
import { HOSTILE, SITUATIONS } from '../report/situations.ts';
import { findChromium, type Page, startBrowser, type View } from './browser.ts';

const ATTACK =
  '<script>document.title="run"</script><img src=x onerror="document.title=\'run\'"> [x](javascript:alert(1)) <details open ontoggle="document.title=\'run\'"> ![i](https://evil.example/i.png) <svg onload="document.title=\'run\'"> [y](data:text/html,x) <a href="vbscript:x">z</a> <style>*{display:none}</style>';

function pageOf(name: keyof typeof SITUATIONS, description?: string): string {
  const patch = `@@ -28,3 +28,5 @@\n     containers:\n       - name: app\n         securityContext:\n+          privileged: true\n+          # ${ATTACK}`;
  const path = 'apps/base/payments/deployment.yaml';
  const files = [{ path, patch }, { path: HOSTILE }];
  const report = toReport(review(SITUATIONS[name] ?? {}), { files, rules: RULES });
  return renderPreview({
    title: `Debug ${ATTACK}`,
    ...(description !== undefined && { description }),
    files,
    report,
  });
}

describe('Markdown as GitHub shows it', () => {
  it.each([
    ['a <script>x</script>', '<p>a &lt;script&gt;x&lt;/script&gt;</p>'],
    [
      '[`a`](https://a.example)',
      '<p><a href="https://a.example" rel="noreferrer"><code>a</code></a></p>',
    ],
    ['`` a`b ``', '<p><code>a`b</code></p>'],
    ['`a', '<p>`a</p>'],
    ['\\<b\\>', '<p>&lt;b&gt;</p>'],
    ['````\n```\n````', '<pre><code>```\n</code></pre>'],
    ['**a** b', '<p><strong>a</strong> b</p>'],
    ['```diff\n+a\n```', '<div class="diff"><pre><span class="line add">+a</span></pre></div>'],
    ['a\nb', '<p>a<br>b</p>'],
    ['- [x] a', '<ul>\n<li><input checked="" disabled="" type="checkbox"> a</li>\n</ul>'],
    [
      '~~a~~ https://a.example',
      '<p><del>a</del> <a href="https://a.example" rel="noreferrer">https://a.example</a></p>',
    ],
    ['> a\n\n1. b', '<blockquote>\n<p>a</p>\n</blockquote>\n<ol>\n<li>b</li>\n</ol>'],
    ['![a cat](https://a.example/x.png)', '<p>a cat</p>'],
    [
      '<details><summary>a</summary>\n\nb\n\n</details>',
      '<details><summary>a</summary><p>b</p>\n</details>',
    ],
    ['a <!-- b --> c', '<p>a  c</p>'],
  ])('renders %j', (markdown, html) => {
    expect(renderMarkdown(markdown).trim()).toBe(html);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JAVASCRIPT:alert(1))',
    '[x](java\tscript:alert(1))',
    '[x](data:text/html,x)',
    '[x](//evil.example)',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '<sub onclick=x>y</sub>',
    '<details open ontoggle=x>',
    '<summary/onclick=x>',
    '<br onclick=x>',
    '<svg><script>x</script></svg>',
    '<img src=x onerror=x>',
    '![x](https://evil.example/x.png "y")',
    '```"><img src=x onerror=x>\nx\n```',
    '| <img src=x onerror=x> |\n| --- |\n| <b onclick=x> |',
    '<!--><img src=x onerror=x>-->',
    '[a](https://a.example" onclick="x)',
    '[a](https://a.example "t\\" onclick=\\"x")',
    '<a href="https://a.example" onclick=x>a</a>',
    '<style>*{}</style>',
    '<details><summary>a</summary>\n<script>x</script>\n</details>',
  ])('lets nothing out of %j', (markdown) => {
    const html = renderMarkdown(markdown);
    expect(tagsOf(html).filter((tag) => !HARMLESS.test(tag))).toEqual([]);
  });
});

it.each([
  ['emphasis', '_a_b'.repeat(15_000)],
  ['quotes', '>'.repeat(60_000)],
  ['brackets', '['.repeat(60_000)],
  ['folds', '<details>'.repeat(7000)],
])('is not kept busy by very much of %s', (_name, markdown) => {
  expect(renderMarkdown(markdown).length).toBeGreaterThan(markdown.length - 100);
});

/** Every tag, as a parser of HTML finds it. */
function tagsOf(html: string): string[] {
  return html.match(/<\/?[a-z!][^>]*>/gi) ?? [];
}

const HARMLESS =
  /^<(?:\/?(?:p|ul|ol|li|code|pre|strong|em|del|sub|sup|details|summary|table|thead|tbody|tr|th|td|blockquote|h[1-6]|span|div|hr|br)|(?:span|div) class="[a-z -]+"|a href="(?:https?:[^"]*|#[^"]*)" rel="noreferrer"|\/a|t[hd] align="[a-z]+"|ol start="\d+"|input (?:checked="" )?disabled="" type="checkbox")>$/;

it('lets no text of a pull request become a tag, an address or a script', () => {
  for (const name of ['hostile', 'everything-at-once']) {
    const page = pageOf(name, ATTACK);
    expect(page).not.toMatch(/<(?:script|img|iframe|svg|details open [^>])/i);
    expect(page).not.toMatch(/<[a-z]+[^>]*\son\w+\s*=/i);
    expect(page).not.toMatch(/href="(?!https:)/);
  }
});

it('shows who said what, and what was said of lines that are no more', () => {
  const said = (line: number, body: string, author?: string, path = 'a.yaml') => ({
    ...{ path, line, body, fingerprints: [], areas: [] },
    ...(author !== undefined && { author }),
  });
  const html = renderPreview({
    title: 'x',
    files: [{ path: 'a.yaml', patch: '@@ -1,2 +1,2 @@\n a\n-b\n+c' }],
    report: {
      checks: [],
      comments: [
        said(2, 'of the App'),
        said(2, 'of a person', 'ada'),
        said(2, 'of another App', 'renovate[bot]'),
        said(0, 'of a line', 'fluxgate[bot]'),
        said(0, 'of a file', 'fluxgate[bot]', 'gone.yaml'),
      ],
    },
  });
  const shown = [...html.matchAll(/<article[^>]*><header[^>]*>(.*?)<\/header>.*?<p>(.*?)<\/p>/g)];
  expect(shown.map(([, who, what]) => [who, what])).toEqual([
    ['fluxgate <span class="muted">bot</span>', 'of the App'],
    ['ada', 'of a person'],
    ['renovate <span class="muted">bot</span>', 'of another App'],
    ['fluxgate <span class="muted">bot · outdated</span>', 'of a line'],
    ['fluxgate <span class="muted">bot · outdated</span>', 'of a file'],
  ]);
  expect(html).toContain('<header class="box-header">gone.yaml</header>');
});

const chromium = findChromium();

describe.skipIf(chromium === undefined)('in a browser', () => {
  const directory = mkdtempSync(join(tmpdir(), 'preview-'));
  let page: Page;

  beforeAll(async () => {
    page = await startBrowser(chromium ?? '');
  }, 60_000);

  afterAll(async () => {
    await page.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function show(name: string, html: string, view: Partial<View> = {}): Promise<void> {
    const file = join(directory, `${name}.html`);
    writeFileSync(file, html);
    await page.open(pathToFileURL(file).href, view);
    // To be looked at: PICTURES=DIR npx vitest run test/preview
    const { PICTURES } = process.env;
    if (PICTURES !== undefined) {
      const { width = 1200, theme = 'light' } = view;
      writeFileSync(join(PICTURES, `${name}-${width}-${theme}.png`), await page.picture());
    }
  }

  it('runs nothing and asks nobody for anything', async () => {
    await show('hostile', pageOf('hostile', ATTACK));
    expect(await page.ask('document.title')).toContain('Debug <script>document.title');
    expect(await page.ask('document.querySelectorAll("script, img, svg, iframe").length')).toBe(0);
    expect(page.asked.filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(await page.ask('getComputedStyle(document.body).display')).toBe('block');
  });

  it('opens what is folded when it is clicked', async () => {
    await show('everything', pageOf('everything-at-once', 'To find **the leak**.'));
    const text = '[...document.querySelectorAll("details")].filter((one) => one.open).length';
    const before = await page.ask<number>(text);
    await page.click('.markdown-body details:not([open]) > summary');
    expect(await page.ask(text)).toBe(before + 1);
    await page.click('.box > details[open] > summary');
    expect(await page.ask(text)).toBe(before);
  });

  it.each(['one-pod-refused', 'everything-at-once', 'hostile', 'many-clusters', 'waived'])(
    'needs no scrolling to the side on a phone: %s',
    async (name) => {
      await show(name, pageOf(name, 'Words.'), { width: 375, height: 700 });
      expect(await page.ask('document.documentElement.scrollWidth')).toBe(375);
      expect(await page.ask('document.body.getBoundingClientRect().right <= 375')).toBe(true);
    },
  );

  it('is dark where the reader likes it dark', async () => {
    const colour = 'getComputedStyle(document.body).backgroundColor';
    await show('theme', pageOf('everything-at-once', 'Words.'), { theme: 'dark' });
    expect(await page.ask(colour)).toBe('rgb(13, 17, 23)');
    await show('theme', pageOf('everything-at-once', 'Words.'), { theme: 'light' });
    expect(await page.ask(colour)).toBe('rgb(255, 255, 255)');
  });

  it('follows a link when it is clicked', async () => {
    await show('link', pageOf('one-pod-refused'));
    const href = await page.ask<string>('document.querySelector("a").href');
    expect(href).toMatch(/^https:\/\/github\.com\/fluxgate\/fluxgate\/blob\/main\/docs\/rules\//);
    await page.click('a');
    while (!page.asked.includes(href)) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
