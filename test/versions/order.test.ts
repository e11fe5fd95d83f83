import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  compareVersions,
  nextMajor,
  nextMinor,
  nextPatch,
  successor,
} from '../../src/versions/order.ts';
import { formatVersion, type Version } from '../../src/versions/version.ts';
import { anyVersion, SEED } from './arbitraries.ts';
import { version } from './parse.ts';

const LARGEST = '18446744073709551615';

const ASCENDING = [
  '0.0.0-0',
  '0.0.0',
  '1.0.0-0',
  '1.0.0-0.0',
  '1.0.0-2',
  '1.0.0-10',
  `1.0.0-${LARGEST}`,
  // Beyond 64 bits digits are letters to the library, and '1' comes before '9'.
  '1.0.0--',
  '1.0.0-18446744073709551616',
  '1.0.0-99999999999999999999',
  '1.0.0-A',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-rc.2',
  '1.0.0-rc.11',
  '1.0.0-rc1',
  '1.0.0',
  '1.0.1-0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0-rc.1',
  `${LARGEST}.0.0`,
];

describe('compareVersions', () => {
  test('orders every pair', () => {
    for (const [index, lower] of ASCENDING.entries()) {
      for (const higher of ASCENDING.slice(index + 1)) {
        const pair = `${lower} < ${higher}`;
        expect(compareVersions(version(lower), version(higher)), pair).toBeLessThan(0);
        expect(compareVersions(version(higher), version(lower)), pair).toBeGreaterThan(0);
      }
    }
  });

  test('ignores build metadata', () => {
    expect(compareVersions(version('1.2.3+a'), version('1.2.3+b'))).toBe(0);
  });
});

function show(found: Version | undefined): string | undefined {
  return found && formatVersion(found);
}

test.each([
  ['1.2.3', '1.2.4', '1.3.0', '2.0.0'],
  ['1.2.3-rc.1', '1.2.4', '1.3.0', '2.0.0'],
  [`1.2.${LARGEST}`, '1.3.0', '1.3.0', '2.0.0'],
  [`1.${LARGEST}.${LARGEST}`, '2.0.0', '2.0.0', '2.0.0'],
  [`${LARGEST}.${LARGEST}.${LARGEST}`, undefined, undefined, undefined],
])('the lines after %s', (text, patch, minor, major) => {
  const from = version(text);
  expect([nextPatch(from), nextMinor(from), nextMajor(from)].map(show)).toEqual([
    patch,
    minor,
    major,
  ]);
});

test('nothing lies between a version and its successor', () => {
  fc.assert(
    fc.property(anyVersion, anyVersion, (one, other) => {
      const next = successor(one);
      if (next === undefined) return compareVersions(other, one) <= 0;
      const between = compareVersions(one, other) < 0 && compareVersions(other, next) < 0;
      return compareVersions(one, next) < 0 && !between;
    }),
    { seed: SEED },
  );
});
