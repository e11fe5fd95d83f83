import { beforeEach, describe, expect, test } from 'vitest';

import { createBaseHandler } from '../../src/jobs/base.ts';
import type { Job } from '../../src/jobs/job.ts';
import { createMemoryQueue } from '../../src/jobs/memory.ts';
import type { DeliveryAttempt, OpenPullRequest } from '../../src/jobs/ports.ts';
import type { Queue } from '../../src/jobs/queue.ts';
import { createSweepHandler, neverSucceeded, scheduleSweeps } from '../../src/jobs/sweep.ts';
import { Permanent, RetryAfter } from '../../src/model/errors.ts';
import { claimOne, keyOf, lease, present, push, REPOSITORY, sha } from './samples.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const SIGNAL = new AbortController().signal;
const SWEEP: Job<'sweep'> = { kind: 'sweep', key: 'sweep', payload: {}, attempt: 1, subjects: [] };

let now: number;
let queue: Queue;

beforeEach(() => {
  now = Date.UTC(2027, 0, 10);
  queue = createMemoryQueue({ clock: () => now });
});

function attempt(guid: string, minutesAgo: number, succeeded = false): DeliveryAttempt {
  return { id: attemptId(guid, minutesAgo), guid, at: now - minutesAgo * MINUTE, succeeded };
}

function attemptId(guid: string, minutesAgo: number): number {
  return Number(guid) * 1_000 + minutesAgo;
}

function open(head: string, number: number, updatedAt = 1): OpenPullRequest {
  return { installation: 1, repository: REPOSITORY, number, head: sha(head), updatedAt };
}

/** A sweep over lists that the test may change, with a note of what it asked for. */
function sweep(attempts: DeliveryAttempt[], pullRequests: OpenPullRequest[] = []) {
  const asked = { since: [] as number[], redelivered: [] as number[], limits: [] as number[] };
  let redeliver: (id: number) => Promise<void> = () => Promise.resolve();
  const handler = createSweepHandler({
    deliveries: {
      attemptsSince(since) {
        asked.since.push(since);
        return Promise.resolve(attempts.filter(({ at }) => at >= since));
      },
      async redeliver(id) {
        await redeliver(id);
        asked.redelivered.push(id);
      },
    },
    pullRequests: {
      withoutVerdict(limit) {
        asked.limits.push(limit);
        return Promise.resolve(pullRequests);
      },
    },
    inbox: queue,
    clock: () => now,
  });
  return {
    asked,
    run: async () => handler.run(SWEEP, SIGNAL),
    answerWith: (answer: typeof redeliver) => (redeliver = answer),
  };
}

test.each<[string, DeliveryAttempt[], number[]]>([
  ['nothing', [], []],
  ['one failure', [attemptAt('1', 3)], [3]],
  ['a success after a failure', [attemptAt('1', 3), attemptAt('1', 2, true)], []],
  ['a success before a failure', [attemptAt('1', 3, true), attemptAt('1', 2)], []],
  [
    'the newest of several failures',
    [attemptAt('1', 1), attemptAt('1', 3), attemptAt('1', 2)],
    [3],
  ],
  [
    'the oldest delivery first',
    [attemptAt('2', 5), attemptAt('1', 4), attemptAt('3', 6)],
    [4, 5, 6],
  ],
])('never succeeded: %s', (_label, attempts, ids) => {
  expect(neverSucceeded(attempts).map(({ id }) => id)).toEqual(ids);
});

/** Its id is its time. */
function attemptAt(guid: string, at: number, succeeded = false): DeliveryAttempt {
  return { id: at, guid, at, succeeded };
}

