import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import Database from 'libsql';

import { createDiskSync, type DiskSync } from './disk-sync.ts';
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

/** Pages of 4 kB in the log after which a commit tidies up, when there was no quiet moment before. */
const MOST_LOG_PAGES = 8_000;
/** Ms between looks for a quiet moment. */
const TIDY_INTERVAL = 500;
/** Commits within that time that are still quiet. */
const QUIET_COMMITS = 20;
const COMMITS_TO_TIDY = 200;

/**
 * The embedded store. Everything survives the end of the process. What `apply` and `check` report
 * survives a power failure, too: they wait until the write-ahead log is synced to the disk, which
 * many commits share and which happens beside the event loop. The commits of workers do not wait,
 * for what they lose is done again.
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
  let log: DiskSync | undefined;
  let commits = 0;
  let seen = 0;
  let tidied = 0;
  let isOpen = true;

  const { run, flush } = createGroupCommit({
    transact(works, isDurable) {
      guarded(file, () => {
        if (!isOpen) throw new StoreError('closed', 'The job store is closed.');
        transact(database, () => {
          now = ledger.moment();
          for (const work of works) work();
        });
        if (log === undefined && isDurable) log = takeOverSyncs(database, file);
      });
      commits += 1;
    },
    async persist() {
      try {
        await log?.run();
      } catch (error) {
        throw toStoreError(error, file);
      }
    },
    after() {
      const changed = touched;
      touched = new Set();
      if (changed.size > 0) for (const listener of listeners) listener(changed);
    },
  });

  /** While nobody waits: a checkpoint writes and syncs for longer than many commits together. */
  const tidying = setInterval(() => {
    const isQuiet = commits - seen < QUIET_COMMITS;
    seen = commits;
    if (!isQuiet || commits - tidied < COMMITS_TO_TIDY) return;
    tidied = commits;
    try {
      database.pragma('wal_checkpoint(passive)');
    } catch {
      // Whatever keeps it from writing is met, and told, by the next job.
    }
  }, TIDY_INTERVAL).unref();

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
      clearInterval(tidying);
      try {
        log?.close();
      } finally {
        database.close();
      }
    },
  };
}

/**
 * From now on the database leaves syncs of its write-ahead log to us; it still does those that keep
 * it whole. Called after a durable commit, which it has synced itself: that one has made the log
 * file and its entry in the folder. Without such a log, it keeps syncing each commit.
 */
function takeOverSyncs(database: Database.Database, file: string): DiskSync | undefined {
  try {
    const log = createDiskSync(`${file}-wal`);
    database.pragma('synchronous = normal');
    return log;
  } catch {
    return undefined;
  }
}

function open(file: string, lockTimeout: number): Database.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = new Database(file, { timeout: lockTimeout });
  try {
    database.pragma('journal_mode = wal');
    database.pragma('synchronous = full');
    database.pragma(`wal_autocheckpoint = ${MOST_LOG_PAGES}`);
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
