/** Numbers of the OpenPGP standard that Flux's library (ProtonMail go-crypto 1.4) understands. */

export interface HashAlgorithm {
  /** Number in packets. */
  readonly id: number;
  /** Name for `node:crypto`. */
  readonly name: string;
  /** Length of the salt of a version 6 signature; undefined where such may not use the hash. */
  readonly saltLength: number | undefined;
}

const HASHES: readonly HashAlgorithm[] = [
  { id: 2, name: 'sha1', saltLength: undefined },
  { id: 8, name: 'sha256', saltLength: 16 },
  { id: 9, name: 'sha384', saltLength: 24 },
  { id: 10, name: 'sha512', saltLength: 32 },
  { id: 11, name: 'sha224', saltLength: 16 },
  { id: 12, name: 'sha3-256', saltLength: 16 },
  { id: 14, name: 'sha3-512', saltLength: 32 },
];

/** SHA-1 is accepted, MD5 and RIPEMD-160 are not known. */
export function hashAlgorithm(id: number): HashAlgorithm | undefined {
  return HASHES.find((hash) => hash.id === id);
}

export const SHA1 = 2;

export const PUBLIC_KEY = {
  rsa: 1,
  rsaEncryptOnly: 2,
  rsaSignOnly: 3,
  elgamal: 16,
  dsa: 17,
  ecdh: 18,
  ecdsa: 19,
  eddsaLegacy: 22,
  x25519: 25,
  x448: 26,
  ed25519: 27,
  ed448: 28,
} as const;

const SIGNING: ReadonlySet<number> = new Set([
  PUBLIC_KEY.rsa,
  PUBLIC_KEY.rsaSignOnly,
  PUBLIC_KEY.dsa,
  PUBLIC_KEY.ecdsa,
  PUBLIC_KEY.eddsaLegacy,
  PUBLIC_KEY.ed25519,
  PUBLIC_KEY.ed448,
]);

export function canSign(algorithm: number): boolean {
  return SIGNING.has(algorithm);
}

export interface Curve {
  /** For people. */
  readonly name: string;
  /** What the curve serves. */
  readonly use: 'ecdsa' | 'eddsa' | 'ecdh';
  /** Length of one coordinate in bytes. */
  readonly size: number;
  /** Object identifier as in a key packet, hexadecimal. */
  readonly oid: string;
}

const CURVES: readonly Curve[] = [
  { name: 'NIST P-256', use: 'ecdsa', size: 32, oid: '2a8648ce3d030107' },
  { name: 'NIST P-384', use: 'ecdsa', size: 48, oid: '2b81040022' },
  { name: 'NIST P-521', use: 'ecdsa', size: 66, oid: '2b81040023' },
  { name: 'secp256k1', use: 'ecdsa', size: 32, oid: '2b8104000a' },
  { name: 'Brainpool P-256', use: 'ecdsa', size: 32, oid: '2b2403030208010107' },
  { name: 'Brainpool P-384', use: 'ecdsa', size: 48, oid: '2b240303020801010b' },
  { name: 'Brainpool P-512', use: 'ecdsa', size: 64, oid: '2b240303020801010d' },
  { name: 'Ed25519', use: 'eddsa', size: 32, oid: '2b06010401da470f01' },
  { name: 'Ed448', use: 'eddsa', size: 57, oid: '2b6571' },
  { name: 'Curve25519', use: 'ecdh', size: 32, oid: '2b060104019755010501' },
  { name: 'X448', use: 'ecdh', size: 56, oid: '2b656f' },
];

export function curveByOid(oid: string): Curve | undefined {
  return CURVES.find((curve) => curve.oid === oid);
}

/** Types of signature packets. */
export const SIGNATURE = {
  binary: 0x00,
  text: 0x01,
  genericCertification: 0x10,
  positiveCertification: 0x13,
  subkeyBinding: 0x18,
  primaryKeyBinding: 0x19,
  directKey: 0x1f,
  keyRevocation: 0x20,
  subkeyRevocation: 0x28,
  certificationRevocation: 0x30,
} as const;
