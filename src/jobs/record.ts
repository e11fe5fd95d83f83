import type { NewJob } from './job.ts';
import type { Claim, Fault, Lease, Outcome, Standing } from './queue.ts';

/**
 * One job as it is stored, and every step of its life as a pure function. The adapters only keep
 * records. Times are in ms since 1970. Flat and without booleans, so that a record is a row.
 */
export interface JobRecord {
  readonly key: string;
  readonly kind: string;
  readonly lane: string;
  /** JSON. */
  readonly payload: string;
  readonly generation: number;
  /** Not claimed before. */
  readonly runAt: number;
  /** Newer events do not bring `runAt` before this: GitHub asked us to wait. */
  readonly notBefore: number;
  /** Ms that others go first. */
  readonly yields: number;
  readonly attempts: number;
  readonly postponed: number;
  /** Runs in a row that a newer event stopped. */
  readonly interruptions: number;
  /** Claims so far. */
  readonly token: number;
  /** Set while running. */
  readonly holder: string | null;
  readonly leaseUntil: number;
  /** 1 when its last subject has moved on while it ran. */
  readonly superseded: 0 | 1;
  /** JSON of a `Fault` once the job is given up and its end is still to be told. */
  readonly fault: string | null;
  readonly writtenAt: number;
}

/** How long others go before background work, which is then not starved by them. */
const BACKGROUND_YIELDS = 60_000;
/** So often may newer events stop a job; then it is let finish, to give a verdict at all. */
const MAX_INTERRUPTIONS = 3;
/** GitHub sends far less (25 kB); a log line or an error text may be longer than is useful. */
const MAX_FAULT_MESSAGE = 1_000;

export const SUPERSEDED: Fault = {
  code: 'superseded',
  message: 'The pull request has a newer head or was closed.',
};

/** Stands for a fault that cannot be read back. */
const UNKNOWN: Fault = { code: 'exhausted', message: 'unknown' };

export function created(job: NewJob, now: number): JobRecord {
  return {
    key: job.key,
    kind: job.kind,
    lane: job.lane,
    payload: JSON.stringify(job.payload),
    generation: 1,
    runAt: now + (job.delay ?? 0),
    notBefore: 0,
    yields: yieldsOf(job),
    attempts: 0,
    postponed: 0,
    interruptions: 0,
    token: 0,
    holder: null,
    leaseUntil: 0,
    superseded: 0,
    fault: null,
    writtenAt: now,
  };
}

/** After a newer event: a fresh start with its payload. A waiting job never waits longer for it. */
export function renewed(record: JobRecord, job: NewJob, now: number): JobRecord {
  const waiting = record.holder === null && record.fault === null;
  const wanted = now + (job.delay ?? 0);
  return {
    ...record,
    lane: job.lane,
    payload: JSON.stringify(job.payload),
    generation: record.generation + 1,
    runAt: Math.max(waiting ? Math.min(wanted, record.runAt) : wanted, record.notBefore),
    yields: waiting ? Math.min(record.yields, yieldsOf(job)) : yieldsOf(job),
    attempts: 0,
    postponed: 0,
    superseded: 0,
    fault: null,
    writtenAt: now,
  };
}

/** Whether an event that only fills gaps finds the job's work taken care of. */
export function isTakenCareOf(record: JobRecord): boolean {
  return record.superseded === 0 && record.fault === null;
}

export function claimed(record: JobRecord, lease: Lease, now: number): JobRecord {
  return {
    ...record,
    attempts: record.attempts + 1,
    token: record.token + 1,
    holder: lease.holder,
    leaseUntil: now + lease.milliseconds,
    writtenAt: now,
  };
}

export function toClaim(record: JobRecord, subjects: readonly string[]): Claim {
  const { key, kind, lane, generation, token, attempts, postponed } = record;
  return {
    ...{ key, kind, lane, generation, token, attempts, postponed, subjects },
    holder: record.holder ?? '',
    payload: fromJson(record.payload),
    ...(record.fault !== null && { fault: (fromJson(record.fault) ?? UNKNOWN) as Fault }),
  };
}

/** A damaged text must not stop the queue: the worker finds that it is none of its jobs. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function standingOf(record: JobRecord | undefined, claim: Claim): Standing {
  if (record?.holder !== claim.holder || record.token !== claim.token) return 'lease-lost';
  if (record.superseded === 1) return 'superseded';
  const isNewer = record.generation > claim.generation;
  return isNewer && record.interruptions < MAX_INTERRUPTIONS ? 'newer-event' : 'held';
}

export function extended(record: JobRecord, lease: Lease, now: number): JobRecord {
  return { ...record, leaseUntil: now + lease.milliseconds, writtenAt: now };
}

/**
 * After a run of a claim that still holds the job; undefined when nothing is left to do. A newer
 * event during the run outweighs how the run ended: the job runs again.
 */
export function settled(
  record: JobRecord,
  claim: Claim,
  outcome: Outcome,
  now: number,
): JobRecord | undefined {
  const waiting: JobRecord = { ...record, holder: null, leaseUntil: 0, writtenAt: now };
  if (record.superseded === 1) {
    return outcome.kind === 'done' ? undefined : givenUp(waiting, SUPERSEDED, now);
  }
  if (record.generation > claim.generation) {
    const stopped = outcome.kind === 'interrupted';
    return { ...held(waiting, outcome), interruptions: stopped ? record.interruptions + 1 : 0 };
  }
  switch (outcome.kind) {
    case 'done':
      return undefined;
    case 'interrupted':
    case 'released':
      return { ...waiting, attempts: Math.max(0, record.attempts - 1), runAt: now };
    case 'retry':
      return {
        ...held(waiting, outcome),
        runAt: outcome.at,
        attempts: outcome.counts ? record.attempts : Math.max(0, record.attempts - 1),
        postponed: outcome.counts ? record.postponed : record.postponed + 1,
        interruptions: 0,
      };
    case 'give-up':
      return record.fault === null ? givenUp(waiting, outcome.fault, now) : undefined;
  }
}

/**
 * After the job's last subject has moved on; undefined when it can go without a word. One that had
 * begun may have left something in progress on the pull request, and so gets to tell its end.
 */
export function orphaned(record: JobRecord, now: number): JobRecord | undefined {
  if (record.holder !== null) return { ...record, superseded: 1, writtenAt: now };
  if (record.fault !== null) return record;
  return record.token > 0 ? givenUp(record, SUPERSEDED, now) : undefined;
}

function givenUp(waiting: JobRecord, fault: Fault, now: number): JobRecord {
  const { code, message } = fault;
  return {
    ...waiting,
    runAt: Math.max(now, waiting.notBefore),
    attempts: 0,
    postponed: 0,
    superseded: 0,
    fault: JSON.stringify({ code, message: message.slice(0, MAX_FAULT_MESSAGE) }),
    writtenAt: now,
  };
}

/** Keeps what GitHub asked for, also when a newer event has come meanwhile. */
function held(waiting: JobRecord, outcome: Outcome): JobRecord {
  if (outcome.kind !== 'retry' || outcome.hold === undefined) return waiting;
  const { runAt, notBefore } = waiting;
  return {
    ...waiting,
    runAt: Math.max(runAt, outcome.at),
    notBefore: Math.max(notBefore, outcome.at),
  };
}

function yieldsOf(job: NewJob): number {
  return job.background === true ? BACKGROUND_YIELDS : 0;
}
