import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import Database from 'libsql';

import { createLedger } from './ledger.ts';
import {
  type Batch,
  type ChangeResult,
  type Claim,
  type Lease,
  type Outcome,
  type Queue,
  StoreError,
} from './queue.ts';
import { toStoreError } from './sqlite-errors.ts';
import { createSqliteDepth, createSqliteRows } from './sqlite-rows.ts';
import { migrate } from './sqlite-schema.ts';

export interface SqliteOptions {
  /** Made with its folder when absent. Several processes of one machine may share it. */
  readonly file: string;
  readonly clock?: () => number;
  /** Ms to wait for a lock of another process. The event loop stands still meanwhile. */
  readonly lockTimeout?: number;
}

export interface SqliteQueue extends Queue {
  /** Writes what is pending and closes; later calls throw `StoreError` `closed`. */
  close(): void;
}

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (results: readonly ChangeResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The embedded store. What a method reports is on disk: write-ahead log, synced at every commit.
 * Batches that come in one turn of the event loop share a commit, and so its sync: under load the
 * disk is waited for once, not once per delivery.
 *
 * @throws StoreError when the file cannot be opened, is no store of ours, or is a newer one.
 */
export function openSqliteQueue(options: SqliteOptions): SqliteQueue {
  const { file, clock = Date.now, lockTimeout = 2_000 } = options;
  const database = guarded(file, () => open(file, lockTimeout));
  const ledger = createLedger(createSqliteRows(database), clock);
  const countDepth = createSqliteDepth(database);
  const probe = database.prepare<number[]>('insert or replace into probe (id, at) values (1, ?)');
  const listeners = new Set<(keys: ReadonlySet<string>) => void>();
  let waiting: Waiting[] = [];
  let isOpen = true;

  /** Runs in a write transaction; nothing of it stays when it throws. */
  function transact<Result>(work: () => Result): Result {
    return guarded(file, () => {
      if (!isOpen) throw new StoreError('closed', 'The job store is closed.');
      database.exec('begin immediate');
      try {
        const result = work();
        database.exec('commit');
        return result;
      } catch (error) {
        // SQLite has rolled back itself after some errors, a full disk for one.
        if (database.inTransaction) database.exec('rollback');
        throw error;
      }
    });
  }

  function flush(): void {
    const group = waiting;
    waiting = [];
    commit(group);
  }

  function commit(group: readonly Waiting[]): void {
    const touched = new Set<string>();
    let results: readonly ChangeResult[][];
    try {
      results = transact(() => group.map(({ batch }) => ledger.apply(batch, touched)));
    } catch (error) {
      // One batch may be at fault, too big for the space left say: then each is tried alone.
      if (group.length > 1) for (const one of group) commit([one]);
      else group[0]?.reject(error);
      return;
    }
    for (const [index, { resolve }] of group.entries()) resolve(results[index] ?? []);
    if (touched.size > 0) for (const listener of listeners) listener(touched);
  }

  return {
    apply(batch) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ batch, resolve, reject });
      });
    },
    depth: asynchronous(() => transact(() => countDepth(clock()))),
    check: asynchronous(() => transact(() => void probe.run(clock()))),
    claim: asynchronous((lease: Lease) => {
      // Looking first needs no write lock; workers look often and mostly find nothing.
      const mayFind = !isOpen || guarded(file, () => ledger.hasDue(lease.holder));
      return mayFind ? transact(() => ledger.claim(lease)) : undefined;
    }),
    renew: asynchronous((claims: readonly Claim[], lease: Lease) =>
      transact(() => ledger.renew(claims, lease)),
    ),
    settle: asynchronous((claim: Claim, outcome: Outcome) =>
      transact(() => ledger.settle(claim, outcome)),
    ),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      if (!isOpen) return;
      flush();
      isOpen = false;
      database.close();
    },
  };
}

function open(file: string, lockTimeout: number): Database.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new Database(file, { timeout: lockTimeout });
  try {
    database.pragma('journal_mode = wal');
    database.pragma('synchronous = full');
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Answers by a promise, so that other stores can take their time and callers need not care. */
function asynchronous<Arguments extends unknown[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Promise<Result> {
  return (...given) =>
    new Promise((resolve) => {
      resolve(work(...given));
    });
}

/** Turns the errors of SQLite and of the file system into ours. */
function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, file);
  }
}
