import type { Commit } from '../git/commit-object.ts';
import type { CheckRun, CheckSuite, PullIssue } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import { renderApp } from './accounts.ts';
import { renderSimpleCommit } from './commits.ts';
import { renderMinimalPull } from './pulls.ts';
import { apiUrl, htmlUrl, renderRepository } from './repositories.ts';

/**
 * The open pull requests that a check is shown to belong to: those from a branch of the same
 * repository. Of forks there is never one, although the check stands on their page as well.
 */
export function pullsOfSuite(suite: CheckSuite): PullIssue[] {
  if (suite.headBranch === null) return [];
  return [...suite.repository.issues.values()].filter(
    (issue): issue is PullIssue =>
      issue.pull !== undefined &&
      issue.state === 'open' &&
      issue.pull.headRepository === suite.repository &&
      issue.pull.headSha === suite.headSha,
  );
}

export function renderCheckRun(world: World, run: CheckRun) {
  const { suite } = run;
  const url = `${apiUrl(world, suite.repository)}/check-runs/${run.id}`;
  const page = `${htmlUrl(world, suite.repository)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: suite.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suite.id },
    app: renderApp(world, suite.app),
    pull_requests: pullsOfSuite(suite).map((issue) => renderMinimalPull(world, issue)),
  };
}

/** A check run as webhooks carry it: with more of its suite. */
export function renderCheckRunOfWebhook(world: World, run: CheckRun) {
  return { ...renderCheckRun(world, run), check_suite: renderSimpleSuite(world, run.suite) };
}

function renderSimpleSuite(world: World, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: `${apiUrl(world, suite.repository)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOfSuite(suite).map((issue) => renderMinimalPull(world, issue)),
    app: renderApp(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  };
}

/** A suite as webhooks carry it: their repository stands beside it. */
export function renderSuiteOfWebhook(world: World, suite: CheckSuite, commit: Commit | undefined) {
  const runs = [...suite.repository.checkRuns.values()].filter((run) => run.suite === suite);
  const url = `${apiUrl(world, suite.repository)}/check-suites/${suite.id}`;
  return {
    ...renderSimpleSuite(world, suite),
    latest_check_runs_count: new Set(runs.map(({ name }) => name)).size,
    check_runs_url: `${url}/check-runs`,
    head_commit: commit === undefined ? null : renderSimpleCommit(commit),
    rerequestable: true,
    runs_rerequestable: true,
  };
}

export function renderCheckSuite(world: World, suite: CheckSuite, commit: Commit | undefined) {
  const repository = renderRepository(world, suite.repository);
  return { ...renderSuiteOfWebhook(world, suite, commit), repository };
}
