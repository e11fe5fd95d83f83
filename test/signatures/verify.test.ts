import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Verdict } from '../../src/model/commit.ts';
import { openKeyring } from '../../src/signatures/keyring.ts';
import { verifyCommit, verifySigned, verifyTag } from '../../src/signatures/verify.ts';
import {
  DAY,
  HASH,
  MADE,
  NOW,
  PAYLOAD,
  armor,
  commitWith,
  forgeKey,
  forgeSignature,
  forgeSshKey,
  primary,
  publicKeys,
  signedBy,
  signedBySsh,
  userId,
  usualKey,
} from './forge.ts';
import { VERDICTS } from './verdicts.ts';

type Entries = Readonly<Record<string, string | Uint8Array>>;

interface Options {
  readonly fluxVersion?: string;
  readonly now?: Date;
  readonly kind?: 'commit' | 'tag';
}

async function judge(
  object: Uint8Array,
  entries: Entries,
  options: Options = {},
): Promise<Verdict> {
  const list = Object.entries(entries).map(([name, content]) => ({ name, content }));
  const keyring = await openKeyring(list, { fluxVersion: options.fluxVersion });
  const verify = options.kind === 'tag' ? verifyTag : verifyCommit;
  return verify(object, keyring, options.now ?? NOW);
}

async function outcome(object: Uint8Array, entries: Entries, options?: Options): Promise<string> {
  const verdict = await judge(object, entries, options);
  return verdict.accepted ? verdict.key.id : verdict.refusal;
}

async function error(object: Uint8Array, entries: Entries, options?: Options): Promise<string> {
  const verdict = await judge(object, entries, options);
  return verdict.accepted ? 'accepted' : verdict.error;
}

function fixture(path: string): Buffer {
  return readFileSync(new URL(`../../fixtures/signatures/${path}`, import.meta.url));
}

const ann = forgeKey('ann');
const sue = forgeSshKey('sue');
const RING = { 'keys.asc': publicKeys(usualKey(ann)) };

describe('verifyCommit', () => {
  it.each(VERDICTS)('$name', async ({ commit, entries, expected }) => {
    expect(await outcome(commit, entries)).toBe(expected);
  });
});

/** Keys of upstream's fixtures, by file, and what Flux reports for each. */
const PGP_FIXTURES = [
  ['brainpool_p256', '5B6346AD772DEC79'],
  ['brainpool_p384', '7720783B9C23B7F6'],
  ['brainpool_p512', '22510CA43A668771'],
  ['ecdsa_p256', '75F7CFAE31449AD4'],
  ['ecdsa_p384', '51E11476D8344D3E'],
  ['ecdsa_p521', '773F4289CB27102B'],
  ['ed25519', 'B8B8B643F64E4BE4'],
  ['rsa_2048', '5B5D194ECF99AFC4'],
  ['rsa_4096', '1FF9851C55B2096E'],
] as const;

const SSH_FIXTURES = [
  ['ecdsa_p256', 'SHA256:KmuONXzOKczqEizPDlnkithlWIcGBeFZFxfbyIWNPuI'],
  ['ecdsa_p384', 'SHA256:sUEVeU46mIrOIYG9o6xrcIDB/0PM0ZcKDrVTIgtpdW0'],
  ['ecdsa_p521', 'SHA256:sAL1j3Z4OVuLuUl+beESBkqaTfsAu4qNJe60wHAw0Bc'],
  ['ed25519', 'SHA256:SDB4adE/BP2VLwX9Pdf7aFUwW9JNdzoPSsHjd/wZIw4'],
  ['rsa', 'SHA256:ruOMGhsHMnFnPXNt2DmM3XHHHQAJWib+sokHBG6tWdA'],
] as const;

describe("Flux's own commits", () => {
  it.each(PGP_FIXTURES)('are accepted with their own PGP key: %s', async (name, id) => {
    const folder = 'upstream/gpg_signatures';
    const commit = fixture(`${folder}/commit_${name}_signed.txt`);
    for (const [other] of PGP_FIXTURES) {
      const entries = { 'key.asc': fixture(`${folder}/key_${other}.pub`) };
      expect(await outcome(commit, entries)).toBe(other === name ? id : 'unknown-key');
    }
  });

  it.each(SSH_FIXTURES)('are accepted with their own SSH key: %s', async (name, id) => {
    const folder = 'upstream/ssh_signatures';
    const commit = fixture(`${folder}/commit_${name}_signed.txt`);
    for (const [other] of SSH_FIXTURES) {
      const entries = { 'key.sshpub': fixture(`${folder}/key_${other}.pub`) };
      expect(await outcome(commit, entries)).toBe(other === name ? id : 'unknown-key');
    }
    expect(await outcome(commit, { 'all.sshpub': fixture(`${folder}/keys_all.pub`) })).toBe(id);
  });

  it('come as tags too', async () => {
    const pgp = { 'key.asc': fixture('upstream/gpg_signatures/key_ed25519.pub') };
    const ssh = { 'key.sshpub': fixture('upstream/ssh_signatures/key_ed25519.pub') };
    const tags = [
      await outcome(fixture('upstream/gpg_signatures/tag_ed25519_signed.txt'), pgp, {
        kind: 'tag',
      }),
      await outcome(fixture('upstream/ssh_signatures/tag_ed25519_signed.txt'), ssh, {
        kind: 'tag',
      }),
      await outcome(fixture('upstream/gpg_signatures/tag_unsigned.txt'), pgp, { kind: 'tag' }),
    ];
    expect(tags).toEqual([
      'B8B8B643F64E4BE4',
      'SHA256:SDB4adE/BP2VLwX9Pdf7aFUwW9JNdzoPSsHjd/wZIw4',
      'unsigned',
    ]);
  });
});

