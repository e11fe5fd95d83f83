import type Database from 'libsql';

import { StoreError } from './queue.ts';

/**
 * The store's tables, as steps from one version to the next. A step that has been released never
 * changes; a new version of this program adds one.
 */
const MIGRATIONS: readonly string[] = [
  `create table job (
     key           text primary key,
     kind          text not null,
     lane          text not null,
     payload       text not null,
     generation    integer not null,
     run_at        integer not null,
     not_before    integer not null,
     yields        integer not null,
     attempts      integer not null,
     postponed     integer not null,
     interruptions integer not null,
     token         integer not null,
     holder        text,
     lease_until   integer not null,
     superseded    integer not null,
     fault         text,
     written_at    integer not null
   ) without rowid;
   create index job_order on job (run_at + yields);
   create index job_written on job (written_at);

   create table subject (
     subject text primary key,
     key     text not null,
     at      integer not null
   ) without rowid;
   create index subject_key on subject (key);

   create table delivery (
     delivery   text not null,
     key        text not null,
     generation integer not null,
     primary key (delivery, key)
   ) without rowid;
   create index delivery_key on delivery (key);

   create table paused_lane (
     lane        text primary key,
     until_time  integer not null
   ) without rowid;

   create table probe (
     id integer primary key,
     at integer not null
   );`,
];

/** Brings a store to this program's version; in one transaction, so that two starts may race. */
export function migrate(database: Database.Database): void {
  transact(database, () => {
    const version = readVersion(database);
    if (version > MIGRATIONS.length) {
      throw new StoreError(
        'newer-schema',
        `The job store has version ${version}, this program knows versions up to ${MIGRATIONS.length}: start the newer program again, or move the store away.`,
      );
    }
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    if (version < MIGRATIONS.length) database.exec(`pragma user_version = ${MIGRATIONS.length}`);
  });
}

/** Does the work in a write transaction, or nothing of it when it throws. */
export function transact(database: Database.Database, work: () => void): void {
  database.exec('begin immediate');
  try {
    work();
    database.exec('commit');
  } catch (error) {
    // SQLite has rolled back itself after some errors, a full disk for one.
    if (database.inTransaction) database.exec('rollback');
    throw error;
  }
}

function readVersion(database: Database.Database): number {
  const row = database.prepare('pragma user_version').get() as { user_version: number };
  return row.user_version;
}
