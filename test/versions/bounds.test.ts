import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Bound, intervalHolds } from '../../src/versions/bound.ts';
import { type BranchBounds, toBounds } from '../../src/versions/bounds.ts';
import { excludes, type Exclusion } from '../../src/versions/comparator.ts';
import { matches } from '../../src/versions/constraint.ts';
import { formatVersion, type Version } from '../../src/versions/version.ts';
import { anyConstraint, anyVersion, SEED } from './arbitraries.ts';
import { constraint } from './parse.ts';

function showBound(bound: Bound | undefined, open: string, closed: string): string {
  return bound ? `${bound.inclusive ? closed : open}${formatVersion(bound.version)}` : '';
}

function showExclusion(exclusion: Exclusion): string {
  switch (exclusion.kind) {
    case 'version':
      return formatVersion(exclusion.version);
    case 'range':
      return `${showBound(exclusion.interval.lower, '>', '>=')} ${showBound(exclusion.interval.upper, '<', '<=')}`;
    case 'patches': {
      const { major, minor, prerelease } = exclusion.line;
      return `${[major, minor].join('.')}.*-${prerelease}`;
    }
  }
}

function show(branch: BranchBounds): string {
  const { lower, upper, excluded, prereleases, empty } = branch;
  const parts = [showBound(lower, '>', '>='), showBound(upper, '<', '<=')];
  parts.push(...excluded.map((each) => `not(${showExclusion(each)})`));
  parts.push(prereleases ? 'prereleases' : '', empty ? 'empty' : '');
  return parts.filter((part) => part !== '').join(' ');
}

describe('toBounds', () => {
  test.each<[string, string[]]>([
    ['*', ['>=0.0.0']],
    ['1.2.3', ['>=1.2.3 <=1.2.3']],
    ['^1.2.0', ['>=1.2.0 <2.0.0']],
    ['^1.2.0-0', ['>=1.2.0-0 <2.0.0-0 prereleases']],
    ['~0.0.0', ['>=0.0.0']],
    ['^*', ['>=0.0.0 <0.0.1']],
    ['<=*', ['<0.1.0']],
    ['>1.2.3 <=2', ['>1.2.3 <3.0.0']],
    ['1.2 - 2.3.4', ['>=1.2.0 <=2.3.4']],
    ['>=1 >=1.5 <3 <2', ['>=1.5.0 <2.0.0']],
    ['^1 || ^2.3', ['>=1.0.0 <2.0.0', '>=2.3.0 <3.0.0']],
    ['1 2', ['>=2.0.0 <2.0.0 empty']],
    ['!=1.2.3', ['not(1.2.3)']],
    ['>=1 !=1.2.3 !=0.5.0', ['>=1.0.0 not(1.2.3)']],
    ['!=1', ['not(>=1.0.0 <2.0.0)']],
    ['>=0.5.0-0 !=1', ['>=0.5.0-0 not(>=1.0.0-0 <2.0.0-0) prereleases']],
    ['!=1.2', ['not(1.2.*-)']],
    ['!=1.2.x-rc', ['not(1.2.*-rc) prereleases']],
    ['1.2.3 !=1.2.3', ['>=1.2.3 <=1.2.3 not(1.2.3) empty']],
    ['1.2 !=1.2', ['>=1.2.0 <1.3.0 not(1.2.*-) empty']],
    ['1.2.3-rc !=1.2.x-rc', ['>=1.2.3-rc <=1.2.3-rc not(1.2.*-rc) prereleases empty']],
    // Nothing lies between a release and the first prerelease of the next one.
    ['>1.2.3 <1.2.4-0', ['>1.2.3 <1.2.4-0 prereleases empty']],
    ['>1.2.3 <1.2.4', ['>1.2.3 <1.2.4 empty']],
    ['>1.2.3-rc <1.2.3-rc.0', ['>1.2.3-rc <1.2.3-rc.0 prereleases empty']],
    ['<0.0.0', ['<0.0.0 empty']],
    ['<0.0.0-0', ['<0.0.0-0 prereleases empty']],
    ['>=1.2 || <*', ['>=1.2.0', '<0.0.0 empty']],
  ])('%j', (text, expected) => {
    expect(toBounds(constraint(text)).branches.map(show)).toEqual(expected);
  });

  test('tells whether all branches are empty', () => {
    expect(toBounds(constraint('1 2 || <*')).empty).toBe(true);
    expect(toBounds(constraint('1 2 || 3')).empty).toBe(false);
  });
});

function admits(branch: BranchBounds, version: Version): boolean {
  if (branch.empty || (version.prerelease !== '' && !branch.prereleases)) return false;
  if (!intervalHolds(branch, version)) return false;
  return !branch.excluded.some((exclusion) => excludes(exclusion, version));
}

test('bounds let in exactly what matches', () => {
  fc.assert(
    fc.property(anyConstraint, anyVersion, (range, version) => {
      const { branches } = toBounds(range);
      return branches.some((branch) => admits(branch, version)) === matches(range, version);
    }),
    { numRuns: 3_000, seed: SEED },
  );
});
