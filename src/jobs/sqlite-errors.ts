import { StoreError, type StoreErrorCode } from './queue.ts';

/** By the start of the error code of SQLite or of the operating system. */
const CLASSES: readonly { starts: string; code: StoreErrorCode; why: string }[] = [
  { starts: 'SQLITE_FULL', code: 'full', why: 'has no space left: free some on its disk' },
  { starts: 'ENOSPC', code: 'full', why: 'has no space left: free some on its disk' },
  { starts: 'SQLITE_READONLY', code: 'read-only', why: 'cannot be written: its disk is read-only' },
  { starts: 'EROFS', code: 'read-only', why: 'cannot be written: its disk is read-only' },
  { starts: 'EACCES', code: 'read-only', why: 'cannot be written: its folder belongs to others' },
  { starts: 'SQLITE_CORRUPT', code: 'damaged', why: 'is damaged: move it away and start again' },
  { starts: 'SQLITE_NOTADB', code: 'damaged', why: 'is not a job store: move it away' },
  { starts: 'SQLITE_BUSY', code: 'unavailable', why: 'is locked by another process' },
];

/** An error of the binding or of the file system, as what it means for the store in `file`. */
export function toStoreError(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const given = error instanceof Error && 'code' in error ? String(error.code) : '';
  const { code, why } = CLASSES.find(({ starts }) => given.startsWith(starts)) ?? {
    code: 'unavailable',
    why: `does not answer (${given || String(error)})`,
  };
  return new StoreError(code, `The job store ${file} ${why}.`, { cause: error });
}
