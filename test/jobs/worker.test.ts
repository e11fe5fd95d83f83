import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Job, type NewJob, reviewIfIdle } from '../../src/jobs/job.ts';
import { createMemoryQueue } from '../../src/jobs/memory.ts';
import { type Fault, type Queue, StoreError } from '../../src/jobs/queue.ts';
import type { Handler, Handlers } from '../../src/jobs/run-job.ts';
import type { JobKind } from '../../src/jobs/schema.ts';
import {
  startWorkers,
  type WorkerEvent,
  type WorkerOptions,
  type Workers,
} from '../../src/jobs/worker.ts';
import { Interrupted, Permanent, RetryAfter } from '../../src/model/errors.ts';
import { claimOne, headOf, keyOf, lease, present, push, review } from './samples.ts';

type Ended = Extract<WorkerEvent, { type: 'ended' }>;

let queue: Queue;
let now: number;
let events: WorkerEvent[];
let listeners: (() => void)[];
let started: Workers[];

beforeEach(() => {
  now = Date.UTC(2027, 0, 1);
  queue = createMemoryQueue({ clock: () => now });
  events = [];
  listeners = [];
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map(async (workers) => workers.stop(0)));
});

type Run = (job: Job, signal: AbortSignal) => Promise<void>;
type GiveUp = (job: Job, fault: Fault, signal: AbortSignal) => Promise<void>;

/** The same handler for all kinds. */
function handlersOf(run: Run, giveUp: GiveUp = () => Promise.resolve()): Handlers {
  const handler: Handler<JobKind> = { run, giveUp };
  return { review: handler, group: handler, command: handler, base: handler, sweep: handler };
}

function start(handlers: Handlers, options: Partial<WorkerOptions> = {}): Workers {
  const workers = startWorkers({
    source: queue,
    handlers,
    count: 2,
    report,
    pollTime: 5,
    leaseTime: 40,
    grace: 20,
    clock: () => now,
    random: () => 0,
    ...options,
  });
  started.push(workers);
  return workers;
}

function report(event: WorkerEvent): void {
  events.push(event);
  for (const listener of listeners) listener();
}

/** Resolves once the reported events hold what is looked for. */
async function until<Found>(look: () => Found | undefined | false): Promise<Found> {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise<void>((resolve) => {
      listeners.push(resolve);
      setTimeout(resolve, 5);
    });
  }
}

function ended(): Ended[] {
  return events.filter((event) => event.type === 'ended');
}

/** `head ending` of the first so many ended runs. */
async function endings(count: number): Promise<string[]> {
  await until(() => ended().length >= count);
  return ended().map(({ claim, ending }) => `${headOf(claim) ?? ''} ${ending}`);
}

async function put(...jobs: NewJob[]): Promise<void> {
  await queue.apply({ changes: jobs.map((job) => ({ put: job })) });
}

/** Runs until its signal fires, then throws the reason. */
async function patient(_job: Job, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
    if (signal.aborted) resolve(undefined);
  });
  throw signal.reason;
}

const NEVER: Run = () => new Promise(() => undefined);

test('runs what is due, what comes, and what becomes due', async () => {
  const seen: string[] = [];
  await put(push('a', [5, 1]), reviewIfIdle(review('c')));
  start(
    handlersOf((job) => {
      seen.push(job.key);
      return Promise.resolve();
    }),
  );
  await endings(1);
  await put(push('b', [6, 1]));
  await endings(2);
  now += 1_000;
  expect(await endings(3)).toEqual(['a done', 'b done', 'c done']);
  expect(seen).toEqual([keyOf('a'), keyOf('b'), keyOf('c')]);
  expect(await queue.depth()).toEqual([]);
});

test('runs no more at a time than it may', async () => {
  const release: (() => void)[] = [];
  let most = 0;
  let running = 0;
  start(
    handlersOf(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => release.push(resolve));
      running -= 1;
    }),
    { count: 3 },
  );
  await put(...['a', 'b', 'c', 'd', 'e'].map((head, index) => push(head, [index + 1, 1])));
  await until(() => release.length === 3);
  for (let round = 0; round < 5; round += 1) {
    const next = await until(() => release.shift());
    next();
  }
  await endings(5);
  expect(most).toBe(3);
});

