import type { PermanentCode } from '../model/errors.ts';
import type { NewJob } from './job.ts';

/**
 * The ports of durable work. Terms:
 *
 * - key: what a job is about; there is at most one job per key. A newer event of the same key
 *   replaces the payload of a waiting job and marks a running one stale: it runs once more.
 * - generation: counts the events of a key. A run answers for the generation it was claimed with.
 * - subject: a pull request, say, whose newest work counts. A subject belongs to one job; when a
 *   newer job takes the last subject of an older one, the older one is superseded. So one job can
 *   serve two pull requests of one head, and still each has only the work of its newest head.
 * - lease: a claimed job belongs to its holder until the lease ends; a killed holder's jobs are
 *   claimed again after that. Work is therefore done at least once.
 * - delivery: one event of GitHub. It counts as a duplicate only while its job waits or runs, so
 *   that asking GitHub to send it again heals.
 */

export type Change =
  | { readonly put: NewJob }
  /** The subject needs no work as of `at` (ms since 1970; absent: whatever came before). */
  | { readonly drop: { readonly subject: string; readonly at?: number } };

/** Changes that happen together or not at all. */
export interface Batch {
  /** Tells a repeated delivery. */
  readonly delivery?: string;
  readonly changes: readonly Change[];
}

/**
 * - `queued`: a new job
 * - `renewed`: a job of the key existed; it has the newer payload
 * - `present`: a job of the key existed and stays as it is
 * - `superseded`: newer work of the subject is known; nothing changed
 * - `dropped`: the subject's work is superseded
 * - `nothing`: the subject had no work, or only newer
 * - `duplicate`: the delivery's jobs wait or run already; nothing changed
 */
export type ChangeResult =
  'queued' | 'renewed' | 'present' | 'superseded' | 'dropped' | 'nothing' | 'duplicate';

/** Jobs of one kind: due and waiting, waiting for a later time, running. */
export interface Depth {
  readonly kind: string;
  readonly due: number;
  readonly delayed: number;
  readonly running: number;
}

/** Where work comes in. All methods throw `StoreError`. */
export interface JobInbox {
  /** Resolves when the changes are on disk; one result per change. */
  apply(batch: Batch): Promise<readonly ChangeResult[]>;
  depth(): Promise<readonly Depth[]>;
  /** Resolves when the store has just taken a write. */
  check(): Promise<void>;
}

/**
 * Why a job is given up.
 *
 * - a code of `Permanent`
 * - `exhausted`: every attempt failed
 * - `crashed`: the process ended during every attempt
 * - `superseded`: the pull request has a newer head or was closed after the job had begun
 */
export interface Fault {
  readonly code: PermanentCode | 'exhausted' | 'crashed' | 'superseded';
  /** For our log. May hold text of others; not meant for the pull request. */
  readonly message: string;
}

/** A job handed out for work. */
export interface Claim {
  readonly key: string;
  readonly kind: string;
  readonly lane: string;
  /** As JSON gave it back, not validated. */
  readonly payload: unknown;
  readonly subjects: readonly string[];
  readonly generation: number;
  /** Grows with each claim of the key: tells this claim from a later one of the same holder. */
  readonly token: number;
  readonly holder: string;
  /** Runs begun since the newest event, this one included. */
  readonly attempts: number;
  /** Runs since the newest event that ended by `RetryAfter` and cost no attempt. */
  readonly postponed: number;
  /** Present when the job is given up and only its end has to be told. */
  readonly fault?: Fault;
}

export interface Lease {
  /** Unique per process. */
  readonly holder: string;
  readonly milliseconds: number;
}

/** `held`: go on. All others: the run's result is not wanted any more. */
export type Standing = 'held' | 'newer-event' | 'superseded' | 'lease-lost';

export type Outcome =
  | { readonly kind: 'done' }
  /** Stopped because of its standing. */
  | { readonly kind: 'interrupted' }
  /** Stopped because the process ends: claimable at once, no attempt lost. */
  | { readonly kind: 'released' }
  | {
      readonly kind: 'retry';
      /** In ms since 1970. */
      readonly at: number;
      /** Whether the run costs an attempt. */
      readonly counts: boolean;
      /** Neither newer events nor, with `lane`, other jobs of the lane may run before `at`. */
      readonly hold?: 'job' | 'lane';
    }
  /** Claimed once more, with the fault, to tell the end; if that is given up too, removed. */
  | { readonly kind: 'give-up'; readonly fault: Fault };

/** Where workers get work. All methods but `onChange` throw `StoreError`. */
export interface JobSource {
  /** The next due jobs, at most `count`. */
  claim(lease: Lease, count: number): Promise<readonly Claim[]>;
  /** Extends the leases and tells each claim's standing, in order. */
  renew(claims: readonly Claim[], lease: Lease): Promise<readonly Standing[]>;
  /** `lost` when the claim no longer holds the job; then nothing changed. */
  settle(claim: Claim, outcome: Outcome): Promise<'settled' | 'lost'>;
  /** Calls back after changes by this process, with their keys. Returns how to stop it. */
  onChange(listener: (keys: ReadonlySet<string>) => void): () => void;
}

export type Queue = JobInbox & JobSource;

/**
 * - `unavailable`: cannot be opened, read or written; may pass
 * - `full`: no space left
 * - `read-only`: the disk or the file refuses writes
 * - `damaged`: not a database, or a broken one
 * - `newer-schema`: written by a newer version of this program
 * - `closed`: closed by us
 */
export type StoreErrorCode =
  'unavailable' | 'full' | 'read-only' | 'damaged' | 'newer-schema' | 'closed';

/** The job store failed. Never the fault of what was put. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
