import { describe, expect, it } from 'vitest';

import { readSshEntry } from '../../../src/signatures/ssh/authorized-keys.ts';
import { forgeSshKey } from '../forge.ts';

const { line: LINE } = forgeSshKey('sue');
const [TYPE = '', BLOB = ''] = LINE.split(' ');

describe('readSshEntry', () => {
  it.each([
    ['a line', LINE, [], 'sue@example.org'],
    ['no comment', `${TYPE} ${BLOB}`, [], ''],
    ['a comment of several words', `${TYPE} ${BLOB}  a b `, [], 'a b'],
    ['blanks', ` \t${TYPE} \t ${BLOB}\tc`, [], 'c'],
    ['a wrong type', `whatever ${BLOB}`, [], ''],
    ['options', `no-pty,command="a b" ${LINE}`, ['no-pty', 'command="a b"'], 'sue@example.org'],
    [
      'quotes in quotes',
      `command="a \\" b",x ${LINE}`,
      ['command="a \\" b"', 'x'],
      'sue@example.org',
    ],
    ['empty options', `,, ${LINE}`, [], 'sue@example.org'],
    ['one option', `cert-authority ${LINE}`, ['cert-authority'], 'sue@example.org'],
    ['a carriage return inside, which ends the line', `${LINE}\rmore`, [], 'sue@example.org'],
  ])('takes %s', (_name, text, options, comment) => {
    const { keys, error } = readSshEntry('k', Buffer.from(text));
    expect(error).toBeUndefined();
    expect(keys).toMatchObject([{ options, comment }]);
  });

  it.each([
    ['one word', 'nonsense'],
    ['a key without type', BLOB],
    ['a key that is cut short', `${TYPE} ${BLOB.slice(0, -8)}`],
    ['a key without padding', `${TYPE} ${BLOB}=`],
    ['quotes without end', `command="a ${LINE}`],
    ['two words of options', `a b ${LINE}`],
    ['RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----'],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('is spoilt by %s', (_name, text) => {
    const content = Buffer.from(`${LINE}\n# comment\n${text}\n${LINE}\n`);
    expect(readSshEntry('k', content)).toEqual({
      name: 'k',
      keys: [],
      error: 'ssh: no key found',
      badLine: 3,
    });
  });

  it.each([
    ['nothing', ''],
    ['comments only', '# a\n  # b\n'],
    ['white space only', ' \n\t\n\u00a0\n'],
  ])('takes %s for no keys', (_name, text) => {
    expect(readSshEntry('k', Buffer.from(text))).toEqual({ name: 'k', keys: [] });
  });
});