describe('an error', () => {
  test('leads to another try', async () => {
    let tries = 0;
    await put(push('a', [5, 1]));
    start(
      handlersOf((job) => {
        tries += 1;
        return job.attempt < 3 ? Promise.reject(new Error('flaky')) : Promise.resolve();
      }),
    );
    await endings(1);
    now += 60_000;
    await endings(2);
    now += 60_000;
    expect(await endings(3)).toEqual(['a retried', 'a retried', 'a done']);
    expect(tries).toBe(3);
  });

  test('after all tries is told once, with its reason', async () => {
    const told: [string, Fault][] = [];
    await put(push('a', [5, 1]));
    start(
      handlersOf(
        () => {
          now += 3_600_000;
          return Promise.reject(new Error('broken'));
        },
        (job, fault) => {
          told.push([job.key, fault]);
          return Promise.resolve();
        },
      ),
    );
    // Each run moves the clock past any pause.
    const moving = setInterval(() => (now += 3_600_000), 5);
    expect(await endings(6)).toEqual([
      ...Array.from({ length: 4 }, () => 'a retried'),
      'a given-up',
      'a told',
    ]);
    clearInterval(moving);
    expect(told).toEqual([[keyOf('a'), { code: 'exhausted', message: 'Error: broken' }]]);
    expect(await queue.depth()).toEqual([]);
  });

  test('that is permanent is told at once', async () => {
    const told: Fault[] = [];
    await put(push('a', [5, 1]));
    start(
      handlersOf(
        () => Promise.reject(new Permanent('gone', 'repository is gone')),
        (_job, fault) => {
          told.push(fault);
          return Promise.resolve();
        },
      ),
    );
    expect(await endings(2)).toEqual(['a given-up', 'a told']);
    expect(told).toEqual([{ code: 'gone', message: 'repository is gone' }]);
  });

  test('while telling ends the job all the same', async () => {
    await put(push('a', [5, 1]));
    start(
      handlersOf(
        () => Promise.reject(new Permanent('gone', 'x')),
        () => Promise.reject(new Permanent('forbidden', 'y')),
      ),
    );
    expect(await endings(2)).toEqual(['a given-up', 'a untold']);
    expect(await queue.depth()).toEqual([]);
  });

  test('that says when is obeyed and costs no attempt', async () => {
    const attempts: number[] = [];
    await put(push('a', [5, 1]), push('b', [6, 1]));
    start(
      handlersOf((job) => {
        attempts.push(job.attempt);
        return Promise.reject(new RetryAfter('rate-limited', 60_000, 'slow down'));
      }),
      { count: 1 },
    );
    await endings(1);
    expect(await queue.depth()).toMatchObject([{ running: 0 }]);
    expect(await claimOne(queue)).toBeUndefined();
    now += 60_000;
    await endings(2);
    expect(attempts).toEqual([1, 1]);
  });

  test('that is thrown at once, not in a promise, is an error as well', async () => {
    await put(push('a', [5, 1]));
    start(
      handlersOf(() => {
        throw new Permanent('refused', 'x');
      }),
    );
    expect(await endings(2)).toEqual(['a given-up', 'a told']);
  });
});

describe('a running job', () => {
  test('is stopped by a newer event and runs again with its data', async () => {
    const causes: string[] = [];
    const reasons: unknown[] = [];
    await put(push('a', [5, 1]));
    start(
      handlersOf(async (job, signal) => {
        if (job.kind === 'review') causes.push((job as Job<'review'>).payload.cause);
        if (causes.length > 1) return;
        await patient(job, signal).finally(() => reasons.push(signal.reason));
      }),
    );
    await until(() => causes.length === 1);
    const newer = push('a', [5, 2]);
    await put({ ...newer, payload: review('a', { cause: 'base-moved' }) });
    expect(await endings(2)).toEqual(['a interrupted', 'a done']);
    expect(causes).toEqual(['pull-request', 'base-moved']);
    expect(reasons).toEqual([
      new Interrupted('newer-event', 'A newer event asks for the same work.'),
    ]);
  });

  test('is stopped by a newer push and tells its end', async () => {
    const told: [string | undefined, string][] = [];
    await put(push('a', [5, 1]));
    start(
      handlersOf(
        async (job, signal) => (job.key === keyOf('a') ? patient(job, signal) : undefined),
        (job, fault) => {
          told.push([job.key, fault.code]);
          return Promise.resolve();
        },
      ),
    );
    await until(() => events.length === 1);
    await put(push('b', [5, 2]));
    expect((await endings(3)).sort()).toEqual(['a interrupted', 'a told', 'b done']);
    expect(told).toEqual([[keyOf('a'), 'superseded']]);
  });

  test('is stopped when its lease was lost, and changes nothing any more', async () => {
    let queueLost = false;
    await put(push('a', [5, 1]));
    start(handlersOf(patient), {
      source: {
        ...queue,
        renew: async (claims, given) =>
          queueLost ? claims.map(() => 'lease-lost' as const) : queue.renew(claims, given),
        settle: async (claim, outcome) => (queueLost ? 'lost' : queue.settle(claim, outcome)),
      },
    });
    await until(() => events.length === 1);
    queueLost = true;
    expect(await endings(1)).toEqual(['a lost']);
  });

  test('keeps its lease as long as it runs', async () => {
    let renewals = 0;
    await put(push('a', [5, 1]));
    start(handlersOf(patient), {
      source: {
        ...queue,
        renew: async (claims, given) => {
          renewals += 1;
          // More than the lease passes between the first and the last renewal.
          now += 20;
          return queue.renew(claims, given);
        },
      },
    });
    await until(() => renewals >= 5);
    expect(await claimOne(queue, lease('thief'))).toBeUndefined();
  });

  test('over its time is stopped and counts as failed', async () => {
    await put(push('a', [5, 1]));
    start(handlersOf(patient), { timeLimit: 10 });
    await endings(1);
    expect(ended()[0]).toMatchObject({
      ending: 'retried',
      outcome: { kind: 'retry', counts: true },
      error: new Interrupted('time-limit', 'The job ran for over 10 ms.'),
    });
  });

  test('that does not stop when told to is not waited for', async () => {
    await put(push('a', [5, 1]));
    start(handlersOf(NEVER), { timeLimit: 10, grace: 10 });
    expect(await endings(1)).toEqual(['a retried']);
  });

  test('that finishes although it was stopped is done', async () => {
    await put(push('a', [5, 1]));
    start(handlersOf(async (job, signal) => patient(job, signal).catch(() => undefined)));
    await until(() => events.length === 1);
    await queue.apply({ changes: [{ drop: { subject: 'pull/7/5' } }] });
    expect(await endings(1)).toEqual(['a done']);
    expect(await queue.depth()).toEqual([]);
  });
});

