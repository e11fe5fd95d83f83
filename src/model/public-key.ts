import { createPublicKey, type KeyObject } from 'node:crypto';

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
