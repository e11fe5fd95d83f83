import { createHash } from 'node:crypto';

import { concat, isEqual, leftPad } from '../bytes.ts';
import { PUBLIC_KEY } from './algorithms.ts';
import type { PublicKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';

/** Whether a key made a signature over some data. Validity in time is another question. */
export function isSignedBy(
  key: PublicKey,
  signature: SignaturePacket,
  ...data: readonly Uint8Array[]
): boolean {
  const { verifier } = key.material;
  if (verifier === undefined || key.algorithm !== signature.algorithm) return false;
  const signed = concat(signature.salt, ...data, signature.trailer);
  const { name } = signature.hash;
  // Version 4 signatures are accepted with a wrong hash tag: only the whole hash counts.
  if (signature.version === 6 && !startsWithTag(digest(name, signed), signature)) return false;
  switch (key.algorithm) {
    case PUBLIC_KEY.eddsaLegacy:
    case PUBLIC_KEY.ed25519:
    case PUBLIC_KEY.ed448: {
      const joined = joinEdwards(key, signature.numbers);
      return joined !== undefined && verifier.check(null, digest(name, signed), [joined]);
    }
    default:
      return verifier.check(name, signed, signature.numbers);
  }
}

/** The older packets give R and S as numbers that may lack zeros; of Ed448 R is everything. */
function joinEdwards(key: PublicKey, numbers: readonly Uint8Array[]): Uint8Array | undefined {
  const [r = new Uint8Array(), s = new Uint8Array()] = numbers;
  if (key.algorithm !== PUBLIC_KEY.eddsaLegacy) return r;
  if (key.material.name === 'Ed448') return r.length === 115 ? r.subarray(1) : undefined;
  const parts = [leftPad(r, 32), leftPad(s, 32)];
  return parts.every((part) => part !== undefined) ? concat(...parts) : undefined;
}

function digest(hash: string, bytes: Uint8Array): Uint8Array {
  return createHash(hash).update(bytes).digest();
}

function startsWithTag(hash: Uint8Array, signature: SignaturePacket): boolean {
  return isEqual(hash.subarray(0, 2), signature.hashTag);
}
