import { createMessage, generateKey, sign } from 'openpgp';
import { describe, expect, it } from 'vitest';

import { openKeyring } from '../../../src/signatures/keyring.ts';
import { verifyCommit } from '../../../src/signatures/verify.ts';
import { NOW, PAYLOAD, commitWith } from '../forge.ts';

/** Keys, and signatures over text, as another implementation makes them. */
const KEYS: readonly (readonly [string, Partial<Parameters<typeof generateKey>[0]>])[] = [
  ['RSA 2048', { type: 'rsa', rsaBits: 2048 }],
  ['Ed25519, the older form', { type: 'ecc', curve: 'ed25519Legacy' }],
  ['Ed25519', { type: 'curve25519' }],
  ['Ed448', { type: 'curve448' }],
  ['NIST P-256', { type: 'ecc', curve: 'nistP256' }],
  ['NIST P-521', { type: 'ecc', curve: 'nistP521' }],
  ['secp256k1', { type: 'ecc', curve: 'secp256k1' }],
  ['Brainpool P-384', { type: 'ecc', curve: 'brainpoolP384r1' }],
  ['version 6', { type: 'curve25519', config: { v6Keys: true } }],
];

/** Curves that it would not use of itself. */
const CONFIG = { rejectCurves: new Set<never>() };

describe('keys of OpenPGP.js', () => {
  it.each(KEYS)('%s', async (_name, { config, ...options }) => {
    const date = new Date('2026-01-01T00:00:00Z');
    const subkeys = [{ sign: true }];
    const key = await generateKey({
      ...options,
      date,
      subkeys,
      userIDs: [{ name: 'Ann', email: 'ann@example.org' }],
      format: 'object',
      config: { ...CONFIG, ...config },
    });
    const signature = await sign({
      message: await createMessage({ text: PAYLOAD.toString() }),
      signingKeys: key.privateKey,
      detached: true,
      format: 'object',
      date: new Date('2026-02-01T00:00:00Z'),
      config: CONFIG,
    });
    const keyring = await openKeyring([{ name: 'k.asc', content: key.publicKey.armor() }]);
    const id = key.publicKey.getKeyID().toHex().toUpperCase();

    expect(verifyCommit(commitWith(signature.armor()), keyring, NOW)).toMatchObject({
      key: { id },
    });
    const changed = Buffer.concat([PAYLOAD, Buffer.from('\n')]);
    expect(verifyCommit(commitWith(signature.armor(), changed), keyring, NOW)).toMatchObject({
      refusal: 'bad-signature',
    });
  });
});
