import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { rebuildCommit } from '../../src/evidence/rebuild-commit.ts';

const HEADERS =
  'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n' +
  'author Ada <ada@example.org> 1700000000 +0100\n' +
  'committer Ada <ada@example.org> 1700000000 +0100\n';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----';
const HEADER = `gpgsig ${SIGNATURE.replaceAll('\n', '\n ')}\n`;
const BODY = '\nChange\n';

function idOf(object: string): string {
  return createHash('sha1')
    .update(`commit ${Buffer.byteLength(object)}\0${object}`)
    .digest('hex');
}

describe('rebuildCommit', () => {
  it.each([
    ['as git writes it', HEADERS + HEADER + BODY, HEADERS + BODY, `${SIGNATURE}\n`],
    [
      'with the blank line that GitHub leaves behind its own signature',
      HEADERS + HEADER.replace(/\n$/, '\n \n') + BODY,
      HEADERS + BODY,
      `${SIGNATURE}\n`,
    ],
    [
      'with a header after the signature',
      `${HEADERS}${HEADER}change-id abc\n${BODY}`,
      `${HEADERS}change-id abc\n${BODY}`,
      SIGNATURE,
    ],
  ])('gives the object %s', (_name, object, payload, signature) => {
    const rebuilt = rebuildCommit(idOf(object), payload, signature);
    expect(rebuilt && Buffer.from(rebuilt).toString()).toBe(object);
  });

  it('gives nothing where no way has the id', () => {
    expect(rebuildCommit(idOf('other'), HEADERS + BODY, SIGNATURE)).toBeUndefined();
  });
});
