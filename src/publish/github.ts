import { createHash } from 'node:crypto';

import type { Octokit } from '@octokit/rest';

import { type Button, EXPLAIN_BUTTON, PLAN_BUTTON, RECHECK_BUTTON } from '../model/buttons.ts';
import type { Annotation, CheckReport } from '../model/report.ts';
import { LATE } from '../report/refused.ts';
import { publishComments } from './github-comments.ts';
import type { Publisher } from './publisher.ts';

export interface GitHubTarget {
  readonly owner: string;
  readonly repo: string;
  /** Absent where a person publishes with a token that may write checks. */
  readonly appId?: number;
  /** Numeric id of the App's own user: logins change, ids do not. */
  readonly botId: number;
  /** Waits its turn before content is created: GitHub asks for a second between such requests. */
  readonly pace: () => Promise<void>;
  /** A client that may resolve threads, where the installation grants that. */
  readonly connectToResolve?: () => Promise<Pick<Octokit, 'graphql'>>;
  /** Said with new comments, where there is no check run that could say it. */
  readonly remark?: string;
}

/** Annotations that one request may carry (`github.md` §3). */
const BATCH = 50;

type Client = Pick<Octokit, 'request' | 'graphql'>;

/** Publishes on GitHub. */
export function githubPublisher(octokit: Client, target: GitHubTarget): Publisher {
  return {
    async announce(head, names) {
      const present = new Set((await listRuns(octokit, target, head)).map(({ name }) => name));
      for (const name of names)
        if (!present.has(name)) await createRun(octokit, target, head, name);
    },
    async conclude(head, checks, nonce = '') {
      const runs = await listRuns(octokit, target, head);
      await Promise.all(
        checks.map((check) => concludeRun(octokit, target, { head, runs, check, nonce })),
      );
    },
    async abandon(head, checks) {
      const runs = await listRuns(octokit, target, head);
      const open = new Set(runs.filter(isOpen).map(({ name }) => name));
      const left = checks.filter(({ name }) => open.has(name));
      await Promise.all(
        left.map((check) => concludeRun(octokit, target, { head, runs, check, nonce: '' })),
      );
    },
    comment: (pull, head, words) =>
      publishComments(octokit, { ...target, number: pull }, head, words),
    async amend(head, checks) {
      const runs = await listRuns(octokit, target, head);
      for (const check of checks) {
        const run = runs.find(({ name }) => name === check.name);
        if (run !== undefined) await amendRun(octokit, target, run.id, check);
      }
    },
  };
}

interface Run {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  readonly external_id: string | null;
  readonly output: { readonly annotations_count: number; readonly summary: string | null };
}

function isOpen({ status }: Run): boolean {
  return status !== 'completed';
}

/** The newest run of each name that the App has on a commit. */
async function listRuns(octokit: Client, target: GitHubTarget, head: string): Promise<Run[]> {
  const { owner, repo, appId } = target;
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: head,
    ...(appId !== undefined && { app_id: appId }),
    filter: 'latest',
    per_page: 100,
  });
  return data.check_runs.map((run) => ({ ...run, id: Number(run.id) }));
}

async function createRun(
  octokit: Client,
  { owner, repo }: GitHubTarget,
  head: string,
  name: string,
): Promise<void> {
  await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
    owner,
    repo,
    head_sha: head,
    name,
    status: 'in_progress',
    output: { title: 'Reviewing', summary: 'The review of this commit is under way.' },
  });
}

interface Conclusion {
  readonly head: string;
  readonly runs: readonly Run[];
  readonly check: CheckReport;
  readonly nonce: string;
}

/**
 * A completed run is never opened again, since GitHub kept showing its first conclusion; another
 * answer is another run. A run that is not completed, announced or cut short, is completed.
 */
async function concludeRun(
  octokit: Client,
  target: GitHubTarget,
  conclusion: Conclusion,
): Promise<void> {
  const { head, runs, check, nonce } = conclusion;
  const externalId = toExternalId(check, nonce);
  const latest = runs.find(({ name }) => name === check.name);
  if (latest?.status === 'completed' && latest.external_id === externalId) {
    if (latest.output.summary?.includes(LATE)) await amendRun(octokit, target, latest.id, check);
    return;
  }
  const open = latest?.status === 'completed' ? undefined : latest;
  const isResumed = open?.external_id === externalId;
  let sent = isResumed ? open.output.annotations_count : 0;
  let id = open?.id;
  do {
    const batch = check.annotations.slice(sent, sent + BATCH);
    sent += batch.length;
    const isLast = sent >= check.annotations.length;
    id = await sendRun(octokit, target, id, {
      head,
      check,
      externalId,
      annotations: batch,
      isLast,
    });
  } while (sent < check.annotations.length);
}

/** Other words for a run; its conclusion and annotations stay. */
async function amendRun(
  octokit: Client,
  { owner, repo }: GitHubTarget,
  id: number,
  { title, summary }: CheckReport,
): Promise<void> {
  await octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
    owner,
    repo,
    check_run_id: id,
    output: { title, summary },
  });
}

interface Part {
  readonly head: string;
  readonly check: CheckReport;
  readonly externalId: string;
  readonly annotations: readonly Annotation[];
  readonly isLast: boolean;
}

/** Creates or continues a run with some annotations; the last part completes it. */
async function sendRun(
  octokit: Client,
  { owner, repo, appId }: GitHubTarget,
  id: number | undefined,
  { head, check, externalId, annotations, isLast }: Part,
): Promise<number> {
  const { name, title, summary, conclusion } = check;
  const body = {
    owner,
    repo,
    name,
    external_id: externalId,
    ...(isLast ? { status: 'completed' as const, conclusion } : { status: 'in_progress' as const }),
    output: { title, summary, annotations: annotations.map(toAnnotation) },
    // Buttons come back to the App as events; a person's own token hears nothing.
    ...(appId !== undefined && isLast && { actions: buttonsOf(check) }),
  };
  const { data } = await (id === undefined
    ? octokit.request('POST /repos/{owner}/{repo}/check-runs', { ...body, head_sha: head })
    : octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
        ...body,
        check_run_id: id,
      }));
  return Number(data.id);
}

/** At most three, where they have an answer. */
function buttonsOf({ area, isExplainable }: CheckReport): Button[] {
  return [
    RECHECK_BUTTON,
    ...(isExplainable ? [EXPLAIN_BUTTON] : []),
    ...(area === 'pod-security' ? [PLAN_BUTTON] : []),
  ];
}

function toAnnotation({ path, startLine, endLine, level, title, message }: Annotation) {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title,
    message,
  };
}

/** Equal reports have equal ids, so that the same answer is not published twice. */
function toExternalId(check: CheckReport, nonce: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([check, nonce]))
    .digest('hex');
  return `fluxgate/1/${check.area}/${digest.slice(0, 24)}`;
}
