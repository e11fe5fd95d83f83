import Database from 'libsql';
import { expect, test } from 'vitest';

import { StoreError } from '../../src/jobs/queue.ts';
import { toStoreError } from '../../src/jobs/sqlite-errors.ts';

function sqlite(code: string): Error {
  return new Database.SqliteError('message of SQLite', code, 1);
}

function system(code: string): Error {
  return Object.assign(new Error(`${code}: message of the system`), { code });
}

test.each<[string, unknown, string, string]>([
  ['full', sqlite('SQLITE_FULL'), 'full', 'has no space left: free some on its disk'],
  ['no space', system('ENOSPC'), 'full', 'has no space left: free some on its disk'],
  [
    'read-only file',
    sqlite('SQLITE_READONLY'),
    'read-only',
    'cannot be written: its disk is read-only',
  ],
  [
    'read-only folder',
    sqlite('SQLITE_READONLY_DIRECTORY'),
    'read-only',
    'cannot be written: its disk is read-only',
  ],
  ['read-only disk', system('EROFS'), 'read-only', 'cannot be written: its disk is read-only'],
  ['foreign', system('EACCES'), 'read-only', 'cannot be written: its folder belongs to others'],
  [
    'damaged',
    sqlite('SQLITE_CORRUPT_INDEX'),
    'damaged',
    'is damaged: move it away and start again',
  ],
  ['no database', sqlite('SQLITE_NOTADB'), 'damaged', 'is not a job store: move it away'],
  ['busy', sqlite('SQLITE_BUSY_SNAPSHOT'), 'unavailable', 'is locked by another process'],
  ['other', sqlite('SQLITE_IOERR_FSYNC'), 'unavailable', 'does not answer (SQLITE_IOERR_FSYNC)'],
  ['without code', new Error('x'), 'unavailable', 'does not answer (Error: x)'],
  ['no error', 'x', 'unavailable', 'does not answer (x)'],
])('%s', (_label, error, code, why) => {
  const translated = toStoreError(error, '/data/jobs.db');
  expect(translated).toMatchObject({
    name: 'StoreError',
    code,
    message: `The job store /data/jobs.db ${why}.`,
    cause: error,
  });
});

test('one of ours stays what it is', () => {
  const error = new StoreError('closed', 'x');
  expect(toStoreError(error, 'f')).toBe(error);
});
