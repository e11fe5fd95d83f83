import type { CheckReport, InlineComment } from '../model/report.ts';

/** Where a report is put. Every method may be called again with the same report: nothing twice. */
export interface Publisher {
  /**
   * Says that a review of a commit has begun, where it takes long enough for people to wonder.
   *
   * @param head full object id
   */
  announce(head: string, names: readonly string[]): Promise<void>;
  /**
   * Concludes the check runs of a commit.
   *
   * @param nonce told apart from earlier reviews of the commit that said the same; a person asked
   *   for this one, so its runs are new
   */
  conclude(head: string, checks: readonly CheckReport[], nonce?: string): Promise<void>;
  /** Concludes those check runs of a commit that were announced and are still open. */
  abandon(head: string, checks: readonly CheckReport[]): Promise<void>;
  /** Gives concluded check runs of a commit other words; their conclusions stay. */
  amend(head: string, checks: readonly CheckReport[]): Promise<void>;
  /**
   * Brings the comments on the lines of a pull request to what a review says: new ones in one
   * review, what stands there already not again, what is mended resolved. Does nothing once the
   * pull request's head is another one.
   *
   * @returns comments that GitHub refused, for the summary
   */
  comment(pull: number, head: string, words: Words): Promise<readonly InlineComment[]>;
}

/** What a review says on lines of a pull request. */
export interface Words {
  readonly comments: readonly InlineComment[];
  /** Fingerprints of the findings that hold; absent where the review did not finish. */
  readonly present?: readonly string[];
}
