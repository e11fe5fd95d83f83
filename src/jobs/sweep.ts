import { Permanent } from '../model/errors.ts';
import { toReview } from './base.ts';
import { reviewIfIdle, sweepJob } from './job.ts';
import type { Deliveries, DeliveryAttempt, OpenPullRequests } from './ports.ts';
import type { JobInbox } from './queue.ts';
import type { Handler } from './run-job.ts';

const HOUR = 60 * 60_000;
/** GitHub sends a failed delivery again only within three days, and never by itself. */
const OLDEST_DELIVERY = 72 * HOUR;
/** Tries appear in GitHub's list when they have ended, up to 10 s later. */
const OVERLAP = 5 * 60_000;
/** A delivery that we refuse every time is not asked for at every sweep until it is too old. */
const MAX_REDELIVERIES = 3;
/** GitHub allows some 80 such requests a minute; the rest waits for the next sweep. */
const MAX_PER_SWEEP = 50;
const MAX_REVIEWS = 200;

const INTERVAL = 10 * 60_000;

export interface SweepOptions {
  readonly deliveries: Deliveries;
  readonly pullRequests: Pick<OpenPullRequests, 'withoutVerdict'>;
  readonly inbox: Pick<JobInbox, 'apply'>;
  readonly clock?: () => number;
}

/**
 * Heals what events did not bring: asks GitHub to deliver again what failed, and reviews open
 * pull requests that have no verdict, whose event may never have been sent.
 */
export function createSweepHandler(options: SweepOptions): Handler<'sweep'> {
  const { deliveries, pullRequests, inbox, clock = Date.now } = options;
  const redelivered = new Map<string, { times: number; at: number }>();
  let since = clock() - OLDEST_DELIVERY;

  async function redeliverFailed(signal: AbortSignal): Promise<void> {
    const now = clock();
    forgetOld(now);
    const failed = neverSucceeded(await deliveries.attemptsSince(since, signal));
    const wanted = failed.filter(({ guid }) => timesOf(guid) < MAX_REDELIVERIES);
    for (const { id, guid } of wanted.slice(0, MAX_PER_SWEEP)) {
      await redeliver(id, signal);
      redelivered.set(guid, { times: timesOf(guid) + 1, at: now });
    }
    const next = wanted[MAX_PER_SWEEP]?.at ?? now;
    since = Math.min(next, now) - OVERLAP;
  }

  /** One that GitHub does not have any more must not keep the others from being sent. */
  async function redeliver(id: number, signal: AbortSignal): Promise<void> {
    try {
      await deliveries.redeliver(id, signal);
    } catch (error) {
      if (!(error instanceof Permanent)) throw error;
    }
  }

  function timesOf(guid: string): number {
    return redelivered.get(guid)?.times ?? 0;
  }

  function forgetOld(now: number): void {
    for (const [guid, { at }] of redelivered) {
      if (at < now - OLDEST_DELIVERY) redelivered.delete(guid);
    }
  }

  async function reviewForgotten(signal: AbortSignal): Promise<void> {
    const open = await pullRequests.withoutVerdict(MAX_REVIEWS, signal);
    const puts = open.map((one) => ({
      put: reviewIfIdle(toReview(one, 'sweep'), { background: true }),
    }));
    if (puts.length > 0) await inbox.apply({ changes: puts });
  }

  return {
    async run(_job, signal) {
      // One half may fail without the other; the job is tried again for either.
      const halves = await Promise.allSettled([redeliverFailed(signal), reviewForgotten(signal)]);
      const failure = halves.find((half) => half.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
    },
    /** The next sweep comes anyway. */
    giveUp: () => Promise.resolve(),
  };
}

/** The newest try of each delivery that failed every time, oldest delivery first. */
export function neverSucceeded(attempts: readonly DeliveryAttempt[]): DeliveryAttempt[] {
  const newest = new Map<string, DeliveryAttempt>();
  const succeeded = new Set<string>();
  for (const attempt of attempts) {
    if (attempt.succeeded) succeeded.add(attempt.guid);
    const known = newest.get(attempt.guid);
    if (known === undefined || known.at < attempt.at) newest.set(attempt.guid, attempt);
  }
  return [...newest.values()]
    .filter(({ guid }) => !succeeded.has(guid))
    .sort((a, b) => a.at - b.at);
}

/** Puts a sweep at once and every ten minutes. Returns how to stop it. */
export function scheduleSweeps(
  inbox: Pick<JobInbox, 'apply'>,
  onError: (error: unknown) => void,
  interval = INTERVAL,
): () => void {
  function put(): void {
    inbox.apply({ changes: [{ put: sweepJob() }] }).catch(onError);
  }
  put();
  const timer = setInterval(put, interval);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
