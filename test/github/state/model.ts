/**
 * What the embedded GitHub remembers. Plain data: dates are ISO strings as the API shows them,
 * references are to the objects themselves, and everything that git knows stays in git.
 */
import type { Side } from '../git/hunks.ts';
import type { GitStore } from '../git/store.ts';

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** `none` stands for no access. */
export type Access = 'read' | 'write' | 'admin';

export type Permissions = Readonly<Record<string, Access>>;

export interface Account {
  readonly id: number;
  login: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  name: string | null;
  email: string | null;
  readonly createdAt: string;
  /** Of an organisation: its members by account id. */
  readonly members: Map<number, 'admin' | 'member'>;
  /** Armored public keys with which this user signs commits. */
  readonly signingKeys: string[];
  /** Of an organisation: rulesets over all its repositories. */
  readonly rulesets: Map<number, Ruleset>;
}

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: string;
  readonly createdAt: string;
  permissions: Permissions;
  events: readonly string[];
  webhookUrl: string | undefined;
  webhookSecret: string;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  /** `all` of the account, or these. */
  repositories: 'all' | Set<number>;
  permissions: Permissions;
  events: readonly string[];
  readonly createdAt: string;
  suspendedAt: string | null;
  suspendedBy: Account | null;
}

export interface RepositorySettings {
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  allowUpdateBranch: boolean;
  allowAutoMerge: boolean;
  deleteBranchOnMerge: boolean;
  squashTitle: 'PR_TITLE' | 'COMMIT_OR_PR_TITLE';
  squashMessage: 'PR_BODY' | 'COMMIT_MESSAGES' | 'BLANK';
  mergeTitle: 'PR_TITLE' | 'MERGE_MESSAGE';
  mergeMessage: 'PR_BODY' | 'PR_TITLE' | 'BLANK';
}

export interface Repository {
  readonly id: number;
  owner: Account;
  name: string;
  description: string | null;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  readonly parent: Repository | undefined;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
  readonly git: GitStore;
  readonly settings: RepositorySettings;
  readonly collaborators: Map<number, Role>;
  readonly issues: Map<number, Issue>;
  readonly protections: Map<string, BranchProtection>;
  readonly rulesets: Map<number, Ruleset>;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly statuses: CommitStatus[];
  readonly queues: Map<string, MergeQueue>;
}

export type ReactionContent =
  '+1' | '-1' | 'laugh' | 'confused' | 'heart' | 'hooray' | 'rocket' | 'eyes';

export interface Reaction {
  readonly id: number;
  readonly user: Account;
  readonly content: ReactionContent;
  readonly createdAt: string;
}

/** An issue; a pull request is an issue with a `pull`. They share their numbers. */
export interface Issue {
  readonly id: number;
  readonly repository: Repository;
  readonly number: number;
  readonly user: Account;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  locked: boolean;
  lockReason: string | null;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  readonly comments: IssueComment[];
  readonly reactions: Reaction[];
  readonly pull: Pull | undefined;
}

export interface PullIssue extends Issue {
  readonly pull: Pull;
}

export interface Pull {
  readonly id: number;
  draft: boolean;
  /** The repository of the head; null once it is deleted. */
  headRepository: Repository | null;
  readonly headOwner: Account;
  headRef: string;
  headSha: string;
  baseRef: string;
  /** The base's tip at the last push to the pull request, as on GitHub; it does not follow. */
  baseSha: string;
  readonly maintainerCanModify: boolean;
  test: TestMerge;
  mergedAt: string | null;
  mergedBy: Account | null;
  /** The commit that the merge made. */
  mergeSha: string | null;
  readonly requestedReviewers: Set<Account>;
  readonly reviews: Review[];
  readonly threads: ReviewThread[];
}

/** What GitHub knows of merging the pull request. `mergeable` null: being worked out. */
export interface TestMerge {
  mergeable: boolean | null;
  /** The last test merge; it stays when a later one conflicts. */
  sha: string | null;
  /** What was merged; a different head or base tip makes the answer stale. */
  of: { readonly base: string; readonly head: string } | undefined;
  /** Whether the base had commits that the head did not have. */
  isBehind: boolean;
  running: Promise<void> | undefined;
}

export interface Comment {
  readonly id: number;
  readonly user: Account;
  readonly app: App | undefined;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
  readonly reactions: Reaction[];
  /** Why it is folded away, in GitHub's words; undefined when it is not. */
  minimized: string | undefined;
}

export interface IssueComment extends Comment {
  readonly issue: Issue;
}

export type ReviewState = 'PENDING' | 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED';

export interface Review {
  readonly id: number;
  readonly issue: PullIssue;
  readonly user: Account;
  readonly app: App | undefined;
  body: string;
  state: ReviewState;
  readonly commitId: string;
  submittedAt: string | undefined;
  minimized: string | undefined;
}

/** Where a thread stands, in the diff of the commit that it was made for. */
export interface Anchor {
  readonly path: string;
  readonly subject: 'line' | 'file';
  readonly side: Side;
  readonly line: number | undefined;
  readonly startSide: Side | undefined;
  readonly startLine: number | undefined;
  readonly position: number | undefined;
  readonly hunk: string;
  readonly commitId: string;
}

export interface ReviewThread {
  readonly id: number;
  readonly issue: PullIssue;
  readonly anchor: Anchor;
  /** The place in the newest head; undefined once the line is no longer in the diff. */
  current: Anchor | undefined;
  resolvedBy: Account | undefined;
  readonly comments: ReviewComment[];
}

export interface ReviewComment extends Comment {
  readonly thread: ReviewThread;
  readonly review: Review;
}

export type CheckStatus =
  'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';

export type Conclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'stale'
  | 'timed_out';

export interface CheckSuite {
  readonly id: number;
  readonly repository: Repository;
  readonly app: App;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly before: string | null;
  readonly createdAt: string;
  updatedAt: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column: number | null;
  readonly end_column: number | null;
  readonly annotation_level: string;
  readonly message: string;
  readonly title: string | null;
  readonly raw_details: string | null;
}

export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  name: string;
  status: CheckStatus;
  conclusion: Conclusion | null;
  externalId: string;
  detailsUrl: string | null;
  startedAt: string;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: Annotation[];
  actions: readonly { label: string; description: string; identifier: string }[];
}

export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Account;
  readonly createdAt: string;
}

export interface RequiredCheck {
  readonly context: string;
  /** Only a run of this App counts; null for any source. */
  readonly appId: number | null;
}

export interface BranchProtection {
  requiredChecks: { strict: boolean; checks: RequiredCheck[] } | undefined;
  requiredReviews: number | undefined;
  requiredSignatures: boolean;
  requiredConversationResolution: boolean;
  requiredLinearHistory: boolean;
  enforceAdmins: boolean;
  allowForcePushes: boolean;
  allowDeletions: boolean;
}

export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** Globs, in which `*` does not cross a slash; `~ALL` is everything. */
export interface NamePatterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface Ruleset {
  readonly id: number;
  name: string;
  readonly source: Repository | Account;
  enforcement: 'disabled' | 'active' | 'evaluate';
  refs: NamePatterns;
  /** Of an organisation's ruleset: the names of the repositories that it applies to. */
  repositories: NamePatterns;
  rules: readonly Rule[];
  readonly createdAt: string;
  updatedAt: string;
}

export interface MergeQueue {
  readonly base: string;
  readonly entries: QueueEntry[];
}

export interface QueueEntry {
  readonly id: number;
  readonly issue: PullIssue;
  readonly enqueuer: Account;
  readonly headRef: string;
  readonly headSha: string;
  readonly baseSha: string;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';
