import { describe, expect, it } from 'vitest';

import { code, codeBlock, escapeMarkdown, toVisible } from '../../src/report/escape.ts';

describe('toVisible', () => {
  it.each([
    ['plain', 'plain'],
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['safe\u202egnp.exe', 'safe\\u202egnp.exe'],
    ['\u200b\ufeff\u00ad', '\\u200b\\ufeff\\u00ad'],
    ['\ud800x', '\\ud800x'],
    ['😀 é 漢', '😀 é 漢'],
  ])('%j', (text, shown) => {
    expect(toVisible(text)).toBe(shown);
  });

  it('cuts long text, never inside a character', () => {
    expect(toVisible('x'.repeat(10_000))).toHaveLength(300);
    expect(toVisible('😀'.repeat(10), 6)).toBe('😀😀…');
  });
});

describe('escapeMarkdown', () => {
  it.each([
    ['a*b_c`d', 'a\\*b\\_c\\`d'],
    ['<!-- fluxgate -->', '\\<\\!\\-\\- fluxgate \\-\\-\\>'],
    ['[x](y)', '\\[x\\]\\(y\\)'],
    ['| a', '\\| a'],
    ['@everyone', '@\u2060everyone'],
    ['see #1', 'see \\#\u20601'],
    ['https://evil.example', 'https\u2060://evil\\.example'],
    ['www.evil.example', 'www\u2060\\.evil\\.example'],
    ['&lt;', '\\&lt;'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe('code', () => {
  it.each([
    ['a', '`a`'],
    ['a`b', '`` a`b ``'],
    ['```', '```` ``` ````'],
    ['a|b', '`a|b`'],
    ['a\nb', '`a\\nb`'],
    ['', '` `'],
    ['@everyone #1', '`@everyone #1`'],
  ])('%j', (text, span) => {
    expect(code(text)).toBe(span);
  });
});

it('fences a block so that its text cannot end it', () => {
  expect(codeBlock('a\n```\nb', 'diff')).toBe('````diff\na\n```\nb\n````');
});
