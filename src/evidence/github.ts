import type { Octokit } from '@octokit/rest';

import type {
  CommitMaterial,
  Known,
  MergeAllowance,
  MergeMethod,
  MergeSettings,
  RawCommit,
  RepositoryIdentity,
} from '../model/evidence.ts';
import type { Person } from '../model/commit.ts';
import { Permanent } from '../model/errors.ts';
import { BASE_HEADS, type EvidenceSource, MOST_COMMITS } from './evidence.ts';
import type { HistoryCache } from './history-cache.ts';
import { originOf, pushBranchOf } from './github-origin.ts';
import { rebuildCommit } from './rebuild-commit.ts';

export interface GitHubChange {
  readonly owner: string;
  readonly repo: string;
  /** The API: `https://api.github.com`, `https://HOST/api/v3`. */
  readonly baseUrl: string;
  readonly baseBranch?: string;
  /** Absent for a merge group, whose head is what the branch will have. */
  readonly pullRequest?: number;
  readonly headBranch?: string;
  /** Login of who opened the pull request. */
  readonly opener?: string;
  readonly base: string;
  readonly head: string;
  /** Where it was told with the pull request; else it is asked for. */
  readonly mergeAllowance?: MergeAllowance;
}

type Client = Pick<Octokit, 'request' | 'graphql'>;

/** Facts from GitHub. What it does not tell is unknown, with the reason. */
export function githubEvidence(
  octokit: Client,
  change: GitHubChange,
  histories?: HistoryCache,
): EvidenceSource {
  const { owner, repo, base, head } = change;
  let comparison: ReturnType<typeof compare> | undefined;
  const compared = () => (comparison ??= compare(octokit, { owner, repo }, base, head));
  return {
    identity: () => Promise.resolve(identityOf(change)),
    merging: () => orUnknown('how pull requests may be merged', mergingOf(octokit, change)),
    commits: () =>
      orUnknown(
        'the commits and their signatures',
        commitsOf(octokit, change, compared, histories),
      ),
    image: () => Promise.resolve({ state: 'unknown', reason: 'No registry is asked yet.' }),
    tags: () => Promise.resolve({ state: 'unknown', reason: 'No registry is asked yet.' }),
    origin: () => orUnknown('who proposes the change', originOf(compared, change)),
    pushBranch: ({ branch }) =>
      orUnknown(`what becomes of branch "${branch}"`, pushBranchOf(octokit, change, branch)),
  };
}

/** A refusal of GitHub is a gap with a reason; what may heal by itself goes to the queue. */
async function orUnknown<T>(what: string, answer: Promise<Known<T>>): Promise<Known<T>> {
  try {
    return await answer;
  } catch (error) {
    const isRefusal =
      error instanceof Permanent ||
      (error instanceof Error && (error.name === 'GraphqlResponseError' || is401(error)));
    if (!isRefusal) throw error;
    return { state: 'unknown', reason: `GitHub does not tell ${what}: ${error.message}` };
  }
}

function is401(error: Error): boolean {
  return 'status' in error && error.status === 401;
}

function identityOf({ owner, repo, baseUrl, baseBranch }: GitHubChange): Known<RepositoryIdentity> {
  if (baseBranch === undefined) return { state: 'unknown', reason: NO_BRANCH };
  const { hostname } = new URL(baseUrl);
  const host = hostname === 'api.github.com' ? 'github.com' : hostname;
  return { state: 'known', value: { host, repository: `${owner}/${repo}`, branch: baseBranch } };
}

const NO_BRANCH = 'It is not known to which branch this goes.';

interface AllowedMethods extends Omit<MergeAllowance, 'refUpdateRule'> {
  readonly ref: Pick<MergeAllowance, 'refUpdateRule'> | null;
}

