import picomatch from 'picomatch';

import { hasRole } from '../http/access.ts';
import type {
  CheckRun,
  MergeMethod,
  NamePatterns,
  PullIssue,
  Repository,
  RequiredCheck,
  Rule,
  Ruleset,
} from '../state/model.ts';

/** What protections and rulesets together ask of a branch. */
export interface Requirements {
  readonly checks: readonly RequiredCheck[];
  readonly strict: boolean;
  readonly reviews: number;
  readonly resolvedConversations: boolean;
  readonly signatures: boolean;
  readonly methods: readonly MergeMethod[];
  readonly queue: boolean;
}

export interface BranchRule extends Rule {
  readonly ruleset: Ruleset;
}

/** The rules that are in force on a branch, whether it exists or not. */
export function rulesOf(repository: Repository, branch: string): BranchRule[] {
  const rulesets = [...repository.rulesets.values(), ...repository.owner.rulesets.values()];
  return rulesets
    .filter((ruleset) => ruleset.enforcement === 'active' && applies(ruleset, repository, branch))
    .flatMap((ruleset) => ruleset.rules.map((rule) => ({ ...rule, ruleset })));
}

function applies({ refs, repositories }: Ruleset, repository: Repository, branch: string): boolean {
  const isDefault = branch === repository.defaultBranch;
  return (
    matches(repositories, repository.name, false) &&
    matches(refs, `refs/heads/${branch}`, isDefault)
  );
}

function matches({ include, exclude }: NamePatterns, name: string, isDefault: boolean): boolean {
  const fits = (pattern: string) => {
    if (pattern === '~ALL') return true;
    return pattern === '~DEFAULT_BRANCH' ? isDefault : picomatch.isMatch(name, pattern);
  };
  return include.some(fits) && !exclude.some(fits);
}

export function requirementsOf(repository: Repository, branch: string): Requirements {
  const protection = repository.protections.get(branch);
  const rules = rulesOf(repository, branch);
  const of = (type: string) => rules.filter((rule) => rule.type === type);
  const statusRules = of('required_status_checks').map(({ parameters }) => parameters ?? {});
  const pullRules = of('pull_request').map(({ parameters }) => parameters ?? {});
  const isLinear =
    protection?.requiredLinearHistory === true || of('required_linear_history').length > 0;
  return {
    checks: [
      ...(protection?.requiredChecks?.checks ?? []),
      ...statusRules.flatMap(({ required_status_checks: checks }) => toRequiredChecks(checks)),
    ],
    strict:
      protection?.requiredChecks?.strict === true ||
      statusRules.some((parameters) => parameters.strict_required_status_checks_policy === true),
    reviews: Math.max(
      protection?.requiredReviews ?? 0,
      ...pullRules.map((parameters) => Number(parameters.required_approving_review_count ?? 0)),
    ),
    resolvedConversations:
      protection?.requiredConversationResolution === true ||
      pullRules.some((parameters) => parameters.required_review_thread_resolution === true),
    signatures: protection?.requiredSignatures === true || of('required_signatures').length > 0,
    methods: allowedMethods(repository, pullRules, isLinear),
    queue: of('merge_queue').length > 0,
  };
}

function toRequiredChecks(value: unknown): RequiredCheck[] {
  if (!Array.isArray(value)) return [];
  return (value as { context: string; integration_id?: number }[]).map((check) => ({
    context: check.context,
    appId: check.integration_id ?? null,
  }));
}

function allowedMethods(
  { settings }: Repository,
  pullRules: readonly Readonly<Record<string, unknown>>[],
  isLinear: boolean,
): MergeMethod[] {
  const methods: MergeMethod[] = [
    ...(settings.allowMergeCommit && !isLinear ? (['merge'] as const) : []),
    ...(settings.allowSquashMerge ? (['squash'] as const) : []),
    ...(settings.allowRebaseMerge ? (['rebase'] as const) : []),
  ];
  return methods.filter((method) =>
    pullRules.every(({ allowed_merge_methods: allowed }) =>
      Array.isArray(allowed) ? allowed.includes(method) : true,
    ),
  );
}

const PASSING = new Set(['success', 'neutral', 'skipped']);

