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
}

/** Pull requests, as far as a review reads them. */
export interface PullRequests {
  get(number: number): Promise<PullRequest>;
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
  /** How they were chosen, where it is not as expected. */
  readonly note?: string;
}

/** GitHub makes a test merge at once or within a second or two of somebody asking for it. */
const WAITS = [100, 250, 500, 1000, 2000, 3000];

/**
 * What would be deployed before and after a merge: the test merge and its first parent, when it
 * joins the base as it is now and this head; else the head and where it left the base.
 *
 * @param sleep waits; ends early when the work is not wanted any more
 */
export async function chooseSides(
  pulls: PullRequests,
  pull: PullRequest,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<Sides> {
  let current = pull;
  // Both are asked at once: what takes time is the way to GitHub and back.
  const parentsOf = async ({ testMerge }: PullRequest) =>
    testMerge === undefined ? [] : pulls.parentsOf(testMerge);
  const [tip, parents] = await Promise.all([pulls.tipOf(pull.baseBranch), parentsOf(pull)]);
  let known: readonly string[] | undefined = parents;
  for (const wait of [...WAITS, 0]) {
    if (current.head !== pull.head || current.isMergeable === false) break;
    const { testMerge } = current;
    if (testMerge !== undefined) {
      const [first, second] = known ?? (await parentsOf(current));
      if (first === tip && second === pull.head) {
        return { before: tip, after: testMerge, head: pull.head };
      }
    }
    if (wait === 0) break;
    await sleep(wait);
    current = await pulls.get(pull.number);
    known = undefined;
  }
  const before = await pulls.mergeBaseOf(tip, pull.head);
  const reason =
    current.isMergeable === false
      ? 'This branch conflicts with its base'
      : 'GitHub has not made a test merge of this branch';
  return {
    before,
    after: pull.head,
    head: pull.head,
    note: `${reason}: this compares the branch with where it left ${JSON.stringify(pull.baseBranch)}.`,
  };
}
