import { describe, expect, it } from 'vitest';

import { listKeys } from '../../src/signatures/inventory.ts';
import { openKeyring } from '../../src/signatures/keyring.ts';
import { parseCommit } from '../../src/signatures/git-object.ts';
import { verifyCommit } from '../../src/signatures/verify.ts';
import {
  armor,
  commitWith,
  forgeKey,
  forgeSignature,
  forgeSshKey,
  MADE,
  NOW,
  packet,
  primary,
  publicKeys,
  signedBy,
  userId,
  usualKey,
} from './forge.ts';

/** What people with bad intentions, and programs with bad manners, put before a verifier. */

const ann = forgeKey('ann');
const ADA = 'Ada <ada@example.org> 1577836800 +0000';
const TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function verdict(commit: Uint8Array, keys = publicKeys(usualKey(ann))): Promise<string> {
  const keyring = await openKeyring([{ name: 'keys.asc', content: keys }]);
  const result = verifyCommit(commit, keyring, NOW);
  return result.accepted ? 'accepted' : result.refusal;
}

/** A commit of these bytes, signed by Ann. */
function signed(...lines: readonly (string | Buffer)[]): Buffer {
  const data = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  return commitWith(armor('PGP SIGNATURE', forgeSignature(ann, 0, data)), data);
}

describe('keyrings', () => {
  it.each([20, 2000])('of %d keys, each in an entry of its own', async (count) => {
    const ben = publicKeys(usualKey(forgeKey('ben')));
    const others = Array.from({ length: count - 1 }, (_, number) => ({
      name: `${number}.asc`,
      content: ben,
    }));
    const last = { name: 'z.asc', content: publicKeys(usualKey(ann)) };
    const keyring = await openKeyring([...others, last]);
    expect(listKeys(keyring, NOW)).toHaveLength(count);
    expect(verifyCommit(signedBy(ann), keyring, NOW)).toMatchObject({
      accepted: true,
      key: { entry: 'z.asc' },
    });
  });

  it('of 2,000 SSH keys', async () => {
    const keys = Array.from({ length: 2000 }, (_, number) => forgeSshKey(`${number}`).line);
    const keyring = await openKeyring([{ name: 'k.sshpub', content: keys.join('\n') }]);
    expect(listKeys(keyring, NOW)[0]?.keys).toHaveLength(2000);
  });

  it('with a key of 10,000 user ids', async () => {
    const one = userId(ann, 'Ann <ann@example.org>');
    const key = Buffer.concat([primary(ann), ...Array.from({ length: 10_000 }, () => one)]);
    expect(await verdict(signedBy(ann), publicKeys(key))).toBe('accepted');
  });

  it('cut at any byte', async () => {
    const whole = usualKey(ann);
    for (let length = 0; length < whole.length; length += 1) {
      const keys = publicKeys(whole.subarray(0, length));
      expect(await verdict(signedBy(ann), keys), `at ${length}`).not.toBe('accepted');
    }
  });
});

