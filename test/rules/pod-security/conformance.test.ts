import { expect, test } from 'vitest';

import { podSecurity } from '../../conformance/pod-security.ts';

test('agrees with every recorded answer of the admission library', async () => {
  let count = 0;
  const failures: unknown[] = [];
  for await (const outcome of podSecurity.run('fixtures/pod-security')) {
    count += 1;
    if (outcome.failure !== undefined) failures.push(outcome);
  }
  expect(failures).toEqual([]);
  expect(count).toBe(43_581);
});
