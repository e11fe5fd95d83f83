import { expect, it } from 'vitest';

import { renderEdits } from '../../src/report/edit-diff.ts';

const edit = (was: readonly string[], lines: readonly string[]) => [
  { path: 'a.yaml', line: 3, endLine: 3, was, lines },
];

it.each([
  ['none', [], ''],
  ['one line', edit(['a: 1'], ['a: 2']), '```diff\n# a.yaml\n@@ line 3 @@\n-a: 1\n+a: 2\n```'],
  [
    'lines that stay as context',
    edit(['a:', '  b: 1'], ['a:', '  b: 1', '  c: 1']),
    '```diff\n# a.yaml\n@@ line 3 @@\n a:\n   b: 1\n+  c: 1\n```',
  ],
  [
    'a line that is too long',
    edit(['a'], ['x'.repeat(9000)]),
    '```diff\n# a.yaml\n@@ line 3 @@\n-a\n```\n\nand 1 more line of this fix: `fluxgate review` prints it whole.',
  ],
  [
    'only lines that are too long',
    edit(['x'.repeat(9000)], ['y'.repeat(9000)]),
    'The lines of this fix are too long for a page: `fluxgate review` prints them.',
  ],
])('shows %s', (_label, edits, expected) => {
  expect(renderEdits(edits)).toBe(expected);
});

it('shows 40 of many lines', () => {
  const text = renderEdits(
    edit(
      [],
      Array.from({ length: 60 }, (_, at) => `a${at}: 1`),
    ),
  );
  expect(text.split('\n').slice(-3)).toEqual([
    '```',
    '',
    'and 22 more lines of this fix: `fluxgate review` prints it whole.',
  ]);
});
