import { test } from 'vitest';

import { fuzz } from './fuzz.ts';

test('the engine does not contradict itself', () => {
  fuzz(500, 20260101);
});
