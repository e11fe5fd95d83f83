import type { Moment, NewJob } from './job.ts';
import type { Batch, Change, ChangeResult, Claim, Lease, Outcome, Standing } from './queue.ts';
import {
  claimed,
  created,
  extended,
  isTakenCareOf,
  type JobRecord,
  orphaned,
  renewed,
  settled,
  standingOf,
  toClaim,
} from './record.ts';

/** Which job a subject belongs to, and the subject's time when it came there. */
export interface Attachment {
  readonly key: string;
  readonly at: number;
}

/** What an adapter keeps. Called inside a transaction, synchronously. */
export interface Rows {
  readonly jobs: {
    get(key: string): JobRecord | undefined;
    save(record: JobRecord): void;
    /** With its subjects and deliveries. */
    remove(key: string): void;
    /**
     * The first due job by `runAt + yields` whose lane is not paused and that is free, or whose
     * lease another holder let end. A process knows what it holds: it never takes its own.
     */
    nextDue(now: number, holder: string): JobRecord | undefined;
  };
  readonly subjects: {
    get(subject: string): Attachment | undefined;
    attach(subject: string, to: Attachment): void;
    detach(subject: string): void;
    of(key: string): readonly string[];
  };
  readonly deliveries: {
    has(delivery: string): boolean;
    add(delivery: string, key: string, generation: number): void;
    /** Forgets the deliveries of a job up to a generation. */
    forget(key: string, generation: number): void;
  };
  readonly clock: {
    /** The newest `writtenAt`; 0 without jobs. */
    latest(): number;
    /** Moves the times of all rows written after `now` back by `by` ms. */
    turnBack(now: number, by: number): void;
    /** No job of the lane is due before. */
    pauseLane(lane: string, until: number): void;
  };
}

/** A subject's moment, and the job that has the subject now. */
interface OwnedMoment extends Moment {
  readonly owner: Attachment | undefined;
}

function isOutdated({ at, owner }: OwnedMoment, key: string): boolean {
  return owner !== undefined && owner.key !== key && at < owner.at;
}

/** How far the clock may step back before stored times are corrected: clocks are adjusted a lot. */
const CLOCK_TOLERANCE = 60_000;

/**
 * The queue's rules over any rows. `moment` begins a transaction, the other methods run in it with
 * the time it gave. `touched` collects keys whose running job should look at its standing.
 */
export function createLedger(rows: Rows, clock: () => number) {
  /** The time, with stored times corrected when the clock was set back: jobs never wait for it. */
  function moment(): number {
    const now = clock();
    const step = rows.clock.latest() - now;
    if (step > CLOCK_TOLERANCE) rows.clock.turnBack(now, step);
    return now;
  }

  function apply(batch: Batch, now: number, touched: Set<string>): ChangeResult[] {
    const { delivery, changes } = batch;
    if (delivery !== undefined && rows.deliveries.has(delivery)) {
      return changes.map(() => 'duplicate');
    }
    return changes.map((change) => applyChange(change, delivery, now, touched));
  }

  function applyChange(
    change: Change,
    delivery: string | undefined,
    now: number,
    touched: Set<string>,
  ): ChangeResult {
    if ('drop' in change) return drop(change.drop, now, touched);
    const { result, record } = put(change.put, now, touched);
    if (record === undefined) return result;
    if (delivery !== undefined) rows.deliveries.add(delivery, record.key, record.generation);
    touched.add(record.key);
    return result;
  }

  function put(
    job: NewJob,
    now: number,
    touched: Set<string>,
  ): { result: ChangeResult; record?: JobRecord } {
    const moments = job.subjects.map((moment) => ({
      ...moment,
      owner: rows.subjects.get(moment.subject),
    }));
    const current = moments.filter((moment) => !isOutdated(moment, job.key));
    if (current.length === 0 && moments.length > 0) return { result: 'superseded' };
    const existing = rows.jobs.get(job.key);
    if (job.ifAbsent === true && existing && isTakenCareOf(existing)) {
      return { result: 'present', record: existing };
    }
    const record = existing ? renewed(existing, job, now) : created(job, now);
    rows.jobs.save(record);
    for (const moment of current) take(moment, job.key, now, touched);
    return { result: existing ? 'renewed' : 'queued', record };
  }

  /** Gives a subject to a job. Whether the job that had it is older is not always known. */
  function take(moment: OwnedMoment, key: string, now: number, touched: Set<string>): void {
    const { subject, at, follows, owner } = moment;
    rows.subjects.attach(subject, { key, at: Math.max(at, owner?.at ?? at) });
    if (owner === undefined || owner.key === key) return;
    if (at > owner.at || owner.key === follows) {
      leaveBehind(owner.key, now, touched);
    } else {
      // Two events of one second, in unknown order: both jobs run, none may be the only one lost.
      rows.subjects.attach(owner.key, { key: owner.key, at: 0 });
    }
  }

  function drop(
    { subject, at = Infinity }: { subject: string; at?: number },
    now: number,
    touched: Set<string>,
  ): ChangeResult {
    const owner = rows.subjects.get(subject);
    if (owner === undefined || at <= owner.at) return 'nothing';
    rows.subjects.detach(subject);
    leaveBehind(owner.key, now, touched);
    return 'dropped';
  }

  function leaveBehind(key: string, now: number, touched: Set<string>): void {
    const record = rows.jobs.get(key);
    if (record === undefined || rows.subjects.of(key).length > 0) return;
    keep(key, orphaned(record, now));
    touched.add(key);
  }

  function keep(key: string, record: JobRecord | undefined): void {
    if (record === undefined) rows.jobs.remove(key);
    else rows.jobs.save(record);
  }

  function claim(lease: Lease, count: number, now: number): Claim[] {
    const claims: Claim[] = [];
    while (claims.length < count) {
      const due = rows.jobs.nextDue(now, lease.holder);
      if (due === undefined) break;
      const record = claimed(due, lease, now);
      rows.jobs.save(record);
      claims.push(toClaim(record, rows.subjects.of(record.key)));
    }
    return claims;
  }

  function renew(claims: readonly Claim[], lease: Lease, now: number): Standing[] {
    return claims.map((claim) => {
      const record = rows.jobs.get(claim.key);
      const standing = standingOf(record, claim);
      if (record && standing !== 'lease-lost') rows.jobs.save(extended(record, lease, now));
      return standing;
    });
  }

  function settle(claim: Claim, outcome: Outcome, now: number): 'settled' | 'lost' {
    const record = rows.jobs.get(claim.key);
    if (record === undefined || standingOf(record, claim) === 'lease-lost') return 'lost';
    if (outcome.kind === 'retry' && outcome.hold === 'lane') {
      rows.clock.pauseLane(claim.lane, outcome.at);
    }
    const next = settled(record, claim, outcome, now);
    if (next !== undefined && next.generation > claim.generation) {
      rows.deliveries.forget(claim.key, claim.generation);
    }
    keep(claim.key, next);
    return 'settled';
  }

  return { moment, apply, claim, renew, settle };
}

export type Ledger = ReturnType<typeof createLedger>;
