import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/** Brings what was written to a file to the disk, beside the event loop. */
export interface DiskSync {
  /** Resolves when all that was written before the call is on the disk. */
  run(): Promise<void>;
  /** Brings the rest to the disk and lets go of the file. */
  close(): void;
}

/**
 * Syncs a file that somebody else writes. Calls share: one sync at a time, and all that come while
 * it runs wait for one more, since it may have begun before their bytes were written.
 *
 * @param sync brings a file to the disk; `fdatasync` unless a test stands in for it
 */
export function createDiskSync(
  file: string,
  sync: (descriptor: number) => Promise<void> = toDisk,
): DiskSync {
  const descriptor = openSync(file, 'r');
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  let isOpen = true;

  function run(): Promise<void> {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        // Closing has brought all of it to the disk.
        running = isOpen ? sync(descriptor) : Promise.resolve();
        return running;
      });
    return next;
  }

  return {
    run,
    close() {
      fdatasyncSync(descriptor);
      isOpen = false;
      void running
        .catch(() => undefined)
        .then(() => {
          closeSync(descriptor);
        });
    },
  };
}

function toDisk(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
