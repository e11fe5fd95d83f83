import { expect, test } from 'vitest';

import { highestTag } from '../../src/versions/highest.ts';
import { constraint } from './parse.ts';

test.each([
  ['>=1.0.0', ['1.2.0', '1.10.0', '1.9.0'], '1.10.0'],
  ['1.x', ['1.2.0', '2.0.0', 'v1.3.0'], 'v1.3.0'],
  ['*', ['1.2', 'latest', '20240101', 'main-3f2a', ''], undefined],
  ['*', [], undefined],
  ['>=1.0.0', ['1.3.0-rc.1', '1.2.0'], '1.2.0'],
  ['>=1.0.0-0', ['1.3.0-rc.1', '1.2.0'], '1.3.0-rc.1'],
  ['*', ['1.2.3-alpine', '1.2.2'], '1.2.2'],
  ['*', ['2025.02.03', '2025.10.01', '2025.9.30'], '2025.10.01'],
  // Of equal versions the first one stays.
  ['*', ['v1.2.3', '1.2.3', '01.2.3'], 'v1.2.3'],
  ['*', ['01.2.3', '1.2.3', 'v1.2.3'], '01.2.3'],
  ['*', ['18446744073709551616.0.0', '18446744073709551615.0.0'], '18446744073709551615.0.0'],
  ['>=3', ['1.0.0', '2.0.0'], undefined],
])('%s of %j', (range, tags, expected) => {
  expect(highestTag(constraint(range), tags)?.tag).toBe(expected);
});

test('50,000 tags against a range of 10,000 characters', () => {
  const branches = Array.from({ length: 1_200 }, (_, index) => `${index}.${index % 7}`);
  const range = branches.join('||');
  const tags = Array.from(
    { length: 50_000 },
    (_, index) => `v${index % 1_300}.${index % 11}.${index}`,
  );
  expect(highestTag(constraint(range), tags)).toMatchObject({ tag: 'v1199.2.45399' });
});
