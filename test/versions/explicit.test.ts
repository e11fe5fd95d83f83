import fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareRanges } from '../../src/versions/comparison.ts';
import { toExplicit } from '../../src/versions/explicit.ts';
import { toBreadth } from '../../src/versions/breadth.ts';
import { anyConstraint, SEED } from './arbitraries.ts';
import { constraint } from './parse.ts';

test.each([
  ['^1.2.0', '>=1.2.0 <2.0.0'],
  ['1.x', '>=1.0.0 <2.0.0'],
  ['~ 5.9', '>=5.9.0 <5.10.0'],
  ['^0.2.3', '>=0.2.3 <0.3.0'],
  ['^1.2.0-0', '>=1.2.0-0 <2.0.0-0'],
  ['1.23.x-0', '>=1.23.0-0 <1.24.0-0'],
  ['~1.2.3-beta.1', '>=1.2.3-beta.1 <1.3.0-0'],
  ['>=v1.4.0-0', '>=1.4.0-0'],
  ['*', '>=0.0.0'],
  ['~0.0.0', '>=0.0.0'],
  ['*-0', '>=0.0.0-0'],
  ['^*', '0.0.0'],
  ['<=*', '<0.1.0'],
  ['>1', '>=2.0.0'],
  ['>1.2.3', '>1.2.3'],
  ['<=1.2.3', '<=1.2.3'],
  ['1.2.3 - 2.3.4', '>=1.2.3 <=2.3.4'],
  ['1 - 2', '>=1.0.0 <3.0.0'],
  ['=01.02.03+build', '1.2.3'],
  ['>1.2.2 <1.2.4', '1.2.3'],
  ['1.2.3-rc.1', '1.2.3-rc.1'],
  ['^2 || ^1', '>=1.0.0 <3.0.0'],
  ['^1.2 || ^2.3', '>=1.2.0 <2.0.0 || >=2.3.0 <3.0.0'],
  ['^1 || ^1', '>=1.0.0 <2.0.0'],
  ['1 2 || ^3', '>=3.0.0 <4.0.0'],
  ['!=1.2.3', '>=0.0.0 !=1.2.3'],
  ['!=1', '<1.0.0 || >=2.0.0'],
  ['!=1 !=1.2 !=0', '>=2.0.0'],
  ['^1 !=1.2', '>=1.0.0 <1.2.0 || >=1.3.0 <2.0.0'],
  ['^1-0 !=1.2', '>=1.0.0-0 <2.0.0-0 !=1.2'],
  ['!=1.2.x-rc', '>=0.0.0-0 !=1.2.x-rc'],
  // Only the dropped condition named a prerelease; they still count.
  ['>=1.2.0 <2.0.0 !=5.0.0-a', '>=0.0.0-0 >=1.2.0 <2.0.0'],
  ['^1 || ^1-0', '>=1.0.0 <2.0.0 || >=1.0.0-0 <2.0.0-0'],
  ['1 2', undefined],
])('%j is %j', (text, expected) => {
  expect(toExplicit(constraint(text))).toBe(expected);
});

test('gives nothing that newer versions of the library refuse', () => {
  const many = Array.from({ length: 33 }, (_, index) => `${2 * index}.x`).join(' || ');
  expect(toExplicit(constraint(many))).toBeUndefined();
  const long = Array.from({ length: 60 }, (_, index) => `!=1.0.${index}`).join(' ');
  expect(toExplicit(constraint(long))).toBeUndefined();
  const exclusions = Array.from({ length: 1_200 }, (_, index) => `!=${index}`).join(' ');
  expect(toExplicit(constraint(exclusions))).toBeUndefined();
});

test('says the same without shorthand', () => {
  fc.assert(
    fc.property(anyConstraint, (range) => {
      const text = toExplicit(range);
      if (text === undefined) return toBreadth(range).kind === 'empty' || range.text.length > 120;
      expect(text.replaceAll('.x-', '')).not.toMatch(/[~^x*]/);
      return compareRanges(range, constraint(text)).change === 'same';
    }),
    { numRuns: 2_000, seed: SEED },
  );
});