describe('stopping', () => {
  test('waits for running jobs and takes no more', async () => {
    let finish: (() => void) | undefined;
    await put(push('a', [5, 1]));
    const workers = start(handlersOf(() => new Promise<void>((resolve) => (finish = resolve))));
    await until(() => finish);
    const stopping = workers.stop(60_000);
    expect(workers.isAlive()).toBe(false);
    await put(push('b', [6, 1]));
    present(finish)();
    await stopping;
    expect(await endings(1)).toEqual(['a done']);
    expect(await queue.depth()).toEqual([{ kind: 'review', due: 1, delayed: 0, running: 0 }]);
  });

  test('gives back what does not finish in time, at once and without losing an attempt', async () => {
    let reason: unknown;
    await put(push('a', [5, 1]));
    const workers = start(
      handlersOf(async (job, signal) =>
        patient(job, signal).finally(() => {
          reason = signal.reason;
        }),
      ),
    );
    await until(() => events.length === 1);
    await workers.stop(5);
    expect(await endings(1)).toEqual(['a released']);
    expect(reason).toEqual(new Interrupted('shutdown', 'The process ends.'));
    expect(await claimOne(queue, lease('next'))).toMatchObject({ key: keyOf('a'), attempts: 1 });
  });

  test('gives back also what does not stop at all', async () => {
    await put(push('a', [5, 1]));
    const workers = start(handlersOf(NEVER));
    await until(() => events.length === 1);
    await workers.stop(5);
    expect(await claimOne(queue, lease('next'))).toMatchObject({ key: keyOf('a'), attempts: 1 });
  });

  test('of idle workers is done at once, and twice is fine', async () => {
    const workers = start(handlersOf(NEVER));
    await workers.stop(60_000);
    await workers.stop(60_000);
    expect(events).toEqual([]);
  });
});

describe('a store that fails', () => {
  test('is told once, asked again, and told when it is back', async () => {
    let fails = true;
    const failure = new StoreError('full', 'no space');
    const workers = start(
      handlersOf(() => Promise.resolve()),
      {
        source: {
          ...queue,
          claim: async (given, room) =>
            fails ? Promise.reject(failure) : queue.claim(given, room),
        },
      },
    );
    await put(push('a', [5, 1]));
    await until(() => events.length > 0);
    expect(workers.isAlive()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    fails = false;
    expect(await endings(1)).toEqual(['a done']);
    expect(workers.isAlive()).toBe(true);
    expect(events.map(({ type }) => type)).toEqual([
      'store-failed',
      'store-recovered',
      'started',
      'ended',
    ]);
    expect(events[0]).toMatchObject({ error: failure });
  });

  test('when a job ends does not lose how it ended', async () => {
    let failures = 3;
    await put(push('a', [5, 1]));
    start(
      handlersOf(() => Promise.resolve()),
      {
        source: {
          ...queue,
          settle: async (claim, outcome) => {
            failures -= 1;
            return failures >= 0
              ? Promise.reject(new StoreError('full', 'no space'))
              : queue.settle(claim, outcome);
          },
        },
      },
    );
    expect(await endings(1)).toEqual(['a done']);
    expect(await queue.depth()).toEqual([]);
  });
});

test('a job that ends its process every time is given up without being run again', async () => {
  await put(push('a', [5, 1]));
  for (let crash = 1; crash <= 5; crash += 1) {
    expect(await claimOne(queue, lease(`crash ${crash}`))).toMatchObject({ attempts: crash });
    now += 1_000;
  }
  const told: Fault[] = [];
  start(
    handlersOf(NEVER, (_job, fault) => {
      told.push(fault);
      return Promise.resolve();
    }),
  );
  expect(await endings(2)).toEqual(['a given-up', 'a told']);
  expect(told).toEqual([
    { code: 'crashed', message: 'Error: The process ended 5 times while the job ran.' },
  ]);
});

test('what is none of our jobs is removed and told', async () => {
  await put({ ...push('a', [5, 1]), payload: { unknown: true } as never });
  start(handlersOf(NEVER));
  expect(await endings(1)).toEqual(['a unreadable']);
  expect(await queue.depth()).toEqual([]);
});
