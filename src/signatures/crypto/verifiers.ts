import { type KeyObject, createPublicKey, verify } from 'node:crypto';

import { bitLength, concat, leftPad, withoutLeadingZeros } from '../bytes.ts';
import { bitString, integer, nothing, objectIdentifier, sequence } from './der.ts';

/**
 * A public key that can check signatures. The mathematics are those of OpenSSL through
 * `node:crypto`; which keys and signatures are refused before is decided as in Go's library, which
 * Flux uses. Every number here is attacker-controlled.
 */
export interface Verifier {
  /**
   * What one check costs, in checks of an RSA key of 4096 bits (about 0.1 ms): whoever checks
   * many signatures at once keeps a budget.
   */
  readonly cost: number;
  /**
   * @param hash name of the hash for `node:crypto`; null when `signed` is signed without one.
   * @param numbers of the signature: one for RSA and EdDSA (R and S joined), r and s for the rest.
   */
  readonly check: (
    hash: string | null,
    signed: Uint8Array,
    numbers: readonly Uint8Array[],
  ) => boolean;
}

const RSA_ENCRYPTION = '2a864886f70d010101';
const DSA = '2a8648ce380401';
const EC_PUBLIC_KEY = '2a8648ce3d0201';
const EDWARDS = { Ed25519: '2b6570', Ed448: '2b6571' } as const;

/** Go refuses to check with shorter keys since 1.24. */
const SHORTEST_MODULUS = 1024;
/** OpenSSL does not check with longer ones. */
const LONGEST_MODULUS = 16_384;
const LONGEST_DSA_PRIME = 4096;

/** Undefined for numbers with which Flux accepts no signature. */
export function rsaVerifier(modulus: Uint8Array, exponent: Uint8Array): Verifier | undefined {
  const bits = bitLength(modulus);
  const isUsable =
    bits >= SHORTEST_MODULUS && bits <= LONGEST_MODULUS && isOdd(modulus) && isOdd(exponent);
  if (!isUsable || bitLength(exponent) < 2) return undefined;
  const key = lazyKey(
    sequence(objectIdentifier(RSA_ENCRYPTION), nothing()),
    sequence(integer(modulus), integer(exponent)),
  );
  const size = Math.ceil(bits / 8);
  return {
    cost: (bits / 4096) ** 2,
    check: (hash, signed, [signature = new Uint8Array()]) =>
      isSigned(key(), hash, signed, leftPad(signature, size)),
  };
}

export interface DsaNumbers {
  readonly prime: Uint8Array;
  readonly order: Uint8Array;
  readonly generator: Uint8Array;
  readonly value: Uint8Array;
}

/** Undefined for numbers so long that checking takes its time. */
export function dsaVerifier({ prime, order, generator, value }: DsaNumbers): Verifier | undefined {
  const bits = bitLength(prime);
  if (bits > LONGEST_DSA_PRIME) return undefined;
  const key = lazyKey(
    sequence(objectIdentifier(DSA), sequence(integer(prime), integer(order), integer(generator))),
    integer(value),
  );
  return pairVerifier(key, Math.ceil(bitLength(order) / 8), 5 * (bits / 2048) ** 2);
}

/** Undefined when the point, which must be uncompressed, is not on the curve. */
export function ecdsaVerifier(curve: EllipticCurve, point: Uint8Array): Verifier | undefined {
  if (point[0] !== 0x04 || point.length !== 1 + 2 * curve.size) return undefined;
  const key = importKey(
    sequence(objectIdentifier(EC_PUBLIC_KEY), objectIdentifier(curve.oid)),
    point,
  );
  return key && pairVerifier(() => key, curve.size, (curve.size / 32) ** 2 * 4);
}

export interface EllipticCurve {
  /** The encoded identifier in hexadecimal. */
  readonly oid: string;
  /** Length of the order, and of a coordinate, in bytes. */
  readonly size: number;
}

/** @param point 32 bytes for Ed25519, 57 for Ed448. */
export function edwardsVerifier(curve: keyof typeof EDWARDS, point: Uint8Array): Verifier {
  const key = lazyKey(sequence(objectIdentifier(EDWARDS[curve])), point);
  return {
    cost: 2,
    check: (hash, signed, [signature]) => isSigned(key(), hash, signed, signature),
  };
}

function pairVerifier(key: LazyKey, size: number, cost: number): Verifier {
  function check(hash: string | null, signed: Uint8Array, numbers: readonly Uint8Array[]): boolean {
    const [r, s] = numbers.map((number) => leftPad(withoutLeadingZeros(number), size));
    return r !== undefined && s !== undefined && isSigned(key(), hash, signed, concat(r, s));
  }
  return { cost, check };
}

/** Undefined when OpenSSL does not take the numbers. */
type LazyKey = () => KeyObject | undefined;

/** Most keys of a keyring never check anything: they are imported when they first do. */
function lazyKey(algorithm: Uint8Array, key: Uint8Array): LazyKey {
  let imported: { readonly key: KeyObject | undefined } | undefined;
  return () => (imported ??= { key: importKey(algorithm, key) }).key;
}

function importKey(algorithm: Uint8Array, key: Uint8Array): KeyObject | undefined {
  try {
    const der = Buffer.from(sequence(algorithm, bitString(key)));
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function isSigned(
  key: KeyObject | undefined,
  hash: string | null,
  signed: Uint8Array,
  signature: Uint8Array | undefined,
): boolean {
  if (key === undefined || signature === undefined) return false;
  try {
    return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // OpenSSL refuses some malformed numbers with an error instead of a no.
    return false;
  }
}

function isOdd(value: Uint8Array): boolean {
  return ((value.at(-1) ?? 0) & 1) === 1;
}
