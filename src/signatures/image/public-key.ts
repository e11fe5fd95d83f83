import { createPublicKey, type KeyObject, verify } from 'node:crypto';

const SHORTEST_RSA_BITS = 2048;

/** A PEM public key that cosign can use; undefined for anything else. */
export function readPublicKey(pem: string): KeyObject | undefined {
  if (pem.length > 20_000 || !/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) return undefined;
  try {
    const key = createPublicKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength;
    if (key.asymmetricKeyType === 'rsa') {
      return bits !== undefined && bits >= SHORTEST_RSA_BITS ? key : undefined;
    }
    return key.asymmetricKeyType === 'ec' || key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** By the kind of key, never by what the signed object says of itself. */
export function isSignedBy(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(hashFor(key), data, key, signature);
  } catch {
    return false;
  }
}

/** Hashes as Sigstore pairs them with curves; Ed25519 hashes by itself. */
function hashFor(key: KeyObject): string | null {
  if (key.asymmetricKeyType === 'ed25519') return null;
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case 'secp384r1':
      return 'sha384';
    case 'secp521r1':
      return 'sha512';
    default:
      return 'sha256';
  }
}
