import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toBreadth } from '../../src/versions/breadth.ts';
import { compareRanges } from '../../src/versions/comparison.ts';
import { LONGEST_CONSTRAINT, matches } from '../../src/versions/constraint.ts';
import { toExamples } from '../../src/versions/examples.ts';
import { toExplicit } from '../../src/versions/explicit.ts';
import { toNarrower } from '../../src/versions/narrower.ts';
import { setHolds, toVersionSet } from '../../src/versions/version-set.ts';
import { anyConstraint, anyVersion, SEED } from './arbitraries.ts';
import { constraint, version } from './parse.ts';

test('the set of versions holds exactly what matches', () => {
  fc.assert(
    fc.property(anyConstraint, anyVersion, (range, each) => {
      return setHolds(toVersionSet(range), each) === matches(range, each);
    }),
    { numRuns: 3_000, seed: SEED },
  );
});

/** As many parts as a constraint may be long. */
function fill(separator: string, part: (index: number) => string, start = ''): string {
  let text = start + part(0);
  for (let index = 1; ; index += 1) {
    const longer = text + separator + part(index);
    if (longer.length > LONGEST_CONSTRAINT) return text;
    text = longer;
  }
}

describe('constraints of 10,000 characters', () => {
  test.each([
    ['alternatives', fill('||', () => '1'), 'minor', '1.2.3', true],
    ['alternatives apart', fill('||', (i) => `${(i * 7919) % 3000}.1`), 'major', '1919.1.0', true],
    ['alternatives with prereleases', fill('||', (i) => `>=${i}-0`), 'everything', '9.0.0-a', true],
    ['conditions', fill(' ', () => '>=1'), 'unbounded', '1.0.0', true],
    ['excluded majors', fill(' ', (i) => `!=${(i * 37) % 2500}`), 'unbounded', '37.1.0', false],
    ['points', fill(' ', (i) => `!=1.${i}.3-0`, '>=0-0 '), 'everything', '1.7.3-0', false],
    ['lines', fill(' ', (i) => `!=1.2.x-a${i}`, '>=0-0 '), 'everything', '1.2.5-a7', false],
    [
      'alternatives with lines',
      fill('||', (i) => `>=${i}-0 !=1.2.x-a`),
      'everything',
      '1.2.5-a',
      false,
    ],
    [
      'points among lines',
      fill(' ', (i) => (i % 2 ? `!=1.2.${i}-z` : `!=1.2.x-b${i}`), '>=0-0 '),
      'everything',
      '1.2.9-b4',
      false,
    ],
  ])('%s', (_, text, kind, each, matching) => {
    const range = constraint(text);
    expect(toBreadth(range).kind).toBe(kind);
    expect(matches(range, version(each))).toBe(matching);
    expect(setHolds(toVersionSet(range), version(each))).toBe(matching);
    expect(compareRanges(range, range)).toEqual({ change: 'same' });
    expect(toExamples(range).admitted.every((example) => matches(range, example))).toBe(true);
    const explicit = toExplicit(range);
    if (explicit) expect(compareRanges(range, constraint(explicit)).change).toBe('same');
    const narrower = toNarrower(range, 'patch');
    if (narrower) expect(compareRanges(range, constraint(narrower)).change).toBe('narrowed');
  });
});
