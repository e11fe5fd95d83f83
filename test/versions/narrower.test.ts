import fc from 'fast-check';
import { expect, test } from 'vitest';

import { BREADTHS, isWider, toBreadth } from '../../src/versions/breadth.ts';
import { compareRanges } from '../../src/versions/comparison.ts';
import { matches } from '../../src/versions/constraint.ts';
import { toNarrower } from '../../src/versions/narrower.ts';
import { namesPrerelease } from '../../src/versions/releases.ts';
import { anyConstraint, anyVersion, SEED } from './arbitraries.ts';
import { constraint, version } from './parse.ts';

test.each([
  ['>=1.2.0', 'patch', '>=1.2.0 <1.3.0'],
  ['>=1.2.0', 'minor', '>=1.2.0 <2.0.0'],
  ['>=1.2.0', 'major', '>=1.2.0 <2.0.0'],
  ['>=1.2.0', 'exact', '1.2.0'],
  ['>=1.2.0', 'unbounded', undefined],
  ['^1.2.3', 'patch', '>=1.2.3 <1.3.0'],
  ['^1.2.3', 'minor', undefined],
  ['>1.2.3', 'patch', '>1.2.3 <1.3.0'],
  ['>=1.2', 'patch', '>=1.2.0 <1.3.0'],
  ['>=0.13.0', 'patch', '>=0.13.0 <0.14.0'],
  ['>=1.15.0-0', 'patch', '>=1.15.0-0 <1.16.0-0'],
  ['>=1.15.0-0', 'exact', '1.15.0'],
  ['>=1.0.0-0 <2.0.0', 'minor', '>=1.0.0-0 <2.0.0-0'],
  ['~1.2 || ~1.4', 'patch', '>=1.4.0 <1.5.0'],
  ['1.2.3 || 3.0.0', 'patch', '3.0.0'],
  ['>=1.2.0 !=1.2.5 !=1.9.0', 'patch', '>=1.2.0 <1.3.0 !=1.2.5'],
  ['>=2.3', 'exact', undefined],
  // No minor number was written that could be kept.
  ['1.x', 'patch', undefined],
  ['>=1', 'patch', undefined],
  ['>=1', 'minor', '>=1.0.0 <2.0.0'],
  ['>1', 'minor', '>=2.0.0 <3.0.0'],
  ['*', 'patch', undefined],
  ['>=0.0.0', 'patch', undefined],
  ['~0.0.0', 'minor', undefined],
  ['<2.0.0', 'patch', undefined],
  ['!=1', 'minor', undefined],
  ['1 2', 'exact', undefined],
] as const)('%j for at most %s', (text, widest, expected) => {
  expect(toNarrower(constraint(text), widest)).toBe(expected);
});

test.each([
  ['>=1.2.0-0', 'patch', '>=1.2.0 <1.3.0'],
  ['>=1.2.0-0', 'minor', '>=1.2.0 <2.0.0'],
  ['>=1.2.0-0', 'exact', '1.2.0'],
  ['>=1.2.0-0 <1.3.0-0', 'patch', '>=1.2.0 <1.3.0'],
  ['>=1.2.0-0 <1.3.0', 'patch', '>=1.2.0 <1.3.0'],
  ['>1.2.0-rc.1 <=1.2.9-rc.2', 'patch', '>=1.2.0 <1.2.9'],
  ['>=1.2.0-0 !=1.2.3-rc.1 !=1.2.4', 'patch', '>=1.2.0 <1.3.0 !=1.2.4'],
  ['>=1.2.0-0 || ~1.4', 'patch', '>=1.4.0 <1.5.0'],
  ['>=1.2.0', 'patch', '>=1.2.0 <1.3.0'],
  // Nothing is left, and nothing tells where to start.
  ['>=1.2.0-0 <1.2.0', 'patch', undefined],
  ['*-0', 'patch', undefined],
  ['~1.2.3', 'patch', undefined],
] as const)('%j for at most %s without prereleases', (text, widest, expected) => {
  expect(toNarrower(constraint(text), widest, { releasesOnly: true })).toBe(expected);
});

test('a proposal without prereleases has none, and admits nothing new', () => {
  const breadth = fc.constantFrom(...BREADTHS);
  fc.assert(
    fc.property(anyConstraint, breadth, (range, widest) => {
      const text = toNarrower(range, widest, { releasesOnly: true });
      fc.pre(text !== undefined);
      const narrower = constraint(text);
      expect(toBreadth(narrower).prereleases).toBe(false);
      expect(compareRanges(range, narrower).added).toBeUndefined();
      expect(isWider(toBreadth(narrower).kind, widest)).toBe(false);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

test.each([
  ['>=1.2.0-0', false],
  ['>=1.2.0', false],
  ['>=1.2.0-rc.1', true],
  ['^1 || ~2.0.0-alpha', true],
])('whether %j names a prerelease: %s', (text, expected) => {
  expect(namesPrerelease(constraint(text))).toBe(expected);
});

test('gives nothing that newer versions of the library refuse', () => {
  const exclusions = Array.from({ length: 60 }, (_, index) => `!=1.2.${index}`).join(' ');
  expect(toNarrower(constraint(`>=1.2.0 ${exclusions}`), 'patch')).toBeUndefined();
});

test.each([
  ['>=1.2.0', 'patch', '1.9.4', '>=1.9.4 <1.10.0'],
  ['>=0.0.0', 'minor', '2.3.4', '>=2.3.4 <3.0.0'],
  ['*', 'unbounded', '2.3.4', '>=2.3.4'],
  ['1.x', 'patch', 'v1.4.2+build', '>=1.4.2 <1.5.0'],
  ['1.x', 'exact', '1.4.2', '1.4.2'],
  ['>=1.0.0-0', 'patch', '1.4.0-rc.2', '>=1.4.0-rc.2 <1.5.0-0'],
  ['^1 || ^2', 'patch', '1.4.2', '>=1.4.2 <1.5.0'],
  // A version in use that the range does not admit tells nothing.
  ['>=2.0.0', 'patch', '1.4.2', '>=2.0.0 <2.1.0'],
  ['>=2.0.0', 'patch', '2.1.0-rc.1', '>=2.0.0 <2.1.0'],
] as const)('%j for at most %s with %s in use', (text, widest, inUse, expected) => {
  expect(toNarrower(constraint(text), widest, { inUse: version(inUse) })).toBe(expected);
});

test('a proposal admits less, is narrow enough and keeps the version in use', () => {
  const breadth = fc.constantFrom(...BREADTHS);
  fc.assert(
    fc.property(anyConstraint, breadth, fc.option(anyVersion), (range, widest, inUse) => {
      const text = toNarrower(range, widest, inUse ? { inUse } : {});
      fc.pre(text !== undefined);
      const narrower = constraint(text);
      expect(compareRanges(range, narrower).change).toBe('narrowed');
      expect(isWider(toBreadth(narrower).kind, widest)).toBe(false);
      if (inUse && matches(range, inUse)) expect(matches(narrower, inUse)).toBe(true);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});