describe('a commit that GitHub signed', () => {
  const entries = { 'web-flow.asc': fixture('web-flow.asc') };

  it('is accepted with the published block', async () => {
    expect(await judge(fixture('github-merge.txt'), entries)).toEqual({
      accepted: true,
      signatureKind: 'openpgp',
      key: {
        kind: 'openpgp',
        id: 'B5690EEEBB952194',
        fingerprint: '968479A1AFF927E37D1A566BB5690EEEBB952194',
        entry: 'web-flow.asc',
        webFlow: 'current',
      },
      warnings: [],
    });
  });

  it('is refused when it is older than the present key', async () => {
    expect(await judge(fixture('github-merge-2023.txt'), entries)).toEqual({
      accepted: false,
      signatureKind: 'openpgp',
      refusal: 'key-expired',
      error:
        'unable to verify Git commit: unable to verify payload with any of the given key rings: no matching key',
      detail: 'The key expired on 2024-01-16; Flux asks whether it is valid now.',
      key: {
        kind: 'openpgp',
        id: '4AEE18F83AFDEB23',
        fingerprint: '5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23',
        entry: 'web-flow.asc',
        webFlow: 'retired',
      },
      claimed: { kind: 'openpgp', id: '4AEE18F83AFDEB23', webFlow: 'retired' },
    });
  });

  it('is recognised where the keyring holds other keys only', async () => {
    expect(await judge(fixture('github-merge.txt'), RING)).toMatchObject({
      refusal: 'unknown-key',
      claimed: { kind: 'openpgp', id: 'B5690EEEBB952194', webFlow: 'current' },
    });
  });
});

describe('the words of a verdict', () => {
  const commit = 'unable to verify Git commit: ';
  const noMatch = `${commit}unable to verify payload with any of the given key rings: no matching key`;
  const ssh = 'unable to verify Git commit SSH signature: ';

  it.each([
    ['unsigned', PAYLOAD, RING, 'unsupported signature type: empty'],
    [
      'S/MIME',
      commitWith('-----BEGIN SIGNED MESSAGE-----'),
      RING,
      'unsupported signature type: x509',
    ],
    ['something else', commitWith('hello'), RING, 'unsupported signature type: unknown'],
    [
      'a PGP commit without PGP keys',
      signedBy(ann),
      { 'id.sshpub': sue.line },
      'PGP signature detected but no PGP public keys found in secret (keys with .asc suffix)',
    ],
    [
      'an SSH commit without SSH keys',
      signedBySsh(sue),
      RING,
      'SSH signature detected but no SSH public keys found in secret (keys with .sshpub suffix)',
    ],
    ['a wrong PGP key', signedBy(forgeKey('ben')), RING, noMatch],
    [
      'a binary keyring',
      signedBy(ann),
      { 'keys.asc': usualKey(ann) },
      `${commit}unable to read armored key ring: openpgp: invalid argument: no armored data found`,
    ],
    [
      'a signature in place of a key',
      signedBy(ann),
      { 'keys.asc': armor('PGP SIGNATURE', usualKey(ann)) },
      `${commit}unable to read armored key ring: openpgp: invalid argument: expected public or private key block, got: PGP SIGNATURE`,
    ],
    [
      'a key without user id',
      signedBy(ann),
      { 'keys.asc': publicKeys(primary(ann)) },
      `${commit}unable to read armored key ring: openpgp: invalid data: v4 entity without any identities`,
    ],
    [
      'a wrong SSH key',
      signedBySsh(sue),
      { 'id.sshpub': forgeSshKey('tim').line },
      `${ssh}unable to verify payload with any of the given authorized keys: no matching key\npublic key does not match`,
    ],
    [
      'an SSH signature for files, among other keys',
      signedBySsh(sue, { namespace: 'file' }),
      { 'id.sshpub': `${forgeSshKey('tim').line}\n${sue.line}\n${forgeSshKey('tom').line}` },
      `${ssh}unable to verify payload with any of the given authorized keys: no matching key\npublic key does not match\nnamespace does not match`,
    ],
    [
      'an SSH signature over other bytes',
      signedBySsh(sue, { payload: Buffer.from('other') }),
      { 'id.sshpub': sue.line },
      `${ssh}unable to verify payload with any of the given authorized keys: no matching key\nssh: signature did not verify`,
    ],
    [
      'an empty SSH entry',
      signedBySsh(sue),
      { 'id.sshpub': '' },
      `${ssh}unable to verify payload with any of the given authorized keys: no matching key`,
    ],
    [
      'a bad SSH line',
      signedBySsh(sue),
      { 'id.sshpub': 'nonsense' },
      `${ssh}unable to parse authorized keys: unable to parse authorized key: ssh: no key found`,
    ],
    [
      'a broken SSH armor',
      commitWith('-----BEGIN SSH SIGNATURE-----'),
      { 'id.sshpub': sue.line },
      `${ssh}unable to unarmor SSH signature: invalid PEM block`,
    ],
    ['no commit at all', Buffer.from('hello'), RING, 'malformed commit: tree header must be first'],
  ])("are Flux's: %s", async (_name, object, entries, expected) => {
    expect(await error(object, entries)).toBe(expected);
  });

  it("of a tag are the tag's", async () => {
    const tag = `object ${'a'.repeat(40)}\ntype commit\ntag v1\n\nText\n`;
    expect(await error(Buffer.from(tag), RING, { kind: 'tag' })).toBe(
      "cannot verify signature of tag 'v1@e9397ecc092b87fcbf8531b61af0fb89a1ab77ba' since it is not signed",
    );
    const signature = armor('PGP SIGNATURE', forgeSignature(forgeKey('ben'), 0, Buffer.from(tag)));
    expect(await error(Buffer.from(tag + signature), RING, { kind: 'tag' })).toBe(
      'unable to verify Git tag: unable to verify payload with any of the given key rings: no matching key',
    );
  });

  it('warn of SHA-1', async () => {
    const verdict = await judge(signedBy(ann, { hash: HASH.sha1 }), RING);
    expect(verdict).toMatchObject({ accepted: true, warnings: ['sha1-digest'] });
  });

  it('name the entry that holds the key', async () => {
    const entries = { 'z.asc': RING['keys.asc'], 'a.asc': publicKeys(usualKey(forgeKey('ben'))) };
    expect(await judge(signedBy(ann), entries)).toMatchObject({ key: { entry: 'z.asc' } });
  });
});

