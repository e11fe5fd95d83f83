import { describe, expect, it } from 'vitest';

import { readArmor } from '../../../src/signatures/pgp/armor.ts';

const BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const END = '-----END PGP PUBLIC KEY BLOCK-----';

/** Type, body as text, and what ends it when it does not end well. */
function read(text: string): string {
  const block = readArmor(Buffer.from(text));
  if (block === undefined) return 'none';
  const failure = block.failure === undefined ? '' : ` | ${block.failure.message}`;
  return `${block.type}: ${Buffer.from(block.body).toString('latin1')}${failure}`;
}

const KEY = 'PGP PUBLIC KEY BLOCK: ';

describe('readArmor', () => {
  it.each([
    ['a usual block', [BEGIN, '', 'aGVsbG8g', 'd29ybGQ=', '=abcd', END, ''], `${KEY}hello world`],
    ['no checksum', [BEGIN, '', 'aGVsbG8=', END], `${KEY}hello`],
    ['a checksum that is wrong', [BEGIN, '', 'aGVsbG8=', '=0000', END], `${KEY}hello`],
    ['no last line', [BEGIN, '', 'aGVsbG8='], `${KEY}hello`],
    ['another last line', [BEGIN, '', 'aGVsbG8=', '-----END X-----'], `${KEY}hello`],
    ['CR LF', [BEGIN, '', 'aGVsbG8=', END].map((line) => `${line}\r`), `${KEY}hello`],
    ['indented lines', [BEGIN, '', 'aGVsbG8=', END].map((line) => `  \t${line}`), `${KEY}hello`],
    ['odd white space', [BEGIN, '\u2003', '\u00a0aGVsbG8=\u3000', END], `${KEY}hello`],
    ['headers', [BEGIN, 'Version: x', 'Comment:', '', 'aGVsbG8=', END], `${KEY}hello`],
    ['a long header', [BEGIN, `Comment: ${'x'.repeat(300)}`, '', 'aGVsbG8=', END], `${KEY}hello`],
    ['text around it', ['hi', BEGIN, '', 'aGVsbG8=', END, 'bye'], `${KEY}hello`],
    ['an empty line inside', [BEGIN, '', 'aGVs', '', 'bG8=', END], `${KEY}hello`],
    ['groups across lines', [BEGIN, '', 'aGV', 'sbG8', '=', END], `${KEY}hello`],
    ['two encodings joined by lines', [BEGIN, '', 'aGk=', 'aGk=', END], `${KEY}hihi`],
    ['another type', ['-----BEGIN X-----', '', 'aGk='], 'X: hi'],
    ['nothing inside', [BEGIN, '', END], KEY],
    ['a line of 96 characters', [BEGIN, '', 'aGlo'.repeat(24)], KEY + 'hih'.repeat(24)],
    [
      'a block whose headers are none, then a right one',
      [BEGIN, 'x', BEGIN, '', 'aGk='],
      `${KEY}hi`,
    ],
    ['a line of 99 characters before', ['x'.repeat(99), BEGIN, '', 'aGk='], `${KEY}hi`],
    ['a long line before', ['x'.repeat(100_000), BEGIN, '', 'aGk='], `${KEY}hi`],
  ])('takes %s', (_name, lines, expected) => {
    expect(read(lines.join('\n'))).toBe(expected);
  });

  it.each([
    ['nothing', ['']],
    ['binary data', ['\u0099\u0001\u0000']],
    ['no empty line before the body', [BEGIN, 'aGVsbG8=', END]],
    ['only the first line', [BEGIN]],
    ['only headers', [BEGIN, 'A: b']],
    ['the first line behind others', [`x${BEGIN}`, '', 'aGk=']],
    ['a first line without a type', ['-----BEGIN -----', '', 'aGk=']],
    ['a first line that is too long', [`-----BEGIN ${'x'.repeat(100)}-----`, '', 'aGk=']],
  ])('finds none in %s', (_name, lines) => {
    expect(read(lines.join('\n'))).toBe('none');
  });

  it.each([
    ['an odd character', [BEGIN, '', 'aGk=', 'a*==', END], `${KEY}hi | illegal base64 data`],
    ['a blank inside a line', [BEGIN, '', 'aGlo aGlo', END], `${KEY}hih | illegal base64 data`],
    ['padding inside a line', [BEGIN, '', 'aGk=aGk=', END], `${KEY}hi | illegal base64 data`],
    ['padding where none may be', [BEGIN, '', 'aGl=o===', END], `${KEY}hi | illegal base64 data`],
    ['a group cut short', [BEGIN, '', 'aGloaG', END], `${KEY}hih | unexpected EOF`],
    ['97 characters', [BEGIN, '', 'a'.repeat(97)], `${KEY} | openpgp: invalid data: armor invalid`],
    ['a long line', [BEGIN, '', 'a'.repeat(200)], `${KEY} | openpgp: invalid data: armor invalid`],
  ])('keeps what stands before %s', (_name, lines, expected) => {
    expect(read(lines.join('\n'))).toBe(expected);
  });
});

describe('ignoredBlocks', () => {
  const block = `${BEGIN}\n\naGk=\n${END}\n`;

  it.each([
    ['none', block, 0],
    ['one', block + block, 1],
    ['one that is glued on', block.trimEnd() + block, 1],
    ['one of another kind', `${block}${block.replaceAll('PUBLIC', 'PRIVATE')}`, 1],
    ['two that are not whole', `${block}${BEGIN}\n${BEGIN}\n`, 2],
    ['no other armor', `${block}-----BEGIN PGP SIGNATURE-----\n\naGk=\n`, 0],
  ])('counts %s', (_name, text, count) => {
    expect(readArmor(Buffer.from(text))?.ignoredBlocks).toBe(count);
  });
});
