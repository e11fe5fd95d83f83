/**
 * The errors whose type decides what happens to the work that met them. Any other error is retried
 * with growing pauses; see jobs/retry.ts, the only reader.
 */

/**
 * - `gone`: the repository, pull request or commit is not there any more
 * - `forbidden`: a permission is missing, or the installation is suspended or removed
 * - `refused`: GitHub answered that the request itself is wrong; sending it again cannot help
 * - `limit`: the pull request's own content passed one of our limits
 */
export type PermanentCode = 'gone' | 'forbidden' | 'refused' | 'limit';

/** Trying again cannot help: tell the people concerned and stop. */
export class Permanent extends Error {
  override readonly name = 'Permanent';
  readonly code: PermanentCode;

  constructor(code: PermanentCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * - `rate-limited`: GitHub asks the whole installation to wait, so its other work waits too
 * - `unavailable`: the other side is down and says for how long
 * - `not-ready`: what is needed comes into being elsewhere, a test merge say
 */
export type RetryAfterCode = 'rate-limited' | 'unavailable' | 'not-ready';

/** The world is not ready: try again at a stated time. Costs no attempt, within a bound. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  readonly code: RetryAfterCode;
  /** A moment, or milliseconds from now. */
  readonly when: Date | number;

  constructor(code: RetryAfterCode, when: Date | number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.when = when;
  }
}

/**
 * - `newer-event`: the same job is asked for again, with newer data
 * - `superseded`: nobody waits for the result: the pull request has a newer head or was closed
 * - `lease-lost`: another process took the job over
 * - `time-limit`: the job ran for longer than any job may
 * - `shutdown`: this process ends; the job goes on elsewhere or after the restart
 */
export type InterruptedCode =
  'newer-event' | 'superseded' | 'lease-lost' | 'time-limit' | 'shutdown';

/** The reason of the AbortSignal that a running job is handed. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly code: InterruptedCode;

  constructor(code: InterruptedCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
