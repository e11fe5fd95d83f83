import { resolveConfig } from '../config/effective.ts';
import type { Config } from '../config/schema.ts';
import type { EvidenceSource } from '../evidence/evidence.ts';
import { Permanent, RetryAfter } from '../model/errors.ts';
import type { MergeAllowance } from '../model/evidence.ts';
import type { PlanRequest } from '../model/plan.ts';
import type { CheckReport, InlineComment } from '../model/report.ts';
import type { Publisher } from '../publish/publisher.ts';
import { combineChecks } from '../report/combine.ts';
import { tellLate, tellRefused } from '../report/refused.ts';
import { toLimitChecks } from '../report/unfinished.ts';
import { checkName } from '../report/words.ts';
import { AREAS } from '../model/finding.ts';
import {
  chooseSides,
  type PullRequest,
  type PullRequestDiff,
  type PullRequests,
  type Sides,
} from '../snapshot/pull-request.ts';
import { type Snapshot, SnapshotTree } from '../snapshot/snapshot.ts';
import type { Sandbox, SandboxAnswer, SandboxRequest } from './sandbox.ts';
import { type ConfigSources, readTrustedConfig } from './trusted-config.ts';

/** What a review of pull requests reaches the world through. */
export interface ReviewPorts {
  /** Identifies the repository for the sandbox. */
  readonly repository: string;
  readonly snapshot: Snapshot;
  readonly pulls: PullRequests & PullRequestDiff;
  readonly sandbox: Sandbox;
  readonly publisher: Publisher;
  /** Facts from outside for a change from `base` to `head` that goes to a branch. */
  readonly evidenceFor: (change: EvidenceChange) => EvidenceSource;
  readonly config: ConfigSources;
  /** What the review has to go without, one sentence each. */
  readonly notes?: readonly string[];
  /** Whether a head is the first that is reviewed in the repository. */
  readonly isFirst?: (head: string) => Promise<boolean>;
  /** Ms until a review that still runs is announced, where it is not as usual. */
  readonly announceAfter?: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The change that facts are asked for. */
export interface EvidenceChange {
  /** Absent for a merge group. */
  readonly pullRequest?: number;
  readonly baseBranch?: string;
  readonly defaultBranch?: string;
  readonly headBranch?: string;
  readonly opener?: string;
  readonly base: string;
  readonly head: string;
  readonly mergeAllowance?: MergeAllowance;
}

export interface HeadReview {
  readonly head: string;
  /** Pull requests known to have the head; others are looked up. */
  readonly pullRequests: readonly number[];
  /** A person asked for it: its check runs are new even when they say the same. */
  readonly nonce?: string;
}

/** People start to wonder after this long. */
const ANNOUNCE_MILLISECONDS = 2000;
/** A passing fault of GitHub is often over by then. */
const AGAIN_MILLISECONDS = 1000;

/**
 * Reviews all open pull requests of a head and publishes one set of check runs, and comments on
 * each pull request. May run again at any point.
 *
 * @returns numbers of the pull requests that were reviewed
 */
export async function reviewHead(
  request: HeadReview,
  ports: ReviewPorts,
): Promise<readonly number[]> {
  const { publisher, announceAfter = ANNOUNCE_MILLISECONDS } = ports;
  const pulls = await openPullRequests(request, ports);
  if (pulls.length === 0) return [];
  const names = AREAS.map(checkName);
  let announced: Promise<void> | undefined;
  const announcing = setTimeout(() => {
    announced = publisher.announce(request.head, names).catch(() => undefined);
  }, announceAfter);
  try {
    const reviews: NumberedReview[] = [];
    for (const pull of pulls)
      reviews.push({ pull, number: pull.number, ...(await reviewOne(pull, ports)) });
    clearTimeout(announcing);
    // A run that is announced while its conclusion is written would stand beside it, open for ever.
    await announced;
    ports.signal.throwIfAborted();
    const checks = combineChecks(reviews);
    await publisher.conclude(request.head, checks, request.nonce);
    const refused = await commentOn(reviews, checks, request.head, ports);
    if (refused.length > 0) await publisher.amend(request.head, tellRefused(checks, refused));
    return pulls.map(({ number }) => number);
  } finally {
    clearTimeout(announcing);
  }
}

interface NumberedReview extends OneReview {
  readonly number: number;
  readonly pull: PullRequest;
}

/**
 * Says on each pull request what its review says. The verdict stands by now: whatever keeps a
 * comment from being said changes nothing about it.
 *
 * @returns comments that could not be said
 * @throws RetryAfter when GitHub asks to wait
 */
async function commentOn(
  reviews: readonly NumberedReview[],
  checks: readonly CheckReport[],
  head: string,
  ports: ReviewPorts,
): Promise<readonly InlineComment[]> {
  const { publisher } = ports;
  const refused: InlineComment[] = [];
  for (const review of reviews) {
    // Where nothing was ever said on a line and nothing is to be, there is nothing to ask for.
    if (review.comments.length === 0 && review.pull.lineComments === 0) continue;
    try {
      refused.push(...(await commentTwice(review, head, ports)));
    } catch (error) {
      ports.signal.throwIfAborted();
      if (!(error instanceof RetryAfter)) {
        refused.push(...review.comments);
        continue;
      }
      const late = reviews.flatMap(({ comments }) => comments);
      await publisher.amend(head, tellLate(checks, late)).catch(() => undefined);
      throw error;
    }
  }
  return refused;
}

/** What fails once may go well a moment later, and finds what has been said. */
async function commentTwice(
  { number, comments, present }: NumberedReview,
  head: string,
  { publisher, sleep, signal }: ReviewPorts,
): Promise<readonly InlineComment[]> {
  const words = { comments, ...(present && { present }) };
  try {
    return await publisher.comment(number, head, words);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RetryAfter) throw error;
    await sleep(AGAIN_MILLISECONDS);
    return publisher.comment(number, head, words);
  }
}

