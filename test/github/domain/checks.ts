import { readCommit } from '../git/store.ts';
import { renderCheckRunOfWebhook, renderSuiteOfWebhook } from '../render/checks.ts';
import type {
  Account,
  App,
  CheckRun,
  CheckSuite,
  Conclusion,
  Installation,
  Repository,
} from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emit, emitTo, installationsOn } from '../webhooks/emit.ts';

/** The suite of an App on a commit; undefined as long as there is none. */
export function findSuite(
  repository: Repository,
  app: App,
  headSha: string,
): CheckSuite | undefined {
  return [...repository.checkSuites.values()].find(
    (suite) => suite.app === app && suite.headSha === headSha,
  );
}

export function createSuite(
  world: World,
  repository: Repository,
  app: App,
  head: { sha: string; branch: string | null; before: string | null },
): CheckSuite {
  const now = timestamp(world);
  const suite: CheckSuite = {
    id: world.nextId('suite'),
    repository,
    app,
    headSha: head.sha,
    headBranch: head.branch,
    before: head.before,
    createdAt: now,
    updatedAt: now,
    status: 'queued',
    conclusion: null,
  };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

/**
 * Makes the suite of a new commit for every App that may write checks, and asks each for its runs.
 * A commit that has a suite already gets no second one.
 */
export async function requestSuites(
  world: World,
  repository: Repository,
  head: { sha: string; branch: string | null; before: string | null },
  sender: Account,
): Promise<void> {
  for (const installation of installationsOn(world, repository)) {
    if (installation.permissions.checks !== 'write') continue;
    if (findSuite(repository, installation.app, head.sha) !== undefined) continue;
    const suite = createSuite(world, repository, installation.app, head);
    await tellOwner(world, installation, suite, 'requested', sender);
  }
}

async function tellOwner(
  world: World,
  installation: Installation,
  suite: CheckSuite,
  action: 'requested' | 'rerequested',
  sender: Account,
): Promise<void> {
  const commit = await readCommit(suite.repository.git, suite.headSha);
  const payload = { check_suite: renderSuiteOfWebhook(world, suite, commit) };
  emitTo(world, installation, suite.repository, { name: 'check_suite', action, payload, sender });
}

/** Asks the suite's App to do it all again. */
export async function rerequestSuite(
  world: World,
  suite: CheckSuite,
  sender: Account,
): Promise<void> {
  suite.status = 'queued';
  suite.conclusion = null;
  suite.updatedAt = timestamp(world);
  const installation = installationOf(world, suite);
  if (installation === undefined) return;
  await tellOwner(world, installation, suite, 'rerequested', sender);
}

/** Asks the run's App to do one run again, or to act on a button. */
export function askRunsApp(
  world: World,
  run: CheckRun,
  sender: Account,
  event: { action: 'rerequested' } | { action: 'requested_action'; identifier: string },
): void {
  const installation = installationOf(world, run.suite);
  if (installation === undefined) return;
  if (event.action === 'rerequested') {
    run.suite.status = 'queued';
    run.suite.conclusion = null;
  }
  const payload = {
    check_run: renderCheckRunOfWebhook(world, run),
    ...(event.action === 'requested_action'
      ? { requested_action: { identifier: event.identifier } }
      : {}),
  };
  const { action } = event;
  emitTo(world, installation, run.suite.repository, { name: 'check_run', action, payload, sender });
}

function installationOf(world: World, suite: CheckSuite): Installation | undefined {
  return installationsOn(world, suite.repository).find(({ app }) => app === suite.app);
}

/** Tells of a run, and of its suite when that is now complete. */
export async function announceRun(
  world: World,
  run: CheckRun,
  action: 'created' | 'completed',
): Promise<void> {
  const { suite } = run;
  const sender = suite.app.bot;
  const payload = { check_run: renderCheckRunOfWebhook(world, run) };
  emit(world, suite.repository, { name: 'check_run', action, payload, sender });
  refreshSuite(world, suite);
  if (action === 'created' || suite.status !== 'completed') return;
  const commit = await readCommit(suite.repository.git, suite.headSha);
  emit(world, suite.repository, {
    name: 'check_suite',
    action: 'completed',
    payload: { check_suite: renderSuiteOfWebhook(world, suite, commit) },
    sender,
  });
}

/** Worst first: a suite shows the conclusion that stands first here. */
const CONCLUSIONS: readonly Conclusion[] = [
  ...(['failure', 'timed_out', 'cancelled', 'action_required', 'stale'] as const),
  ...(['neutral', 'success', 'skipped'] as const),
];

function refreshSuite(world: World, suite: CheckSuite): void {
  const runs = latestRuns(
    [...suite.repository.checkRuns.values()].filter((run) => run.suite === suite),
  );
  const isDone = runs.length > 0 && runs.every(({ status }) => status === 'completed');
  const isStarted = runs.some(({ status }) => status !== 'queued');
  suite.status = isDone ? 'completed' : isStarted ? 'in_progress' : 'queued';
  suite.conclusion = isDone
    ? (CONCLUSIONS.find((one) => runs.some(({ conclusion }) => conclusion === one)) ?? null)
    : null;
  suite.updatedAt = timestamp(world);
}

/** The newest run of each name and App: what people see, and what lists answer by default. */
export function latestRuns(runs: readonly CheckRun[]): CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of runs) newest.set(`${run.suite.app.id} ${run.name}`, run);
  return [...newest.values()];
}
