import { describe, expect, it } from 'vitest';

import { parseCommit, parseTag } from '../../src/signatures/git-object.ts';

const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const PARENT = 'd708f5e2b791d4b3fcbe497e02806cb0fdae84b3';
const HEAD = [`tree ${TREE}`, 'author A <a@x> 1 +0000', 'committer C <c@x> 2 +0000'];

function commit(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** The same with its bytes as text, which reads better. */
function toText(parsed: ReturnType<typeof parseCommit | typeof parseTag>): unknown {
  if (parsed.type === 'undecodable') return parsed;
  const { signature, payload } = parsed;
  return {
    ...parsed,
    signature: Buffer.from(signature).toString('latin1'),
    payload: Buffer.from(payload).toString('latin1'),
  };
}

/** Signature and payload of a commit, as text. */
function read(...lines: readonly string[]): { signature: string; payload: string } {
  const parsed = parseCommit(commit(...lines));
  if (parsed.type !== 'commit') throw new Error(parsed.error);
  return {
    signature: Buffer.from(parsed.signature).toString('latin1'),
    payload: Buffer.from(parsed.payload).toString('latin1'),
  };
}

describe('parseCommit', () => {
  it('reads every part', () => {
    const bytes = commit(
      `tree ${TREE}`,
      `parent ${PARENT}`,
      `parent ${TREE}`,
      'author Ann Example <ann@example.org> 1577836800 +0100',
      'committer GitHub <noreply@github.com> 1577836801 +0000',
      'gpgsig -----BEGIN PGP SIGNATURE-----',
      ' ',
      ' AAAA',
      ' -----END PGP SIGNATURE-----',
      '',
      'Subject',
      '',
      'Body\n',
    );
    expect(toText(parseCommit(bytes))).toEqual({
      type: 'commit',
      id: 'd945dbaa032b2dc31ce04848db5935822c9c058a',
      tree: TREE,
      parents: [PARENT, TREE],
      author: { name: 'Ann Example', email: 'ann@example.org', time: 1_577_836_800 },
      committer: { name: 'GitHub', email: 'noreply@github.com', time: 1_577_836_801 },
      message: 'Subject\n\nBody\n',
      signatureKind: 'openpgp',
      signature: '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n',
      payload: [
        `tree ${TREE}`,
        `parent ${PARENT}`,
        `parent ${TREE}`,
        'author Ann Example <ann@example.org> 1577836800 +0100',
        'committer GitHub <noreply@github.com> 1577836801 +0000',
        '',
        'Subject',
        '',
        'Body\n',
      ].join('\n'),
    });
  });

  it.each([
    ['nothing', '', 'malformed commit: missing tree header'],
    ['an empty line', '\n', 'malformed commit: missing tree header'],
    [
      'another header first',
      'author A <a> 1 +0000\n',
      'malformed commit: tree header must be first',
    ],
    ['a short tree id', 'tree 4b825d\n', 'malformed commit: bad tree hash'],
    ['no tree id', 'tree\n', 'malformed commit: bad tree hash'],
    ['two spaces', `tree  ${TREE}\n`, 'malformed commit: bad tree hash'],
    ['a SHA-256 tree id', `tree ${TREE}${TREE.slice(16)}\n`, 'malformed commit: bad tree hash'],
    ['a bad parent', `tree ${TREE}\nparent x\n`, 'malformed commit: bad parent hash'],
    ['CR LF', `tree ${TREE}\r\n`, 'malformed commit: bad tree hash'],
    ['NUL bytes', '\0\0\0', 'malformed commit: tree header must be first'],
  ])('refuses %s', (_name, text, error) => {
    expect(parseCommit(Buffer.from(text))).toEqual({ type: 'undecodable', error });
  });

  it.each([
    ['the last header without a line end', [`tree ${TREE}`]],
    ['upper-case ids', [`tree ${TREE.toUpperCase()}`, '', '']],
    ['no author', [`tree ${TREE}`, 'committer C <c> 2 +0000', '', 'x']],
    ['a second tree', [...HEAD, `tree ${TREE}`, '', 'x']],
    ['a late bad parent', [...HEAD, 'parent x', '', 'x']],
  ])('takes %s', (_name, lines) => {
    expect(parseCommit(commit(...lines)).type).toBe('commit');
  });

  it.each([
    ['none', [], ''],
    ['one', ['gpgsig A', ' B'], 'A\nB\n'],
    ['two, joined', ['gpgsig A', ' B', 'gpgsig C'], 'A\nB\nC\n'],
    ['two with another between', ['gpgsig A', 'x y', ' z', 'gpgsig C'], 'A\nC\n'],
    ['only the SHA-256 one', ['gpgsig-sha256 A', ' B'], ''],
    ['the SHA-256 one behind', ['gpgsig A', 'gpgsig-sha256 B', ' C'], 'A\n'],
    ['inside a merged tag', ['mergetag object x', ' gpgsig A'], ''],
    ['an indented one', [' gpgsig A'], ''],
    ['a name that goes on', ['gpgsigs A'], ''],
    ['with an empty first line', ['gpgsig ', ' A'], '\nA\n'],
    ['with CR LF', ['gpgsig A\r', ' B\r'], 'A\r\nB\r\n'],
  ])('finds the signature: %s', (_name, headers, signature) => {
    const message = ['', 'gpgsig in the message', ''];
    expect(read(...HEAD, ...headers, ...message).signature).toBe(signature);
  });

  it.each([
    ['before the author', [`tree ${TREE}`, 'gpgsig A', 'author A <a> 1 +0000']],
    ['at the end of the object', [`tree ${TREE}`, 'gpgsig A']],
  ])('finds a signature %s', (_name, lines) => {
    expect(read(...lines).signature).toBe('A\n');
  });

  it.each([
    ['the signature', ['gpgsig A', ' B'], []],
    ['the SHA-256 signature', ['gpgsig-sha256 A', ' B'], []],
    ['nothing of other headers', ['encoding x', 'a b', ' c'], ['encoding x', 'a b', ' c']],
    ['no header without value', ['gpgsig', ' A'], ['gpgsig', ' A']],
    ['continuation lines only behind it', ['gpgsig A', 'x', ' B'], ['x', ' B']],
    ['every occurrence', ['gpgsig A', 'x', 'gpgsig B', ' C', 'y'], ['x', 'y']],
  ])('leaves out of the payload: %s', (_name, headers, kept) => {
    const body = ['', 'gpgsig stays', ' here', ''];
    const payload = [...HEAD, ...kept, ...body].join('\n');
    expect(read(...HEAD, ...headers, ...body).payload).toBe(payload);
  });

  it.each([
    ['CR LF in the message', 'a\r\nb\r\n'],
    ['no final line end', 'a'],
    ['no message', ''],
    ['bytes that are not UTF-8', 'caf\xe9\n'],
  ])('keeps %s', (_name, message) => {
    const { payload } = read(...HEAD, 'gpgsig A', '', message);
    expect(payload).toBe([...HEAD, '', message].join('\n'));
  });

  it('shows names in the encoding that the commit names', () => {
    const bytes = commit(
      `tree ${TREE}`,
      'author Ren\xe9 <r@x> 1 +0000',
      'committer \xa4 <\xff> x',
      'encoding ISO-8859-15',
      '',
      'caf\xe9 \xa4',
    );
    expect(parseCommit(bytes)).toMatchObject({
      author: { name: 'René', email: 'r@x', time: 1 },
      committer: { name: '€', email: 'ÿ' },
      message: 'café €',
    });
  });

  it('takes any other bytes for Latin-1', () => {
    const bytes = commit(
      `tree ${TREE}`,
      'author Ren\xe9 <r@x> 1 +0000',
      'encoding \xff',
      '',
      '\xe9',
    );
    expect(parseCommit(bytes)).toMatchObject({ author: { name: 'René' }, message: 'é' });
  });

  it.each([
    ['no brackets', 'A a@x 1 +0000', { name: '', email: '' }],
    ['brackets the wrong way round', 'A >a< 1', { name: '', email: '' }],
    ['no name and no email', '<> 1 +0000', { name: '', email: '', time: 1 }],
    ['more brackets', 'A <b> <c> 5 +0000', { name: 'A <b>', email: 'c', time: 5 }],
    ['no time', 'A <a>', { name: 'A', email: 'a' }],
    ['a negative time', 'A <a> -5 +0000', { name: 'A', email: 'a', time: -5 }],
    ['a time that is no number', 'A <a> now', { name: 'A', email: 'a' }],
    ['a time beyond all', `A <a> ${'9'.repeat(30)}`, { name: 'A', email: 'a' }],
  ])('reads an author with %s', (_name, line, author) => {
    expect(parseCommit(commit(`tree ${TREE}`, `author ${line}`, ''))).toMatchObject({ author });
  });
});

describe('parseTag', () => {
  const TAG = [`object ${PARENT}`, 'type commit', 'tag v1.0', 'tagger T <t@x> 5 +0000'];

  it('reads every part', () => {
    const text = [...TAG, '', 'Text', '-----BEGIN SSH SIGNATURE-----', 'AAAA', ''].join('\n');
    expect(toText(parseTag(Buffer.from(text)))).toEqual({
      type: 'tag',
      id: 'd15e88e734a8d690c7077ca7c57846193dae60b0',
      name: 'v1.0',
      target: PARENT,
      tagger: { name: 'T', email: 't@x', time: 5 },
      message: 'Text\n',
      signatureKind: 'ssh',
      signature: '-----BEGIN SSH SIGNATURE-----\nAAAA\n',
      payload: [...TAG, '', 'Text\n'].join('\n'),
    });
  });

  it.each([
    ['nothing', '', 'malformed tag: missing object header'],
    ['another header first', 'type commit\n', 'malformed tag: object header must be first'],
    ['a bad id', 'object x\n', 'malformed tag: bad object hash'],
    ['no type', `object ${PARENT}\n\n`, 'malformed tag: missing type header'],
    [
      'the name before the type',
      `object ${PARENT}\ntag v\n`,
      'malformed tag: type header must follow object',
    ],
    ['an unknown type', `object ${PARENT}\ntype x\n`, 'invalid object type'],
    ['no name', `object ${PARENT}\ntype commit\n\n`, 'malformed tag: missing tag header'],
    [
      'another header for the name',
      `object ${PARENT}\ntype commit\nx y\n`,
      'malformed tag: tag header must follow type',
    ],
  ])('refuses %s', (_name, text, error) => {
    expect(parseTag(Buffer.from(text))).toEqual({ type: 'undecodable', error });
  });

  it.each([
    ['no armor', 'Text\n', 'Text\n', ''],
    [
      'the last of two armors',
      'a\n-----BEGIN PGP SIGNATURE-----\nb\n-----BEGIN PGP SIGNATURE-----\nc',
      'a\n-----BEGIN PGP SIGNATURE-----\nb\n',
      '-----BEGIN PGP SIGNATURE-----\nc',
    ],
    [
      'an armor in the middle of a line',
      'a -----BEGIN PGP SIGNATURE-----\n',
      'a -----BEGIN PGP SIGNATURE-----\n',
      '',
    ],
    ['a certificate', 'a\n-----BEGIN CERTIFICATE-----', 'a\n', '-----BEGIN CERTIFICATE-----'],
  ])('splits the message at %s', (_name, body, message, signature) => {
    const parsed = parseTag(Buffer.from([...TAG, '', body].join('\n')));
    expect(toText(parsed)).toMatchObject({ message, signature });
  });

  it('does not look at gpgsig headers, and leaves them out of the payload', () => {
    const parsed = parseTag(Buffer.from([...TAG, 'gpgsig A', ' B', '', 'Text\n'].join('\n')));
    expect(toText(parsed)).toMatchObject({
      signatureKind: 'empty',
      payload: [...TAG, '', 'Text\n'].join('\n'),
    });
  });
});