/** Visible to every reader; the REST API shows these only to whoever may push or administrate. */
const ALLOWED_METHODS = `query ($owner: String!, $repo: String!, $ref: String!) {
  repository(owner: $owner, name: $repo) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed
    ref(qualifiedName: $ref) {
      refUpdateRule { requiredApprovingReviewCount requiresLinearHistory requiresSignatures }
    }
  }
}`;

async function mergingOf(octokit: Client, change: GitHubChange): Promise<Known<MergeSettings>> {
  const { owner, repo, baseBranch } = change;
  if (baseBranch === undefined) return { state: 'unknown', reason: NO_BRANCH };
  const at = { owner, repo, branch: baseBranch };
  const [allowance, rules] = await Promise.all([
    change.mergeAllowance ?? allowanceOf(octokit, at),
    branchRules(octokit, at),
  ]);
  const settings = toMergeSettings(allowance, rules);
  const isGroup = change.pullRequest === undefined;
  return { state: 'known', value: { ...settings, ...(isGroup && { isGroup }) } };
}

interface Branch {
  readonly owner: string;
  readonly repo: string;
  readonly branch: string;
}

async function allowanceOf(
  octokit: Client,
  { owner, repo, branch }: Branch,
): Promise<MergeAllowance> {
  const { repository } = await octokit.graphql<{ repository: AllowedMethods }>(ALLOWED_METHODS, {
    owner,
    repo,
    ref: `refs/heads/${branch}`,
  });
  return { ...repository, refUpdateRule: repository.ref?.refUpdateRule ?? null };
}

interface BranchRule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const PAGE = 100;
const MOST_PAGES = 20;

async function branchRules(octokit: Client, at: Branch): Promise<BranchRule[]> {
  const rules: BranchRule[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...at,
      per_page: PAGE,
      page,
    });
    rules.push(...(data as BranchRule[]));
    if (data.length < PAGE) break;
  }
  return rules;
}

function toMergeSettings(allowed: MergeAllowance, rules: readonly BranchRule[]): MergeSettings {
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const classic = allowed.refUpdateRule ?? undefined;
  const isLinear = has('required_linear_history') || classic?.requiresLinearHistory === true;
  const isSigned = has('required_signatures') || classic?.requiresSignatures === true;
  const isReviewed = classic !== undefined && classic.requiredApprovingReviewCount !== null;
  const limits = rules.flatMap(({ type, parameters }) =>
    type === 'pull_request' && Array.isArray(parameters?.allowed_merge_methods)
      ? [parameters.allowed_merge_methods as unknown[]]
      : [],
  );
  const ofRepository: Record<MergeMethod, boolean> = {
    merge: allowed.mergeCommitAllowed && !isLinear,
    squash: allowed.squashMergeAllowed,
    // "Rebase merges cannot be automatically signed by GitHub": it refuses them itself.
    rebase: allowed.rebaseMergeAllowed && !isSigned,
  };
  const queue = rules.filter(({ type }) => type === 'merge_queue').map(methodOfQueue);
  return {
    methods: METHODS.filter(
      (name) => ofRepository[name] && limits.every((limit) => limit.includes(name)),
    ),
    ...(queue.length > 0 && { queue: METHODS.filter((name) => queue.includes(name)) }),
    requiresSignatures: isSigned,
    requiresLinearHistory: isLinear,
    allowsPushes: !has('pull_request') && !isReviewed && queue.length === 0 && !has('update'),
  };
}

const METHODS = ['merge', 'squash', 'rebase'] as const;

/** By the default of GitHub where the rule names none that is known. */
function methodOfQueue({ parameters }: BranchRule): MergeMethod {
  const named = parameters?.merge_method;
  return (
    METHODS.find((name) => typeof named === 'string' && name === named.toLowerCase()) ?? 'merge'
  );
}

export interface CommitAnswer {
  readonly sha: string;
  readonly parents: readonly { readonly sha: string }[];
  readonly commit: {
    readonly message: string;
    readonly author: PersonAnswer | null;
    readonly committer: PersonAnswer | null;
    readonly verification?: {
      readonly verified: boolean;
      readonly reason: string;
      readonly signature: string | null;
      readonly payload: string | null;
    };
  };
}

