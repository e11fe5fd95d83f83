import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import process from 'node:process';

import { Interrupted } from '../model/errors.ts';
import type { Claim, JobSource, Lease, Outcome, Standing } from './queue.ts';
import { type Ending, type Handlers, runJob } from './run-job.ts';

/** What workers tell about their work, for logs and metrics. */
export type WorkerEvent =
  | { readonly type: 'started'; readonly claim: Claim }
  | {
      readonly type: 'ended';
      readonly claim: Claim;
      readonly ending: Ending;
      readonly outcome: Outcome;
      readonly milliseconds: number;
      readonly error?: unknown;
    }
  /** The store stopped answering; it is asked again all the time. Then: it answers again. */
  | { readonly type: 'store-failed'; readonly error: unknown }
  | { readonly type: 'store-recovered' };

export interface WorkerOptions {
  readonly source: JobSource;
  readonly handlers: Handlers;
  /** Jobs at a time. */
  readonly count: number;
  readonly report: (event: WorkerEvent) => void;
  /** Ms after which the jobs of a killed process go to others. */
  readonly leaseTime?: number;
  /** Ms between looks at the store for jobs that became due or that other processes put. */
  readonly pollTime?: number;
  /** Ms that any job may run. */
  readonly timeLimit?: number;
  /** Ms that a stopped job gets to clean up. */
  readonly grace?: number;
  readonly clock?: () => number;
  readonly random?: () => number;
}

export interface Workers {
  /** Whether jobs are being taken: false after `stop` and while the store fails. */
  isAlive(): boolean;
  /**
   * Takes no more jobs, lets the running ones finish for `drain` ms, then stops them and gives
   * them back at once. Never rejects.
   */
  stop(drain: number): Promise<void>;
}

interface Running {
  readonly claim: Claim;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

const WHY: Record<Exclude<Standing, 'held'>, string> = {
  'newer-event': 'A newer event asks for the same work.',
  superseded: 'The pull request has a newer head or was closed.',
  'lease-lost': 'Another process has taken the job over.',
};

/** Claims due jobs and runs them, so many at a time, until stopped. */
export function startWorkers(options: WorkerOptions): Workers {
  const { source, handlers, count, report } = options;
  const { leaseTime = 20_000, pollTime = 200, timeLimit = 10 * 60_000, grace = 5_000 } = options;
  const { clock = Date.now, random = Math.random } = options;
  const lease: Lease = {
    holder: `${hostname()}/${process.pid}/${randomUUID()}`,
    milliseconds: leaseTime,
  };
  const running = new Map<string, Running>();
  let isStopping = false;
  let isLooking = false;
  let mayHaveWork = false;
  let isStoreWell = true;

  /** An answer of the store; undefined when it fails, which is told once. */
  async function ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await question();
      if (!isStoreWell) report({ type: 'store-recovered' });
      isStoreWell = true;
      return answer;
    } catch (error) {
      if (isStoreWell) report({ type: 'store-failed', error });
      isStoreWell = false;
      return undefined;
    }
  }

  /** Starts due jobs if there is room. */
  async function look(): Promise<void> {
    mayHaveWork = true;
    if (isLooking) return;
    isLooking = true;
    // What is put while the store answers may not be in its answer: then it is asked again.
    while (mayHaveWork && !isStopping && running.size < count) {
      mayHaveWork = false;
      const claims = await ask(() => source.claim(lease, count - running.size));
      for (const claim of claims ?? []) start(claim);
    }
    isLooking = false;
  }

  function start(claim: Claim): void {
    const controller = new AbortController();
    if (isStopping) controller.abort(new Interrupted('shutdown', 'The process ends.'));
    report({ type: 'started', claim });
    running.set(claim.key, { claim, controller, ended: work(claim, controller) });
  }

  async function work(claim: Claim, controller: AbortController): Promise<void> {
    const begin = performance.now();
    const limit = setTimeout(() => {
      controller.abort(new Interrupted('time-limit', `The job ran for over ${timeLimit} ms.`));
    }, timeLimit);
    const { signal } = controller;
    const run = await runJob(claim, { handlers, signal, grace, clock, random });
    clearTimeout(limit);
    const settled = await settle(claim, run.outcome);
    running.delete(claim.key);
    const milliseconds = performance.now() - begin;
    const ending = settled === 'lost' ? 'lost' : run.ending;
    report({ type: 'ended', claim, milliseconds, ...run, ending });
    void look();
  }

  /** Until the store takes it: what is not settled stays ours, and nobody would ever run it. */
  async function settle(claim: Claim, outcome: Outcome): Promise<'settled' | 'lost'> {
    for (;;) {
      const result = await ask(() => source.settle(claim, outcome));
      if (result !== undefined) return result;
      if (isStopping) return 'lost';
      await pause(pollTime);
    }
  }

  /** Keeps the leases and stops the jobs whose result nobody wants any more. */
  async function renew(): Promise<void> {
    const held = [...running.values()];
    if (held.length === 0) return;
    const claims = held.map(({ claim }) => claim);
    const standings = await ask(() => source.renew(claims, lease));
    for (const [index, standing] of standings?.entries() ?? []) {
      if (standing === 'held') continue;
      held[index]?.controller.abort(new Interrupted(standing, WHY[standing]));
    }
  }

  const forget = source.onChange((keys) => {
    if ([...keys].some((key) => running.has(key))) void renew();
    void look();
  });
  const poll = setInterval(() => void look(), pollTime);
  const heartbeat = setInterval(() => void renew(), leaseTime / 4);
  void look();

  async function stop(drain: number): Promise<void> {
    isStopping = true;
    forget();
    clearInterval(poll);
    await within(drain, running);
    for (const { controller } of running.values()) {
      controller.abort(new Interrupted('shutdown', 'The process ends.'));
    }
    await within(grace + SETTLING, running);
    clearInterval(heartbeat);
  }

  return { isAlive: () => !isStopping && isStoreWell, stop };
}

/** Ms for giving jobs back after their grace. */
const SETTLING = 1_000;

/** Resolves when all jobs have ended, or after so many ms. */
async function within(milliseconds: number, running: ReadonlyMap<string, Running>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.all([...running.values()].map(({ ended }) => ended)), timeout]);
  clearTimeout(timer);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
