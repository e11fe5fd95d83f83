import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { matches, parseConstraint } from '../../src/versions/constraint.ts';
import { parseStrictVersion } from '../../src/versions/version.ts';
import type { CaseOutcome, ConformanceSet } from './sets.ts';

interface RangeCase {
  readonly range: string;
  readonly error: string | null;
  readonly matches: readonly string[];
}

/** Constraints against a grid of versions: validity with its message, and every match. */
export const semver: ConformanceSet = {
  name: 'semver',
  *run(folder) {
    const grid = JSON.parse(readFileSync(join(folder, 'versions.json'), 'utf8')) as string[];
    for (const line of readFileSync(join(folder, 'ranges.jsonl'), 'utf8').split('\n')) {
      if (line !== '') yield runCase(JSON.parse(line) as RangeCase, grid);
    }
  },
};

function runCase(expected: RangeCase, grid: readonly string[]): CaseOutcome {
  const parsed = parseConstraint(expected.range);
  const name = JSON.stringify(expected.range);
  if (!parsed.ok || expected.error !== null) {
    const got = parsed.ok ? null : parsed.error.message;
    return got === expected.error
      ? { name }
      : { name, failure: `expected error ${String(expected.error)}, got ${String(got)}` };
  }
  const got = grid.filter((text) => {
    const version = parseStrictVersion(text);
    return version.ok && matches(parsed.constraint, version.version);
  });
  if (JSON.stringify(got) === JSON.stringify(expected.matches)) return { name };
  return { name, failure: `expected ${expected.matches.join(' ')}, got ${got.join(' ')}` };
}
