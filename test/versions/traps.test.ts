import { describe, expect, test } from 'vitest';

import { parseConstraint } from '../../src/versions/constraint.ts';
import { findTraps } from '../../src/versions/traps.ts';

function messages(text: string): string[] {
  return findTraps(parseConstraint(text)).map(({ code, message }) => `${code}: ${message}`);
}

function codes(text: string): string {
  return findTraps(parseConstraint(text))
    .map(({ code }) => code)
    .join(' ');
}

test.each([
  ['1.2.3', ''],
  ['^1.2.3', ''],
  ['~1.2', ''],
  ['>=1.2.0 <2.0.0', ''],
  ['1.23.x-0', ''],
  ['1.x', ''],
  ['1.2.3-1', ''],
  ['1.2.3 - 1.4.0', ''],
  ['~0.0.0', 'zero-tilde everything'],
  ['~>0.0.0-0', 'zero-tilde everything'],
  ['~*', 'everything'],
  ['^*', 'caret-wildcard'],
  ['<=*', 'at-most-wildcard breaking-below-one'],
  ['<*', 'below-wildcard empty'],
  ['>*', 'above-wildcard no-upper-bound'],
  ['!=x', 'not-wildcard no-upper-bound'],
  ['1.2-2.0', 'unspaced-hyphen prereleases-beyond'],
  ['1-2', 'unspaced-hyphen prereleases-beyond'],
  ['1.2.3-2.3.4', 'unspaced-hyphen'],
  ['1.x.5', 'ignored-parts'],
  ['*.*.1', 'ignored-parts everything'],
  ['>1.2', 'above-partial no-upper-bound'],
  ['>=1.0 <=1.2', 'at-most-partial'],
  ['1.2', 'partial-range'],
  ['^0.2.3', 'caret-below-one'],
  ['^0.0.3', 'caret-below-one'],
  ['01.02.03', 'leading-zeros'],
  ['1.2.3+amd64', 'build-ignored'],
  ['~1.2-0 !=1.2', 'exclusion-keeps-prereleases'],
  ['1, 2', 'partial-range empty and-not-or'],
  ['>=2 <1', 'empty'],
  ['^1 || >=2 <1', 'empty-branch'],
  ['*', 'everything'],
  ['!=1.2.3', 'everything'],
  ['>=1.2.0', 'no-upper-bound'],
  ['0.x', 'breaking-below-one'],
  ['>=1.0.0-0 <2.0.0', 'prerelease-of-upper-bound'],
  ['>=1.0.0-0 <2.0.0-0', ''],
  ['>=1.2.3-rc.1', 'no-upper-bound prereleases-beyond'],
  ['1.2.3-rc.1', ''],
  [Array.from({ length: 33 }, () => '1.2.3').join('||'), 'too-long-for-newer-flux'],
  [Array.from({ length: 86 }, () => '1.2.3').join(','), 'too-long-for-newer-flux'],
])('%j: %s', (text, expected) => {
  expect(codes(text)).toBe(expected);
});

test('each trap is one sentence for its author', () => {
  expect(['~0.0.0', '^*', '1.2-2.0', '>=1.0.0-0 <2.0.0', '>=1.2.3-rc.1'].flatMap(messages))
    .toMatchInlineSnapshot(`
      [
        "zero-tilde: "~0.0.0" has no upper bound: after ~, 0.0.0 lets every version in; write >=0.0.0 <0.1.0 for the 0.0 line.",
        "everything: "~0.0.0" has neither a lower nor an upper bound; set both.",
        "caret-wildcard: "^*" admits 0.0.0 alone, not every version; write * or >=0.0.0 for that.",
        "unspaced-hyphen: "1.2-2.0" is no range between two versions: without spaces around the hyphen, "2.0" is a prerelease; write "A - B" or >=A <=B.",
        "prereleases-beyond: "1.2-2.0" names the prerelease "1.2.0-2.0" and so lets in those of every other version in its bounds.",
        "prerelease-of-upper-bound: ">=1.0.0-0 <2.0.0" lets prereleases of 2.0.0 in, as these come before it; end with <2.0.0-0.",
        "no-upper-bound: ">=1.2.3-rc.1" lets every later version in; add an upper bound.",
        "prereleases-beyond: ">=1.2.3-rc.1" names the prerelease "1.2.3-rc.1" and so lets in those of every other version in its bounds.",
      ]
    `);
});

test('each kind is told once, of the first place it is in', () => {
  expect(messages('^0.1.1 || ^0.2.2 || ^0.3.3')).toHaveLength(2);
  expect(findTraps(parseConstraint('^0.1.1 || ^0.2.2'))[0]?.text).toBe('^0.1.1');
});

describe('refusals', () => {
  test.each([
    ['', 'empty-text'],
    ['1.0.0 ||', 'empty-text'],
    ['1.2 -2.3', 'hyphen-half-spaced'],
    ['1.2- 2.3', 'hyphen-half-spaced'],
    ['1.2 – 2.3', 'hyphen-half-spaced'],
    ['>=1 1.2 - 2.0', 'hyphen-not-first'],
    ['>=1,,<2', 'empty-condition'],
    ['>=1,', 'empty-condition'],
    [',>=1', 'empty-condition'],
    ['==1.2.3', 'double-equals'],
    ['> = 1.2.3', 'spaced-operator'],
    ['>=', 'operator-without-version'],
    ['>=,<2', 'operator-without-version'],
    ['=~1.2', 'unknown-operator'],
    ['!1.2', 'unknown-operator'],
    ['>=1 & <2', 'unknown-operator'],
    ['V1.2.3', 'capital-v'],
    ['1.2.3.4', 'too-many-parts'],
    ['>=1.0<2.0', 'missing-separator'],
    ['1|2', 'single-pipe'],
    ['1 | 2', 'single-pipe'],
    ['1.2.3-rc.01', 'prerelease-leading-zero'],
    ['18446744073709551616', 'number-too-large'],
    ['1x', 'mixed-wildcard'],
    ['latest', 'not-a-version'],
    ['-1', 'malformed'],
    ['1.0.0p', 'malformed'],
    ['1..2', 'malformed'],
    ['1 '.repeat(6_000), 'too-long'],
  ])('%j: %s', (text, expected) => {
    expect(codes(text)).toBe(expected);
  });

  test('say what to write', () => {
    expect(['', 'latest', '1.2 -2.3', '>=1.0<2.0', '9'.repeat(100)].flatMap(messages))
      .toMatchInlineSnapshot(`
      [
        "empty-text: An empty range is refused: write * for every version, and leave no side of || empty.",
        "not-a-version: "latest" is refused: a word is no version; write one such as 1.2.0, or a tag where tags are allowed.",
        "hyphen-half-spaced: "1.2 -2.3" is refused: a range between two versions needs a plain hyphen with a space on both sides (1.2 - 2.0).",
        "missing-separator: ">=1.0<2.0" is refused: conditions are separated by a space or a comma.",
        "number-too-large: "999999999999999999999999999999999999999999999999999999999999"… is refused: a number of a version must be below 2^64.",
      ]
    `);
  });
});
