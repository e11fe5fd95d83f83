import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import fastCheck from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type NewJob, pullRequestSubject, reviewIfIdle } from '../../src/jobs/job.ts';
import { createMemoryQueue } from '../../src/jobs/memory.ts';
import type { Claim, Outcome, Queue } from '../../src/jobs/queue.ts';
import { openSqliteQueue, type SqliteQueue } from '../../src/jobs/sqlite.ts';
import { claimOne, headOf, keyOf, lease, present, push, review } from './samples.ts';

const HOUR = 3_600_000;

let folder: string;
let file: string;
let opened: SqliteQueue[];
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fluxgate-sqlite-'));
  file = join(folder, 'store', 'jobs.db');
  opened = [];
  children = [];
});

afterEach(async () => {
  for (const queue of opened) queue.close();
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

function open(options: { clock?: () => number; lockTimeout?: number } = {}): SqliteQueue {
  const queue = openSqliteQueue({ file, ...options });
  opened.push(queue);
  return queue;
}

async function put(queue: Queue, ...jobs: NewJob[]) {
  return queue.apply({ changes: jobs.map((job) => ({ put: job })) });
}

/** Runs the child script, with a limit of the size of its files in blocks of 512 bytes. */
function run(mode: string, fileLimit = 'unlimited'): ChildProcess {
  const script = join(import.meta.dirname, 'child.ts');
  const command = `ulimit -f ${fileLimit}; exec "$@"`;
  const node = [process.execPath, '--import', 'tsx', script, file, mode];
  const child = spawn('/bin/sh', ['-c', command, 'sh', ...node], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

function lines(child: ChildProcess): AsyncIterableIterator<string> {
  return createInterface({ input: present(child.stdout ?? undefined) })[Symbol.asyncIterator]();
}

describe('what was put stays', () => {
  test('after closing and opening again', async () => {
    const first = open();
    await put(first, push('a', [5, 100]));
    first.close();
    expect(headOf(await claimOne(open()))).toBe('a');
  });

  test('also when closing comes before the turn in which it would be written', async () => {
    const first = open();
    const pending = put(first, push('a', [5, 100]));
    first.close();
    await expect(pending).resolves.toEqual(['queued']);
    expect(headOf(await claimOne(open()))).toBe('a');
  });

  test('after kill -9, when its promise had resolved', async () => {
    const child = run('flood');
    let last = 0;
    for await (const line of lines(child)) {
      last = Number(line);
      if (last === 200) child.kill('SIGKILL');
    }
    const [depth] = await open().depth();
    expect(last).toBeGreaterThanOrEqual(200);
    expect(depth?.due).toBeGreaterThanOrEqual(last);
  });
});

describe('a killed process', () => {
  test('leaves its job to others once its lease ends', async () => {
    const child = run('hold');
    const { value: key } = (await lines(child).next()) as { value: string };
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(key).toBe(keyOf('a'));
    expect(await claimOne(open(), lease('heir'))).toBeUndefined();
    const later = open({ clock: () => Date.now() + HOUR });
    expect(await claimOne(later, lease('heir'))).toMatchObject({
      key,
      attempts: 2,
      holder: 'heir',
    });
  });
});

describe('two processes on one file', () => {
  test('share the work, each job once', async () => {
    const queues = [open(), open()];
    const jobs = Array.from({ length: 40 }, (_, index) => push(`a${index}b`, [index + 1, 1]));
    await Promise.all(jobs.map(async (job, index) => put(present(queues[index % 2]), job)));
    const claims = await Promise.all(
      jobs.map(async (_, index) =>
        claimOne(present(queues[index % 2]), lease(`p${index % 2}`, HOUR)),
      ),
    );
    expect(new Set(claims.map((claim) => claim?.key)).size).toBe(40);
  });

  test('see each other: a push here makes a run there stale', async () => {
    const [here, there] = [open(), open()];
    await put(here, push('a', [5, 100]));
    const claim = present(await claimOne(there, lease('there', HOUR)));
    await put(here, push('b', [5, 101]));
    expect(await there.renew([claim], lease('there', HOUR))).toEqual(['superseded']);
  });

  test('wait for each other only so long', async () => {
    const queue = open({ lockTimeout: 1 });
    const other = new Database(file);
    other.exec('begin immediate');
    await expect(put(queue, push('a', [5, 100]))).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unavailable',
      message: `The job store ${file} is locked by another process.`,
    });
    other.exec('rollback');
    await expect(put(queue, push('a', [5, 100]))).resolves.toEqual(['queued']);
    other.close();
  });
});

describe('a store that fails', () => {
  test('says what to do when there is no space, and keeps what it has', async () => {
    // The limit of 1 MB stands for a full disk; the write-ahead log meets it first.
    const child = run('flood', '2000');
    const said: string[] = [];
    for await (const line of lines(child)) said.push(line);
    expect(said.at(-1)).toBe('unavailable');
    const stored = Number(said.at(-2));
    expect(stored).toBeGreaterThan(10);
    expect(await open().depth()).toEqual([{ kind: 'review', due: stored, delayed: 0, running: 0 }]);
  });

  test('refuses writes when it is read-only, and still answers what it holds', async () => {
    await once(run('make'), 'exit');
    // The file format's write version above 2 means: read only.
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.from([9]), 0, 1, 18);
    closeSync(handle);
    const queue = open();
    const message = `The job store ${file} cannot be written: its disk is read-only.`;
    await expect(put(queue, push('b', [6, 100]))).rejects.toMatchObject({
      code: 'read-only',
      message,
    });
    await expect(queue.check()).rejects.toMatchObject({ code: 'read-only' });
    await expect(claimOne(queue)).rejects.toMatchObject({ code: 'read-only' });
    expect(await queue.depth()).toEqual([{ kind: 'review', due: 1, delayed: 0, running: 0 }]);
  });

  test('after being closed', async () => {
    const queue = open();
    queue.close();
    queue.close();
    const closed = { code: 'closed', message: 'The job store is closed.' };
    await expect(put(queue, push('a', [5, 100]))).rejects.toMatchObject(closed);
    await expect(claimOne(queue)).rejects.toMatchObject(closed);
    await expect(queue.check()).rejects.toMatchObject(closed);
  });
});

describe('a store that cannot be opened', () => {
  test('because the file is something else', () => {
    mkdirSync(join(folder, 'store'));
    writeFileSync(file, 'once upon a time '.repeat(1_000));
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'damaged',
        message: `The job store ${file} is not a job store: move it away.`,
      }),
    );
  });

  test('because there is a file where its folder should be', () => {
    writeFileSync(join(folder, 'store'), '');
    expect(() => open()).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  test('because there is a folder where the file should be', () => {
    mkdirSync(file, { recursive: true });
    expect(() => open()).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  test('because a newer version has written it', () => {
    open().close();
    const other = new Database(file);
    other.exec('pragma user_version = 99');
    other.close();
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'newer-schema',
        message:
          'The job store has version 99, this program knows versions up to 1: start the newer program again, or move the store away.',
      }),
    );
  });
});