async function openPullRequests(
  { head, pullRequests }: HeadReview,
  { pulls }: ReviewPorts,
): Promise<PullRequest[]> {
  const around = await pulls.around(head, [...new Set(pullRequests)]);
  const all = [...around].sort((a, b) => a.number - b.number);
  return all.filter((pull) => pull.isOpen && pull.head === head);
}

/** Ports of a review that publishes nothing by itself. */
export type ReadPorts = Omit<ReviewPorts, 'publisher'>;

/**
 * Reviews one pull request, open or not.
 *
 * @param plan also asked about what it would make of the clusters
 * @throws Permanent `limit` when its content takes more than a review may
 */
export async function reviewPullRequest(
  number: number,
  ports: ReadPorts,
  plan?: PlanRequest,
): Promise<SandboxAnswer & Pick<PullRequest, 'head' | 'isOpen'>> {
  const pull = await ports.pulls.get(number);
  const sides = await chooseSides(ports.pulls, pull, ports.sleep);
  const files = () => ports.pulls.filesOf(number);
  const { head, isOpen } = pull;
  return { ...(await judge(sides, files, changeOf(pull, sides), ports, plan)), head, isOpen };
}

interface OneReview {
  readonly checks: readonly CheckReport[];
  readonly comments: readonly InlineComment[];
  /** Absent where the review did not finish. */
  readonly present?: readonly string[];
}

async function reviewOne(pull: PullRequest, ports: ReviewPorts): Promise<OneReview> {
  const sides = await chooseSides(ports.pulls, pull, ports.sleep);
  return reviewSides(sides, () => ports.pulls.filesOf(pull.number), changeOf(pull, sides), ports);
}

function changeOf(pull: PullRequest, { before }: Sides): EvidenceChange {
  const { number, baseBranch, defaultBranch, head, headBranch, opener, mergeAllowance } = pull;
  return {
    ...{ pullRequest: number, baseBranch, defaultBranch, base: before, head },
    ...(headBranch !== undefined && { headBranch }),
    ...(opener !== undefined && { opener }),
    ...(mergeAllowance && { mergeAllowance }),
  };
}

type JudgingPorts = Pick<
  ReviewPorts,
  | 'snapshot'
  | 'pulls'
  | 'sandbox'
  | 'repository'
  | 'signal'
  | 'evidenceFor'
  | 'config'
  | 'notes'
  | 'isFirst'
  | 'now'
>;

/** Reviews what stands for before and after. A content that passes a limit is a verdict. */
export async function reviewSides(
  sides: Sides,
  files: SandboxRequest['files'],
  change: EvidenceChange,
  ports: JudgingPorts,
): Promise<OneReview> {
  try {
    return (await judge(sides, files, change, ports)).report;
  } catch (error) {
    if (!(error instanceof Permanent && error.code === 'limit')) throw error;
    const mode = await modeOf(sides, change, ports);
    return { checks: toLimitChecks(error.message, mode), comments: [] };
  }
}

/** Whether the base asks for verdicts or for advice; what does not tell asks for verdicts. */
async function modeOf(
  { before, trees }: Sides,
  change: EvidenceChange,
  ports: JudgingPorts,
): Promise<Config['mode']> {
  const { snapshot, config } = ports;
  const base = new SnapshotTree(snapshot, await snapshot.list(before, trees?.get(before)));
  const { files } = await readTrustedConfig(base, change, ports, config);
  return resolveConfig(files, config.knownRules).config.mode;
}

async function judge(
  sides: Sides,
  files: SandboxRequest['files'],
  change: EvidenceChange,
  ports: JudgingPorts,
  plan?: PlanRequest,
): Promise<SandboxAnswer> {
  const { snapshot, sandbox, repository, signal, evidenceFor, now } = ports;
  const treeOf = async (commit: string) =>
    new SnapshotTree(snapshot, await snapshot.list(commit, sides.trees?.get(commit)));
  const [before, after, own] = await Promise.all([
    treeOf(sides.before),
    treeOf(sides.after),
    sides.head === sides.after ? undefined : treeOf(sides.head),
  ]);
  const head = own ?? after;
  const { files: config, notes } = await readTrustedConfig(before, change, ports, ports.config);
  return sandbox.review(
    {
      repository,
      sides: { before, after, head },
      config,
      ...(plan && { plan }),
      notes: [...(sides.note === undefined ? [] : [sides.note]), ...notes, ...(ports.notes ?? [])],
      files,
      evidence: evidenceFor(change),
      now: now(),
      isFirst: (await ports.isFirst?.(sides.head)) ?? false,
    },
    signal,
  );
}
