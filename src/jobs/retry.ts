import { Permanent, RetryAfter } from '../model/errors.ts';
import type { Outcome } from './queue.ts';

/** The one place where an error decides what happens to the job that met it. */

/** Runs until a job is given up: with the pauses below about seven minutes. */
export const MAX_ATTEMPTS = 5;
/** So many `RetryAfter`s cost no attempt; at one an hour, GitHub's longest, that is a day. */
const MAX_POSTPONED = 24;

const FIRST_PAUSE = 5_000;
const PAUSE_FACTOR = 4;
const LONGEST_PAUSE = 10 * 60_000;
/** GitHub's limits reset within the hour; a later date is a wrong clock, theirs or ours. */
const LONGEST_POSTPONEMENT = 2 * 60 * 60_000;
/** Postponed jobs come back spread over this many ms, not all at once. */
const SPREAD = 1_000;

export interface Circumstances {
  /** Runs begun since the newest event, the failed one included. */
  readonly attempts: number;
  readonly postponed: number;
  /** In ms since 1970. */
  readonly now: number;
  /** From 0 to 1, like `Math.random`. */
  readonly random: () => number;
}

/**
 * - `Permanent`: give up and tell
 * - `RetryAfter`: at that time, without losing an attempt as long as it does not come too often
 * - anything else: after a growing pause, a few times
 */
export function outcomeOf(error: unknown, circumstances: Circumstances): Outcome {
  const { attempts, postponed, now, random } = circumstances;
  if (error instanceof Permanent) {
    return { kind: 'give-up', fault: { code: error.code, message: error.message } };
  }
  const counts = !(error instanceof RetryAfter) || postponed >= MAX_POSTPONED;
  if (counts && attempts >= MAX_ATTEMPTS) {
    return { kind: 'give-up', fault: { code: 'exhausted', message: toMessage(error) } };
  }
  if (!(error instanceof RetryAfter)) {
    return { kind: 'retry', at: now + pauseAfter(attempts, random), counts };
  }
  const wanted = typeof error.when === 'number' ? error.when : error.when.getTime() - now;
  const wait = Number.isNaN(wanted) ? FIRST_PAUSE : clamp(wanted, 0, LONGEST_POSTPONEMENT);
  const at = now + wait + Math.round(random() * Math.min(wait, SPREAD));
  switch (error.code) {
    case 'rate-limited':
      return { kind: 'retry', at, counts, hold: 'lane' };
    case 'unavailable':
      return { kind: 'retry', at, counts, hold: 'job' };
    case 'not-ready':
      return { kind: 'retry', at, counts };
  }
}

/** Half of the pause is chance, so that what failed together does not come back together. */
function pauseAfter(attempts: number, random: () => number): number {
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * PAUSE_FACTOR ** (attempts - 1));
  return Math.round((pause * (1 + random())) / 2);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

export function toMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
