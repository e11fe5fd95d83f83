import type { ClaimedSigner, SigningKey, VerdictWarning } from '../../model/commit.ts';
import { webFlowKey, webFlowKeyById } from '../web-flow.ts';
import { SHA1, SIGNATURE } from './algorithms.ts';
import { toCanonicalText } from './canonical-text.ts';
import { isSignedBy } from './check-signature.ts';
import type { KeyOfEntity, PgpEntry } from './keyring.ts';
import { type Objection, allowsSigning, objectionTo, primaryBindings } from './now-rule.ts';
import { type SignatureBlock, type SignedByIssuer, readSignatureBlock } from './signature-block.ts';

/** What entries say about a PGP signature. */
export type PgpOutcome =
  | {
      readonly accepted: true;
      readonly key: SigningKey;
      readonly warnings: readonly VerdictWarning[];
    }
  | (Refusal & { readonly accepted: false; readonly claimed?: ClaimedSigner });

type Refusal = Objection & {
  /** The key that made the signature, when the objection is to the key. */
  readonly key?: SigningKey;
};

/**
 * Judges a detached signature entry by entry as Flux's library does; the first one that accepts
 * it decides. When none does, the objection that says most is given: Flux's own text is the same
 * for all of them. Attacker-controlled; never throws.
 *
 * @param now seconds since 1970.
 */
export function verifyPgp(
  signature: Uint8Array,
  payload: Uint8Array,
  entries: readonly PgpEntry[],
  now: number,
): PgpOutcome {
  const block = readSignatureBlock(signature);
  let refusal: Refusal = objectionToBlock(block);
  for (const entry of entries) {
    const signer = findSigner(block.signatures, entry);
    if (signer === undefined) continue;
    const objection = objectionToSigner(signer, payload, now);
    const key = toSigningKey(signer, entry);
    if (objection === undefined) {
      const isSha1 = signer.signature.hash.id === SHA1;
      return { accepted: true, key, warnings: isSha1 ? ['sha1-digest'] : [] };
    }
    if (weight(objection) <= weight(refusal)) continue;
    refusal = { ...objection, ...(weight(objection) === PROVEN && { key }) };
  }
  const [first] = block.signatures;
  return { accepted: false, ...refusal, ...(first && { claimed: toClaim(first) }) };
}

interface Signer extends KeyOfEntity {
  readonly signature: SignedByIssuer;
  readonly maySign: boolean;
}

/**
 * The first signature for which the entry has a key that may sign; no later one is looked at. Of
 * several keys with the same id only the first one counts, since the library hashes the
 * signature's trailer once more for each further one.
 */
function findSigner(signatures: readonly SignedByIssuer[], entry: PgpEntry): Signer | undefined {
  let refused: Signer | undefined;
  for (const signature of signatures) {
    for (const candidate of entry.byId.get(signature.issuerId) ?? []) {
      const maySign = mayEverSign(candidate);
      if (maySign) return { ...candidate, signature, maySign };
      refused ??= { ...candidate, signature, maySign };
    }
  }
  return refused;
}

function mayEverSign({ entity, key }: KeyOfEntity): boolean {
  const subkey = entity.subkeys.find((candidate) => candidate.key === key);
  return subkey === undefined
    ? primaryBindings(entity).some((binding) => allowsSigning(binding.signature))
    : allowsSigning(subkey.binding);
}

function objectionToSigner(
  signer: Signer,
  payload: Uint8Array,
  now: number,
): Objection | undefined {
  const { entity, key, signature } = signer;
  if (!signer.maySign) return { refusal: 'key-not-for-signing', detail: NOT_FOR_SIGNING };
  const signed = signedBytes(signature, payload);
  if (signed === undefined || !isSignedBy(key, signature, signed)) {
    return { refusal: 'bad-signature', detail: BAD_SIGNATURE };
  }
  const objections = primaryBindings(entity).map((binding) =>
    key === entity.primary && !allowsSigning(binding.signature)
      ? { refusal: 'key-not-for-signing' as const, detail: NOT_FOR_SIGNING }
      : objectionTo(signature, { entity, key, binding }, now),
  );
  const stated = objections.filter((objection) => objection !== undefined);
  if (stated.length === 0 || stated.length === objections.length) return stated[0];
  return { refusal: 'key-evaluated-by-chance', detail: BY_CHANCE };
}

const NOT_FOR_SIGNING = 'The key has no flag that lets it sign.';
const BAD_SIGNATURE =
  'The signature does not fit: the commit was changed after signing, or another key made it.';
const BY_CHANCE =
  'The user ids of the key disagree on whether it is valid, and Flux picks one of them by chance.';

/** Undefined for a type of signature that is not over a document. */
function signedBytes({ type }: SignedByIssuer, payload: Uint8Array): Uint8Array | undefined {
  if (type === SIGNATURE.binary) return payload;
  return type === SIGNATURE.text ? toCanonicalText(payload) : undefined;
}

/** What to say when no entry knows the signer. */
function objectionToBlock({ signatures, fault, passedOver }: SignatureBlock): Objection {
  if (signatures.length > 0) {
    const detail = 'It is signed with a key that is not in the keyring.';
    return { refusal: 'unknown-key', detail };
  }
  if (passedOver > 0 && fault === undefined) {
    const detail = 'The signature uses an algorithm that Flux does not know.';
    return { refusal: 'unsupported-algorithm', detail };
  }
  return { refusal: 'malformed-signature', detail: 'The signature cannot be read.' };
}

/** The numbers fit: the key did sign. */
const PROVEN = 3;

/** How much an objection says: most when the key did sign, least when nobody knows it. */
function weight({ refusal }: Objection): number {
  switch (refusal) {
    case 'unknown-key':
    case 'unsupported-algorithm':
    case 'malformed-signature':
      return 0;
    case 'key-not-for-signing':
      return 1;
    case 'bad-signature':
      return 2;
    default:
      return PROVEN;
  }
}

function toSigningKey({ entity }: Signer, entry: PgpEntry): SigningKey {
  const { id, fingerprint } = entity.primary;
  const webFlow = webFlowKey(fingerprint);
  return { kind: 'openpgp', id, fingerprint, entry: entry.name, ...(webFlow && { webFlow }) };
}

function toClaim({ issuerId }: SignedByIssuer): ClaimedSigner {
  const webFlow = webFlowKeyById(issuerId);
  return { kind: 'openpgp', id: issuerId, ...(webFlow && { webFlow }) };
}
