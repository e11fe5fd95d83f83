import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { KeyringEntryRecord } from '../../src/model/commit.ts';
import { listKeys } from '../../src/signatures/inventory.ts';
import { openKeyring } from '../../src/signatures/keyring.ts';
import {
  DAY,
  FLAGS,
  MADE,
  NOW,
  certification,
  forgeKey,
  forgeSshKey,
  packet,
  primary,
  publicKeys,
  revocation,
  subkey,
  subkeyRevocation,
  userId,
  usualKey,
} from './forge.ts';

async function list(name: string, content: string | Uint8Array): Promise<KeyringEntryRecord> {
  const [record] = listKeys(await openKeyring([{ name, content }]), NOW);
  if (record === undefined) throw new Error('no record');
  return record;
}

const ann = forgeKey('ann');
const sub = forgeKey('ann, subkey', MADE + DAY);
const old = forgeKey('ann, old subkey', MADE + DAY);

describe('listKeys', () => {
  it('tells all about a PGP key', async () => {
    const content = publicKeys(
      primary(ann),
      userId(ann, 'Ann <ann@example.org>', { keyLifetime: 100 * DAY, flags: FLAGS.certify }),
      subkey(ann, sub),
      subkey(ann, old, { keyLifetime: 10 * DAY, flags: FLAGS.encrypt, back: 'none' }),
      subkeyRevocation(ann, old),
    );
    expect(await list('keys.asc', content)).toEqual({
      name: 'keys.asc',
      kind: 'openpgp',
      keys: [
        {
          kind: 'openpgp',
          id: ann.id,
          fingerprint: ann.fingerprint,
          userIds: ['Ann <ann@example.org>'],
          algorithm: 'Ed25519',
          created: MADE,
          expires: MADE + 100 * DAY,
          revoked: false,
          signs: false,
          isPrivate: false,
          subkeys: [
            {
              id: sub.id,
              fingerprint: sub.fingerprint,
              algorithm: 'Ed25519',
              created: MADE + DAY,
              revoked: false,
              signs: true,
            },
            {
              id: old.id,
              fingerprint: old.fingerprint,
              algorithm: 'Ed25519',
              created: MADE + DAY,
              expires: MADE + 11 * DAY,
              revoked: true,
              signs: false,
            },
          ],
        },
      ],
      skipped: [],
      ignoredBlocks: 0,
      holdsPrivateKey: false,
    });
  });

  it.each([
    ['a revoked key', [primary(ann), revocation(ann), userId(ann, 'Ann')], true],
    ['a revoked user id', [usualKey(ann, 'A'), certification(ann, 'A', 0x30)], true],
    [
      'one of two user ids revoked',
      [usualKey(ann, 'A'), certification(ann, 'A', 0x30), userId(ann, 'B')],
      false,
    ],
    [
      'a revocation from the future',
      [primary(ann), revocation(ann, { created: 4_102_444_800 }), userId(ann, 'A')],
      false,
    ],
  ])('knows what is revoked: %s', async (_name, packets, revoked) => {
    expect((await list('k.asc', publicKeys(...packets))).keys).toMatchObject([{ revoked }]);
  });

  it("knows GitHub's keys", async () => {
    const content = readFileSync(
      new URL('../../fixtures/signatures/web-flow.asc', import.meta.url),
    );
    expect((await list('web-flow.asc', content)).keys).toMatchObject([
      { id: '4AEE18F83AFDEB23', webFlow: 'retired', algorithm: 'RSA 2048', expires: 1_705_435_200 },
      { id: 'B5690EEEBB952194', webFlow: 'current', algorithm: 'RSA 4096' },
    ]);
  });

  it('counts the armor blocks that Flux never reads', async () => {
    const content = publicKeys(usualKey(ann)) + publicKeys(usualKey(sub)) + publicKeys(sub.body);
    const record = await list('k.asc', content);
    expect([record.keys.length, record.ignoredBlocks]).toEqual([1, 2]);
  });

  it('names the keys that Flux passes over', async () => {
    const content = publicKeys(primary(sub), usualKey(ann));
    expect(await list('k.asc', content)).toMatchObject({
      keys: [{ id: ann.id }],
      skipped: [
        {
          fingerprint: sub.fingerprint,
          reason: 'openpgp: invalid data: v4 entity without any identities',
        },
      ],
    });
  });

  it('flags private key material and keeps none of it', async () => {
    const secret = Buffer.from('a secret of sixteen bytes or more');
    const sum = [...secret].reduce((total, byte) => total + byte, 0);
    const body = [ann.body, Buffer.of(0), secret, Buffer.of(sum >> 8, sum & 0xff)];
    const content = publicKeys(packet(5, Buffer.concat(body)), userId(ann, 'Ann'));
    const keyring = await openKeyring([{ name: 'k.asc', content }]);
    expect(listKeys(keyring, NOW)).toMatchObject([
      { holdsPrivateKey: true, keys: [{ id: ann.id, isPrivate: true }] },
    ]);
    const bytes = JSON.stringify(keyring, (_key, value: unknown) =>
      value instanceof Map ? [...value] : value,
    );
    expect(bytes).not.toContain(Buffer.from(secret).toString('base64'));
    expect(bytes).not.toContain([...secret].join(','));
  });

  it('shows user ids that are not UTF-8', async () => {
    const name = Buffer.from('Ren\xe9', 'latin1').toString('latin1');
    const certified = certification(ann, name, 0x13);
    const content = publicKeys(primary(ann), packet(13, Buffer.from(name, 'utf8')), certified);
    expect((await list('k.asc', content)).keys).toMatchObject([{ userIds: ['René'] }]);
  });

  it('tells about SSH keys', async () => {
    const [sue, token] = [forgeSshKey('sue'), forgeSshKey('token', 'ssh:')];
    const content = `# team\n${sue.line}\nno-pty,from="a b" ${token.line}\n`;
    expect(await list('ids.sshpub', content)).toEqual({
      name: 'ids.sshpub',
      kind: 'ssh',
      keys: [
        {
          kind: 'ssh',
          fingerprint: sue.fingerprint,
          algorithm: 'ssh-ed25519',
          comment: 'sue@example.org',
          line: 2,
          options: [],
        },
        {
          kind: 'ssh',
          fingerprint: token.fingerprint,
          algorithm: 'sk-ssh-ed25519@openssh.com',
          comment: 'token@example.org',
          line: 3,
          options: ['no-pty', 'from="a b"'],
        },
      ],
      skipped: [],
      ignoredBlocks: 0,
      holdsPrivateKey: false,
    });
  });

  it('names the line that spoils an SSH entry', async () => {
    const content = `${forgeSshKey('sue').line}\n\nnonsense\n`;
    expect(await list('ids.sshpub', content)).toMatchObject({
      keys: [],
      error: 'ssh: no key found',
      badLine: 3,
    });
  });
});
