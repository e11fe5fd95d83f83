import type { Refusal } from '../../src/model/commit.ts';
import {
  DAY,
  FLAGS,
  HASH,
  MADE,
  PAYLOAD,
  armor,
  certification,
  commitWith,
  forgeKey,
  forgeSignature,
  forgeSshKey,
  forgeSshSignature,
  packet,
  primary,
  publicKeys,
  revocation,
  signedBy,
  signedBySsh,
  subkey,
  subkeyRevocation,
  subpacket,
  userId,
  usualKey,
} from './forge.ts';

/** A commit, the entries of a Secret, and what Flux 2.9 says on 2026-11-21. */
export interface VerdictCase {
  readonly name: string;
  readonly commit: Uint8Array;
  readonly entries: Readonly<Record<string, string>>;
  /** The key that Flux reports, or why it refuses. */
  readonly expected: string;
}

/** Fails to compile when a refusal is misspelt. */
function refusal(word: Refusal): string {
  return word;
}

const ann = forgeKey('ann');
const annsSub = forgeKey('ann, subkey', MADE + DAY);
const ben = forgeKey('ben');
const FUTURE = 4_102_444_800;
const byAnn = signedBy(ann);
const YEARS_5 = 5 * 365 * DAY;
const YEARS_10 = 10 * 365 * DAY;

function ring(...packets: readonly Uint8Array[]): Record<string, string> {
  return { 'keys.asc': publicKeys(...packets) };
}

const GOOD = ring(usualKey(ann));

const KEYS: readonly VerdictCase[] = [
  { name: 'a usual key', commit: byAnn, entries: GOOD, expected: ann.id },
  {
    name: 'another key',
    commit: byAnn,
    entries: ring(usualKey(ben)),
    expected: refusal('unknown-key'),
  },
  {
    name: 'several keys in a block',
    commit: byAnn,
    entries: ring(usualKey(ben), usualKey(ann)),
    expected: ann.id,
  },
  {
    name: 'the second of two blocks in an entry',
    commit: byAnn,
    entries: { 'keys.asc': publicKeys(usualKey(ben)) + publicKeys(usualKey(ann)) },
    expected: refusal('unknown-key'),
  },
  {
    name: 'an entry that is no keyring beside one that is',
    commit: byAnn,
    entries: { 'a.asc': 'nothing', 'keys.asc': publicKeys(usualKey(ann)) },
    expected: ann.id,
  },
  {
    name: 'only an entry that is no keyring',
    commit: byAnn,
    entries: { 'a.asc': 'nothing' },
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'no entries',
    commit: byAnn,
    entries: {},
    expected: refusal('no-keys-of-this-kind'),
  },
  {
    name: 'a key without user id',
    commit: byAnn,
    entries: ring(primary(ann)),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'a key that nobody but another certified',
    commit: byAnn,
    entries: ring(
      primary(ann),
      packet(13, Buffer.from('Ann')),
      forgeSignature(ben, 0x10, Buffer.from('whatever')),
    ),
    expected: refusal('unreadable-keys'),
  },
  {
    name: "another's certification beside the key's own, which is not looked at",
    commit: byAnn,
    entries: ring(usualKey(ann), forgeSignature(ben, 0x10, Buffer.from('whatever'))),
    expected: ann.id,
  },
  {
    name: 'a wrong certification by the key itself, which spoils the key',
    commit: byAnn,
    entries: ring(usualKey(ann), certification(ann, 'Other', 0x13)),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'a spoilt key beside a good one',
    commit: byAnn,
    entries: ring(usualKey(ben), certification(ben, 'Other', 0x13), usualKey(ann)),
    expected: ann.id,
  },
  {
    name: 'a subkey of an unknown algorithm, whose binding then follows the user id',
    commit: byAnn,
    entries: ring(
      usualKey(ann),
      packet(14, Buffer.of(4, 0, 0, 0, 0, 99)),
      forgeSignature(ann, 0x18, Buffer.from('whatever')),
    ),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'a packet that must be understood and is not',
    commit: byAnn,
    entries: ring(usualKey(ann), packet(30, Buffer.of(1))),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'packets that may be ignored',
    commit: byAnn,
    entries: ring(packet(10, Buffer.from('PGP')), usualKey(ann), packet(12, Buffer.of(1, 2))),
    expected: ann.id,
  },
  {
    name: 'a photograph',
    commit: byAnn,
    entries: ring(usualKey(ann), packet(17, Buffer.of(2, 1, 0))),
    expected: ann.id,
  },
];

