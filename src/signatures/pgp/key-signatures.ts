import { concat } from '../bytes.ts';
import { isSignedBy } from './check-signature.ts';
import { malformed } from './packet-error.ts';
import type { PublicKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';
import { SIGN_FLAG } from './subpackets.ts';

/** Whether a signature says that it was made by a key. By fingerprint, else by key id. */
export function claimsIssuer(signature: SignaturePacket, key: PublicKey): boolean {
  return signature.issuerFingerprint === undefined
    ? signature.issuerId === key.id
    : signature.issuerFingerprint === key.fingerprint;
}

/** A certification (or its revocation) of a user id. */
export function isCertifiedBy(
  key: PublicKey,
  signature: SignaturePacket,
  userId: Uint8Array,
): boolean {
  const head = Buffer.alloc(5);
  head.writeUInt8(0xb4, 0);
  head.writeUInt32BE(userId.length, 1);
  return isSignedBy(key, signature, key.hashed, concat(head, userId));
}

/**
 * A binding of a subkey, or its revocation. A subkey that signs must have signed back: else
 * anybody could bind another's signing key to their own. Throws a PacketError.
 */
export function checkSubkeySignature(
  primary: PublicKey,
  subkey: PublicKey,
  signature: SignaturePacket,
): void {
  if (!isSignedBy(primary, signature, primary.hashed, subkey.hashed)) {
    throw malformed('subkey signature invalid: openpgp: invalid signature');
  }
  if (((signature.keyFlags ?? 0) & SIGN_FLAG) === 0) return;
  const { embedded } = signature;
  if (embedded === undefined) {
    throw malformed('subkey signature invalid: signing subkey is missing cross-signature');
  }
  if (!isSignedBy(subkey, embedded, primary.hashed, subkey.hashed)) {
    throw malformed('subkey signature invalid: error while verifying cross-signature');
  }
}
