import { beforeEach, describe, expect, test } from 'vitest';

import { createGroupCommit, type GroupCommit } from '../../src/jobs/group-commit.ts';

/** What the transactions did: `begin`, the works, and how it ended. */
let story: string[];
let fails: (count: number) => boolean;
/** Ends the syncs that are waited for. */
let disk: { resolve: () => void; reject: (error: Error) => void }[];
let group: GroupCommit;

beforeEach(() => {
  story = [];
  fails = () => false;
  disk = [];
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
    persist: () => new Promise((resolve, reject) => disk.push({ resolve, reject })),
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

/** Lets what is due in this turn of the event loop happen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('what must be durable waits for the disk, and nothing else does', async () => {
  const told: string[] = [];
  for (const [name, isDurable] of [
    ['a', false],
    ['b', true],
    ['c', false],
  ] as const) {
    void run(name, isDurable).then((result) => told.push(result));
  }
  await turn();
  expect(story).toEqual(['begin durable', 'a', 'b', 'c', 'commit', 'after']);
  expect(told).toEqual(['A', 'C']);
  await run('d');
  expect(disk).toHaveLength(1);
  disk[0]?.resolve();
  await turn();
  expect(told).toEqual(['A', 'C', 'B']);
});

test('what the disk does not take is not told as done', async () => {
  const results = Promise.allSettled([run('a', true), run('b', true)]);
  await turn();
  expect(disk).toHaveLength(1);
  disk[0]?.reject(new Error('input/output error'));
  const reason = new Error('input/output error');
  expect(await results).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ]);
});

test('when it fails together each is tried alone, with its own durability', async () => {
  fails = (count) => count > 1;
  const results = Promise.all([run('a', true), run('b')]);
  await turn();
  disk[0]?.resolve();
  expect(await results).toEqual(['A', 'B']);
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
