import { Interrupted, type InterruptedCode } from '../model/errors.ts';
import { type Job, parseJob } from './job.ts';
import type { Claim, Fault, Outcome } from './queue.ts';
import { MAX_ATTEMPTS, outcomeOf, toMessage } from './retry.ts';
import type { JobKind } from './schema.ts';

/** What a kind of job does. The same job may run more than once: both methods are idempotent. */
export interface Handler<Kind extends JobKind> {
  /**
   * Does the work. Throws `Permanent` to give up, `RetryAfter` to wait, anything else to be tried
   * again later. Should stop soon after `signal` fires; its reason is an `Interrupted`.
   */
  run(job: Job<Kind>, signal: AbortSignal): Promise<void>;
  /**
   * Tells the people concerned that the job ended without a result: concludes check runs, answers
   * the asker. Also called when the job had begun and was superseded.
   */
  giveUp(job: Job<Kind>, fault: Fault, signal: AbortSignal): Promise<void>;
}

export type Handlers = { readonly [Kind in JobKind]: Handler<Kind> };

/**
 * - `done`: the work is done
 * - `told`: the job was given up and its end was told
 * - `retried`: failed, will run again
 * - `given-up`: failed for good, its end will be told
 * - `untold`: its end could not be told either; the job is gone
 * - `unreadable`: not a job of this version; the job is gone
 * - `interrupted`, `released`: stopped by a newer event, by the end of the process
 * - `lost`: another process has the job
 */
export type Ending =
  | 'done'
  | 'told'
  | 'retried'
  | 'given-up'
  | 'untold'
  | 'unreadable'
  | 'interrupted'
  | 'released'
  | 'lost';

export interface Run {
  readonly outcome: Outcome;
  readonly ending: Ending;
  /** What went wrong, or why it was stopped. */
  readonly error?: unknown;
}

export interface RunOptions {
  readonly handlers: Handlers;
  readonly signal: AbortSignal;
  /** Ms that a handler gets to stop after the signal; then its result is not waited for. */
  readonly grace: number;
  readonly clock: () => number;
  readonly random: () => number;
}

/** Runs a claimed job and decides what becomes of it. Never throws. */
export async function runJob(claim: Claim, options: RunOptions): Promise<Run> {
  const job = parseJob(claim);
  if (job === undefined) return { outcome: { kind: 'done' }, ending: 'unreadable' };
  if (claim.attempts > MAX_ATTEMPTS) return failed(claim, crashed(claim));
  try {
    await untilStopped(perform(job, claim.fault, options), options);
    return { outcome: { kind: 'done' }, ending: claim.fault ? 'told' : 'done' };
  } catch (error) {
    const { reason } = options.signal as { reason: unknown };
    return stopped(reason) ?? failed(claim, judge(reason ?? error, claim, options));
  }
}

function judge(
  error: unknown,
  { attempts, postponed }: Claim,
  { clock, random }: RunOptions,
): Pick<Run, 'outcome' | 'error'> {
  return { error, outcome: outcomeOf(error, { attempts, postponed, now: clock(), random }) };
}

async function perform(job: Job, fault: Fault | undefined, options: RunOptions): Promise<void> {
  const handler: Handler<JobKind> = options.handlers[job.kind];
  if (fault === undefined) await handler.run(job, options.signal);
  else await handler.giveUp(job, fault, options.signal);
}

/** The work's end, or an error when it goes on for longer than the grace after the signal. */
async function untilStopped(work: Promise<void>, { signal, grace }: RunOptions): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const abandoned = new Promise<never>((_, reject) => {
    const give = () => {
      timer = setTimeout(() => {
        reject(new Error('The job did not stop when told to.'));
      }, grace);
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  try {
    await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
  }
}

/** How a run ends that was told to stop; a job over its time limit has failed instead. */
const ENDING: Record<InterruptedCode, Ending | undefined> = {
  'newer-event': 'interrupted',
  superseded: 'interrupted',
  'lease-lost': 'lost',
  shutdown: 'released',
  'time-limit': undefined,
};

function stopped(reason: unknown): Run | undefined {
  const ending = reason instanceof Interrupted ? ENDING[reason.code] : undefined;
  if (ending === undefined) return undefined;
  const kind = ending === 'released' ? 'released' : 'interrupted';
  return { outcome: { kind }, ending, error: reason };
}

/** The process ended in the middle of every attempt: this job is not tried a further time. */
function crashed({ attempts }: Claim): Pick<Run, 'outcome' | 'error'> {
  const error = new Error(`The process ended ${attempts - 1} times while the job ran.`);
  return {
    error,
    outcome: { kind: 'give-up', fault: { code: 'crashed', message: toMessage(error) } },
  };
}

function failed(claim: Claim, { error, outcome }: Pick<Run, 'outcome' | 'error'>): Run {
  if (outcome.kind !== 'give-up') return { outcome, ending: 'retried', error };
  return { outcome, ending: claim.fault ? 'untold' : 'given-up', error };
}