test('the folder is for this user alone', () => {
  open();
  expect(statSync(join(folder, 'store')).mode & 0o777).toBe(0o700);
});

test('a damaged job is handed out without payload and does not stop the queue', async () => {
  const queue = open();
  await put(queue, push('a', [5, 100]));
  const other = new Database(file);
  other.exec(`update job set payload = '{"installation":', fault = '{'`);
  other.close();
  const claim = present(await claimOne(queue));
  expect(claim.payload).toBeUndefined();
  expect(claim.fault).toEqual({ code: 'exhausted', message: 'unknown' });
});

test('a batch that cannot be stored does not take the others of its turn with it', async () => {
  const queue = open();
  // SQLite takes texts of up to a billion bytes; a lone surrogate is fine; a text key is required.
  const bad = { ...push('b', [6, 100]), lane: null as unknown as string };
  const results = await Promise.allSettled([
    put(queue, push('a', [5, 100])),
    put(queue, bad),
    put(queue, push('c', [7, 100])),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await queue.depth()).toEqual([{ kind: 'review', due: 2, delayed: 0, running: 0 }]);
});

test('does the same as the memory queue, whatever happens', async () => {
  const pullRequest = fastCheck.integer({ min: 1, max: 3 });
  const head = fastCheck.constantFrom('a', 'b', 'c');
  const step = fastCheck.oneof(
    fastCheck.record({
      do: fastCheck.constant('push' as const),
      head,
      pullRequest,
      at: fastCheck.integer({ min: 1, max: 4 }),
      delivery: fastCheck.option(fastCheck.constantFrom('d', 'e')),
    }),
    fastCheck.record({ do: fastCheck.constant('fill' as const), head }),
    fastCheck.record({
      do: fastCheck.constant('close' as const),
      pullRequest,
      at: fastCheck.integer({ min: 1, max: 5 }),
    }),
    fastCheck.record({
      do: fastCheck.constant('claim' as const),
      holder: fastCheck.constantFrom('p', 'q'),
    }),
    fastCheck.record({
      do: fastCheck.constant('settle' as const),
      kind: fastCheck.constantFrom('done', 'interrupted', 'released', 'retry', 'hold', 'give-up'),
    }),
    fastCheck.record({ do: fastCheck.constant('renew' as const) }),
    fastCheck.record({
      do: fastCheck.constant('wait' as const),
      by: fastCheck.constantFrom(1, 500, 1_000, 70_000, -HOUR),
    }),
  );
  type Step = typeof step extends fastCheck.Arbitrary<infer Value> ? Value : never;

  function outcomeOf(kind: string, now: number): Outcome {
    if (kind === 'retry') return { kind, at: now + 500, counts: true };
    if (kind === 'hold') return { kind: 'retry', at: now + 500, counts: false, hold: 'lane' };
    if (kind === 'give-up') return { kind, fault: { code: 'exhausted', message: 'no' } };
    return { kind: kind as 'done' | 'interrupted' | 'released' };
  }

  /** What a queue answers to the steps. Order among equally due jobs is left open by the port. */
  async function play(queue: Queue, steps: readonly Step[], time: { now: number }) {
    const answers: unknown[] = [];
    const claims: Claim[] = [];
    for (const one of steps) {
      time.now += 1;
      switch (one.do) {
        case 'push': {
          const changes = [{ put: push(one.head, [one.pullRequest, one.at]) }];
          const delivery = one.delivery === null ? {} : { delivery: one.delivery };
          answers.push(await queue.apply({ ...delivery, changes }));
          break;
        }
        case 'fill':
          answers.push(await put(queue, reviewIfIdle(review(one.head))));
          break;
        case 'close': {
          const subject = pullRequestSubject(7, one.pullRequest);
          answers.push(await queue.apply({ changes: [{ drop: { subject, at: one.at } }] }));
          break;
        }
        case 'claim': {
          const claim = await claimOne(queue, lease(one.holder));
          answers.push(claim);
          if (claim !== undefined) claims.push(claim);
          break;
        }
        case 'settle': {
          const claim = claims.shift();
          if (claim) answers.push(await queue.settle(claim, outcomeOf(one.kind, time.now)));
          break;
        }
        case 'renew':
          answers.push(await queue.renew(claims, lease('p')));
          break;
        case 'wait':
          time.now += one.by;
      }
      answers.push(await queue.depth());
    }
    return answers;
  }

  let round = 0;
  const begin = Date.UTC(2027, 0, 1);
  const property = fastCheck.asyncProperty(
    fastCheck.array(step, { maxLength: 60 }),
    async (steps) => {
      round += 1;
      const times = [{ now: begin }, { now: begin }] as const;
      const memory = createMemoryQueue({ clock: () => times[0].now });
      const other = join(folder, `${round}.db`);
      const sqlite = openSqliteQueue({ file: other, clock: () => times[1].now });
      try {
        expect(await play(sqlite, steps, times[1])).toEqual(await play(memory, steps, times[0]));
      } finally {
        sqlite.close();
      }
    },
  );
  await fastCheck.assert(property, { numRuns: 60, seed: 20270101 });
});
