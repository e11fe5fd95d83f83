import { describe, expect, it } from 'vitest';

import { openKeyring } from '../../src/signatures/keyring.ts';
import { forgeKey, forgeSshKey, publicKeys, usualKey } from './forge.ts';

const PGP = publicKeys(usualKey(forgeKey('ann')));
const SSH = `${forgeSshKey('sue').line}\n`;

describe('openKeyring', () => {
  it.each([
    ['2.9', ['ssh', 'openpgp', 'openpgp']],
    ['2.8', ['openpgp', 'openpgp', 'openpgp']],
    ['v2.9.4', ['ssh', 'openpgp', 'openpgp']],
    ['v2.8.11', ['openpgp', 'openpgp', 'openpgp']],
    ['2.10', ['ssh', 'openpgp', 'openpgp']],
    ['3.0', ['ssh', 'openpgp', 'openpgp']],
    ['2.x', ['ssh', 'openpgp', 'openpgp']],
    ['latest', ['ssh', 'openpgp', 'openpgp']],
    [undefined, ['ssh', 'openpgp', 'openpgp']],
  ])('takes entries by their names, as Flux %s does', async (fluxVersion, kinds) => {
    const names = ['identity', 'b.asc', 'a.sshpub'];
    const entries = names.map((name) => ({ name, content: '' }));
    const keyring = await openKeyring(entries, { fluxVersion });
    expect(keyring.entries.map((entry) => entry.name)).toEqual(['a.sshpub', 'b.asc', 'identity']);
    expect(keyring.entries.map((entry) => entry.kind)).toEqual(kinds);
  });

  it.each([
    ['public keys', 'k.asc', PGP, false],
    ['a public SSH key', 'k.sshpub', SSH, false],
    ['a PGP block', 'k.asc', PGP.replaceAll('PUBLIC', 'PRIVATE'), true],
    ['an OpenSSH key', 'k.sshpub', '-----BEGIN OPENSSH PRIVATE KEY-----\n', true],
    ['a PEM key', 'k.asc', '-----BEGIN RSA PRIVATE KEY-----\n', true],
    ['a PuTTY key', 'k.asc', 'PuTTY-User-Key-File-3: ssh-ed25519\n', true],
    [
      'a private block behind the public one',
      'k.asc',
      `${PGP}-----BEGIN PGP PRIVATE KEY BLOCK-----`,
      true,
    ],
  ])('notices private keys: %s', async (_name, name, content, expected) => {
    const { entries } = await openKeyring([{ name, content }]);
    expect(entries[0]?.holdsPrivateKey).toBe(expected);
  });

  it.each(['k.asc', 'k.sshpub'])('refuses an entry larger than any Secret: %s', async (name) => {
    const content = Buffer.alloc(16 * 1024 * 1024 + 1, 'a');
    const { entries } = await openKeyring([{ name, content }]);
    expect(entries[0]?.error).toBe('the entry holds 16777217 bytes, more than any Secret can');
  });
});
