import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { createDiskSync, type DiskSync } from '../../src/jobs/disk-sync.ts';

let folder: string;
/** Syncs that have begun, and how to end them. */
let begun: { resolve: () => void; reject: (error: Error) => void }[];
let disk: DiskSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fluxgate-sync-'));
  const file = join(folder, 'log');
  writeFileSync(file, 'text');
  begun = [];
  disk = createDiskSync(
    file,
    () => new Promise((resolve, reject) => begun.push({ resolve, reject })),
  );
});

afterEach(() => {
  disk.close();
  rmSync(folder, { recursive: true });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('a call during a sync waits for the next one, which many share', async () => {
  const told: string[] = [];
  const tell = (name: string) => disk.run().then(() => told.push(name));
  void tell('a');
  await turn();
  void tell('b');
  void tell('c');
  await turn();
  expect(begun).toHaveLength(1);
  begun[0]?.resolve();
  await turn();
  expect(told).toEqual(['a']);
  expect(begun).toHaveLength(2);
  begun[1]?.resolve();
  await turn();
  expect(told).toEqual(['a', 'b', 'c']);
});

test('a sync that fails fails those that waited for it, not the next', async () => {
  const first = disk.run();
  await turn();
  const second = disk.run();
  begun[0]?.reject(new Error('input/output error'));
  await expect(first).rejects.toThrow('input/output error');
  await turn();
  begun[1]?.resolve();
  await expect(second).resolves.toBeUndefined();
});

test('a file that is not there cannot be synced', () => {
  expect(() => createDiskSync(join(folder, 'none'))).toThrow('ENOENT');
});

test('the disk itself answers', async () => {
  const real = createDiskSync(join(folder, 'log'));
  await Promise.all([real.run(), real.run()]);
  real.close();
});
