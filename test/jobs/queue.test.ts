import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  baseMoved,
  commandJob,
  groupReview,
  groupSubject,
  type NewJob,
  pullRequestSubject,
  reviewIfIdle,
  reviewOf,
  reviewOnDemand,
  sweepJob,
} from '../../src/jobs/job.ts';
import { createMemoryQueue } from '../../src/jobs/memory.ts';
import type { Claim, Outcome, Queue, Standing } from '../../src/jobs/queue.ts';
import { openSqliteQueue, type SqliteQueue } from '../../src/jobs/sqlite.ts';
import {
  claimOne,
  headOf,
  keyOf,
  lease,
  present,
  push,
  REPOSITORY,
  review,
  sha,
} from './samples.ts';

const HOUR = 3_600_000;
const DONE: Outcome = { kind: 'done' };
const FAULT = { code: 'exhausted', message: 'no' } as const;

let folder: string;
let opened: SqliteQueue[];
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fluxgate-queue-'));
  opened = [];
  now = Date.UTC(2027, 0, 1);
});

afterEach(() => {
  for (const queue of opened) queue.close();
  rmSync(folder, { recursive: true });
});

function clock(): number {
  return now;
}

function openSqlite(): Queue {
  const queue = openSqliteQueue({ file: join(folder, 'jobs.db'), clock });
  opened.push(queue);
  return queue;
}

const ADAPTERS: [string, () => Queue][] = [
  ['memory', () => createMemoryQueue({ clock })],
  ['sqlite', openSqlite],
];

