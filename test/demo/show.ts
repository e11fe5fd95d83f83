import type { Octokit } from '@octokit/rest';
import picocolors from 'picocolors';

import type { GitHub } from '../github/index.ts';

const { bold, cyan, dim, green, red, yellow } = picocolors;

export interface Shown {
  readonly text: string;
  /** Whether there are exactly four check runs, all completed. */
  readonly isComplete: boolean;
}

export interface PullRequestToShow {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly appId: number;
  readonly github: GitHub;
}

/** What a person sees of a pull request: its checks, annotations and comments. */
export async function show(request: PullRequestToShow): Promise<Shown> {
  const { octokit, owner, repo, number, appId } = request;
  const { data: pull } = await octokit.pulls.get({ owner, repo, pull_number: number });
  const { data } = await octokit.checks.listForRef({
    owner,
    repo,
    ref: pull.head.sha,
    app_id: appId,
  });
  const lines = [`\n${bold(`#${number} ${pull.title}`)}`];
  for (const run of data.check_runs.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const conclusion = (run.conclusion ?? run.status).padEnd(7);
    lines.push(`  ${paint(run.conclusion)(conclusion)}  ${run.name}: ${run.output.title ?? ''}`);
    const { data: annotations } = await octokit.checks.listAnnotations({
      owner,
      repo,
      check_run_id: run.id,
    });
    for (const { path, start_line: line, title, message } of annotations) {
      lines.push(
        `           ${cyan(`${path}:${line}`)} ${title ?? ''}`,
        dim(`           ${message ?? ''}`),
      );
    }
  }
  const { data: comments } = await octokit.pulls.listReviewComments({
    owner,
    repo,
    pull_number: number,
  });
  for (const { path, line, body } of comments) {
    lines.push(`  ${bold('comment')}  ${cyan(`${path}:${line ?? 0}`)}`, ...toText(body));
  }
  lines.push(dim(`  ${timeToConclusion(request, pull.head.sha)}`));
  const isComplete =
    data.check_runs.length === 4 && data.check_runs.every(({ status }) => status === 'completed');
  return { text: lines.join('\n'), isComplete };
}

function paint(conclusion: string | null): (text: string) => string {
  if (conclusion === 'success') return green;
  return conclusion === 'failure' ? red : yellow;
}

/** A comment about as a browser shows it: its Markdown is made for GitHub, not for a terminal. */
function toText(body: string): string[] {
  return body
    .replace(/<!--.*?-->/gs, '')
    .replace(/<summary>(.*?)<\/summary>/g, '$1:')
    .replace(/<\/?(?:details|sub)>/g, '')
    .replace(/^`{3,}.*$/gm, '')
    .replace(/\*\*|\u2060/g, '')
    .replace(/\\([^\w\s])/g, '$1')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => dim(`           ${line}`));
}

/** From the first webhook about a head to the last about a conclusion. */
function timeToConclusion({ github }: PullRequestToShow, head: string): string {
  const about = github.deliveries().filter(({ payload }) => JSON.stringify(payload).includes(head));
  const first = about.find(({ event }) => event === 'pull_request');
  const last = about.findLast(
    ({ event, action }) => event === 'check_run' && action !== 'rerequested',
  );
  if (first === undefined || last === undefined) return 'not concluded';
  const milliseconds = Date.parse(last.deliveredAt) - Date.parse(first.deliveredAt);
  return `${milliseconds} ms from its webhook to the last conclusion`;
}
