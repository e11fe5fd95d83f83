import { describe, expect, test } from 'vitest';

import { matches, parseConstraint } from '../../src/versions/constraint.ts';
import { formatVersion } from '../../src/versions/version.ts';
import { constraint, version } from './parse.ts';

// Accepted and refused as Masterminds/semver v3 does; each answer was printed by the library.
describe('refusals', () => {
  test.each([
    ['', 'improper constraint: ""'],
    [' ', 'improper constraint: " "'],
    ['latest', 'improper constraint: "latest"'],
    ['==1.2.3', 'improper constraint: "==1.2.3"'],
    ['V1.2.3', 'improper constraint: "V1.2.3"'],
    ['1.2 -2.3', 'improper constraint: "1.2 -2.3"'],
    ['>=1.0<2.0', 'improper constraint: ">=1.0<2.0"'],
    ['>=1.0,,<2.0', 'improper constraint: ">=1.0,,<2.0"'],
    [',>=1.0', 'improper constraint: ",>=1.0"'],
    ['>=1.0,', 'improper constraint: ">=1.0,"'],
    ['1.2.3.4', 'improper constraint: "1.2.3.4"'],
    ['-1', 'improper constraint: "-1"'],
    ['> = 1.2.3', 'improper constraint: "> = 1.2.3"'],
    ['1.0.0p', 'improper constraint: "1.0.0p"'],
    ['1.0.0 ||', 'improper constraint: ""'],
    ['|| 1.0.0', 'improper constraint: ""'],
    ['1.0.0 ||| 2.0.0', 'constraint parser error'],
    ['>=1.0 & <2', 'improper constraint: ">=1.0 & <2"'],
    ['1.2\u00a0|| 3', 'improper constraint: "1.2\\u00a0"'],
    ['>=1 1.2 - 2.0', 'improper constraint: ">=1>= 1.2, <= 2.0 "'],
    ['~', 'improper constraint: "~"'],
    ['1|2', 'constraint parser error'],
    ['1x', 'constraint parser error'],
    ['x1', 'constraint parser error'],
    ['1.2.3-01', 'constraint parser error'],
    ['1.x-01', 'constraint parser error'],
    ['18446744073709551616', 'constraint parser error'],
  ])('%j', (text, message) => {
    expect(parseConstraint(text)).toMatchObject({ ok: false, error: { message } });
  });

  test('more than 10,000 characters', () => {
    expect(parseConstraint('1 '.repeat(5_001))).toMatchObject({
      ok: false,
      error: {
        code: 'too-long',
        message: 'A version range of 10002 characters is not read; 10000 are allowed.',
      },
    });
  });

  test.each([
    ['spaces', ' '.repeat(10_000), 'improper'],
    ['a condition too many', `${'1 '.repeat(4_999)}?`, 'improper'],
    ['operators', '>'.repeat(10_000), 'improper'],
    ['pipes', '|'.repeat(10_000), 'improper'],
    ['dots', '1.'.repeat(5_000), 'improper'],
    ['a long prerelease with a flaw', `1.2.3-${'a.'.repeat(4_990)}`, 'improper'],
    ['digits', '1'.repeat(10_000), 'unparsable'],
  ])('10,000 characters of %s', (_, text, code) => {
    expect(parseConstraint(text)).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    ['alternatives', `${'1||'.repeat(3_333)}1`],
    ['conditions', '>=1 '.repeat(2_500)],
    ['exclusions', '!=1 '.repeat(2_500)],
    ['hyphen ranges', '1 - 2,'.repeat(1_666).slice(0, -1)],
    ['one prerelease', `>=1.2.3-${'a.'.repeat(4_995)}a`],
  ])('10,000 characters of %s are read', (_, text) => {
    expect(parseConstraint(text).ok).toBe(true);
  });
});

const GRID = [
  '0.0.0-0',
  '0.0.0',
  '0.0.3',
  '0.0.4',
  '0.1.0',
  '0.2.3',
  '0.3.0',
  '1.0.0-0',
  '1.0.0-rc.1',
  '1.0.0',
  '1.2.0-2.0',
  '1.2.0',
  '1.2.3-beta.1',
  '1.2.3-rc.1',
  '1.2.3',
  '1.2.4-rc.1',
  '1.2.9',
  '1.3.0-rc.1',
  '1.3.0',
  '1.10.0',
  '2.0.0-0',
  '2.0.0-rc.1',
  '2.0.0',
  '2.3.4',
  '3.0.0',
  '10.0.0-beta',
  '10.0.0',
].map(version);

