import { describe, expect, it } from 'vitest';

import { rangeCommand } from '../../src/cli/range.ts';

function run(ranges: readonly string[], format: 'pretty' | 'json') {
  let text = '';
  const exitCode = rangeCommand(
    ranges,
    { format },
    {
      ...{ write: (part) => void (text += part), isTerminal: false },
      ...{ remark: () => undefined, progress: () => undefined },
    },
  );
  return { exitCode, text };
}

describe('fluxgate range', () => {
  it('prints bounds, breadth, examples and the explicit form', () => {
    expect(run(['^1.2.0'], 'pretty')).toEqual({
      exitCode: 0,
      text: `"^1.2.0"  minor: within one major line
  bounds     >=1.2.0, <2.0.0, prereleases left out
  lets in    1.2.0, 1.2.1, 1.3.0, 1.9.9
  keeps out  1.1.9, 1.2.0-rc.1, 2.0.0-rc.1, 2.0.0
  write      >=1.2.0 <2.0.0`,
    });
  });

  it.each([
    ['~0.0.0', 'everything', 'zero-tilde'],
    ['^*', 'exact', 'caret-wildcard'],
    ['1.2-2.0', 'patch', 'unspaced-hyphen'],
    ['>=1.0.0-0 <2.0.0', 'major', 'prerelease-of-upper-bound'],
    ['>=2.0.0 <1.0.0', 'empty', 'empty'],
  ])('names the trap in %s', (range, kind, trap) => {
    const { exitCode, text } = run([range], 'json');
    const [described] = JSON.parse(text) as [
      { breadth: { kind: string }; traps: { code: string }[] },
    ];
    expect(exitCode).toBe(0);
    expect(described.breadth.kind).toBe(kind);
    expect(described.traps.map(({ code }) => code)).toContain(trap);
  });

  it.each(['', 'latest', '99999999999999999999999.0.0', '1'.repeat(10_000), '\u001b[31m1'])(
    'says of %j that it is invalid, and exits with 1',
    (range) => {
      const { exitCode, text } = run(['1.x', range], 'pretty');
      expect(exitCode).toBe(1);
      expect(text).toContain('invalid');
      expect(text).not.toContain('\u001b');
      expect(text.length).toBeLessThan(2000);
    },
  );
});