describe('a sweep', () => {
  test('asks for failed deliveries of three days, later from the last sweep on', async () => {
    const { run, asked } = sweep([attempt('1', 20), attempt('2', 10), attempt('2', 5, true)]);
    const begin = now;
    await run();
    now += 10 * MINUTE;
    await run();
    expect(asked.redelivered).toEqual([attemptId('1', 20)]);
    expect(asked.since).toEqual([begin - 3 * DAY, begin - 5 * MINUTE]);
  });

  test('asks for a delivery that we refuse every time only three times', async () => {
    const attempts = [attempt('1', 1)];
    const { run, asked } = sweep(attempts);
    for (let round = 0; round < 6; round += 1) {
      await run();
      attempts.push(attempt('1', 0));
      now += 10 * MINUTE;
    }
    expect(asked.redelivered.length).toBe(3);
  });

  test('leaves what is too much to the next sweep, and looks as far back for it', async () => {
    const attempts = Array.from({ length: 70 }, (_, index) =>
      attempt(String(index + 1), 170 - index),
    );
    const { run, asked } = sweep(attempts);
    await run();
    expect(asked.redelivered.length).toBe(50);
    attempts.push(...attempts.slice(0, 50).map((one) => ({ ...one, at: now, succeeded: true })));
    now += 10 * MINUTE;
    await run();
    expect(asked.redelivered.length).toBe(70);
    expect(new Set(asked.redelivered).size).toBe(70);
  });

  test('skips a delivery that GitHub does not have any more', async () => {
    const { run, asked, answerWith } = sweep([attempt('1', 20), attempt('2', 10)]);
    answerWith((id) =>
      id === attemptId('1', 20)
        ? Promise.reject(new Permanent('gone', 'too old'))
        : Promise.resolve(),
    );
    await run();
    expect(asked.redelivered).toEqual([attemptId('2', 10)]);
  });

  test('stops at a rate limit, and starts from the same place when tried again', async () => {
    const { run, asked, answerWith } = sweep([attempt('1', 20), attempt('2', 10)], [open('a', 5)]);
    const limit = new RetryAfter('rate-limited', 1_000, 'slow down');
    answerWith(() => Promise.reject(limit));
    await expect(run()).rejects.toBe(limit);
    // The other half is done all the same.
    expect(await queue.depth()).toMatchObject([{ kind: 'review', delayed: 1 }]);
    answerWith(() => Promise.resolve());
    await run();
    expect(asked.redelivered).toEqual([attemptId('1', 20), attemptId('2', 10)]);
    expect(asked.since[1]).toBe(asked.since[0]);
  });

  test('reviews open pull requests without a verdict, unless that is under way', async () => {
    const { run, asked } = sweep([], [open('a', 5), open('b', 6)]);
    await queue.apply({ changes: [{ put: push('a', [5, 1]) }] });
    await run();
    expect(asked.limits).toEqual([200]);
    now += MINUTE;
    const claims = [await claimOne(queue), await claimOne(queue)];
    expect(claims.map((claim) => claim?.payload)).toMatchObject([
      { cause: 'pull-request' },
      { cause: 'sweep', head: sha('b'), pullRequests: [6] },
    ]);
  });

  test('that is given up has nobody to tell', async () => {
    const handler = createSweepHandler({
      deliveries: { attemptsSince: () => Promise.resolve([]), redeliver: () => Promise.resolve() },
      pullRequests: { withoutVerdict: () => Promise.resolve([]) },
      inbox: queue,
    });
    const fault = { code: 'exhausted', message: 'x' } as const;
    await expect(handler.giveUp(SWEEP, fault, SIGNAL)).resolves.toBeUndefined();
  });
});

describe('sweeps are scheduled', () => {
  test('at start and again and again, one at a time', async () => {
    const puts: unknown[] = [];
    await new Promise<void>((resolve) => {
      const stop = scheduleSweeps(
        {
          apply: async (batch) => {
            puts.push(await queue.apply(batch));
            if (puts.length === 3) {
              stop();
              resolve();
            }
            return [];
          },
        },
        () => undefined,
        1,
      );
    });
    expect(puts.slice(0, 3)).toEqual([['queued'], ['present'], ['present']]);
  });

  test('and a store that fails is told', async () => {
    const error = new Error('full');
    const told = await new Promise((resolve) => {
      const stop = scheduleSweeps({ apply: () => Promise.reject(error) }, (reason) => {
        stop();
        resolve(reason);
      });
    });
    expect(told).toBe(error);
  });
});

describe('a base branch that moved', () => {
  const payload = { installation: 1, repository: REPOSITORY, branch: 'main' };
  const job: Job<'base'> = { kind: 'base', key: 'base/7@main', payload, attempt: 1, subjects: [] };

  test('has its open pull requests reviewed again, a running review included', async () => {
    await queue.apply({ changes: [{ put: push('a', [5, 10]) }] });
    const running = present(await claimOne(queue));
    const asked: unknown[] = [];
    const handler = createBaseHandler(
      {
        into: (base) => {
          asked.push(base);
          return Promise.resolve([open('a', 5, 10), open('a', 6, 20), open('b', 7, 30)]);
        },
      },
      queue,
    );
    await handler.run(job, SIGNAL);
    expect(asked).toEqual([payload]);
    expect(await queue.renew([running], lease())).toEqual(['newer-event']);
    await queue.settle(running, { kind: 'interrupted' });
    const claims = [present(await claimOne(queue)), present(await claimOne(queue))];
    expect(claims.map(({ key, subjects }) => [key, subjects]).sort()).toEqual([
      [keyOf('a'), ['pull/7/5', 'pull/7/6']],
      [keyOf('b'), ['pull/7/7']],
    ]);
    expect(claims[0]?.payload).toMatchObject({ cause: 'base-moved' });
  });

  test('does not bring back the head before a push that is known already', async () => {
    await queue.apply({ changes: [{ put: push('b', [5, 20]) }] });
    const handler = createBaseHandler({ into: () => Promise.resolve([open('a', 5, 10)]) }, queue);
    await handler.run(job, SIGNAL);
    expect(await queue.depth()).toEqual([{ kind: 'review', due: 1, delayed: 0, running: 0 }]);
    expect((await claimOne(queue))?.key).toBe(keyOf('b'));
  });

  test('without open pull requests has none reviewed', async () => {
    const handler = createBaseHandler({ into: () => Promise.resolve([]) }, queue);
    await handler.run(job, SIGNAL);
    expect(await queue.depth()).toEqual([]);
    const fault = { code: 'exhausted', message: 'x' } as const;
    await expect(handler.giveUp(job, fault, SIGNAL)).resolves.toBeUndefined();
  });
});
