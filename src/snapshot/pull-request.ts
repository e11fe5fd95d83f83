import type { MergeAllowance } from '../model/evidence.ts';
import type { ChangedFile } from '../model/report.ts';

/** A pull request as far as its review needs it. Texts of it are attacker-controlled. */
export interface PullRequest {
  readonly number: number;
  readonly isOpen: boolean;
  readonly isDraft: boolean;
  /** The branch it goes to. */
  readonly baseBranch: string;
  /** Of the repository it goes to. */
  readonly defaultBranch: string;
  readonly head: string;
  /** The name of the head's branch, in whatever repository it is. */
  readonly headBranch?: string;
  /** Login of who opened it; absent for accounts that are gone. */
  readonly opener?: string;
  /** The test merge, as GitHub tells it; absent while it is not known. */
  readonly testMerge?: string;
  /** Comments on its lines, of anybody; absent where that is not known. */
  readonly lineComments?: number;
  /** False when it conflicts; absent while GitHub works it out. */
  readonly isMergeable?: boolean;
  /** Told in the same answer where one can hold it; else it is asked for. */
  readonly standing?: Standing;
  /** How it may be merged; absent where that was not told in the same answer. */
  readonly mergeAllowance?: MergeAllowance;
}

/** Where a pull request stands to its base at one moment. */
export interface Standing {
  /** Head of the base branch. */
  readonly tip: string;
  /** The head is known to hold all of the base: then a merge holds just what the head holds. */
  readonly isAhead: boolean;
  /** Parents of the test merge, in order; absent where there is none. */
  readonly mergeParents?: readonly string[];
  /** Trees by the ids of their commits, as far as they were told. */
  readonly trees: ReadonlyMap<string, string>;
}

/** Pull requests, as far as a review reads them. */
export interface PullRequests {
  get(number: number): Promise<PullRequest>;
  /**
   * Pull requests with this head, and those of the given numbers, whatever their head is now.
   * @param known numbers that are told to have it; each is in the answer
   */
  around(head: string, known: readonly number[]): Promise<readonly PullRequest[]>;
  /** Numbers of the open pull requests with this head. */
  withHead(head: string): Promise<readonly number[]>;
  tipOf(branch: string): Promise<string>;
  /** Whether rules keep people from pushing to a branch as they like. */
  isProtected(branch: string): Promise<boolean>;
  /** Parents of a commit, in order. */
  parentsOf(commit: string): Promise<readonly string[]>;
  mergeBaseOf(base: string, head: string): Promise<string>;
}

/** The diff that people see and comment on. */
export interface PullRequestDiff {
  filesOf(number: number): Promise<readonly ChangedFile[]>;
}

/** Which commits stand for before and after a merge. */
export interface Sides {
  readonly before: string;
  readonly after: string;
  readonly head: string;
  /** Trees of these commits, as far as they are known: what is listed by them is known sooner. */
  readonly trees?: ReadonlyMap<string, string>;
  /** How they were chosen, where it is not as expected. */
  readonly note?: string;
}

/** GitHub makes a test merge at once or within a second or two of somebody asking for it. */
const WAITS = [100, 250, 500, 1000, 2000, 3000];

/**
 * What would be deployed before and after a merge: the test merge and its first parent, when it
 * joins the base as it is now and this head; else the head and where it left the base. A head that
 * holds all of the base is what the merge holds, and no test merge is waited for.
 *
 * @param sleep waits; ends early when the work is not wanted any more
 */
export async function chooseSides(
  pulls: PullRequests,
  pull: PullRequest,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<Sides> {
  const { head } = pull;
  let current = pull;
  let standing = pull.standing ?? (await standingOf(pulls, pull));
  for (const wait of [...WAITS, 0]) {
    const { tip, isAhead, mergeParents = [], trees } = standing;
    if (current.head !== head) break;
    if (isAhead) return { before: tip, after: head, head, trees };
    if (current.isMergeable === false) break;
    const [first, second] = mergeParents;
    if (current.testMerge !== undefined && first === tip && second === head) {
      return { before: tip, after: current.testMerge, head, trees };
    }
    if (wait === 0) break;
    await sleep(wait);
    current = await pulls.get(pull.number);
    standing = current.standing ?? (await standingOf(pulls, current, tip));
  }
  const { tip, trees } = standing;
  const before = await pulls.mergeBaseOf(tip, head);
  const reason =
    current.isMergeable === false
      ? 'This branch conflicts with its base'
      : 'GitHub has not made a test merge of this branch';
  return {
    before,
    after: head,
    head,
    trees,
    note: `${reason}: this compares the branch with where it left ${JSON.stringify(pull.baseBranch)}.`,
  };
}

/** Asked piece by piece, where GitHub does not tell it at once. */
async function standingOf(
  pulls: PullRequests,
  { baseBranch, testMerge }: PullRequest,
  known?: string,
): Promise<Standing> {
  // Both are asked at once: what takes time is the way to GitHub and back.
  const [tip, mergeParents] = await Promise.all([
    known ?? pulls.tipOf(baseBranch),
    testMerge === undefined ? undefined : pulls.parentsOf(testMerge),
  ]);
  return { tip, isAhead: false, ...(mergeParents && { mergeParents }), trees: new Map() };
}
