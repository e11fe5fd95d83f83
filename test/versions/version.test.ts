import { describe, expect, test } from 'vitest';

import {
  formatVersion,
  type ParsedVersion,
  parseLooseVersion,
  parseStrictVersion,
  parseTag,
} from '../../src/versions/version.ts';

/** The canonical text, or the code and message of the refusal. */
function outcome(parsed: ParsedVersion): string {
  return parsed.ok
    ? formatVersion(parsed.version)
    : `${parsed.error.code}: ${parsed.error.message}`;
}

describe('parseStrictVersion', () => {
  test.each([
    ['1.2.3', '1.2.3'],
    ['1.2.3-rc.1+build.5', '1.2.3-rc.1+build.5'],
    ['1.2.3+build-5', '1.2.3+build-5'],
    ['1.2.3--', '1.2.3--'],
    ['18446744073709551615.0.0', '18446744073709551615.0.0'],
    ['', 'empty: version string empty'],
    ['1.2', 'shape: invalid semantic version'],
    ['1.2-rc.1', 'characters: invalid characters in version'],
    ['v1.2.3', 'characters: invalid characters in version'],
    ['1.2.3\n', 'characters: invalid characters in version'],
    ['1.2.3.4', 'characters: invalid characters in version'],
    ['01.2.3', 'leading-zero: version segment starts with 0'],
    ['1.2.3-rc.01', 'leading-zero: version segment starts with 0'],
    ['1.2.3-', 'prerelease: invalid prerelease string'],
    ['1.2.3-a..b', 'prerelease: invalid prerelease string'],
    ['1.2.3-ä', 'prerelease: invalid prerelease string'],
    ['1.2.3+', 'build: invalid metadata string'],
    ['1.2.3+a_b', 'build: invalid metadata string'],
    ['1..3', 'shape: strconv.ParseUint: parsing "": invalid syntax'],
    [
      '1.2.18446744073709551616',
      'too-large: strconv.ParseUint: parsing "18446744073709551616": value out of range',
    ],
  ])('%j', (text, expected) => {
    expect(outcome(parseStrictVersion(text))).toBe(expected);
  });
});

describe('parseLooseVersion', () => {
  test.each([
    ['1', '1.0.0'],
    ['v1.2', '1.2.0'],
    ['1-rc.1', '1.0.0-rc.1'],
    ['1.2-alpine.3', '1.2.0-alpine.3'],
    ['2025.02.03', '2025.2.3'],
    ['000000000000000000000000001.2.3', '1.2.3'],
    ['20240101', '20240101.0.0'],
    ['1.2.3+amd64', '1.2.3+amd64'],
    ['', 'shape: invalid semantic version'],
    ['V1.2.3', 'shape: invalid semantic version'],
    ['1.2.3.4', 'shape: invalid semantic version'],
    ['1.2.3\n', 'shape: invalid semantic version'],
    ['latest', 'shape: invalid semantic version'],
    ['1.2.3-01', 'leading-zero: version segment starts with 0'],
    [
      'v99999999999999999999',
      'too-large: error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ],
  ])('%j', (text, expected) => {
    expect(outcome(parseLooseVersion(text))).toBe(expected);
  });

  test('reads very long text', () => {
    const digits = '9'.repeat(100_000);
    expect(parseLooseVersion(digits)).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(parseLooseVersion(`1.2.3-${'a.'.repeat(50_000)}`).ok).toBe(false);
    expect(parseLooseVersion(`1.2.3-${'a.'.repeat(50_000)}a`).ok).toBe(true);
  });
});

describe('parseTag', () => {
  test.each([
    ['v1.2.3', '1.2.3'],
    ['2025.02.03', '2025.2.3'],
    ['1.2-alpine.3', '1.2.0-alpine.3'],
    ['1.2.3-alpine3.19', '1.2.3-alpine3.19'],
    ['1.2', 'shape: invalid semantic version'],
    ['1.2-rc1', 'shape: invalid semantic version'],
    ['20240101', 'shape: invalid semantic version'],
    ['latest', 'shape: invalid semantic version'],
    ['sha256-0123.sig.', 'shape: invalid semantic version'],
    ['1.2.3.4', 'shape: invalid semantic version'],
  ])('%j', (tag, expected) => {
    expect(outcome(parseTag(tag))).toBe(expected);
  });
});
