import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openSqliteQueue } from '../../src/jobs/sqlite.ts';
import { claimOne } from '../jobs/samples.ts';
import { deliver, deliveryHeaders, pullRequestPayload, SECRET, send } from './client.ts';

const KEY = `review/7@${'a'.padEnd(40, '0')}`;

let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fluxgate-server-'));
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map(ended));
  rmSync(folder, { recursive: true });
});

/** Ends a process, and waits until it writes no more. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** The server of child.ts, once it listens. */
async function start(mode: 'quick' | 'slow' | 'stuck' | 'endless', fileLimit = 'unlimited') {
  const script = join(import.meta.dirname, 'child.ts');
  const node = [process.execPath, '--import', 'tsx', script, folder, mode];
  const child = spawn('/bin/sh', ['-c', `ulimit -f ${fileLimit}; exec "$@"`, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const exited = once(child, 'close') as Promise<[number | null, string | null]>;
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));

  async function until(wanted: RegExp): Promise<string> {
    for (;;) {
      const line = lines.find((one) => wanted.test(one));
      if (line !== undefined) return line;
      await once(reader, 'line');
    }
  }
  const port = Number((await until(/^listening/)).slice('listening '.length));
  return { child, port, lines, until, exited };
}

/** What is left in the store, and whether it may be claimed at once. */
async function leftOver(): Promise<(string | number)[]> {
  const queue = openSqliteQueue({ file: join(folder, 'jobs.db') });
  const claim = await claimOne(queue, { holder: 'heir', milliseconds: 1_000 });
  queue.close();
  return claim === undefined ? [] : [claim.key, claim.attempts];
}

test('SIGTERM lets a job finish, and exits with 0', async () => {
  const server = await start('slow');
  await deliver(server.port, pullRequestPayload());
  await server.until(/^running/);
  server.child.kill('SIGTERM');
  expect(await server.exited).toEqual([0, null]);
  expect(server.lines.map((line) => /"(Job done|Stopped)"/.exec(line)?.[1] ?? '').join('')).toBe(
    'Job doneStopped',
  );
  expect(await leftOver()).toEqual([]);
});

test('SIGINT gives back a job that does not finish, and exits with 0', async () => {
  const server = await start('stuck');
  await deliver(server.port, pullRequestPayload());
  await server.until(/^running/);
  server.child.kill('SIGINT');
  expect(await server.exited).toEqual([0, null]);
  expect(await leftOver()).toEqual([KEY, 1]);
});

test('a second signal ends the process at once', async () => {
  const server = await start('endless');
  await deliver(server.port, pullRequestPayload());
  await server.until(/^running/);
  server.child.kill('SIGTERM');
  await server.until(/"Stopping"/);
  server.child.kill('SIGINT');
  const [code] = await server.exited;
  expect(code).toBe(130);
});

test('what was acknowledged survives kill -9', async () => {
  const server = await start('stuck');
  const reply = await deliver(server.port, pullRequestPayload());
  server.child.kill('SIGKILL');
  expect(reply.status).toBe(202);
  await server.exited;
  const queue = openSqliteQueue({ file: join(folder, 'jobs.db') });
  expect(await queue.depth()).toMatchObject([{ kind: 'review' }]);
  queue.close();
});

test('a full disk is answered with 503, and the process goes on', async () => {
  // Files may grow to 256 kB: enough to start with, not for many jobs.
  const server = await start('stuck', '512');
  const statuses: number[] = [];
  for (let index = 0; statuses.at(-1) !== 503 && index < 200; index += 1) {
    const pull = { ...pullRequestPayload(`${index}f`).pull_request, number: index + 1 };
    const payload = pullRequestPayload('', { pull_request: pull });
    const { status } = await deliver(server.port, payload, { 'x-github-delivery': `d${index}` });
    statuses.push(status);
  }
  expect(statuses.at(-1)).toBe(503);
  expect((await send({ port: server.port, path: '/healthz', method: 'GET' })).status).toBe(200);
  server.child.kill('SIGKILL');
  await server.exited;
  const queue = openSqliteQueue({ file: join(folder, 'jobs.db') });
  const [depth] = await queue.depth();
  queue.close();
  const stored = (depth?.due ?? 0) + (depth?.delayed ?? 0) + (depth?.running ?? 0);
  expect(stored).toBe(statuses.filter((status) => status === 202).length);
});

describe('100 MB', () => {
  const CHUNK = Buffer.alloc(1024 * 1024, 'x');

  async function memory(port: number): Promise<number> {
    const { body } = await send({ port, path: '/metrics', method: 'GET' });
    const line = body.split('\n').find((one) => one.startsWith('process_resident_memory_bytes '));
    return Number(line?.split(' ')[1]) / 1024 / 1024;
  }

  test.each([
    ['announced', { 'content-length': 100 * CHUNK.length }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('%s are refused early, in bounded memory', async (_label, length) => {
    const server = await start('quick');
    const before = await memory(server.port);
    const outgoing = request({
      port: server.port,
      path: '/api/github/webhooks',
      method: 'POST',
      headers: deliveryHeaders('', length),
    });
    outgoing.on('error', () => undefined);
    let refusedAt: number | undefined;
    const refused = once(outgoing, 'response') as Promise<[{ statusCode: number }]>;
    let sent = 0;
    void refused.then(() => (refusedAt = sent));
    for (; sent < 100 && refusedAt === undefined; sent += 1) {
      await new Promise<void>((resolve) => {
        outgoing.write(CHUNK, () => {
          resolve();
        });
        void refused.then(() => {
          resolve();
        });
      });
    }
    expect((await refused)[0].statusCode).toBe(413);
    expect(refusedAt).toBeLessThan(100);
    outgoing.destroy();
    expect((await memory(server.port)) - before).toBeLessThan(100);
    expect(server.lines.filter((line) => line.includes('Delivery refused')).length).toBe(1);
    expect(server.lines.join('\n')).not.toContain('xxxx');
    expect(server.lines.join('\n')).not.toContain(SECRET);
  });
});
