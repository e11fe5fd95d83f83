import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import { renderMarkdown } from '../../src/preview/markdown.ts';
import { renderPreview } from '../../src/preview/page.ts';
import { toReport } from '../../src/report/report.ts';
import { review, RULES } from '../report/make.ts';
import { HOSTILE, SITUATIONS } from '../report/situations.ts';

const ATTACK =
  '<script>document.title="run"</script><img src=x onerror="document.title=\'run\'"> [x](javascript:alert(1)) <details open ontoggle=alert(1)> ![i](https://evil.example/i.png)';

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

it.each([
  ['a <script>x</script>', '<p>a &lt;script&gt;x&lt;/script&gt;</p>'],
  ['[x](javascript:alert)', '<p>[x](javascript:alert)</p>'],
  [
    '[`a`](https://a.example)',
    '<p><a href="https://a.example" rel="noreferrer"><code>a</code></a></p>',
  ],
  ['<sub onclick=x>y</sub>', '<p>&lt;sub onclick=x&gt;y</sub></p>'],
  ['`` a`b ``', '<p><code>a`b</code></p>'],
  ['`a', '<p>`a</p>'],
  ['\\<b\\>', '<p>&lt;b&gt;</p>'],
  ['````\n```\n````', '<figure><pre><span class="">```\n</span></pre></figure>'],
  ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['**a** b', '<p><strong>a</strong> b</p>'],
])('renders %j', (markdown, html) => {
  expect(renderMarkdown(markdown)).toBe(html);
});

it('lets no text of a pull request become a tag, an address or a script', () => {
  for (const name of ['hostile', 'everything-at-once']) {
    const page = pageOf(name, ATTACK);
    expect(page).not.toMatch(/<(?:script|img|iframe|details open [^>])/i);
    expect(page).not.toMatch(/<[a-z]+[^>]*\son\w+\s*=/i);
    expect(page).not.toMatch(/href="(?!https:)/);
  }
});

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => existsSync(path),
);
if (CHROMIUM === undefined) {
  console.warn('NOT TESTED in a browser: there is no Chromium. apt-get install chromium');
}

it.skipIf(CHROMIUM === undefined)('runs nothing in a browser', () => {
  const directory = mkdtempSync(join(tmpdir(), 'preview-'));
  try {
    const file = join(directory, 'page.html');
    writeFileSync(file, pageOf('hostile', ATTACK));
    const dom = execFileSync(
      CHROMIUM ?? '',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${directory}/profile`,
        '--dump-dom',
        pathToFileURL(file).href,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 50_000 },
    );
    expect(dom).toContain('<title>Debug &lt;script&gt;');
    expect(dom).not.toContain('<title>run');
    expect(dom).toContain('<summary>Exact text</summary>');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