const NOW_RULE: readonly VerdictCase[] = [
  {
    name: 'a key that expired after it signed',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { keyLifetime: YEARS_5 })),
    expected: refusal('key-expired'),
  },
  {
    name: 'a key that has not expired yet',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { keyLifetime: YEARS_10 })),
    expected: ann.id,
  },
  {
    name: 'an expiry that a later certification took back',
    commit: byAnn,
    entries: ring(
      primary(ann),
      userId(ann, 'Ann', { keyLifetime: YEARS_5 }),
      certification(ann, 'Ann', 0x13, { created: MADE + DAY }),
    ),
    expected: ann.id,
  },
  {
    name: 'an expiry on a user id that is not the newest',
    commit: byAnn,
    entries: ring(
      primary(ann),
      userId(ann, 'Old', { keyLifetime: YEARS_5 }),
      userId(ann, 'New', { created: MADE + DAY }),
    ),
    expected: ann.id,
  },
  {
    name: 'an expiry on the user id marked as primary',
    commit: byAnn,
    entries: ring(
      primary(ann),
      userId(ann, 'First', { keyLifetime: YEARS_5, isPrimary: true }),
      userId(ann, 'New', { created: MADE + DAY }),
    ),
    expected: refusal('key-expired'),
  },
  {
    name: 'two user ids of the same second that disagree',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'A', { keyLifetime: YEARS_5 }), userId(ann, 'B')),
    expected: refusal('key-evaluated-by-chance'),
  },
  {
    name: 'two user ids of the same second that agree',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'A'), userId(ann, 'B')),
    expected: ann.id,
  },
  {
    name: 'a revoked key',
    commit: byAnn,
    entries: ring(primary(ann), revocation(ann, { revocationReason: 1 }), userId(ann, 'Ann')),
    expected: refusal('key-revoked'),
  },
  {
    name: 'a revocation dated in the future',
    commit: byAnn,
    entries: ring(
      primary(ann),
      revocation(ann, { revocationReason: 1, created: FUTURE }),
      userId(ann, 'Ann'),
    ),
    expected: ann.id,
  },
  {
    name: 'a revocation dated in the future of a key that was stolen',
    commit: byAnn,
    entries: ring(
      primary(ann),
      revocation(ann, { revocationReason: 2, created: FUTURE }),
      userId(ann, 'Ann'),
    ),
    expected: refusal('key-revoked'),
  },
  {
    name: 'a revocation that somebody else made, which spoils the key',
    commit: byAnn,
    entries: ring(primary(ann), revocation(ann, { isWrong: true }), userId(ann, 'Ann')),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'one of two user ids revoked',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'A'), certification(ann, 'A', 0x30), userId(ann, 'B')),
    expected: ann.id,
  },
  {
    name: 'the only user id revoked',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'A'), certification(ann, 'A', 0x30)),
    expected: refusal('key-revoked'),
  },
  {
    name: 'a fresh and a stale export of a revoked key in two entries',
    commit: byAnn,
    entries: {
      'fresh.asc': publicKeys(primary(ann), revocation(ann), userId(ann, 'Ann')),
      'stale.asc': publicKeys(usualKey(ann)),
    },
    expected: ann.id,
  },
  {
    name: 'a fresh and a stale export in one block: the first one counts',
    commit: byAnn,
    entries: ring(primary(ann), revocation(ann), userId(ann, 'Ann'), usualKey(ann)),
    expected: refusal('key-revoked'),
  },
  {
    name: 'a key from the future',
    commit: signedBy(forgeKey('late', FUTURE), { created: FUTURE }),
    entries: ring(primary(forgeKey('late', FUTURE)), userId(forgeKey('late', FUTURE), 'Late')),
    expected: refusal('key-not-yet-valid'),
  },
  {
    name: 'a certification from the future',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { created: FUTURE })),
    expected: refusal('key-not-yet-valid'),
  },
  {
    name: 'a certification that has itself expired',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { lifetime: DAY })),
    expected: refusal('key-expired'),
  },
  {
    name: 'a key that may only certify',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { flags: FLAGS.certify })),
    expected: refusal('key-not-for-signing'),
  },
  {
    name: 'a key without flags',
    commit: byAnn,
    entries: ring(primary(ann), userId(ann, 'Ann', { flags: undefined })),
    expected: refusal('key-not-for-signing'),
  },
];

const certifier = [primary(ann), userId(ann, 'Ann', { flags: FLAGS.certify })];
const bySub = signedBy(annsSub, { created: MADE + 2 * DAY });

