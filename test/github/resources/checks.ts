import { z } from 'zod';

import { announceRun, askRunsApp, createSuite, findSuite, latestRuns } from '../domain/checks.ts';
import { advanceQueues } from '../domain/merge-queue.ts';
import { readCommit } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, notFound, ok } from '../http/answer.ts';
import { appOf, requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam, param } from '../http/router.ts';
import { renderCheckRun } from '../render/checks.ts';
import { htmlUrl } from '../render/repositories.ts';
import type { App, CheckRun } from '../state/model.ts';
import { timestamp } from '../state/world.ts';
import { requireCommit } from './commits.ts';
import { suiteOf } from './check-suites.ts';

const READ = { app: ['checks:read'] } as const;
const WRITE = { app: ['checks:write'], appOnly: true } as const;

/** Check runs. Only Apps write them, and each only its own. */
export const checkRoutes: readonly Route[] = [
  repositoryRoute('POST /check-runs', WRITE, createRun),
  repositoryRoute('GET /check-runs/{check_run_id}', READ, getRun),
  repositoryRoute('PATCH /check-runs/{check_run_id}', WRITE, updateRun),
  repositoryRoute('GET /check-runs/{check_run_id}/annotations', READ, listAnnotations),
  repositoryRoute('POST /check-runs/{check_run_id}/rerequest', WRITE, rerequest),
  repositoryRoute('GET /commits/{ref+}/check-runs', READ, listRunsOfCommit),
  repositoryRoute('GET /check-suites/{check_suite_id}/check-runs', READ, listRunsOfSuite),
];

const ColumnedAnnotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  start_column: z.number().nullish(),
  end_column: z.number().nullish(),
  annotation_level: z.string(),
  message: z.string(),
  title: z.string().nullish(),
  raw_details: z.string().nullish(),
});