const RELEASES = GRID.filter(({ prerelease }) => prerelease === '')
  .map(formatVersion)
  .join(' ');

describe('matches', () => {
  test.each([
    ['*', RELEASES],
    ['v*', RELEASES],
    ['*.1', RELEASES],
    ['>=0.0.0', RELEASES],
    ['~*', RELEASES],
    ['~0.0.0', RELEASES],
    ['*-0', GRID.map(formatVersion).join(' ')],
    ['>0.0.0-0', GRID.map(formatVersion).slice(1).join(' ')],
    ['>*', RELEASES.replace('0.0.0 ', '')],
    ['!=*', RELEASES.replace('0.0.0 ', '')],
    ['<*', ''],
    ['^*', '0.0.0'],
    ['<=*', '0.0.0 0.0.3 0.0.4'],
    ['1', '1.0.0 1.2.0 1.2.3 1.2.9 1.3.0 1.10.0'],
    ['^1.x', '1.0.0 1.2.0 1.2.3 1.2.9 1.3.0 1.10.0'],
    ['1.x.5', '1.0.0 1.2.0 1.2.3 1.2.9 1.3.0 1.10.0'],
    ['1.2', '1.2.0 1.2.3 1.2.9'],
    ['~>1.2.3', '1.2.3 1.2.9'],
    ['01.02.03', '1.2.3'],
    ['1.2.3+build', '1.2.3'],
    ['1.2.3-rc.1', '1.2.3-rc.1'],
    ['^0.2.3', '0.2.3'],
    ['^0.0.3', '0.0.3'],
    ['^0', '0.0.0 0.0.3 0.0.4 0.1.0 0.2.3 0.3.0'],
    ['^0.0', '0.0.0 0.0.3 0.0.4'],
    ['~0.0.1', '0.0.3 0.0.4'],
    ['>1', '2.0.0 2.3.4 3.0.0 10.0.0'],
    ['>1.2', '1.3.0 1.10.0 2.0.0 2.3.4 3.0.0 10.0.0'],
    ['<1.x', '0.0.0 0.0.3 0.0.4 0.1.0 0.2.3 0.3.0'],
    ['>=1.0, <=1', '1.0.0 1.2.0 1.2.3 1.2.9 1.3.0 1.10.0'],
    ['=>1.3 =<2', '1.3.0 1.10.0 2.0.0 2.3.4'],
    ['1.2 - 2.0', '1.2.0 1.2.3 1.2.9 1.3.0 1.10.0 2.0.0'],
    ['1.2.3 - 1.2.9', '1.2.3 1.2.9'],
    ['1.2-2.0', '1.2.0-2.0 1.2.0 1.2.3-beta.1 1.2.3-rc.1 1.2.3 1.2.4-rc.1 1.2.9'],
    ['1 !=1.2', '1.0.0 1.3.0 1.10.0'],
    ['1.2-0 !=1.2', '1.2.0-2.0 1.2.3-beta.1 1.2.3-rc.1 1.2.4-rc.1'],
    ['1.2-0 !=1.2.x-rc.1', '1.2.0-2.0 1.2.0 1.2.3-beta.1 1.2.3 1.2.9'],
    ['>=2.0.0-0 !=2', '3.0.0 10.0.0-beta 10.0.0'],
    ['1 2', ''],
    ['0.3 || 3', '0.3.0 3.0.0'],
    ['~1.2.3-0', '1.2.3-beta.1 1.2.3-rc.1 1.2.3 1.2.4-rc.1 1.2.9'],
    ['>=1.3.0-0 <2.0.0', '1.3.0-rc.1 1.3.0 1.10.0 2.0.0-0 2.0.0-rc.1'],
    ['>=1.3.0-0 <2.0.0-0', '1.3.0-rc.1 1.3.0 1.10.0'],
    ['>=2.3.4-rc.1', '2.3.4 3.0.0 10.0.0-beta 10.0.0'],
    // A prerelease counts in its own branch only.
    ['>=3 || 1.2.3-rc.1', '1.2.3-rc.1 3.0.0 10.0.0'],
    ['\t>=2.0\n,\r<3 ', '2.0.0 2.3.4'],
    ['>18446744073709551615', ''],
    ['>1.18446744073709551615', '2.0.0 2.3.4 3.0.0 10.0.0'],
  ])('%j', (text, expected) => {
    const range = constraint(text);
    const matching = GRID.filter((each) => matches(range, each));
    expect(matching.map(formatVersion).join(' ')).toBe(expected);
  });
});
