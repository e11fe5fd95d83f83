import { expect, test } from 'vitest';

import { goQuote } from '../../../src/rules/pod-security/go-quote.ts';
import {
  compareBytewise,
  plural,
  quoteAll,
  sortedBytewise,
} from '../../../src/rules/pod-security/text.ts';

test.each([
  [[], ''],
  [['a'], '"a"'],
  [['a', 'b"c'], '"a", "b"c"'],
])('quotes %j without escaping', (items, expected) => {
  expect(quoteAll(items)).toBe(expected);
});

test('none is many', () => {
  expect([0, 1, 2].map((count) => plural(count, 'one', 'many'))).toEqual(['many', 'one', 'many']);
});

test('sorts by UTF-8 bytes, each once', () => {
  expect(sortedBytewise(['🙂', '\uffee', 'b', 'é', 'B', 'b', '', 'ab'])).toEqual([
    '',
    'B',
    'ab',
    'b',
    'é',
    '\uffee',
    '🙂',
  ]);
  expect(compareBytewise('a', 'ab')).toBeLessThan(0);
  expect(compareBytewise('🙂', '🙃')).toBeLessThan(0);
});

// Printed by Go's %q.
test.each([
  ['plain é <>& 🙂', '"plain é <>& 🙂"'],
  ['"\\', '"\\"\\\\"'],
  ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\u0000\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['\u00a0\u00ad\u200b\ufeff\ue000\u2028', '"\\u00a0\\u00ad\\u200b\\ufeff\\ue000\\u2028"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['e\u0301', '"e\u0301"'],
  ['\ud800x', '"\ufffdx"'],
])('quotes %j as Go does', (text, expected) => {
  expect(goQuote(text)).toBe(expected);
});