const RunFields = z.object({
  name: z.string().optional(),
  head_sha: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum([
      ...(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped'] as const),
      ...(['stale', 'timed_out'] as const),
    ])
    .optional(),
  details_url: z.string().nullish(),
  external_id: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: z
    .object({
      title: z.string().nullish(),
      summary: z.string().nullish(),
      text: z.string().nullish(),
      annotations: z.array(ColumnedAnnotation).optional(),
    })
    .optional(),
  actions: z
    .array(z.object({ label: z.string(), description: z.string(), identifier: z.string() }))
    .optional(),
});

type RunFields = z.infer<typeof RunFields>;

function requireOwnApp({ actor }: RepositoryContext): App {
  const app = appOf(actor);
  if (app === undefined) throw new ApiError(403, 'You must authenticate via a GitHub App.');
  return app;
}

async function createRun(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const app = requireOwnApp(context);
  const wanted = bodyOf(request, RunFields);
  const sha = wanted.head_sha ?? '';
  if ((await readCommit(repository.git, sha)) === undefined) {
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  }
  const suite =
    findSuite(repository, app, sha) ??
    createSuite(world, repository, app, { sha, branch: branchOf(context, sha), before: null });
  const run: CheckRun = {
    id: world.nextId('run'),
    suite,
    name: wanted.name ?? '',
    status: 'queued',
    conclusion: null,
    externalId: '',
    detailsUrl: null,
    startedAt: timestamp(world),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  apply(context, run, wanted);
  repository.checkRuns.set(run.id, run);
  await announceRun(world, run, 'created');
  if (run.status === 'completed') await announceRun(world, run, 'completed');
  await advanceQueues(world, repository);
  return created(renderCheckRun(world, run));
}

function branchOf({ repository }: RepositoryContext, sha: string): string | null {
  for (const [ref, id] of repository.git.refs) {
    if (id === sha && ref.startsWith('refs/heads/')) return ref.slice('refs/heads/'.length);
  }
  return null;
}

/** A conclusion completes a run; annotations are added to those already there. */
function apply({ world }: RepositoryContext, run: CheckRun, wanted: RunFields): void {
  run.name = wanted.name ?? run.name;
  run.detailsUrl = wanted.details_url ?? run.detailsUrl;
  run.externalId = wanted.external_id ?? run.externalId;
  run.startedAt = normalDate(wanted.started_at) ?? run.startedAt;
  run.actions = wanted.actions ?? run.actions;
  if (wanted.conclusion !== undefined) {
    run.status = 'completed';
    run.conclusion = wanted.conclusion;
    run.completedAt = normalDate(wanted.completed_at) ?? timestamp(world);
  } else if (wanted.status !== undefined) {
    run.status = wanted.status;
    run.conclusion = null;
    run.completedAt = null;
  }
  if (wanted.output === undefined) return;
  const { title, summary, text, annotations = [] } = wanted.output;
  run.output = {
    title: title ?? run.output.title,
    summary: summary ?? run.output.summary,
    text: text ?? run.output.text,
  };
  for (const annotation of annotations) {
    if (annotation.start_line > annotation.end_line) {
      throw new ApiError(422, 'Invalid request.\n\nstart_line must not be after end_line.');
    }
    run.annotations.push({
      ...annotation,
      start_column: annotation.start_column ?? null,
      end_column: annotation.end_column ?? null,
      title: annotation.title ?? null,
      raw_details: annotation.raw_details ?? null,
    });
  }
}

function normalDate(date: string | undefined): string | undefined {
  return date === undefined ? undefined : `${new Date(date).toISOString().slice(0, 19)}Z`;
}

/** The run that a route names. */
export function runOf(context: RepositoryContext): CheckRun {
  const run = context.repository.checkRuns.get(numberParam(context, 'check_run_id'));
  if (run === undefined) throw notFound();
  return run;
}

function getRun(context: RepositoryContext): Answer {
  return ok(renderCheckRun(context.world, runOf(context)));
}

async function updateRun(context: RepositoryContext): Promise<Answer> {
  const run = runOf(context);
  const app = requireOwnApp(context);
  if (run.suite.app !== app) {
    throw new ApiError(
      403,
      `Invalid app_id \`${app.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  const was = run.status;
  apply(context, run, bodyOf(context.request, RunFields));
  const isDone = run.status === 'completed' && was !== 'completed';
  if (isDone) await announceRun(context.world, run, 'completed');
  await advanceQueues(context.world, context.repository);
  return ok(renderCheckRun(context.world, run));
}

function listAnnotations(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const run = runOf(context);
  const folder = `${htmlUrl(world, repository)}/blob/${run.suite.headSha}`;
  return paginate(context, run.annotations, (annotation) => ({
    ...annotation,
    blob_href: `${folder}/${annotation.path}`,
  }));
}

function rerequest(context: RepositoryContext): Answer {
  const { world, actor } = context;
  askRunsApp(world, runOf(context), requireAccount(actor), { action: 'rerequested' });
  return created({});
}

function listRuns(context: RepositoryContext, runs: readonly CheckRun[]): Promise<Answer> {
  const { query } = context.request;
  const name = query.get('check_name');
  const status = query.get('status');
  const app = query.get('app_id');
  const matching = runs.filter(
    (run) =>
      (name === null || run.name === name) &&
      (status === null || run.status === status) &&
      (app === null || String(run.suite.app.id) === app),
  );
  const shown = query.get('filter') === 'all' ? matching : latestRuns(matching);
  return paginate(
    context,
    [...shown].reverse(),
    (run) => renderCheckRun(context.world, run),
    (page) => ({ total_count: shown.length, check_runs: page }),
  );
}

async function listRunsOfCommit(context: RepositoryContext): Promise<Answer> {
  const sha = await requireCommit(context, param(context, 'ref'));
  const runs = [...context.repository.checkRuns.values()];
  return listRuns(
    context,
    runs.filter(({ suite }) => suite.headSha === sha),
  );
}

function listRunsOfSuite(context: RepositoryContext): Promise<Answer> {
  const suite = suiteOf(context);
  const runs = [...context.repository.checkRuns.values()];
  return listRuns(
    context,
    runs.filter((run) => run.suite === suite),
  );
}
