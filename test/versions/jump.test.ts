import { expect, test } from 'vitest';

import { toJump } from '../../src/versions/jump.ts';
import { version } from './parse.ts';

test.each([
  ['1.2.3', '1.2.3', 'same'],
  ['v1.2.3', '1.2.3', 'same'],
  ['1.2.3+amd64', '1.2.3+arm64', 'other'],
  ['1.2.3', '1.2.3+build', 'other'],
  ['1.2.3', '1.2.4', 'patch'],
  ['1.2.3', '1.2.4-rc.1', 'patch'],
  ['1.2.3', '1.3.0', 'minor'],
  ['0.2.3', '0.3.0', 'minor'],
  ['1.2.3', '2.0.0', 'major'],
  ['1.2.3', '2.0.0-rc.1', 'major'],
  ['2025.02.03', '2025.10.01', 'minor'],
  ['1.2.3-rc.1', '1.2.3-rc.2', 'prerelease'],
  ['1.2.3-rc.9', '1.2.3-rc.10', 'prerelease'],
  ['1.2.3-rc.1', '1.2.3', 'prerelease'],
  ['1.2.3', '1.2.3-rc.1', 'downgrade'],
  ['1.2.3', '1.2.2', 'downgrade'],
  ['2.0.0', '1.9.9', 'downgrade'],
])('%s to %s', (from, to, expected) => {
  expect(toJump(version(from), version(to))).toBe(expected);
});