describe('the time of a verdict', () => {
  const expiring = publicKeys(primary(ann), userId(ann, 'Ann', { keyLifetime: 10 * DAY }));
  const commit = signedBy(ann);

  it.each([
    ['in its last second', MADE + 10 * DAY, ann.id],
    ['a second later', MADE + 10 * DAY + 1, 'key-expired'],
    ['the second when it was made', MADE, ann.id],
    ['the second before', MADE - 1, 'key-not-yet-valid'],
  ])('decides on a key %s', async (_name, seconds, expected) => {
    const now = new Date(seconds * 1000 + 999);
    expect(await outcome(commit, { 'keys.asc': expiring }, { now })).toBe(expected);
  });
});

describe('before Flux 2.9', () => {
  const fluxVersion = '2.8';
  const noMatch = 'unable to verify payload with any of the given key rings';

  it.each([
    ['a PGP commit', signedBy(ann), RING, ann.id],
    ['an SSH commit', signedBySsh(sue), RING, 'kind-not-in-this-version'],
    [
      'an SSH entry, which is no keyring',
      signedBy(ann),
      { 'id.sshpub': sue.line },
      'unreadable-keys',
    ],
    [
      'an entry that is no keyring beside one that is',
      signedBy(ann),
      { ...RING, 'z.asc': 'nothing' },
      'unreadable-keys',
    ],
    ['no entries', signedBy(ann), {}, 'unknown-key'],
    ['text before the armor', commitWith(`hello\n${armorOf(ann)}`), RING, ann.id],
    ['S/MIME', commitWith('-----BEGIN SIGNED MESSAGE-----'), RING, 'unsupported-kind'],
    ['no signature', PAYLOAD, RING, 'unsigned'],
  ])('%s', async (_name, commit, entries, expected) => {
    expect(await outcome(commit, entries, { fluxVersion })).toBe(expected);
  });

  it.each([
    ['unsigned', PAYLOAD, 'unable to verify payload as the provided signature is empty'],
    ['a wrong key', signedBy(forgeKey('ben')), noMatch],
    ['SSH', signedBySsh(sue), noMatch],
  ])('has its own words: %s', async (_name, commit, expected) => {
    expect(await error(commit, RING, { fluxVersion })).toBe(
      `unable to verify Git commit: ${expected}`,
    );
  });
});

function armorOf(key: typeof ann): string {
  return armor('PGP SIGNATURE', forgeSignature(key, 0, PAYLOAD));
}

describe('verifySigned', () => {
  it("takes a signature and a payload as GitHub's API gives them", async () => {
    const keyring = await openKeyring([{ name: 'keys.asc', content: RING['keys.asc'] }]);
    const signature = Buffer.from(armorOf(ann));
    const signed = { type: 'commit', signature, payload: PAYLOAD } as const;
    expect(verifySigned(signed, keyring, NOW)).toMatchObject({ accepted: true });
    const changed = { ...signed, payload: Buffer.concat([PAYLOAD, Buffer.from('\n')]) };
    expect(verifySigned(changed, keyring, NOW)).toMatchObject({ refusal: 'bad-signature' });
  });
});
