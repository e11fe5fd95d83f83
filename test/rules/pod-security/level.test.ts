import { expect, test } from 'vitest';

import { isLevel, isStricter } from '../../../src/rules/pod-security/level.ts';

test.each([
  ['privileged', true],
  ['baseline', true],
  ['restricted', true],
  ['Restricted', false],
  ['', false],
  ['default', false],
])('%j', (text, expected) => {
  expect(isLevel(text)).toBe(expected);
});

test.each([
  ['restricted', 'baseline', true],
  ['baseline', 'privileged', true],
  ['baseline', 'baseline', false],
  ['privileged', 'restricted', false],
] as const)('%s is stricter than %s: %s', (a, b, expected) => {
  expect(isStricter(a, b)).toBe(expected);
});
