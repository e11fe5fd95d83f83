import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type BreadthKind, isWider, toBreadth } from '../../src/versions/breadth.ts';
import { matches } from '../../src/versions/constraint.ts';
import type { Version } from '../../src/versions/version.ts';
import { anyConstraint, anyVersion, SEED } from './arbitraries.ts';
import { constraint } from './parse.ts';

function show(text: string): string {
  const { kind, prereleases, lower, upper, breaking } = toBreadth(constraint(text));
  const flags = [lower && 'lower', upper && 'upper', prereleases && 'prereleases'];
  return [kind, ...flags, breaking && 'breaking'].filter((part) => part !== false).join(' ');
}

describe('toBreadth', () => {
  test.each([
    ['1 2', 'empty'],
    ['<*', 'empty'],
    ['1.2.3', 'exact lower upper'],
    ['=01.02.03+b', 'exact lower upper'],
    ['^0.0.3', 'exact lower upper'],
    ['^*', 'exact upper'],
    ['>1.2.2 <1.2.4', 'exact lower upper'],
    ['1.2.3 || =1.2.3', 'exact lower upper'],
    ['1.2.3-rc.1', 'exact lower upper prereleases'],
    ['~1.2 !=1.2.0 <1.2.2', 'exact lower upper'],
    ['1.2', 'patch lower upper'],
    ['~1.2.3', 'patch lower upper'],
    ['>=1.2.3 <1.3.0', 'patch lower upper'],
    ['>=1.2.3-0 <1.3.0-0', 'patch lower upper prereleases'],
    ['^0.2.3', 'patch lower upper'],
    ['1.2.3 || 1.2.5', 'patch lower upper'],
    ['<=*', 'patch upper breaking'],
    ['0.0', 'patch upper breaking'],
    ['1.2-2.0', 'patch lower upper prereleases'],
    // 1.3.0-rc.1 comes in.
    ['>=1.2.3-0 <1.3.0', 'minor lower upper prereleases'],
    ['^1.2.0', 'minor lower upper'],
    ['~1', 'minor lower upper'],
    ['~1.2 || ~1.4', 'minor lower upper'],
    ['1.2.3 || 1.4.0', 'minor lower upper'],
    ['0.x', 'minor upper breaking'],
    ['>=0.43.0 <1.0.0', 'minor lower upper breaking'],
    ['<1.0.0', 'minor upper breaking'],
    ['>=1.0.0 <2.0.0', 'minor lower upper'],
    ['>=1.0.0-0 <2.0.0-0', 'minor lower upper prereleases'],
    ['>=1.0.0-0 <2.0.0', 'major lower upper prereleases breaking'],
    ['^1 || ^2', 'major lower upper breaking'],
    ['1.2.3 || 3.0.0', 'major lower upper breaking'],
    ['<4.5.0', 'major upper breaking'],
    ['>=1 <3 !=2', 'minor lower upper'],
    ['1 - 2', 'major lower upper breaking'],
    ['>=1.2.0', 'unbounded lower breaking'],
    ['>*', 'unbounded lower breaking'],
    ['>=1.2.3-rc.1', 'unbounded lower prereleases breaking'],
    ['1.2.3 || >=2', 'unbounded lower breaking'],
    ['*', 'everything breaking'],
    ['~0.0.0', 'everything breaking'],
    ['>=0.0.0', 'everything breaking'],
    ['>=0.0.0-0', 'everything prereleases breaking'],
    ['>0.0.0-0', 'everything prereleases breaking'],
    ['!=1.2.3', 'everything breaking'],
    ['<1 || >=1', 'everything breaking'],
    ['<1 || >=2', 'everything breaking'],
    ['<=18446744073709551615', 'everything breaking'],
    ['18446744073709551615.18446744073709551615.18446744073709551615', 'exact lower'],
  ])('%j is %s', (text, expected) => {
    expect(show(text)).toBe(expected);
  });

  test('two admitted versions never lie further apart than it says', () => {
    fc.assert(
      fc.property(anyConstraint, anyVersion, anyVersion, (range, one, other) => {
        fc.pre(matches(range, one) && matches(range, other));
        const { kind, prereleases, breaking } = toBreadth(range);
        const prerelease = one.prerelease !== '' || other.prerelease !== '';
        if (prerelease && !prereleases) return false;
        return !isWider(distance(one, other), kind) && (breaking || isCompatible(one, other));
      }),
      { numRuns: 2_000, seed: SEED },
    );
  });
});

function distance(a: Version, b: Version): BreadthKind {
  if (a.major !== b.major) return 'major';
  if (a.minor !== b.minor) return 'minor';
  return a.patch === b.patch && a.prerelease === b.prerelease ? 'exact' : 'patch';
}

function isCompatible(a: Version, b: Version): boolean {
  if (a.major !== b.major) return false;
  if (a.major > 0n) return true;
  return a.minor === b.minor && (a.minor > 0n || a.patch === b.patch);
}

test('isWider', () => {
  expect(isWider('minor', 'patch')).toBe(true);
  expect(isWider('patch', 'patch')).toBe(false);
  expect(isWider('empty', 'exact')).toBe(false);
  expect(isWider('everything', 'unbounded')).toBe(true);
});
