import { expect, test } from 'vitest';

import { isOlder, LATEST, parseVersion } from '../../../src/rules/pod-security/version.ts';

test.each([
  ['latest', { text: 'latest', minor: Infinity }],
  ['v1.0', { text: 'v1.0', minor: 0 }],
  ['v1.25', { text: 'v1.25', minor: 25 }],
  ['v1.9223372036854775807', { text: 'v1.9223372036854775807', minor: 2 ** 63 }],
])('%s', (text, expected) => {
  expect(parseVersion(text)).toEqual(expected);
});

test.each([
  [''],
  ['Latest'],
  ['v1'],
  ['1.25'],
  ['v1.07'],
  ['v2.0'],
  ['v1.30.1'],
  [' v1.30'],
  ['v1.30\n'],
  ['v1.-1'],
  ['v1.9223372036854775808'],
  [`v1.${'9'.repeat(100_000)}`],
])('%j is no version', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

test('latest is older than nothing', () => {
  const [older, newer] = [parseVersion('v1.9'), parseVersion('v1.10')];
  if (!older || !newer) throw new Error('unreachable');
  expect(isOlder(older, newer)).toBe(true);
  expect(isOlder(newer, older)).toBe(false);
  expect(isOlder(newer, LATEST)).toBe(true);
  expect(isOlder(LATEST, LATEST)).toBe(false);
});
