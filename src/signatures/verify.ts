import type { Refusal, SignatureKind, Verdict } from '../model/commit.ts';
import {
  type Signed,
  type SignedCommit,
  type SignedTag,
  type Undecodable,
  parseCommit,
  parseTag,
} from './git-object.ts';
import type { Keyring, KeyringEntry } from './keyring.ts';
import { verifyPgp } from './pgp/verify.ts';
import { kindOfSignature } from './signature-kind.ts';
import { verifySsh } from './ssh/verify.ts';

/** Flux's verdict on a raw commit (`git cat-file commit`). Attacker-controlled; never throws. */
export function verifyCommit(commit: Uint8Array, keyring: Keyring, now: Date): Verdict {
  return verifyObject(parseCommit(commit), keyring, now);
}

/** Flux's verdict on a raw annotated tag (`git cat-file tag`). Never throws. */
export function verifyTag(tag: Uint8Array, keyring: Keyring, now: Date): Verdict {
  return verifyObject(parseTag(tag), keyring, now);
}

/** Flux's verdict on an object that was read before. */
export function verifyObject(
  object: SignedCommit | SignedTag | Undecodable,
  keyring: Keyring,
  now: Date,
): Verdict {
  if (object.type === 'undecodable') {
    const detail = 'The object is not what git writes, so Flux cannot check it out.';
    return refused(undefined, 'undecodable-object', object.error, detail);
  }
  if (object.type === 'tag' && object.signature.length === 0) {
    const error = `cannot verify signature of tag '${object.name}@${object.id}' since it is not signed`;
    return refused('empty', 'unsigned', error, 'The tag is not signed.');
  }
  return verifySigned(object, keyring, now);
}

/** Flux's verdict on a signature and what it signs, as GitHub's API gives them. Never throws. */
export function verifySigned(signed: Signed, keyring: Keyring, now: Date): Verdict {
  if (!keyring.knowsSsh) return verifyBefore29(signed, keyring, now);
  const kind = kindOfSignature(signed.signature);
  switch (kind) {
    case 'openpgp':
      return verifyWithPgp(signed, keyring, now);
    case 'ssh':
      return verifyWithSsh(signed, keyring);
    case 'empty':
      return refused(kind, 'unsigned', `unsupported signature type: ${kind}`, UNSIGNED);
    default:
      return refused(kind, 'unsupported-kind', `unsupported signature type: ${kind}`, UNSUPPORTED);
  }
}

const UNSIGNED = 'The commit is not signed.';
const UNSUPPORTED = 'Flux verifies PGP and SSH signatures only, not X.509 (S/MIME, gitsign).';
const NO_MATCH = 'unable to verify payload with any of the given key rings';

type PgpKeyringEntry = Extract<KeyringEntry, { kind: 'openpgp' }>;
type SshKeyringEntry = Extract<KeyringEntry, { kind: 'ssh' }>;

function verifyWithPgp(signed: Signed, keyring: Keyring, now: Date): Verdict {
  const kind = 'openpgp';
  const entries = keyring.entries.filter((entry): entry is PgpKeyringEntry => entry.kind === kind);
  if (entries.length === 0) {
    const error =
      'PGP signature detected but no PGP public keys found in secret (keys with .asc suffix)';
    const claim = verifyPgp(signed.signature, signed.payload, [], toSeconds(now));
    return {
      ...refused(kind, 'no-keys-of-this-kind', error, 'The keyring holds no PGP keys.'),
      ...(!claim.accepted && claimOf(claim)),
    };
  }
  const outcome = verifyPgp(signed.signature, signed.payload, entries, toSeconds(now));
  if (outcome.accepted) return { ...outcome, signatureKind: kind };
  const prefix = `unable to verify Git ${signed.type}: `;
  const [unreadable] = entries;
  if (unreadable?.error !== undefined && entries.every((entry) => entry.error !== undefined)) {
    const error = `${prefix}unable to read armored key ring: ${unreadable.error}`;
    return { ...refused(kind, 'unreadable-keys', error, UNREADABLE), ...claimOf(outcome) };
  }
  return { ...outcome, signatureKind: kind, error: `${prefix}${NO_MATCH}: no matching key` };
}

const UNREADABLE = 'No entry of the keyring is a PGP keyring that Flux can read.';

function verifyWithSsh(signed: Signed, keyring: Keyring): Verdict {
  const kind = 'ssh';
  const entries = keyring.entries.filter((entry): entry is SshKeyringEntry => entry.kind === kind);
  if (entries.length === 0) {
    const error =
      'SSH signature detected but no SSH public keys found in secret (keys with .sshpub suffix)';
    const detail = 'The keyring has no entry whose name ends in .sshpub.';
    const claim = verifySsh(signed.signature, signed.payload, []);
    return {
      ...refused(kind, 'no-keys-of-this-kind', error, detail),
      ...(!claim.accepted && claimOf(claim)),
    };
  }
  const outcome = verifySsh(signed.signature, signed.payload, entries);
  if (outcome.accepted) return { ...outcome, signatureKind: kind, warnings: [] };
  const error = `unable to verify Git ${signed.type} SSH signature: ${outcome.error}`;
  return { ...outcome, signatureKind: kind, error };
}

/**
 * Flux up to 2.8 takes every signature for a PGP one and every entry for a PGP keyring, and gives
 * up at the first entry that it cannot read. Since it goes through the entries in random order,
 * one such entry is a refusal that comes and goes: here it always is one.
 */
function verifyBefore29(signed: Signed, keyring: Keyring, now: Date): Verdict {
  const kind = kindOfSignature(signed.signature);
  const prefix = `unable to verify Git ${signed.type}: `;
  if (kind === 'empty') {
    const error = `${prefix}unable to verify payload as the provided signature is empty`;
    return refused(kind, 'unsigned', error, UNSIGNED);
  }
  const entries = keyring.entries.filter((entry) => entry.kind === 'openpgp');
  const unreadable = entries.find((entry) => entry.error !== undefined);
  if (unreadable?.error !== undefined) {
    const error = `${prefix}unable to read armored key ring: ${unreadable.error}`;
    return refused(kind, 'unreadable-keys', error, UNREADABLE_BEFORE_29);
  }
  const outcome = verifyPgp(signed.signature, signed.payload, entries, toSeconds(now));
  if (outcome.accepted) return { ...outcome, signatureKind: kind };
  const error = `${prefix}${NO_MATCH}`;
  if (kind === 'openpgp') return { ...outcome, signatureKind: kind, error };
  return kind === 'ssh'
    ? refused(kind, 'kind-not-in-this-version', error, SSH_BEFORE_29)
    : refused(kind, 'unsupported-kind', error, UNSUPPORTED);
}

const UNREADABLE_BEFORE_29 =
  'An entry of the keyring is not a PGP keyring; before Flux 2.9 one such entry can fail them all.';
const SSH_BEFORE_29 = 'Flux verifies SSH signatures from version 2.9 on.';

type Refused = Extract<Verdict, { accepted: false }>;

function refused(
  signatureKind: SignatureKind | undefined,
  refusal: Refusal,
  error: string,
  detail: string,
): Refused {
  return { accepted: false, signatureKind, refusal, error, detail };
}

function claimOf({ claimed }: Pick<Refused, 'claimed'>): Pick<Refused, 'claimed'> {
  return claimed === undefined ? {} : { claimed };
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
