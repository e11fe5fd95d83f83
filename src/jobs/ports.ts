import type { Base, Repository } from './schema.ts';

/** What background jobs ask of GitHub. Errors: `Permanent`, `RetryAfter`, anything else. */

/** One try of GitHub to deliver an event to us. */
export interface DeliveryAttempt {
  readonly id: number;
  /** The same for all tries of one event. */
  readonly guid: string;
  /** In ms since 1970. */
  readonly at: number;
  /** Whether we answered with a 2xx. */
  readonly succeeded: boolean;
}

export interface Deliveries {
  /** The tries since a time (ms since 1970), in any order; may stop at a bound, newest first. */
  attemptsSince(since: number, signal: AbortSignal): Promise<readonly DeliveryAttempt[]>;
  /** Asks for one more try. */
  redeliver(id: number, signal: AbortSignal): Promise<void>;
}

export interface OpenPullRequest {
  readonly installation: number;
  readonly repository: Repository;
  readonly number: number;
  readonly head: string;
  /** In ms since 1970. */
  readonly updatedAt: number;
}

export interface OpenPullRequests {
  /** Those whose head lacks one of our four concluded check runs, at most `limit`. */
  withoutVerdict(limit: number, signal: AbortSignal): Promise<readonly OpenPullRequest[]>;
  /** Those that would merge into a branch. */
  into(base: Base, signal: AbortSignal): Promise<readonly OpenPullRequest[]>;
}
