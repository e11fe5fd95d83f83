import { expect, test } from 'vitest';

import { rewriteHyphenRanges } from '../../src/versions/hyphen-ranges.ts';

// Answers of the library, the odd ones included: they decide what is refused, and how.
test.each([
  ['1.2 - 2.0', '>= 1.2, <= 2.0 '],
  ['1.2\t-\n2.0', '>= 1.2, <= 2.0 '],
  ['v1.x - v2-rc.1+b', '>= v1.x, <= v2-rc.1+b '],
  ['v1+a.b - 2', '>= v1+a.b, <= 2 '],
  ['1-a.b+c - 2', '>= 1-a.b+c, <= 2 '],
  ['1+a_b - 2', '1+a_b - 2'],
  ['1.2 -2.0', '1.2 -2.0'],
  ['1.2- 2.0', '1.2- 2.0'],
  ['1.2 – 2.0', '1.2 – 2.0'],
  ['1.2\u00a0-\u00a02.0', '1.2\u00a0-\u00a02.0'],
  ['>=1 2 - 3', '>=1>= 2, <= 3 '],
  ['>=1, 2 - 3', '>=1,>= 2, <= 3 '],
  ['1 - 2 || 3 - 4', '>= 1, <= 2 ||>= 3, <= 4 '],
  ['1 - 2 - 3', '>= 1, <= 2 - 3'],
  ['V1.2 - 2.0', 'V>= 1.2, <= 2.0 '],
  ['dev|10.1.X-alpha.1 - *--', 'de>= v|10.1.X-alpha.1, <= *-- '],
  ['1.2.3.4 - 5', '1.>= 2.3.4, <= 5 '],
  ['1.2-rc_1 - 2', '1.2-rc_>= 1, <= 2 '],
  // The space after a replacement makes an earlier match of the same text.
  ['1 - 2- 3 2 - 3', '>= 1, <=>= 2, <= 3  2 - 3'],
])('%j', (text, expected) => {
  expect(rewriteHyphenRanges(text)).toBe(expected);
});

test.each([
  ['dashes alone', ' -'.repeat(5_000)],
  ['dashes after one another', '- '.repeat(5_000)],
  ['one long word', `${'v'.repeat(9_990)} - x.`],
])('leaves %s as they are', (_, text) => {
  expect(rewriteHyphenRanges(text)).toBe(text);
});
