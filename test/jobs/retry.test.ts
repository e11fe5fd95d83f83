import { describe, expect, test } from 'vitest';

import type { Outcome } from '../../src/jobs/queue.ts';
import { MAX_ATTEMPTS, outcomeOf } from '../../src/jobs/retry.ts';
import { Permanent, RetryAfter } from '../../src/model/errors.ts';

const NOW = Date.UTC(2027, 0, 1);
const HOUR = 3_600_000;

function decide(
  error: unknown,
  more: { attempts?: number; postponed?: number; random?: number } = {},
): Outcome {
  const { attempts = 1, postponed = 0, random = 0 } = more;
  return outcomeOf(error, { attempts, postponed, now: NOW, random: () => random });
}

describe('an ordinary error', () => {
  test.each([
    [1, 0, 2_500],
    [1, 1, 5_000],
    [2, 0, 10_000],
    [3, 0, 40_000],
    [4, 0, 160_000],
    [4, 1, 320_000],
  ])('after attempt %i with chance %d: again in %i ms', (attempts, random, wait) => {
    expect(decide(new Error('x'), { attempts, random })).toEqual({
      kind: 'retry',
      at: NOW + wait,
      counts: true,
    });
  });

  test('is given up after the last attempt', () => {
    expect(decide(new TypeError('x'), { attempts: MAX_ATTEMPTS })).toEqual({
      kind: 'give-up',
      fault: { code: 'exhausted', message: 'TypeError: x' },
    });
  });

  test.each([['text'], [undefined], [null], [42]])('may be any value: %s', (error) => {
    expect(decide(error)).toMatchObject({ kind: 'retry' });
    expect(decide(error, { attempts: MAX_ATTEMPTS })).toEqual({
      kind: 'give-up',
      fault: { code: 'exhausted', message: String(error) },
    });
  });
});

test('a permanent error is given up at once', () => {
  expect(decide(new Permanent('forbidden', 'no access'))).toEqual({
    kind: 'give-up',
    fault: { code: 'forbidden', message: 'no access' },
  });
});

describe('an error that says when', () => {
  test.each<[string, Date | number, number]>([
    ['in ms', 30_000, 30_000],
    ['by date', new Date(NOW + 30_000), 30_000],
    ['at once', 0, 0],
    ['in the past', new Date(NOW - HOUR), 0],
    ['before now', -5, 0],
    ['in a year', new Date(NOW + 8_760 * HOUR), 2 * HOUR],
    ['never', Infinity, 2 * HOUR],
    ['at an impossible date', new Date(NaN), 5_000],
  ])('%s', (_label, when, wait) => {
    expect(decide(new RetryAfter('unavailable', when, 'x'))).toEqual({
      kind: 'retry',
      at: NOW + wait,
      counts: false,
      hold: 'job',
    });
  });

  test('spreads what comes back, by at most a second and never by more than the wait', () => {
    const spread = [10_000, 100, 0].map((wait) =>
      decide(new RetryAfter('not-ready', wait, 'x'), { random: 1 }),
    );
    expect(spread).toEqual([
      { kind: 'retry', at: NOW + 11_000, counts: false },
      { kind: 'retry', at: NOW + 200, counts: false },
      { kind: 'retry', at: NOW, counts: false },
    ]);
  });

  test('holds the whole installation for a rate limit', () => {
    expect(decide(new RetryAfter('rate-limited', 60_000, 'x'))).toEqual({
      kind: 'retry',
      at: NOW + 60_000,
      counts: false,
      hold: 'lane',
    });
  });

  test('costs attempts once it came too often, and is then given up', () => {
    const error = new RetryAfter('not-ready', 500, 'no test merge');
    expect(decide(error, { attempts: 5, postponed: 23 })).toMatchObject({ counts: false });
    expect(decide(error, { attempts: 4, postponed: 24 })).toEqual({
      kind: 'retry',
      at: NOW + 500,
      counts: true,
    });
    expect(decide(error, { attempts: 5, postponed: 24 })).toEqual({
      kind: 'give-up',
      fault: { code: 'exhausted', message: 'RetryAfter: no test merge' },
    });
  });
});
