import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { createGroupCommit, type GroupCommit } from '../../src/jobs/group-commit.ts';

/** What the transactions did: `begin`, the works, and how it ended. */
let story: string[];
let fails: (count: number) => boolean;
let group: GroupCommit;

beforeEach(() => {
  story = [];
  fails = () => false;
  group = createGroupCommit({
    transact(works, isDurable) {
      story.push(isDurable ? 'begin durable' : 'begin');
      for (const work of works) work();
      if (fails(works.length)) {
        story.push('undo');
        throw new Error(`cannot do ${works.length}`);
      }
      story.push('commit');
    },
    after: () => story.push('after'),
  });
});

async function run(name: string, isDurable = false): Promise<string> {
  return group.run(isDurable, () => {
    story.push(name);
    return name.toUpperCase();
  });
}

test('what comes in one turn shares a transaction, in order', async () => {
  const results = Promise.all([run('a'), run('b'), run('c')]);
  expect(story).toEqual([]);
  expect(await results).toEqual(['A', 'B', 'C']);
  expect(story).toEqual(['begin', 'a', 'b', 'c', 'commit', 'after']);
});

test('what comes later has a transaction of its own', async () => {
  await run('a');
  await run('b');
  expect(story).toEqual(['begin', 'a', 'commit', 'after', 'begin', 'b', 'commit', 'after']);
});

test('one that must be durable makes its transaction durable', async () => {
  await Promise.all([run('a'), run('b', true), run('c')]);
  await run('d');
  expect(story.filter((one) => one.startsWith('begin'))).toEqual(['begin durable', 'begin']);
});

test('when it fails together each is tried alone, with its own durability', async () => {
  fails = (count) => count > 1;
  expect(await Promise.all([run('a', true), run('b')])).toEqual(['A', 'B']);
  expect(story).toEqual([
    ...['begin durable', 'a', 'b', 'undo'],
    ...['begin durable', 'a', 'commit'],
    ...['begin', 'b', 'commit', 'after'],
  ]);
});

test('work that throws fails alone', async () => {
  const bad = group.run(false, () => {
    throw new TypeError('bad');
  });
  const results = await Promise.allSettled([run('a'), bad, run('c')]);
  expect(results).toEqual([
    { status: 'fulfilled', value: 'A' },
    { status: 'rejected', reason: new TypeError('bad') },
    { status: 'fulfilled', value: 'C' },
  ]);
});

test('nothing resolves when nothing can be committed', async () => {
  fails = () => true;
  const results = await Promise.allSettled([run('a'), run('b')]);
  expect(results).toEqual([
    { status: 'rejected', reason: new Error('cannot do 1') },
    { status: 'rejected', reason: new Error('cannot do 1') },
  ]);
  expect(story.at(-1)).toBe('after');
});

describe('flushing', () => {
  test('commits at once, and the turn that was planned finds nothing', async () => {
    const result = run('a');
    group.flush();
    expect(story).toEqual(['begin', 'a', 'commit', 'after']);
    expect(await result).toBe('A');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(story.length).toBe(4);
  });

  test('of nothing does nothing', () => {
    group.flush();
    expect(story).toEqual([]);
  });
});

describe('after a slow shared commit', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance'] });
  });
  afterEach(() => vi.useRealTimers());

  /** Commits two works together, which takes so many ms. */
  function commitSlowly(milliseconds: number): void {
    fails = (count) => {
      if (count > 1) vi.advanceTimersByTime(milliseconds);
      return false;
    };
    void run('a');
    void run('b');
    group.flush();
    story = [];
  }

  test.each([
    [1, 1],
    [3, 3],
    [5, 5],
    [1_000, 5],
  ])('of %i ms the next one waits %i ms for company', (took, wait) => {
    commitSlowly(took);
    void run('c');
    vi.advanceTimersByTime(wait - 1);
    void run('d');
    expect(story).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(story).toEqual(['begin', 'c', 'd', 'commit', 'after']);
  });

  test('the next one does not wait when there was none to share it with', () => {
    commitSlowly(3);
    void run('c');
    group.flush();
    void run('d');
    vi.advanceTimersByTime(0);
    expect(story.filter((one) => one.length === 1)).toEqual(['c', 'd']);
  });
});
