import fc from 'fast-check';
import { expect, test } from 'vitest';

import { toBreadth } from '../../src/versions/breadth.ts';
import { matches } from '../../src/versions/constraint.ts';
import { toExamples } from '../../src/versions/examples.ts';
import { formatVersion, parseStrictVersion } from '../../src/versions/version.ts';
import { anyConstraint, SEED } from './arbitraries.ts';
import { constraint } from './parse.ts';

test.each([
  ['^1.2.0', '1.2.0 1.2.1 1.3.0 1.9.9', '1.1.9 1.2.0-rc.1 2.0.0-rc.1 2.0.0'],
  ['~1.2', '1.2.0 1.2.1 1.2.9', '1.1.9 1.2.0-rc.1 1.3.0-rc.1 1.3.0'],
  ['>=1.2.0', '1.2.0 1.2.1 1.3.0 2.0.0', '0.1.0 1.1.9 1.2.0-rc.1 1.3.0-rc.1'],
  ['>=1.0.0-0 <2.0.0', '1.0.0-rc.1 1.0.0 1.9.9 2.0.0-rc.1', '0.9.9 2.0.0 2.0.1-0 2.0.1-rc.1'],
  ['1.2.3', '1.2.3', '1.2.2 1.2.3-rc.1 1.2.4-rc.1 1.2.4'],
  ['^*', '0.0.0', '0.0.0-rc.1 0.0.1-rc.1 0.0.1 0.1.0'],
  ['*-0', '0.0.0-rc.1 0.0.0 0.1.0-rc.1 1.0.0', ''],
  ['1 2', '', '0.1.0 1.0.0-rc.1 1.0.0 2.0.0'],
])('%j lets in %s and keeps out %s', (text, admitted, refused) => {
  const examples = toExamples(constraint(text));
  expect(examples.admitted.map(formatVersion).join(' ')).toBe(admitted);
  expect(examples.refused.map(formatVersion).join(' ')).toBe(refused);
});

test('are true, and there are some', () => {
  fc.assert(
    fc.property(anyConstraint, (range) => {
      const { admitted, refused } = toExamples(range);
      expect(admitted.every((version) => matches(range, version))).toBe(true);
      expect(refused.some((version) => matches(range, version))).toBe(false);
      expect(admitted.length === 0).toBe(toBreadth(range).kind === 'empty');
      const texts = [...admitted, ...refused].map(formatVersion);
      expect(texts.every((text) => parseStrictVersion(text).ok)).toBe(true);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});