export type CheckVerdict = 'passed' | 'failed' | 'pending' | 'missing';

/** Newest run of a name, from any App or from one. */
function newestRun(
  repository: Repository,
  sha: string,
  { context, appId }: RequiredCheck,
): CheckRun | undefined {
  return [...repository.checkRuns.values()]
    .filter(
      (run) =>
        run.suite.headSha === sha &&
        run.name === context &&
        (appId === null || run.suite.app.id === appId),
    )
    .at(-1);
}

/** Where a required check stands on a commit. A check and a status of one name must both pass. */
export function verdictOf(repository: Repository, sha: string, check: RequiredCheck): CheckVerdict {
  const run = newestRun(repository, sha, check);
  const status =
    check.appId === null
      ? repository.statuses.filter((one) => one.sha === sha && one.context === check.context).at(-1)
      : undefined;
  const verdicts: CheckVerdict[] = [];
  if (run !== undefined) {
    verdicts.push(
      run.conclusion === null ? 'pending' : PASSING.has(run.conclusion) ? 'passed' : 'failed',
    );
  }
  if (status !== undefined) {
    verdicts.push(
      status.state === 'success' ? 'passed' : status.state === 'pending' ? 'pending' : 'failed',
    );
  }
  if (verdicts.length === 0) return 'missing';
  return verdicts.find((verdict) => verdict !== 'passed') ?? 'passed';
}

/** Why a pull request cannot be merged yet, in GitHub's words; empty when it can. */
export function obstaclesOf(issue: PullIssue): string[] {
  const { repository, pull } = issue;
  const wanted = requirementsOf(repository, pull.baseRef);
  const verdicts = wanted.checks.map((check) => ({
    check,
    verdict: verdictOnPull(issue, check),
  }));
  const waiting = verdicts.filter(({ verdict }) => verdict === 'pending' || verdict === 'missing');
  const approvals = approvalsOf(issue);
  return [
    ...waiting.map(({ check }) => `Required status check "${check.context}" is expected.`),
    ...verdicts
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ check }) => `Required status check "${check.context}" is failing.`),
    ...(approvals < wanted.reviews
      ? [`At least ${wanted.reviews} approving review is required by reviewers with write access.`]
      : []),
    ...(wanted.resolvedConversations && pull.threads.some((thread) => !thread.resolvedBy)
      ? ['A conversation must be resolved before this pull request can be merged.']
      : []),
    ...(wanted.strict && pull.test.isBehind
      ? ['The head branch is not up to date with the base.']
      : []),
  ];
}

/** A check on the test merge counts before one on the head. */
function verdictOnPull({ repository, pull }: PullIssue, check: RequiredCheck): CheckVerdict {
  const onTest = pull.test.sha === null ? 'missing' : verdictOf(repository, pull.test.sha, check);
  return onTest === 'missing' ? verdictOf(repository, pull.headSha, check) : onTest;
}

/** Only who may write can approve; of several reviews of a person the newest counts. */
function approvalsOf({ repository, pull }: PullIssue): number {
  const newest = new Map<number, string>();
  for (const { user, state } of pull.reviews) {
    if (state === 'COMMENTED' || state === 'PENDING') continue;
    if (hasRole(user, repository, 'write')) newest.set(user.id, state);
  }
  return [...newest.values()].filter((state) => state === 'APPROVED').length;
}

/** The word with which GitHub sums up whether the merge button is green. */
export function mergeableStateOf(issue: PullIssue): string {
  const { pull, repository } = issue;
  if (issue.state === 'closed' || pull.test.mergeable === null) return 'unknown';
  if (!pull.test.mergeable) return 'dirty';
  if (pull.draft) return 'draft';
  const obstacles = obstaclesOf(issue);
  if (obstacles.some((text) => text.includes('up to date'))) return 'behind';
  if (obstacles.length > 0) return 'blocked';
  const runs = [...repository.checkRuns.values()].filter(
    ({ suite }) => suite.headSha === pull.headSha,
  );
  const names = new Set(runs.map(({ name }) => name));
  const isFine = [...names].every(
    (context) => verdictOf(repository, pull.headSha, { context, appId: null }) === 'passed',
  );
  return isFine ? 'clean' : 'unstable';
}
