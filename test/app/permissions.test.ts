import { expect, it } from 'vitest';

import { createGrants } from '../../src/app/permissions.ts';

const ALL = {
  ...{ contents: 'read', checks: 'write', pull_requests: 'write' },
  ...{ issues: 'write', merge_queues: 'read' },
};

/** What installation 7 grants in turn, and how often it was asked. */
function grantsOf(...answers: readonly (Record<string, string> | Error)[]) {
  let now = 0;
  let asked = 0;
  const ask = createGrants(
    () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? {};
      asked += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    () => now,
  );
  return {
    ask: () => ask(7),
    asked: () => asked,
    later: (minutes: number) => (now += minutes * 60_000),
  };
}

it('asks once in five minutes what an installation grants', async () => {
  const grants = grantsOf(ALL);
  await Promise.all([grants.ask(), grants.ask()]);
  grants.later(4);
  await grants.ask();
  expect(grants.asked()).toBe(1);
  grants.later(1);
  await grants.ask();
  expect(grants.asked()).toBe(2);
});

it('asks at once again where something is missing: whoever grants it sees that', async () => {
  const grants = grantsOf({ ...ALL, issues: 'read' }, ALL);
  expect(await grants.ask()).toMatchObject({ issues: 'read' });
  expect(await grants.ask()).toEqual(ALL);
  expect(await grants.ask()).toEqual(ALL);
  expect(grants.asked()).toBe(2);
});

it('asks again after a failure', async () => {
  const grants = grantsOf(new Error('cut'), ALL);
  await expect(grants.ask()).rejects.toThrow('cut');
  expect(await grants.ask()).toEqual(ALL);
});