const SUBKEYS: readonly VerdictCase[] = [
  {
    name: 'a subkey: the primary key is reported',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub)),
    expected: ann.id,
  },
  {
    name: 'an export from before the subkey',
    commit: bySub,
    entries: ring(...certifier),
    expected: refusal('unknown-key'),
  },
  {
    name: 'a subkey that did not sign back, which spoils the key',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub, { back: 'none' })),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'a subkey whose signature back is wrong',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub, { back: { isWrong: true } })),
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'an expired subkey',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub, { keyLifetime: DAY })),
    expected: refusal('key-expired'),
  },
  {
    name: 'a revoked subkey',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub), subkeyRevocation(ann, annsSub)),
    expected: refusal('key-revoked'),
  },
  {
    name: 'a subkey to encrypt with',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub, { flags: FLAGS.encrypt, back: 'none' })),
    expected: refusal('key-not-for-signing'),
  },
  {
    name: 'a live subkey of an expired key',
    commit: bySub,
    entries: ring(primary(ann), userId(ann, 'Ann', { keyLifetime: YEARS_5 }), subkey(ann, annsSub)),
    expected: refusal('key-expired'),
  },
  {
    name: 'a signature back that expired',
    commit: bySub,
    entries: ring(...certifier, subkey(ann, annsSub, { back: { lifetime: DAY } })),
    expected: refusal('key-expired'),
  },
  {
    name: 'a subkey of which an unreadable packet follows: the key only is lost',
    commit: byAnn,
    entries: ring(usualKey(ben), packet(14, ben.body), packet(30, Buffer.of(1)), usualKey(ann)),
    expected: ann.id,
  },
];

const NOTATION = Buffer.concat([Buffer.of(0x80, 0, 0, 0, 0, 3, 0, 2), Buffer.from('a@bcd')]);
const ISSUER = subpacket(16, Buffer.from(ann.id, 'hex'));

