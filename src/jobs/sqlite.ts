import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import Database from 'libsql';

import { createGroupCommit } from './group-commit.ts';
import { createLedger } from './ledger.ts';
import { type Queue, StoreError } from './queue.ts';
import { toStoreError } from './sqlite-errors.ts';
import { createSqliteDepth, createSqliteRows } from './sqlite-rows.ts';
import { migrate, transact } from './sqlite-schema.ts';

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

/**
 * The embedded store. Everything survives the end of the process. What `apply` and `check` report
 * survives a power failure, too: their commits are synced to the disk. The commits of workers are
 * not, for what they lose is done again.
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
  let touched = new Set<string>();
  let now = 0;
  let isSynced = true;
  let isOpen = true;

  const { run, flush } = createGroupCommit({
    transact(works, isDurable) {
      guarded(file, () => {
        if (!isOpen) throw new StoreError('closed', 'The job store is closed.');
        sync(isDurable);
        transact(database, () => {
          now = ledger.moment();
          for (const work of works) work();
        });
      });
    },
    after() {
      const changed = touched;
      touched = new Set();
      if (changed.size > 0) for (const listener of listeners) listener(changed);
    },
  });

  function sync(isWanted: boolean): void {
    if (isWanted !== isSynced) database.pragma(`synchronous = ${isWanted ? 'full' : 'normal'}`);
    isSynced = isWanted;
  }

  return {
    apply: (batch) => run(true, () => ledger.apply(batch, now, touched)),
    depth: () => run(false, () => countDepth(now)),
    check: () => run(true, () => void probe.run(now)),
    claim: (lease, count) => run(false, () => ledger.claim(lease, count, now)),
    renew: (claims, lease) => run(false, () => ledger.renew(claims, lease, now)),
    settle: (claim, outcome) => run(false, () => ledger.settle(claim, outcome, now)),
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

/** Turns the errors of SQLite and of the file system into ours. */
function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, file);
  }
}