describe('signatures', () => {
  const data = Buffer.from(`tree ${TREE}\nauthor ${ADA}\ncommitter ${ADA}\n\nWords\n`);
  const whole = forgeSignature(ann, 0, data);

  it('cut at any byte are none', async () => {
    for (let length = 0; length < whole.length; length += 1) {
      const cut = armor('PGP SIGNATURE', whole.subarray(0, length));
      const refusal = await verdict(commitWith(cut, data));
      expect(['malformed-signature', 'bad-signature'], `at ${length}`).toContain(refusal);
    }
  });

  /** The packet inside so many others of a kind. */
  function nested(tag: number, depth: number): Buffer {
    let body = whole;
    for (let level = 0; level < depth; level += 1) body = packet(tag, body);
    return body;
  }

  it.each([
    ['a literal packet', nested(11, 1)],
    ['200 compressed packets', nested(8, 200)],
    ['200 signature packets', nested(2, 200)],
    ['200 encrypted packets', nested(18, 200)],
  ])('inside %s are none', async (_name, body) => {
    const refusal = await verdict(commitWith(armor('PGP SIGNATURE', body), data));
    expect(['malformed-signature', 'unsupported-algorithm']).toContain(refusal);
  });

  it.each([
    ['a word after the last line', (text: string) => `${text}x`],
    ['a checksum that is wrong', (text: string) => text.replace('-----END', '=AAAA\n-----END')],
    ['no last line', (text: string) => text.replace(/-----END.*/, '')],
  ])('in armor with %s are read as Flux reads them', async (_name, spoil) => {
    const text = spoil(armor('PGP SIGNATURE', whole));
    expect(await verdict(commitWith(text, data))).toBe('accepted');
  });

  it.each([
    ['a line too many', (text: string) => text.replace('\n\n', '\n\nAAAA\n')],
    ['another first line', (text: string) => text.replace('SIGNATURE', 'SIGNATUR')],
    ['no empty line', (text: string) => text.replace('\n\n', '\n')],
    ['letters that are no base64', (text: string) => text.replace(/\n\n..../, '\n\n%%%%')],
    ['nothing inside', () => '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----'],
  ])('in armor with %s are refused', async (_name, spoil) => {
    const refusal = await verdict(commitWith(spoil(armor('PGP SIGNATURE', whole)), data));
    expect(refusal).not.toBe('accepted');
  });

  it.each([
    [60, 'accepted'],
    [-60, 'signature-not-yet-valid'],
    [-100 * 365 * 86_400, 'signature-not-yet-valid'],
  ])('made %d seconds ago are %s', async (ago, expected) => {
    const created = Math.min(Math.floor(NOW.getTime() / 1000) - ago, 0xffff_ffff);
    const packets = forgeSignature(ann, 0, data, { created });
    expect(await verdict(commitWith(armor('PGP SIGNATURE', packets), data))).toBe(expected);
  });

  it('of a key made after them are refused', async () => {
    const late = forgeKey('late', MADE + 86_400);
    const packets = forgeSignature(late, 0, data, { created: MADE });
    const keys = publicKeys(usualKey(late));
    expect(await verdict(commitWith(armor('PGP SIGNATURE', packets), data), keys)).not.toBe(
      'malformed-signature',
    );
  });
});

describe('commits', () => {
  const HEAD = [`tree ${TREE}`, `author ${ADA}`, `committer ${ADA}`];

  it('with two signature headers are read as one, as Flux reads them, and refused', async () => {
    const once = signed(...HEAD, '', 'Words');
    const [, header = ''] = /^(gpgsig [^]*?)\n(?! )/m.exec(once.toString('latin1')) ?? [];
    const twice = once.toString('latin1').replace(header, `${header}\n${header}`);
    expect(await verdict(Buffer.from(twice, 'latin1'))).toBe('accepted');
    const other = forgeSignature(forgeKey('eve'), 0, Buffer.from('x'));
    const foreign = `gpgsig ${armor('PGP SIGNATURE', other).trimEnd().split('\n').join('\n ')}`;
    const mixed = once.toString('latin1').replace(header, `${foreign}\n${header}`);
    expect(await verdict(Buffer.from(mixed, 'latin1'))).not.toBe('accepted');
  });

  it.each([
    ['CR LF in the message', [...HEAD, '', 'a\r', 'b\r']],
    ['a message that ends in CR alone', [...HEAD, '', 'a\r']],
    ['no message', [...HEAD, '']],
    [
      'an author in Latin-1',
      [
        HEAD[0] ?? '',
        Buffer.from('author Ren\xe9 <r@example.org> 1577836800 +0000', 'latin1'),
        HEAD[2] ?? '',
        '',
        'x',
      ],
    ],
    [
      'bytes that are no text at all',
      [
        HEAD[0] ?? '',
        Buffer.from([0x61, 0x75, 0x74, 0x68, 0x6f, 0x72, 0x20, 0xff, 0xfe, 0x80, 0x20]),
        HEAD[2] ?? '',
        '',
        'x',
      ],
    ],
    ['a NUL in the message', [...HEAD, '', 'a\0b']],
    ['an encoding', [...HEAD, 'encoding ISO-8859-1', '', Buffer.from('\xe9', 'latin1')]],
    ['an encoding that nobody knows', [...HEAD, 'encoding x\xff', '', 'x']],
    [
      'a tag merged, itself signed',
      [
        ...HEAD,
        `mergetag object ${'a'.repeat(40)}`,
        ' type commit',
        ' tag v1',
        ' gpgsig nothing',
        '',
        'x',
      ],
    ],
    ['headers of other programs', [...HEAD, 'change-id abc', 'x y', ' z', '', 'x']],
  ])('with %s are judged byte for byte', async (_name, lines) => {
    const commit = signed(...lines);
    expect(await verdict(commit)).toBe('accepted');
    const at = commit.length - 2;
    const changed = Buffer.from(commit);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await verdict(changed)).not.toBe('accepted');
    expect(parseCommit(commit).type).toBe('commit');
  });
});