const SIGNATURES: readonly VerdictCase[] = [
  { name: 'SHA-1', commit: signedBy(ann, { hash: HASH.sha1 }), entries: GOOD, expected: ann.id },
  {
    name: 'SHA-224',
    commit: signedBy(ann, { hash: HASH.sha224 }),
    entries: GOOD,
    expected: ann.id,
  },
  { name: 'SHA3-256', commit: signedBy(ann, { hash: HASH.sha3 }), entries: GOOD, expected: ann.id },
  {
    name: 'MD5',
    commit: signedBy(ann, { hash: HASH.md5 }),
    entries: GOOD,
    expected: refusal('unsupported-algorithm'),
  },
  {
    name: 'dated before its key',
    commit: signedBy(ann, { created: MADE - YEARS_5 }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'dated in the future',
    commit: signedBy(ann, { created: FUTURE }),
    entries: GOOD,
    expected: refusal('signature-not-yet-valid'),
  },
  {
    name: 'past its own expiry',
    commit: signedBy(ann, { lifetime: DAY }),
    entries: GOOD,
    expected: refusal('signature-expired'),
  },
  {
    name: 'over other bytes',
    commit: signedBy(ann, { isWrong: true }),
    entries: GOOD,
    expected: refusal('bad-signature'),
  },
  {
    name: 'over text, whose line ends do not count',
    commit: signedBy(ann, {
      type: 0x01,
      data: Buffer.from(PAYLOAD.toString().replaceAll('\n', '\r\n')),
    }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'of a type that is not for documents',
    commit: signedBy(ann, { type: 0x10 }),
    entries: GOOD,
    expected: refusal('bad-signature'),
  },
  {
    name: 'a notation',
    commit: signedBy(ann, { more: [subpacket(20, NOTATION)] }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'a critical notation',
    commit: signedBy(ann, { more: [subpacket(0x80 | 20, NOTATION)] }),
    entries: GOOD,
    expected: refusal('critical-notation'),
  },
  {
    name: 'an unknown critical subpacket',
    commit: signedBy(ann, { more: [subpacket(0x80 | 100, Buffer.of(1))] }),
    entries: GOOD,
    expected: refusal('unsupported-algorithm'),
  },
  {
    name: 'an unknown subpacket',
    commit: signedBy(ann, { more: [subpacket(100, Buffer.of(1))] }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'without its maker',
    commit: signedBy(ann, { isAnonymous: true }),
    entries: GOOD,
    expected: refusal('malformed-signature'),
  },
  {
    name: 'its maker where nothing protects it',
    commit: signedBy(ann, { isAnonymous: true, unhashed: [ISSUER] }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'an expiry where nothing protects it',
    commit: signedBy(ann, { unhashed: [subpacket(3, Buffer.of(0, 0, 0, 1))] }),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'two signatures, the second by a known key',
    commit: commitWith(
      armor('PGP SIGNATURE', forgeSignature(ben, 0, PAYLOAD), forgeSignature(ann, 0, PAYLOAD)),
    ),
    entries: GOOD,
    expected: ann.id,
  },
  {
    name: 'two signatures of known keys, the first one wrong',
    commit: commitWith(
      armor(
        'PGP SIGNATURE',
        forgeSignature(ben, 0, PAYLOAD, { isWrong: true }),
        forgeSignature(ann, 0, PAYLOAD),
      ),
    ),
    entries: ring(usualKey(ann), usualKey(ben)),
    expected: refusal('bad-signature'),
  },
  {
    name: 'a user id before the signature',
    commit: commitWith(
      armor('PGP SIGNATURE', packet(13, Buffer.from('x')), forgeSignature(ann, 0, PAYLOAD)),
    ),
    entries: GOOD,
    expected: refusal('malformed-signature'),
  },
  {
    name: 'no signature',
    commit: PAYLOAD,
    entries: GOOD,
    expected: refusal('unsigned'),
  },
  {
    name: 'S/MIME and gitsign',
    commit: commitWith('-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----'),
    entries: GOOD,
    expected: refusal('unsupported-kind'),
  },
];

const sue = forgeSshKey('sue');
const tim = forgeSshKey('tim');
const token = forgeSshKey('token', 'ssh:');
const bySue = signedBySsh(sue);

const SSH: readonly VerdictCase[] = [
  {
    name: 'an SSH key',
    commit: bySue,
    entries: { 'id.sshpub': sue.line },
    expected: sue.fingerprint,
  },
  {
    name: 'another SSH key',
    commit: bySue,
    entries: { 'id.sshpub': tim.line },
    expected: refusal('unknown-key'),
  },
  {
    name: 'one of several lines, comments and empty lines between',
    commit: bySue,
    entries: { 'id.sshpub': `# team\n${tim.line}\n\n  ${sue.line}\r\n` },
    expected: sue.fingerprint,
  },
  {
    name: 'a bad line behind the right one',
    commit: bySue,
    entries: { 'id.sshpub': `${sue.line}\nnonsense\n` },
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'a bad entry beside a right one',
    commit: bySue,
    entries: { 'a.sshpub': 'nonsense', 'id.sshpub': sue.line },
    expected: sue.fingerprint,
  },
  {
    name: 'the SSH key in an entry of another name',
    commit: bySue,
    entries: { 'id.pub': sue.line },
    expected: refusal('no-keys-of-this-kind'),
  },
  {
    name: 'an SSH key with an expiry, which does not count',
    commit: bySue,
    entries: { 'id.sshpub': `expiry-time="20200101",no-pty ${sue.line}` },
    expected: sue.fingerprint,
  },
  {
    name: 'a line of allowed_signers',
    commit: bySue,
    entries: { 'id.sshpub': `sue@example.org ${sue.line}` },
    expected: sue.fingerprint,
  },
  {
    name: 'a line of allowed_signers with options',
    commit: bySue,
    entries: { 'id.sshpub': `sue@example.org namespaces="git" ${sue.line}` },
    expected: refusal('unreadable-keys'),
  },
  {
    name: 'SHA-256',
    commit: signedBySsh(sue, { hash: 'sha256' }),
    entries: { 'id.sshpub': sue.line },
    expected: sue.fingerprint,
  },
  {
    name: 'SHA-1 over SSH',
    commit: signedBySsh(sue, { hash: 'sha1' }),
    entries: { 'id.sshpub': sue.line },
    expected: refusal('malformed-signature'),
  },
  {
    name: 'signed as a file',
    commit: signedBySsh(sue, { namespace: 'file' }),
    entries: { 'id.sshpub': sue.line },
    expected: refusal('wrong-namespace'),
  },
  {
    name: 'an SSH signature over other bytes',
    commit: signedBySsh(sue, { payload: Buffer.from('other') }),
    entries: { 'id.sshpub': sue.line },
    expected: refusal('bad-signature'),
  },
  {
    name: 'a signature of another format than the key',
    commit: signedBySsh(sue, { format: 'ecdsa-sha2-nistp256' }),
    entries: { 'id.sshpub': sue.line },
    expected: refusal('bad-signature'),
  },
  {
    name: 'a security key',
    commit: signedBySsh(token),
    entries: { 'id.sshpub': token.line },
    expected: token.fingerprint,
  },
  {
    name: 'a security key that nobody touched',
    commit: signedBySsh(token, { flags: 0 }),
    entries: { 'id.sshpub': token.line },
    expected: refusal('bad-signature'),
  },
  {
    name: 'a security key for another application',
    commit: signedBySsh(token),
    entries: { 'id.sshpub': forgeSshKey('token', 'ssh:other').line },
    expected: refusal('unknown-key'),
  },
  {
    name: 'an armor without its last line',
    commit: commitWith(forgeSshSignature(sue).replace(/-----END.*\n/, '')),
    entries: { 'id.sshpub': sue.line },
    expected: refusal('malformed-signature'),
  },
];

/** Every one was put to Flux's own verifier, fluxcd/pkg/git 0.52, with the same answer. */
export const VERDICTS: readonly VerdictCase[] = [
  ...KEYS,
  ...NOW_RULE,
  ...SUBKEYS,
  ...SIGNATURES,
  ...SSH,
];
