import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Octokit } from '@octokit/rest';

import { AREAS } from '../../src/model/finding.ts';
import type { Annotation, CheckReport } from '../../src/model/report.ts';
import { escapeHtml } from '../../src/preview/markdown.ts';
import { renderPreview } from '../../src/preview/page.ts';
import { STYLE } from '../../src/preview/style.ts';
import { checkName } from '../../src/report/words.ts';

/** Whose pull requests are shown, and through whose eyes. */
export interface Shop {
  readonly octokit: Octokit;
  /** `OWNER/NAME`, in the order of the list. */
  readonly repositories: readonly string[];
  /** Only the checks of this App are shown. */
  readonly appId: number;
}

export interface Pages {
  readonly url: string;
  close(): Promise<void>;
}

/** Pages hold text of pull requests: nothing runs, loads, frames or is sent anywhere. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves, on loopback only, a list of the open pull requests and a page for each, as they are now. */
export async function servePages(shop: Shop): Promise<Pages> {
  const server = createServer((request, response) => {
    void answer(shop, request.method ?? '', request.url ?? '').then(([status, html]) => {
      response.writeHead(status, HEADERS).end(html);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(shop: Shop, method: string, path: string): Promise<[number, string]> {
  if (method !== 'GET') return [405, frame('Only to be read', '')];
  const [, repository = '', number] = /^\/([\w.-]+\/[\w.-]+)\/pull\/(\d{1,9})$/.exec(path) ?? [];
  try {
    if (path === '/') return [200, await indexPage(shop)];
    if (shop.repositories.includes(repository)) {
      return [200, await pullPage(shop, repository, Number(number))];
    }
  } catch (error) {
    if ((error as { status?: unknown }).status !== 404) {
      return [500, frame('GitHub did not answer as it should', '')];
    }
  }
  return [404, frame('There is no such page', '')];
}

async function indexPage(shop: Shop): Promise<string> {
  const parts = await Promise.all(
    shop.repositories.map(async (repository) => {
      const pulls = await shop.octokit.paginate(shop.octokit.pulls.list, toTarget(repository));
      const items = pulls
        .toSorted((a, b) => a.number - b.number)
        .map(
          ({ number, title }) =>
            `<li><a href="/${repository}/pull/${number}">#${number} ${escapeHtml(title)}</a></li>`,
        );
      return `<h2>${escapeHtml(repository)}</h2><ul>${items.join('\n')}</ul>`;
    }),
  );
  return frame('Open pull requests', parts.join('\n'));
}

function toTarget(repository: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

async function pullPage(shop: Shop, repository: string, number: number): Promise<string> {
  const { octokit } = shop;
  const at = toTarget(repository);
  const target = { ...at, pull_number: number };
  const { data: pull } = await octokit.pulls.get(target);
  const files = await octokit.paginate(octokit.pulls.listFiles, target);
  const comments = await octokit.paginate(octokit.pulls.listReviewComments, target);
  const said = await octokit.paginate(octokit.issues.listComments, { ...at, issue_number: number });
  return renderPreview({
    conversation: said.map(({ user, body = '' }) => ({ author: user?.login ?? 'ghost', body })),
    title: `#${number} ${pull.title}`,
    ...(pull.body && { description: pull.body }),
    files: files.map(({ filename, patch }) => ({
      path: filename,
      ...(patch !== undefined && { patch }),
    })),
    report: {
      checks: await checksOf(shop, at, pull.head.sha),
      comments: inThreads(comments).map(({ path, line, start_line: startLine, body, user }) => ({
        path,
        line: line ?? 0,
        ...(startLine && { startLine }),
        body,
        author: user.login,
        fingerprints: [],
        areas: [],
      })),
    },
  });
}

/** Each comment with the replies to it right below. */
function inThreads<Said extends { readonly id: number; readonly in_reply_to_id?: number }>(
  comments: readonly Said[],
): Said[] {
  return comments
    .filter(({ in_reply_to_id: root }) => root === undefined)
    .flatMap((first) => [
      first,
      ...comments.filter(({ in_reply_to_id: root }) => root === first.id),
    ]);
}

type Target = ReturnType<typeof toTarget>;

async function checksOf(shop: Shop, at: Target, head: string): Promise<CheckReport[]> {
  const { octokit, appId } = shop;
  const { data } = await octokit.checks.listForRef({ ...at, ref: head, app_id: appId });
  const checks: CheckReport[] = [];
  for (const area of AREAS) {
    const run = data.check_runs.find(({ name }) => name === checkName(area));
    if (run === undefined) continue;
    const { conclusion } = run;
    checks.push({
      area,
      name: run.name,
      conclusion: conclusion === 'success' || conclusion === 'failure' ? conclusion : 'neutral',
      title: run.output.title ?? run.status,
      summary: run.output.summary ?? '',
      isExplainable: false,
      annotations: await annotationsOf(shop, at, run.id),
    });
  }
  return checks;
}

async function annotationsOf({ octokit }: Shop, at: Target, run: number): Promise<Annotation[]> {
  const { data } = await octokit.checks.listAnnotations({ ...at, check_run_id: run });
  return data.map(({ path, start_line, end_line, annotation_level, title, message }) => ({
    path,
    startLine: start_line,
    endLine: end_line,
    level:
      annotation_level === 'failure' || annotation_level === 'warning'
        ? annotation_level
        : 'notice',
    title: title ?? '',
    message: message ?? '',
  }));
}

function frame(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1 class="title">${escapeHtml(title)}</h1>
<div class="markdown-body">${body}</div>
</body></html>
`;
}
