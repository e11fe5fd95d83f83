import fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareRanges } from '../../src/versions/comparison.ts';
import { matches } from '../../src/versions/constraint.ts';
import { formatVersion } from '../../src/versions/version.ts';
import { anyConstraint, anyVersion, SEED } from './arbitraries.ts';
import { constraint } from './parse.ts';

function show(before: string, after: string): string {
  const { change, added, removed } = compareRanges(constraint(before), constraint(after));
  const witnesses = [added && `+${formatVersion(added)}`, removed && `-${formatVersion(removed)}`];
  return [change, ...witnesses].filter((part) => part !== undefined).join(' ');
}

test.each([
  ['^1.2.0', '>=1.2.0 <2.0.0', 'same'],
  ['1.x', '^1', 'same'],
  ['*', '~0.0.0', 'same'],
  ['1 2', '<*', 'same'],
  ['>1.2.3 <2', '>=1.2.4 <2', 'same'],
  ['^1.2.0', '^1.1.0', 'widened +1.1.0'],
  ['^1.2.0', '>=1.2.0', 'widened +2.0.0'],
  ['1.2.3', '~1.2.3', 'widened +1.2.4'],
  ['>=1.2.0', '>=1.2.0-0', 'widened +1.2.0-rc.1'],
  ['>= 1.8.0', '>= 1.8.0-rc.0', 'widened +1.8.0-rc.1'],
  ['>=1.0.0-0 <2.0.0-0', '>=1.0.0-0 <2.0.0', 'widened +2.0.0-rc.1'],
  ['1 2', '1.2.3', 'widened +1.2.3'],
  ['!=1.2.x-rc', '*-0', 'widened +1.2.0-rc'],
  ['!=1.2.x-rc.1 !=1.2.x-rc.2', '!=1.2.x-rc.2', 'widened +1.2.0-rc.1'],
  ['>=1.2.0', '^1.2.0', 'narrowed -2.0.0'],
  ['*', '!=1.2.3', 'narrowed -1.2.3'],
  ['1.2-0', '1.2-0 !=1.2', 'narrowed -1.2.0'],
  ['^1 || ^2', '^2', 'narrowed -1.0.0'],
  ['1.2.3', '1.2.4', 'both +1.2.4 -1.2.3'],
  ['^1.2.0', '^2.0.0', 'both +2.0.0 -1.2.0'],
  ['>=1.2.0-0', '>=1.1.0', 'both +1.1.0 -1.2.0-rc.1'],
])('%j to %j: %s', (before, after, expected) => {
  expect(show(before, after)).toBe(expected);
});

test('witnesses are true, and where there is none nothing changed', () => {
  fc.assert(
    fc.property(anyConstraint, anyConstraint, anyVersion, (before, after, version) => {
      const { change, added, removed } = compareRanges(before, after);
      if (added) expect([matches(before, added), matches(after, added)]).toEqual([false, true]);
      if (removed) {
        expect([matches(before, removed), matches(after, removed)]).toEqual([true, false]);
      }
      const [was, is] = [matches(before, version), matches(after, version)];
      if (!added) expect(is && !was).toBe(false);
      if (!removed) expect(was && !is).toBe(false);
      expect(change).toBe(added ? (removed ? 'both' : 'widened') : removed ? 'narrowed' : 'same');
    }),
    { numRuns: 3_000, seed: SEED },
  );
});
