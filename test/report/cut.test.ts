import { expect, it } from 'vitest';

import { cutMarkdown } from '../../src/report/cut.ts';

const NOTE = '(cut here: the answer is longer than a comment may be)';

it('leaves what fits', () => {
  expect(cutMarkdown('a\nb', 3)).toBe('a\nb');
});

it.each([
  ['between two lines', `${'x'.repeat(90)}\n${'y'.repeat(300)}`, `${'x'.repeat(90)}\n\n${NOTE}`],
  ['one line where there is no other', 'x'.repeat(400), `${'x'.repeat(100)}\n\n${NOTE}`],
  [
    'and closes a block of code with its own fence',
    `\`\`\`\`sh\n\`\`\`\n${'x'.repeat(20)}\n${'y'.repeat(300)}`,
    `\`\`\`\`sh\n\`\`\`\n${'x'.repeat(20)}\n\`\`\`\`\n\n${NOTE}`,
  ],
  [
    'and opens no block where none is open',
    `\`\`\`\nx\n\`\`\`\n${'y'.repeat(300)}`,
    `\`\`\`\nx\n\`\`\`\n\n${NOTE}`,
  ],
  [
    'and closes a fold',
    `<details><summary>x</summary>\n\n\`\`\`\ny\n${'z'.repeat(300)}`,
    `<details><summary>x</summary>\n\n\`\`\`\ny\n\`\`\`\n\n</details>\n\n${NOTE}`,
  ],
])('cuts %s', (_label, text, expected) => {
  expect(cutMarkdown(text, 300)).toBe(expected);
});

it('stays below the limit, whatever the fence', () => {
  const fence = '`'.repeat(6000);
  expect(cutMarkdown(`${fence}\n${'x\n'.repeat(40_000)}`, 64_000).length).toBeLessThan(64_001);
});
