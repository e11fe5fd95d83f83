import type Database from 'libsql';

import type { Attachment, Rows } from './ledger.ts';
import type { Depth } from './queue.ts';
import type { JobRecord } from './record.ts';

/**
 * What can be bound to a statement. Never a boolean or undefined: the native binding ends the
 * whole process on those.
 */
type Value = string | number | null;

type Statement = Database.Statement<Value[]>;

/** Columns by field of the record, in the order of the insert. */
const COLUMNS: Record<keyof JobRecord, string> = {
  key: 'key',
  kind: 'kind',
  lane: 'lane',
  payload: 'payload',
  generation: 'generation',
  runAt: 'run_at',
  notBefore: 'not_before',
  yields: 'yields',
  attempts: 'attempts',
  postponed: 'postponed',
  interruptions: 'interruptions',
  token: 'token',
  holder: 'holder',
  leaseUntil: 'lease_until',
  superseded: 'superseded',
  fault: 'fault',
  writtenAt: 'written_at',
};
const FIELDS = Object.keys(COLUMNS) as (keyof JobRecord)[];
const SELECT = `select ${FIELDS.map((field) => `${COLUMNS[field]} as ${field}`).join(', ')} from job`;

/**
 * The rows of an open, migrated database. The binding adds a property of its own to a single row,
 * `_metadata`; nobody reads it, and saving writes the columns by name.
 */
export function createSqliteRows(database: Database.Database): Rows {
  function prepare(sql: string): Statement {
    return database.prepare<Value[]>(sql);
  }
  const getJob = prepare(`${SELECT} where key = ?`);
  const saveJob = prepare(
    `insert or replace into job (${Object.values(COLUMNS).join(', ')})
     values (${FIELDS.map(() => '?').join(', ')})`,
  );
  const removals = ['job', 'subject', 'delivery'].map((table) =>
    prepare(`delete from ${table} where key = ?`),
  );
  const nextDue = prepare(
    `${SELECT} where run_at <= ?1
       and (holder is null or (lease_until <= ?1 and holder <> ?2))
       and lane not in (select lane from paused_lane where until_time > ?1)
     order by run_at + yields limit 1`,
  );
  const getSubject = prepare('select key, at from subject where subject = ?');
  const attach = prepare('insert or replace into subject (subject, key, at) values (?, ?, ?)');
  const detach = prepare('delete from subject where subject = ?');
  const subjectsOf = prepare('select subject from subject where key = ? order by subject');
  const hasDelivery = prepare('select 1 from delivery where delivery = ? limit 1');
  const addDelivery = prepare(
    'insert or replace into delivery (delivery, key, generation) values (?, ?, ?)',
  );
  const forget = prepare('delete from delivery where key = ? and generation <= ?');
  const latest = prepare('select coalesce(max(written_at), 0) as latest from job');
  const turnBackJobs = prepare(
    `update job set run_at = run_at - ?1, not_before = not_before - ?1,
       lease_until = lease_until - ?1, written_at = ?2 where written_at > ?2`,
  );
  const turnBackLanes = prepare('update paused_lane set until_time = until_time - ?');
  const pauseLane = prepare(
    `insert into paused_lane (lane, until_time) values (?, ?)
     on conflict (lane) do update set until_time = max(until_time, excluded.until_time)`,
  );

  return {
    jobs: {
      get: (key) => getJob.get(key) as JobRecord | undefined,
      save: (record) => void saveJob.run(...FIELDS.map((field) => record[field])),
      remove(key) {
        for (const removal of removals) removal.run(key);
      },
      nextDue: (now, holder) => nextDue.get(now, holder) as JobRecord | undefined,
    },
    subjects: {
      get: (subject) => getSubject.get(subject) as Attachment | undefined,
      attach: (subject, { key, at }) => void attach.run(subject, key, at),
      detach: (subject) => void detach.run(subject),
      of: (key) => (subjectsOf.all(key) as { subject: string }[]).map((row) => row.subject),
    },
    deliveries: {
      has: (delivery) => hasDelivery.get(delivery) !== undefined,
      add: (delivery, key, generation) => void addDelivery.run(delivery, key, generation),
      forget: (key, generation) => void forget.run(key, generation),
    },
    clock: {
      latest: () => (latest.get() as { latest: number }).latest,
      turnBack(now, by) {
        turnBackJobs.run(by, now);
        turnBackLanes.run(by);
      },
      pauseLane: (lane, until) => void pauseLane.run(lane, until),
    },
  };
}

/** Counts the jobs by kind and state. */
export function createSqliteDepth(database: Database.Database): (now: number) => Depth[] {
  const counts = database.prepare<Value[]>(
    `select kind, count(*) filter (where holder is null and run_at <= ?1) as due,
       count(*) filter (where holder is null and run_at > ?1) as delayed,
       count(*) filter (where holder is not null) as running
     from job group by kind order by kind`,
  );
  return (now) =>
    (counts.all(now) as Depth[]).map(({ kind, due, delayed, running }) => ({
      kind,
      due,
      delayed,
      running,
    }));
}