describe.each(ADAPTERS)('%s queue', (_name, open) => {
  let queue: Queue;
  beforeEach(() => {
    queue = open();
  });

  async function put(...jobs: NewJob[]) {
    return queue.apply({ changes: jobs.map((job) => ({ put: job })) });
  }

  async function drop(subject: string, at?: number) {
    return queue.apply({ changes: [{ drop: { subject, ...(at !== undefined && { at }) } }] });
  }

  async function deliver(delivery: string, ...jobs: NewJob[]) {
    return queue.apply({ delivery, changes: jobs.map((job) => ({ put: job })) });
  }

  async function claim(holder?: string): Promise<Claim | undefined> {
    return claimOne(queue, lease(holder));
  }

  async function mustClaim(holder?: string): Promise<Claim> {
    return present(await claim(holder));
  }

  async function standing(of: Claim): Promise<Standing | undefined> {
    const [first] = await queue.renew([of], lease(of.holder));
    return first;
  }

  /** Heads of all due reviews in the order they are handed out. */
  async function heads(): Promise<(string | undefined)[]> {
    const found: (string | undefined)[] = [];
    for (let next = await claim(); next !== undefined; next = await claim()) {
      found.push(headOf(next));
      await queue.settle(next, DONE);
    }
    return found;
  }

  test('hands out what was put, once', async () => {
    expect(await put(push('a', [5, 100]))).toEqual(['queued']);
    expect(await mustClaim()).toEqual({
      key: keyOf('a'),
      kind: 'review',
      lane: 'installation/1',
      payload: review('a'),
      subjects: ['pull/7/5'],
      generation: 1,
      token: 1,
      holder: 'one',
      attempts: 1,
      postponed: 0,
    });
    expect(await claim()).toBeUndefined();
    expect(await claim('two')).toBeUndefined();
  });

  test('is empty after the job is done', async () => {
    await put(push('a', [5, 100]));
    expect(await queue.settle(await mustClaim(), DONE)).toBe('settled');
    expect(await claim()).toBeUndefined();
    expect(await queue.depth()).toEqual([]);
    // The subject went with the job: an event of an older time is new work again.
    expect(await put(push('b', [5, 50]))).toEqual(['queued']);
  });

  test('hands out in the order of being due', async () => {
    await put(push('a', [1, 100]));
    now += 1;
    await put(push('b', [2, 100]), push('c', [3, 100]));
    now += 1;
    await put(push('d', [4, 100]));
    expect((await heads()).map((head) => head ?? '')).toEqual([
      'a',
      expect.any(String),
      expect.any(String),
      'd',
    ]);
  });

  test('hands out several at a time, no more than asked for', async () => {
    for (const [index, head] of ['a', 'b', 'c'].entries()) {
      await put(push(head, [index + 1, 100]));
      now += 1;
    }
    expect((await queue.claim(lease(), 2)).map(headOf)).toEqual(['a', 'b']);
    expect((await queue.claim(lease(), 2)).map(headOf)).toEqual(['c']);
    expect(await queue.claim(lease(), 2)).toEqual([]);
    expect(await queue.claim(lease(), 0)).toEqual([]);
  });

  test('lets people go before background work, which is not starved', async () => {
    await put(reviewOf(review('b'), [{ number: 1, at: 1 }], { background: true }));
    now += 59_999;
    await put(push('a', [2, 100]));
    expect(headOf(await mustClaim())).toBe('a');
    now += 2;
    await put(push('c', [3, 100]));
    expect(await heads()).toEqual(['b', 'c']);
  });

  test('a person in a hurry takes background work along', async () => {
    await put(reviewOf(review('b'), [{ number: 1, at: 1 }], { background: true }));
    await put(push('a', [2, 1]));
    await put(push('b', [1, 2]));
    now += 1;
    await put(push('c', [3, 1]));
    const order = await heads();
    expect(order.indexOf('b')).toBeLessThan(order.indexOf('c'));
  });

  describe('one job per key', () => {
    test('a newer event replaces the payload of a waiting job', async () => {
      await put(push('a', [5, 100]));
      const newer = reviewOf(review('a', { cause: 'base-moved' }), [{ number: 5, at: 100 }]);
      expect(await put(newer)).toEqual(['renewed']);
      expect(await mustClaim()).toMatchObject({
        payload: { cause: 'base-moved' },
        generation: 2,
        attempts: 1,
      });
      expect(await claim()).toBeUndefined();
    });

    test('a newer event marks a running job stale, which then runs again', async () => {
      await put(push('a', [5, 100]));
      const first = await mustClaim();
      expect(await standing(first)).toBe('held');
      expect(await put(push('a', [5, 101]))).toEqual(['renewed']);
      expect(await standing(first)).toBe('newer-event');
      expect(await claim('two')).toBeUndefined();
      expect(await queue.settle(first, { kind: 'interrupted' })).toBe('settled');
      expect(await mustClaim()).toMatchObject({ generation: 2, attempts: 1, token: 2 });
    });

    test.each<[string, Outcome]>([
      ['done', DONE],
      ['failed', { kind: 'retry', at: Date.UTC(2028, 0, 1), counts: true }],
      ['given up', { kind: 'give-up', fault: FAULT }],
      ['released', { kind: 'released' }],
    ])('a newer event outweighs a run that is %s', async (_label, outcome) => {
      await put(push('a', [5, 100]));
      const first = await mustClaim();
      await put(push('a', [5, 101]));
      await queue.settle(first, outcome);
      const second = await mustClaim();
      expect(second).toMatchObject({ generation: 2, attempts: 1 });
      expect(second.fault).toBeUndefined();
    });

    test('events without end do not keep a job from ever finishing', async () => {
      await put(push('a', [5, 100]));
      const seen: (Standing | undefined)[] = [];
      for (let round = 0; round < 5; round += 1) {
        const run = await mustClaim();
        await put(push('a', [5, 101 + round]));
        seen.push(await standing(run));
        const stopped = seen.at(-1) === 'newer-event';
        await queue.settle(run, { kind: stopped ? 'interrupted' : 'done' });
      }
      expect(seen).toEqual(['newer-event', 'newer-event', 'newer-event', 'held', 'newer-event']);
    });

    test('a delayed job takes up what comes meanwhile and never waits longer for it', async () => {
      await put(baseMoved({ installation: 1, repository: REPOSITORY, branch: 'main' }));
      now += 4_000;
      await put(baseMoved({ installation: 1, repository: REPOSITORY, branch: 'main' }));
      now += 999;
      expect(await claim()).toBeUndefined();
      now += 1;
      expect(await mustClaim()).toMatchObject({ key: 'base/7@main', generation: 2 });
    });

    test('a push makes a review that waits for its delay due at once', async () => {
      await put(reviewIfIdle(review('a')));
      expect(await claim()).toBeUndefined();
      await put(push('a', [5, 1]));
      expect(headOf(await mustClaim())).toBe('a');
    });

    test('an event that fills gaps changes nothing while the job waits or runs', async () => {
      await put(push('a', [5, 100]));
      expect(await put(reviewIfIdle(review('a', { cause: 'suite' })))).toEqual(['present']);
      const run = await mustClaim();
      expect(await put(reviewIfIdle(review('a', { cause: 'suite' })))).toEqual(['present']);
      expect(run).toMatchObject({ generation: 1, payload: { cause: 'pull-request' } });
      expect(await standing(run)).toBe('held');
      await queue.settle(run, DONE);
      expect(await put(reviewIfIdle(review('a', { cause: 'suite' })))).toEqual(['queued']);
    });

    test('an event that fills gaps does renew what is being given up', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'give-up', fault: FAULT });
      expect(await put(reviewIfIdle(review('a', { cause: 'suite' })))).toEqual(['renewed']);
      now += 1_000;
      expect((await mustClaim()).fault).toBeUndefined();
    });
  });

  describe('one newest job per pull request', () => {
    test('a push drops the waiting review of the older head', async () => {
      await put(push('a', [5, 100]));
      expect(await put(push('b', [5, 101]))).toEqual(['queued']);
      expect(await heads()).toEqual(['b']);
    });

    test('a push marks the running review of the older head stale, which gets to tell its end', async () => {
      await put(push('a', [5, 100]));
      const old = await mustClaim();
      await put(push('b', [5, 101]));
      expect(await standing(old)).toBe('superseded');
      expect(headOf(await mustClaim())).toBe('b');
      await queue.settle(old, { kind: 'interrupted' });
      expect(await mustClaim()).toMatchObject({
        key: keyOf('a'),
        attempts: 1,
        fault: { code: 'superseded' },
      });
    });

    test('a stale review that finishes all the same is done', async () => {
      await put(push('a', [5, 100]));
      const old = await mustClaim();
      await put(push('b', [5, 101]));
      await queue.settle(old, DONE);
      expect(await heads()).toEqual(['b']);
    });

    test('a review that had begun and waits for another try gets to tell its end', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + HOUR, counts: true });
      await put(push('b', [5, 101]));
      const told = [await mustClaim(), await mustClaim()];
      expect(told.map((one) => [headOf(one), one.fault?.code]).sort()).toEqual([
        ['a', 'superseded'],
        ['b', undefined],
      ]);
    });

    test('two pull requests of one head: the review stays while one of them needs it', async () => {
      await put(push('a', [5, 100]));
      await put(push('a', [6, 100]));
      await put(push('b', [5, 101]));
      const first = await mustClaim();
      expect(first).toMatchObject({ key: keyOf('a'), subjects: ['pull/7/6'] });
      await put(push('c', [6, 102]));
      expect(await standing(first)).toBe('superseded');
    });

    test('events in the wrong order: the newest by its own time wins', async () => {
      await put(push('b', [5, 101]));
      expect(await put(push('a', [5, 100]))).toEqual(['superseded']);
      expect(await heads()).toEqual(['b']);
    });

    test('two events of one second: both are reviewed, for their order is unknown', async () => {
      await put(push('b', [5, 100]));
      expect(await put(push('a', [5, 100]))).toEqual(['queued']);
      expect((await heads()).sort()).toEqual(['a', 'b']);
    });

    test('two events of one second: the head before tells the order', async () => {
      await put(push('a', [5, 100]));
      await put(push('b', [5, 100, 'a']));
      expect(await heads()).toEqual(['b']);
    });

    test('a force push back to an older head revives its review', async () => {
      await put(push('a', [5, 100]));
      const old = await mustClaim();
      await put(push('b', [5, 101]));
      expect(await put(push('a', [5, 102]))).toEqual(['renewed']);
      expect(await standing(old)).toBe('newer-event');
      await queue.settle(old, { kind: 'interrupted' });
      expect(await heads()).toEqual(['a']);
    });

    test('what somebody asked for stays when the pull request moves on', async () => {
      await put(push('a', [5, 100]));
      await put(reviewOnDemand(review('a', { cause: 'asked' })));
      await put(push('b', [5, 101]));
      expect((await heads()).sort()).toEqual(['a', 'b']);
    });

    test('a review put to fill a gap goes with the pull request that joins it', async () => {
      await put(reviewIfIdle(review('a')));
      await put(push('a', [5, 100]));
      await put(push('b', [5, 101]));
      now += HOUR;
      expect(await heads()).toEqual(['b']);
    });

    test('closing drops waiting work and stops running work', async () => {
      await put(push('a', [5, 100]));
      expect(await drop(pullRequestSubject(7, 5), 101)).toEqual(['dropped']);
      expect(await claim()).toBeUndefined();
      await put(push('b', [6, 100]));
      const run = await mustClaim();
      expect(await drop(pullRequestSubject(7, 6), 101)).toEqual(['dropped']);
      expect(await standing(run)).toBe('superseded');
    });

    test('closing that arrives after reopening, or in its second, drops nothing', async () => {
      await put(push('a', [5, 100]));
      expect(await drop(pullRequestSubject(7, 5), 99)).toEqual(['nothing']);
      expect(await drop(pullRequestSubject(7, 5), 100)).toEqual(['nothing']);
      expect(await drop(pullRequestSubject(7, 99), 100)).toEqual(['nothing']);
      expect(await heads()).toEqual(['a']);
    });

    test('closing one of two pull requests of a head keeps the review', async () => {
      await put(push('a', [5, 100], [6, 100]));
      await drop(pullRequestSubject(7, 5), 101);
      expect((await mustClaim()).subjects).toEqual(['pull/7/6']);
    });

    test('the same number in another repository is another pull request', async () => {
      const other = { ...REPOSITORY, id: 8 };
      await put(push('a', [5, 100]));
      await put(reviewOf(review('b', { repository: other }), [{ number: 5, at: 101 }]));
      expect((await queue.depth())[0]).toMatchObject({ due: 2 });
    });

    test('a destroyed merge group drops its review', async () => {
      const group = { head: sha('a'), base: sha('b'), baseBranch: 'main', headBranch: 'q' };
      await put(groupReview({ installation: 1, repository: REPOSITORY, ...group }));
      expect(await drop(groupSubject(7, sha('a')))).toEqual(['dropped']);
      expect(await claim()).toBeUndefined();
    });
  });

  describe('deliveries', () => {
    test('the same delivery is a duplicate while its job waits and while it runs', async () => {
      expect(await deliver('d', push('a', [5, 100]))).toEqual(['queued']);
      expect(await deliver('d', push('a', [5, 100]))).toEqual(['duplicate']);
      const run = await mustClaim();
      expect(await deliver('d', push('a', [5, 100]))).toEqual(['duplicate']);
      expect(run.generation).toBe(1);
      expect(await standing(run)).toBe('held');
    });

    test('the same delivery is new again when its job has ended', async () => {
      await deliver('d', push('a', [5, 100]));
      await queue.settle(await mustClaim(), DONE);
      expect(await deliver('d', push('a', [5, 100]))).toEqual(['queued']);
    });

    test('the same delivery is new again when its job was superseded', async () => {
      await deliver('d', push('a', [5, 100]));
      await put(push('b', [5, 101]));
      expect(await deliver('d', push('a', [5, 100]))).toEqual(['superseded']);
      expect(await heads()).toEqual(['b']);
    });

    test('deliveries of the generation that ran are forgotten, newer ones are kept', async () => {
      await deliver('old', push('a', [5, 100]));
      const run = await mustClaim();
      await deliver('new', push('a', [5, 101]));
      await queue.settle(run, { kind: 'interrupted' });
      expect(await deliver('new', push('a', [5, 101]))).toEqual(['duplicate']);
      expect(await deliver('old', push('a', [5, 100]))).toEqual(['renewed']);
    });

    test('a delivery of several jobs is a duplicate as long as one of them waits', async () => {
      expect(await deliver('d', push('a', [5, 100]), push('b', [6, 100]))).toEqual([
        'queued',
        'queued',
      ]);
      await queue.settle(await mustClaim(), DONE);
      expect(await deliver('d', push('a', [5, 100]), push('b', [6, 100]))).toEqual([
        'duplicate',
        'duplicate',
      ]);
    });

    test('a delivery that found its job present is a duplicate next time', async () => {
      await put(push('a', [5, 100]));
      expect(await deliver('d', reviewIfIdle(review('a')))).toEqual(['present']);
      expect(await deliver('d', reviewIfIdle(review('a')))).toEqual(['duplicate']);
    });
  });

  describe('leases', () => {
    test('a job whose holder is gone goes to another one when the lease ends', async () => {
      await put(push('a', [5, 100]));
      const first = await mustClaim('one');
      now += 999;
      expect(await claim('two')).toBeUndefined();
      now += 1;
      expect(await claim('one')).toBeUndefined();
      const second = await mustClaim('two');
      expect(second).toMatchObject({ token: 2, attempts: 2, holder: 'two' });
      expect(await standing(first)).toBe('lease-lost');
      expect(await queue.settle(first, DONE)).toBe('lost');
      expect(await standing(second)).toBe('held');
    });

    test('a renewed lease holds', async () => {
      await put(push('a', [5, 100]));
      const run = await mustClaim('one');
      for (let round = 0; round < 5; round += 1) {
        now += 900;
        expect(await standing(run)).toBe('held');
        expect(await claim('two')).toBeUndefined();
      }
    });

    test('renewing answers for each claim in order', async () => {
      await put(push('a', [1, 100]), push('b', [2, 100]));
      const one = await mustClaim();
      const two = await mustClaim();
      await queue.settle(one, DONE);
      expect(await queue.renew([one, two], lease())).toEqual(['lease-lost', 'held']);
      expect(await queue.renew([], lease())).toEqual([]);
    });

    test('a claim cannot be settled twice', async () => {
      await put(push('a', [5, 100]));
      const run = await mustClaim();
      await queue.settle(run, { kind: 'retry', at: now, counts: true });
      expect(await queue.settle(run, DONE)).toBe('lost');
      const again = await mustClaim();
      expect(await queue.settle(run, DONE)).toBe('lost');
      expect(await queue.settle(again, DONE)).toBe('settled');
    });
  });

  describe('retries', () => {
    test('a failed job comes back at its time with its attempts', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + 500, counts: true });
      now += 499;
      expect(await claim()).toBeUndefined();
      now += 1;
      expect(await mustClaim()).toMatchObject({ attempts: 2, postponed: 0 });
    });

    test('a postponed job keeps its attempts', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now, counts: false });
      expect(await mustClaim()).toMatchObject({ attempts: 1, postponed: 1 });
    });

    test('a released job comes back at once with its attempts', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'released' });
      expect(await mustClaim('two')).toMatchObject({ attempts: 1, token: 2 });
    });

    test('a newer event starts again, without the pause after a failure', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + HOUR, counts: true });
      await put(push('a', [5, 101]));
      expect(await mustClaim()).toMatchObject({ attempts: 1 });
    });

    test('a newer event does not come before a time that GitHub asked for', async () => {
      await put(push('a', [5, 100]));
      const at = now + HOUR;
      await queue.settle(await mustClaim(), { kind: 'retry', at, counts: false, hold: 'job' });
      await put(push('a', [5, 101]));
      expect(await claim()).toBeUndefined();
      await put(push('b', [6, 101]));
      expect(headOf(await mustClaim())).toBe('b');
      now += HOUR;
      expect(headOf(await mustClaim())).toBe('a');
    });

    test('also when the newer event came during the run', async () => {
      await put(push('a', [5, 100]));
      const run = await mustClaim();
      await put(push('a', [5, 101]));
      await queue.settle(run, { kind: 'retry', at: now + HOUR, counts: false, hold: 'job' });
      expect(await claim()).toBeUndefined();
    });

    test('a rate limit holds the jobs of the installation and of no other', async () => {
      await put(push('a', [5, 100]), push('b', [6, 100]));
      await put(reviewOf(review('c', { installation: 2 }), [{ number: 8, at: 1 }]));
      const run = await mustClaim();
      const at = now + HOUR;
      await queue.settle(run, { kind: 'retry', at, counts: false, hold: 'lane' });
      expect(await heads()).toEqual(['c']);
      now += HOUR;
      expect((await heads()).sort()).toEqual(['a', 'b']);
    });

    test('a shorter rate limit does not end a longer one', async () => {
      await put(push('a', [5, 100]), push('b', [6, 100]));
      const runs = [await mustClaim(), await mustClaim()];
      for (const [index, run] of runs.entries()) {
        const at = now + (index === 0 ? HOUR : 1);
        await queue.settle(run, { kind: 'retry', at, counts: false, hold: 'lane' });
      }
      now += HOUR - 1;
      expect(await claim()).toBeUndefined();
      now += 1;
      expect((await heads()).length).toBe(2);
    });

    test('a job given up comes once more, to tell its end, and is then gone', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'give-up', fault: FAULT });
      const last = await mustClaim();
      expect(last).toMatchObject({ attempts: 1, fault: FAULT });
      await queue.settle(last, DONE);
      expect(await queue.depth()).toEqual([]);
    });

    test('telling the end may fail and be tried again', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'give-up', fault: FAULT });
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + 5, counts: true });
      now += 5;
      const last = await mustClaim();
      expect(last).toMatchObject({ attempts: 2, fault: FAULT });
      await queue.settle(last, { kind: 'give-up', fault: FAULT });
      expect(await queue.depth()).toEqual([]);
    });

    test('a job given up keeps no more of the error than is useful', async () => {
      await put(push('a', [5, 100]));
      const fault = { code: 'exhausted', message: 'x'.repeat(5_000) } as const;
      await queue.settle(await mustClaim(), { kind: 'give-up', fault });
      expect((await mustClaim()).fault?.message).toBe('x'.repeat(1_000));
    });

    test('a newer event takes back that a job was given up', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'give-up', fault: FAULT });
      await put(push('a', [5, 101]));
      const again = await mustClaim();
      expect(again.fault).toBeUndefined();
      expect(again.attempts).toBe(1);
    });

    test('a superseded review whose end is being told stays that', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'give-up', fault: FAULT });
      await put(push('b', [5, 101]));
      const faults = [await mustClaim(), await mustClaim()].map(({ fault }) => fault?.code);
      expect(faults.sort()).toEqual(['exhausted', undefined]);
    });
  });

  describe('a clock that is set back', () => {
    test('does not make jobs wait for the old time', async () => {
      await put(push('a', [5, 100]));
      now -= 2 * HOUR;
      expect(headOf(await mustClaim())).toBe('a');
    });

    test('keeps a pause as long as it was meant to be', async () => {
      await put(push('a', [5, 100]));
      const at = now + 30_000;
      await queue.settle(await mustClaim(), { kind: 'retry', at, counts: true });
      now -= 2 * HOUR;
      expect(await claim()).toBeUndefined();
      now += 30_000;
      expect(headOf(await mustClaim())).toBe('a');
    });

    test('keeps a running lease, and frees the lease of a dead holder in its time', async () => {
      await put(push('a', [5, 100]));
      const run = await mustClaim('one');
      now -= 2 * HOUR;
      expect(await claim('two')).toBeUndefined();
      expect(await standing(run)).toBe('held');
      now += 1_000;
      expect(headOf(await claim('two'))).toBe('a');
    });

    test('keeps a rate limit as long as it was meant to be', async () => {
      await put(push('a', [5, 100]), push('b', [6, 100]));
      const at = now + 30_000;
      await queue.settle(await mustClaim(), { kind: 'retry', at, counts: false, hold: 'lane' });
      now -= 2 * HOUR;
      expect(await claim()).toBeUndefined();
      now += 30_000;
      expect((await heads()).length).toBe(2);
    });

    test('by a little changes nothing', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + 1_000, counts: true });
      now -= 30_000;
      expect(await claim()).toBeUndefined();
      now += 30_999;
      expect(await claim()).toBeUndefined();
      now += 1;
      expect(headOf(await mustClaim())).toBe('a');
    });

    test('forward makes everything due', async () => {
      await put(push('a', [5, 100]));
      await queue.settle(await mustClaim(), { kind: 'retry', at: now + HOUR, counts: true });
      now += 1_000 * HOUR;
      expect(headOf(await mustClaim())).toBe('a');
    });
  });

  test('counts jobs by kind and state', async () => {
    const asker = { id: 3, login: 'ann' };
    const request = { from: 'issue-comment', comment: 9, pullRequest: 5, body: '/x' } as const;
    await put(commandJob({ installation: 1, repository: REPOSITORY, asker, request }));
    await mustClaim();
    await put(push('a', [5, 100]), push('b', [6, 100]), sweepJob());
    await put(baseMoved({ installation: 1, repository: REPOSITORY, branch: 'main' }));
    expect(await queue.depth()).toEqual([
      { kind: 'base', due: 0, delayed: 1, running: 0 },
      { kind: 'command', due: 0, delayed: 0, running: 1 },
      { kind: 'review', due: 2, delayed: 0, running: 0 },
      { kind: 'sweep', due: 1, delayed: 0, running: 0 },
    ]);
    await expect(queue.check()).resolves.toBeUndefined();
  });

  test('tells which jobs changed, until told to stop', async () => {
    const calls: string[][] = [];
    const stop = queue.onChange((keys) => calls.push([...keys].sort()));
    await put(push('a', [5, 100]));
    const run = await mustClaim();
    await put(push('b', [5, 101]));
    await drop(pullRequestSubject(7, 99));
    stop();
    await put(push('c', [5, 102]));
    expect(calls).toEqual([[keyOf('a')], [keyOf('a'), keyOf('b')]]);
    expect(await standing(run)).toBe('superseded');
  });

  test('holds many keys at once', async () => {
    const puts = Array.from({ length: 500 }, (_, index) => push(`a${index}b`, [index + 1, 100]));
    const results = await Promise.all(puts.map(async (job) => put(job)));
    expect(new Set(results.flat())).toEqual(new Set(['queued']));
    expect(await queue.depth()).toEqual([{ kind: 'review', due: 500, delayed: 0, running: 0 }]);
    expect(new Set(await heads()).size).toBe(500);
  });
});
