import { expect, test } from 'vitest';

import {
  quantityProblem,
  WRONG_FORMAT,
  WRONG_SUFFIX,
} from '../../../../src/rules/pod-security/decoding/quantity.ts';

// As measured with the parser of the API server.
test.each([
  ['0'],
  ['500m'],
  ['1Gi'],
  ['1.5Gi'],
  ['2e3'],
  ['2E-3'],
  ['1E'],
  ['-5'],
  ['+.5k'],
  [' 1 '],
  ['Ki'],
  ['1e+21'],
])('%j is a quantity', (text) => {
  expect(quantityProblem(text)).toBeUndefined();
});

test.each([
  ['', WRONG_FORMAT],
  ['  ', WRONG_FORMAT],
  ['abc', WRONG_FORMAT],
  ['1 Gi', WRONG_FORMAT],
  ['0x10', WRONG_FORMAT],
  ['1.2.3', WRONG_FORMAT],
  ['1e', WRONG_SUFFIX],
  ['5i', WRONG_SUFFIX],
  ['1K', WRONG_SUFFIX],
  ['1MB', WRONG_FORMAT],
  ['1e99999999999999999999', WRONG_SUFFIX],
])('%j is none', (text, problem) => {
  expect(quantityProblem(text)).toBe(problem);
});

test('a long hostile text takes no longer than its length', () => {
  expect(quantityProblem(`${'1'.repeat(1_000_000)}x`)).toBe(WRONG_FORMAT);
  expect(quantityProblem(`${'e'.repeat(1_000_000)}x`)).toBe(WRONG_FORMAT);
});
