import { describe, expect, it } from 'vitest';

import { readPem } from '../../../src/signatures/ssh/pem.ts';

const BEGIN = '-----BEGIN X-----';
const END = '-----END X-----';

function read(...lines: readonly string[]): string {
  const block = readPem(Buffer.from(lines.join('\n')));
  return block ? `${block.type}: ${Buffer.from(block.content).toString()}` : 'none';
}

describe('readPem', () => {
  it.each([
    ['a usual block', [BEGIN, 'aGVs', 'bG8=', END, ''], 'X: hello'],
    ['CR LF', [`${BEGIN}\r`, 'aGVs\r', 'bG8=\r', `${END}\r`, ''], 'X: hello'],
    ['blanks', [`${BEGIN} \t`, ' aG Vs\t', 'bG8= ', `${END} \t`], 'X: hello'],
    ['headers', [BEGIN, 'A: b', 'C: d', '', 'aGk=', END], 'X: hi'],
    ['headers without an empty line', [BEGIN, 'A: b', 'aGk=', END], 'X: hi'],
    ['nothing inside', [BEGIN, END], 'X: '],
    ['text around it', ['hi', BEGIN, 'aGk=', END, 'bye'], 'X: hi'],
    ['the first of two', [BEGIN, 'aGk=', END, BEGIN, 'aG8=', END], 'X: hi'],
    ['the last of two first lines', ['-----BEGIN Y-----', BEGIN, 'aGk=', END], 'X: hi'],
    ['a block behind a broken one', [BEGIN, '*', END, BEGIN, 'aGk=', END], 'X: hi'],
    ['a block behind a last line', [END, BEGIN, 'aGk=', END], 'X: hi'],
  ])('takes %s', (_name, lines, expected) => {
    expect(read(...lines)).toBe(expected);
  });

  it.each([
    ['nothing', ['']],
    ['no last line', [BEGIN, 'aGk=']],
    ['no first line', ['aGk=', END]],
    ['another type at the end', [BEGIN, 'aGk=', '-----END Y-----']],
    ['text behind the last line', [BEGIN, 'aGk=', `${END}x`]],
    ['text before the first line', [`x${BEGIN}`, 'aGk=', END]],
    ['a first line without dashes', ['-----BEGIN X', 'aGk=', END]],
    ['padding inside', [BEGIN, 'aGk=', 'aGk=', END]],
    ['a group cut short', [BEGIN, 'aGk', END]],
    ['headers and nothing more', [BEGIN, 'A: b', `${END}: x`]],
  ])('finds none in %s', (_name, lines) => {
    expect(read(...lines)).toBe('none');
  });
});
