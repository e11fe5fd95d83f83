import { expect, test } from 'vitest';

import { quote, quoteBriefly } from '../../src/versions/quote.ts';

test.each([
  ['', '""'],
  ['>=1.2.3', '">=1.2.3"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\u0000\u001b\u007f', '"\\x00\\x1b\\x7f"'],
  ['\u0080\u00a0\u200b\u2028\ufeff', '"\\u0080\\u00a0\\u200b\\u2028\\ufeff"'],
  ['é–😀', '"é–😀"'],
  ['\u{e0001}', '"\\U000e0001"'],
  ['\ud800', '"\ufffd"'],
])('%j', (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test('cuts long text', () => {
  expect(quoteBriefly('1'.repeat(60))).toBe(`"${'1'.repeat(60)}"`);
  expect(quoteBriefly('1'.repeat(61))).toBe(`"${'1'.repeat(60)}"…`);
});
