import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { listKeys } from '../../src/signatures/inventory.ts';
import { openKeyring } from '../../src/signatures/keyring.ts';
import { verifyCommit, verifyTag } from '../../src/signatures/verify.ts';
import {
  NOW,
  armor,
  commitWith,
  forgeKey,
  forgeSshKey,
  packet,
  publicKeys,
  signedBy,
  signedBySsh,
  usualKey,
} from './forge.ts';

const MEGABYTES_5 = 5 * 1024 * 1024;
const TREE = 'a'.repeat(40);
const ann = forgeKey('ann');
const sue = forgeSshKey('sue');
const KEYRING = openKeyring([
  { name: 'keys.asc', content: publicKeys(usualKey(ann)) },
  { name: 'id.sshpub', content: sue.line },
]);

/** Bytes that look random and are the same each time. */
function noise(length: number): Buffer {
  const block = createHash('shake256', { outputLength: 65_536 }).update('noise').digest();
  return Buffer.alloc(length, block);
}

function sshArmor(...lines: readonly string[]): string {
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n');
}

async function refusal(commit: Uint8Array): Promise<string> {
  const verdict = verifyCommit(commit, await KEYRING, NOW);
  return verdict.accepted ? 'accepted' : verdict.refusal;
}

describe('five megabytes', () => {
  it.each([
    ['of zeros', armor('PGP SIGNATURE', Buffer.alloc(MEGABYTES_5))],
    ['of noise', armor('PGP SIGNATURE', noise(MEGABYTES_5))],
    ['in one packet', armor('PGP SIGNATURE', packet(2, noise(MEGABYTES_5)))],
    ['of empty packets', armor('PGP SIGNATURE', Buffer.alloc(MEGABYTES_5, Buffer.of(0xcc, 0)))],
    ['in chunks of a byte', armor('PGP SIGNATURE', Buffer.alloc(MEGABYTES_5, Buffer.of(0xe0, 4)))],
    ['in one line', `-----BEGIN PGP SIGNATURE-----\n\n${'A'.repeat(MEGABYTES_5)}\n`],
    ['in one header', `-----BEGIN PGP SIGNATURE-----\nA: ${'A'.repeat(MEGABYTES_5)}\n\n`],
    [
      'in lines of a character',
      `-----BEGIN PGP SIGNATURE-----\n\n${'A\n'.repeat(MEGABYTES_5 / 8)}`,
    ],
    ['of SSH', sshArmor(noise(MEGABYTES_5).toString('base64'))],
    ['of SSH headers', sshArmor('a:b\n'.repeat(MEGABYTES_5 / 16))],
    ['of last lines', sshArmor('-----END X-----\n'.repeat(MEGABYTES_5 / 32))],
    ['of first lines', sshArmor('-----BEGIN SSH SIGNATURE-----\n'.repeat(MEGABYTES_5 / 32))],
    ['of blocks', sshArmor('-----BEGIN Y-----\n-----END X-----\n'.repeat(MEGABYTES_5 / 64))],
  ])('%s are no signature', async (_name, signature) => {
    const refusals = ['malformed-signature', 'unsupported-algorithm'];
    expect(refusals).toContain(await refusal(commitWith(signature)));
  });

  it.each([
    ['white space', ' '.repeat(MEGABYTES_5), 'unsupported-kind'],
    ['wide white space', '\u00a0'.repeat(MEGABYTES_5 / 2), 'unsupported-kind'],
  ])('of %s are none either', async (_name, signature, expected) => {
    const commit = `tree ${TREE}\ngpgsig ${signature}\n\n`;
    expect(await refusal(Buffer.from(commit))).toBe(expected);
  });

  it.each([
    ['headers', `tree ${TREE}\n${'x\n'.repeat(MEGABYTES_5 / 8)}\n`],
    ['signature headers', `tree ${TREE}\n${'gpgsig x\n'.repeat(MEGABYTES_5 / 16)}\n`],
    ['parents', `tree ${TREE}\n${`parent ${TREE}\n`.repeat(MEGABYTES_5 / 64)}\n`],
    ['blanks in a name', `tree ${TREE}\nauthor ${' '.repeat(MEGABYTES_5)}x <a> 1 +0000\n\n`],
    ['message', `tree ${TREE}\n\n${'x\n'.repeat(MEGABYTES_5 / 2)}`],
  ])('of %s are read', async (_name, commit) => {
    expect(['unsigned', 'unsupported-kind']).toContain(await refusal(Buffer.from(commit)));
  });

  it.each([
    ['k.asc', publicKeys(Buffer.alloc(MEGABYTES_5))],
    ['k.asc', publicKeys(noise(MEGABYTES_5))],
    ['k.asc', publicKeys(packet(13, noise(MEGABYTES_5)))],
    ['k.asc', publicKeys().repeat(MEGABYTES_5 / 80)],
    ['k.asc', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'.repeat(MEGABYTES_5 / 40)],
    ['k.sshpub', 'a b\n'.repeat(MEGABYTES_5 / 4)],
    ['k.sshpub', `a ${'A'.repeat(MEGABYTES_5)}`],
    ['k.sshpub', '",'.repeat(MEGABYTES_5 / 2)],
    ['k.sshpub', `${sue.line}\n`.repeat(20_000)],
  ])('in %s are read or refused', async (name, content) => {
    const keyring = await openKeyring([{ name, content }]);
    expect(listKeys(keyring, NOW)).toHaveLength(1);
  });
});

describe('whatever bytes', () => {
  /** The bytes with a few of them changed. */
  function changed(bytes: Uint8Array): fc.Arbitrary<Buffer> {
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
      const result = Buffer.from(bytes);
      for (const [at, value] of changes) result[at] = value;
      return result;
    });
  }

  const settings = { numRuns: 300, seed: 1 };

  it('never make a verdict fail', async () => {
    const keyring = await KEYRING;
    const commits = fc.oneof(changed(signedBy(ann)), changed(signedBySsh(sue)), bytes());
    fc.assert(
      fc.property(commits, (commit) => {
        expect(verifyCommit(commit, keyring, NOW)).toHaveProperty('accepted');
        expect(verifyTag(commit, keyring, NOW)).toHaveProperty('accepted', false);
      }),
      settings,
    );
  });

  it('never make a keyring fail', async () => {
    const body = usualKey(ann);
    const commit = signedBy(ann);
    const contents = fc.oneof(
      changed(body).map((changedBody) => Buffer.from(publicKeys(changedBody))),
      changed(Buffer.from(publicKeys(body))),
      changed(Buffer.from(sue.line)),
      bytes(),
    );
    await fc.assert(
      fc.asyncProperty(contents, fc.constantFrom('k.asc', 'k.sshpub'), async (content, name) => {
        const keyring = await openKeyring([{ name, content }]);
        expect(listKeys(keyring, NOW)).toHaveLength(1);
        expect(verifyCommit(commit, keyring, NOW)).toHaveProperty('accepted');
      }),
      settings,
    );
  });

  function bytes(): fc.Arbitrary<Buffer> {
    return fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  }
});
