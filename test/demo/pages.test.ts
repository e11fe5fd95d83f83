import { afterAll, beforeAll, expect, it } from 'vitest';

import { setStage, type Stage } from '../end-to-end/stage.ts';
import { type Pages, servePages } from './pages.ts';

const at = { owner: 'acme', repo: 'fleet' };
const FILES = {
  'apps/namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: payments
  labels:
    pod-security.kubernetes.io/enforce: baseline
`,
  'apps/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: payments}
spec:
  containers:
    - name: app
      image: nginx
`,
};
const PRIVILEGED = FILES['apps/pod.yaml'].replace(
  'image: nginx',
  'image: nginx\n      securityContext: {privileged: true}',
);

let stage: Stage;
let pages: Pages;

beforeAll(async () => {
  stage = await setStage();
  await stage.github.createRepository({ owner: 'acme', name: 'fleet', files: FILES });
  const files = { 'apps/pod.yaml': PRIVILEGED };
  await stage.github.push('acme/fleet', { branch: 'loose', files, by: 'ada' });
  await stage.ada.pulls.create({
    ...at,
    title: 'Debug <script>alert(1)</script>',
    body: 'To find **the leak**. <img src=x onerror=alert(1)>',
    head: 'loose',
    base: 'main',
  });
  await stage.ada.issues.createComment({ ...at, issue_number: 1, body: 'Is it **so** bad?' });
  await stage.idle('acme/fleet');
  pages = await servePages({
    octokit: stage.ada,
    repositories: ['acme/fleet'],
    appId: stage.app.id,
  });
});

afterAll(async () => {
  await pages.close();
  await stage.close();
});

async function get(path: string): Promise<{ status: number; policy: string; html: string }> {
  const response = await fetch(new URL(path, pages.url));
  const policy = response.headers.get('content-security-policy') ?? '';
  return { status: response.status, policy, html: await response.text() };
}

it('lists the pull requests on loopback', async () => {
  const { status, policy, html } = await get('/');
  expect(new URL(pages.url).hostname).toBe('127.0.0.1');
  expect(status).toBe(200);
  expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; /);
  expect(html).toContain(
    '<a href="/acme/fleet/pull/1">#1 Debug &lt;script&gt;alert(1)&lt;/script&gt;</a>',
  );
});

it('shows a pull request: description, four checks, its diff and the comment on it', async () => {
  const { status, policy, html } = await get('/acme/fleet/pull/1');
  expect(status).toBe(200);
  expect(policy).toContain("default-src 'none'");
  expect(html).toContain('To find <strong>the leak</strong>.');
  expect(html).toMatch(/>ada<\/header>[^]*Is it <strong>so<\/strong> bad\?/);
  expect(html.match(/<b>Fluxgate \/ [a-z ]+<\/b>/g)).toEqual([
    '<b>Fluxgate / pod security</b>',
    '<b>Fluxgate / commit signatures</b>',
    '<b>Fluxgate / image policy</b>',
    '<b>Fluxgate / gitops</b>',
  ]);
  expect(html).toContain('<header class="box-header">apps/pod.yaml</header>');
  expect(html).toContain('+      securityContext: {privileged: true}');
  expect(html).toContain('<article class="box comment">');
  expect(html).toContain(
    '<div class="suggestion"><div class="box-header">Suggested change</div><div class="diff"><pre><span class="line remove">-       securityContext: {privileged: true}</span><span class="line add">+       securityContext: {privileged: false}</span></pre></div>',
  );
  expect(html).not.toMatch(/<(?:script|img)/i);
});

it.each([
  '/acme/fleet/pull/99',
  '/acme/fleet/pull/x',
  '/../etc',
  '/acme/fleet/pull/1/',
  '/acme/other/pull/1',
])('has no page at %s', async (path) => {
  expect((await get(path)).status).toBe(404);
});

it('shows replies below what they answer, and what is mended where its line is gone', async () => {
  const broken = { 'apps/pod.yaml': PRIVILEGED };
  await stage.github.push('acme/fleet', { branch: 'answered', files: broken, by: 'ada' });
  const pull = { ...at, title: 'Debug again', head: 'answered', base: 'main' };
  const { number: pull_number } = (await stage.ada.pulls.create(pull)).data;
  await stage.idle('acme/fleet');
  const path = `/acme/fleet/pull/${pull_number}`;
  const target = { ...at, pull_number };
  const { data } = await stage.ada.pulls.listReviewComments(target);
  const comment_id = data[0]?.id ?? 0;
  await stage.ada.pulls.createReplyForReviewComment({ ...target, comment_id, body: 'I know.' });
  expect((await get(path)).html).toMatch(
    /fluxgate <span class="muted">bot<\/span>[^]*<header class="box-header">ada<\/header>[^]*I know\./,
  );
  const files = { 'apps/pod.yaml': FILES['apps/pod.yaml'], 'README.md': 'x\n' };
  await stage.github.push('acme/fleet', { branch: 'answered', files, by: 'ada' });
  await stage.idle('acme/fleet');
  const { html } = await get(path);
  expect(html).toContain('<header class="box-header">apps/pod.yaml</header>');
  expect(html).toMatch(/bot · outdated<\/span>[^]*No longer found in [0-9a-f]{40}\./);
});

it('is only to be read', async () => {
  expect((await fetch(pages.url, { method: 'POST' })).status).toBe(405);
});