interface PersonAnswer {
  readonly name?: string;
  readonly email?: string;
  readonly date?: string;
}

async function commitsOf(
  octokit: Client,
  { owner, repo, base }: GitHubChange,
  compared: () => ReturnType<typeof compare>,
  histories: HistoryCache | undefined,
): Promise<Known<CommitMaterial>> {
  const heads = async () =>
    histories?.get(base) ?? (await headsFrom(octokit, { owner, repo }, base)).map(toRawCommit);
  const [{ commits, total }, baseHeads] = await Promise.all([compared(), heads()]);
  histories?.set(base, baseHeads);
  const material: CommitMaterial = {
    change: commits.map(toRawCommit),
    ...(commits.length < total && { cut: `${commits.length} of ${total} were read` }),
    baseHeads,
  };
  return { state: 'known', value: material };
}

/** Comparisons are paged without an end, unlike the 250 commits that a pull request lists. */
async function compare(
  octokit: Client,
  at: { readonly owner: string; readonly repo: string },
  base: string,
  head: string,
): Promise<{ commits: CommitAnswer[]; total: number }> {
  const commits: CommitAnswer[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...at,
      basehead: `${base}...${head}`,
      per_page: PAGE,
      page,
    });
    commits.push(...(data.commits as CommitAnswer[]));
    const { total_commits: total } = data;
    const isLast = data.commits.length < PAGE || commits.length >= MOST_COMMITS;
    if (!isLast && commits.length < total) continue;
    if (commits.length < total) commits.push(await commitAt(octokit, at, head));
    return { commits, total };
  }
}

/** The head, which is at the end of a list that is cut before it. */
async function commitAt(
  octokit: Client,
  at: { readonly owner: string; readonly repo: string },
  ref: string,
): Promise<CommitAnswer> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}', { ...at, ref });
  return data;
}

/** Pages of history that are read to follow first parents. */
const MOST_HISTORY_PAGES = 5;

async function headsFrom(
  octokit: Client,
  at: { readonly owner: string; readonly repo: string },
  base: string,
): Promise<CommitAnswer[]> {
  const heads: CommitAnswer[] = [];
  let next: string | undefined = base;
  for (let round = 0; round < MOST_HISTORY_PAGES && next !== undefined; round += 1) {
    const page = await historyFrom(octokit, at, next);
    for (let commit = page.get(next); commit !== undefined;) {
      heads.push(commit);
      if (heads.length === BASE_HEADS) return heads;
      next = commit.parents[0]?.sha;
      commit = next === undefined ? undefined : page.get(next);
    }
  }
  return heads;
}

async function historyFrom(
  octokit: Client,
  at: { readonly owner: string; readonly repo: string },
  sha: string,
): Promise<Map<string, CommitAnswer>> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits', {
    ...at,
    sha,
    per_page: PAGE,
  });
  return new Map((data as CommitAnswer[]).map((commit) => [commit.sha, commit]));
}

function toRawCommit({ sha: id, parents, commit }: CommitAnswer): RawCommit {
  const { verification, message } = commit;
  const object =
    verification?.payload && verification.signature
      ? rebuildCommit(id, verification.payload, verification.signature)
      : undefined;
  return {
    id,
    ...(object && { object }),
    described: {
      id,
      parents: parents.map(({ sha }) => sha),
      author: toPerson(commit.author),
      committer: toPerson(commit.committer),
      message,
      isUnsigned: verification?.reason === 'unsigned',
    },
    ...(verification && {
      github: { verified: verification.verified, reason: verification.reason },
    }),
  };
}

function toPerson(person: PersonAnswer | null): Person {
  const time = Date.parse(person?.date ?? '');
  return {
    name: person?.name ?? '',
    email: person?.email ?? '',
    ...(!Number.isNaN(time) && { time: time / 1000 }),
  };
}
