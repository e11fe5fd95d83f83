import { bitLength, toHex } from '../bytes.ts';
import {
  type Verifier,
  dsaVerifier,
  ecdsaVerifier,
  edwardsVerifier,
  rsaVerifier,
} from '../crypto/verifiers.ts';
import { type Curve, PUBLIC_KEY, SHA1, curveByOid, hashAlgorithm } from './algorithms.ts';
import type { FieldReader } from './fields.ts';
import { PacketError, malformed, unsupported } from './packet-error.ts';

/** The numbers of a key. */
export interface KeyMaterial {
  /** For people: `RSA 4096`, `Ed25519`. */
  readonly name: string;
  /** Absent when the key only encrypts, or when no signature by it can be accepted. */
  readonly verifier?: Verifier | undefined;
}

const CIPHERS = new Set([2, 3, 7, 8, 9]);
const UNCOMPRESSED_NATIVE = 0x40;

/** Reads the numbers of a public key. Throws a PacketError. */
export function readKeyMaterial(
  fields: FieldReader,
  algorithm: number,
  version: number,
): KeyMaterial {
  switch (algorithm) {
    case PUBLIC_KEY.rsa:
    case PUBLIC_KEY.rsaEncryptOnly:
    case PUBLIC_KEY.rsaSignOnly:
      return readRsa(fields);
    case PUBLIC_KEY.dsa:
      return readDsa(fields);
    case PUBLIC_KEY.elgamal:
      return readElgamal(fields);
    case PUBLIC_KEY.ecdsa:
      return readEcdsa(fields);
    case PUBLIC_KEY.ecdh:
      return readEcdh(fields, version);
    case PUBLIC_KEY.eddsaLegacy:
      return readLegacyEddsa(fields, version);
    case PUBLIC_KEY.x25519:
      fields.fixed(32);
      return { name: 'X25519' };
    case PUBLIC_KEY.x448:
      fields.fixed(56);
      return { name: 'X448' };
    case PUBLIC_KEY.ed25519:
      return { name: 'Ed25519', verifier: edwardsVerifier('Ed25519', fields.fixed(32)) };
    case PUBLIC_KEY.ed448:
      return { name: 'Ed448', verifier: edwardsVerifier('Ed448', fields.fixed(57)) };
    default:
      throw unsupported(`public key type: ${algorithm}`);
  }
}

function readRsa(fields: FieldReader): KeyMaterial {
  const modulus = fields.mpi();
  const exponent = fields.mpi();
  if (exponent.length > 3) throw unsupported('large public exponent');
  return { name: `RSA ${bitLength(modulus)}`, verifier: rsaVerifier(modulus, exponent) };
}

function readDsa(fields: FieldReader): KeyMaterial {
  const numbers = {
    prime: fields.mpi(),
    order: fields.mpi(),
    generator: fields.mpi(),
    value: fields.mpi(),
  };
  return { name: `DSA ${bitLength(numbers.prime)}`, verifier: dsaVerifier(numbers) };
}

function readElgamal(fields: FieldReader): KeyMaterial {
  const prime = fields.mpi();
  fields.mpi();
  fields.mpi();
  return { name: `ElGamal ${bitLength(prime)}` };
}

function readCurve(fields: FieldReader): { curve: Curve; oid: string } {
  const oid = toHex(fields.sized());
  const curve = curveByOid(oid);
  if (curve === undefined) throw unsupported(`unknown oid: ${oid}`);
  return { curve, oid };
}

function readEcdsa(fields: FieldReader): KeyMaterial {
  const { curve, oid } = readCurve(fields);
  const point = fields.mpi();
  if (curve.use !== 'ecdsa') throw unsupported(`unsupported oid: ${oid}`);
  const verifier = ecdsaVerifier(curve, point);
  if (verifier === undefined) {
    throw new PacketError('invalid-key', 'ecdsa: failed to parse EC point');
  }
  return { name: curve.name, verifier };
}

function readEcdh(fields: FieldReader, version: number): KeyMaterial {
  const { curve, oid } = readCurve(fields);
  // Both Curve25519 and Ed25519 carry this name in Flux's library.
  if (version === 6 && curve.name.endsWith('25519')) {
    throw malformed('cannot read v6 key with deprecated OID: Curve25519Legacy');
  }
  const point = fields.mpi();
  const [reserved, hash = 0, cipher = 0] = readDerivation(fields);
  if (curve.use === 'eddsa') throw unsupported(`unsupported oid: ${oid}`);
  if (reserved !== 1) throw unsupported(`unsupported KDF reserved field: ${reserved}`);
  if (hash === SHA1 || hashAlgorithm(hash) === undefined) {
    throw unsupported(`unsupported ECDH KDF hash: ${hash}`);
  }
  if (!CIPHERS.has(cipher)) throw unsupported(`unsupported ECDH KDF cipher: ${cipher}`);
  if (curve.use === 'ecdh' && point.length !== curve.size + 1) {
    throw new PacketError('invalid-key', 'ecdh: failed to parse EC point');
  }
  return { name: `ECDH ${curve.name}` };
}

function readDerivation(fields: FieldReader): Uint8Array {
  const derivation = fields.sized();
  if (derivation.length < 3) throw unsupported(`unsupported ECDH KDF length: ${derivation.length}`);
  return derivation;
}

function readLegacyEddsa(fields: FieldReader, version: number): KeyMaterial {
  if (version === 6) {
    throw malformed('cannot generate v6 key with deprecated algorithm: EdDSALegacy');
  }
  const { curve, oid } = readCurve(fields);
  if (curve.use !== 'eddsa') throw unsupported(`unsupported oid: ${oid}`);
  const point = fields.mpi();
  if (point.length === 0) throw malformed('empty EdDSA public key');
  if (point[0] !== UNCOMPRESSED_NATIVE) {
    throw unsupported(`unsupported EdDSA compression: ${point[0]}`);
  }
  if (point.length !== curve.size + 1) {
    throw new PacketError('invalid-key', 'eddsa: failed to parse EC point');
  }
  const name = curve.name === 'Ed448' ? 'Ed448' : 'Ed25519';
  return { name, verifier: edwardsVerifier(name, point.subarray(1)) };
}
