import { createHash } from 'node:crypto';

import { bitLength, withoutLeadingZeros } from '../bytes.ts';
import {
  type Verifier,
  dsaVerifier,
  ecdsaVerifier,
  edwardsVerifier,
  rsaVerifier,
} from '../crypto/verifiers.ts';
import { certifiedAlgorithm, readCertificate } from './certificate.ts';
import { SshFormatError, type WireReader, createWireReader, toText, toWireString } from './wire.ts';

export interface SshPublicKey {
  /** Name of the key format: `ssh-ed25519`, `ssh-rsa-cert-v01@openssh.com`, … */
  readonly algorithm: string;
  /** `SHA256:` and the Base64 hash of the key in wire format. */
  readonly fingerprint: string;
  /** Of a certificate, the key that it certifies. */
  readonly numbers: SshNumbers;
}

/** What a signature is checked with. */
export interface SshNumbers {
  /** Name of the plain key format. */
  readonly algorithm: string;
  /** Absent when no signature by the key can be accepted. */
  readonly verifier: Verifier | undefined;
  /** Security keys only: what the key was made for, usually `ssh:`. */
  readonly application?: Uint8Array;
  /** Length of an RSA key in bits. */
  readonly bits?: number;
}

const CURVES = new Map([
  ['nistp256', { oid: '2a8648ce3d030107', size: 32 }],
  ['nistp384', { oid: '2b81040022', size: 48 }],
  ['nistp521', { oid: '2b81040023', size: 66 }],
]);
const LONGEST_MODULUS = 8192;
const LONGEST_EXPONENT = 24;

/**
 * Reads a public key or certificate in wire format as x/crypto/ssh 0.53 does.
 * Attacker-controlled. Throws an SshFormatError.
 */
export function parseSshPublicKey(blob: Uint8Array): SshPublicKey {
  const reader = createWireReader(blob);
  const algorithm = toText(reader.string());
  const certified = certifiedAlgorithm(algorithm);
  const numbers =
    certified === undefined
      ? readNumbers(reader, algorithm)
      : readCertificate(reader, () => readNumbers(reader, certified), parsePlainKey);
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: trailing junk in public key');
  return { algorithm, fingerprint: fingerprintOf(blob, algorithm), numbers };
}

function parsePlainKey(blob: Uint8Array): void {
  const reader = createWireReader(blob);
  readNumbers(reader, toText(reader.string()));
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: trailing junk in public key');
}

function readNumbers(reader: WireReader, algorithm: string): SshNumbers {
  switch (algorithm) {
    case 'ssh-rsa':
      return readRsa(reader, algorithm);
    case 'ssh-dss':
      return readDsa(reader, algorithm);
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return readEcdsa(reader, algorithm);
    case 'ssh-ed25519':
      return readEd25519(reader, algorithm);
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return { ...readEcdsa(reader, algorithm), application: reader.string() };
    case 'sk-ssh-ed25519@openssh.com':
      return { ...readEd25519(reader, algorithm), application: reader.string() };
    default:
      throw new SshFormatError(`ssh: unknown key algorithm: ${algorithm}`);
  }
}

function readRsa(reader: WireReader, algorithm: string): SshNumbers {
  const exponent = reader.string();
  const modulus = reader.string();
  const bits = bitLength(modulus);
  if (bits > LONGEST_MODULUS) throw new SshFormatError('ssh: rsa modulus too large');
  if (bitLength(exponent) > LONGEST_EXPONENT) throw new SshFormatError('ssh: exponent too large');
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!isOdd || isNegative(exponent) || bitLength(exponent) < 2) {
    throw new SshFormatError('ssh: incorrect exponent');
  }
  const verifier = isNegative(modulus) ? undefined : rsaVerifier(modulus, exponent);
  return { algorithm, verifier, bits };
}

/** SSH knows one size of DSA key only. */
function readDsa(reader: WireReader, algorithm: string): SshNumbers {
  const prime = reader.string();
  const order = reader.string();
  const generator = reader.string();
  const value = reader.string();
  if (bitLength(prime) !== 1024) {
    throw new SshFormatError(`ssh: unsupported DSA key size ${bitLength(prime)}`);
  }
  if (bitLength(order) !== 160) {
    throw new SshFormatError(`ssh: unsupported DSA sub-prime size ${bitLength(order)}`);
  }
  if (!isBetween(generator, prime) || !isBetween(value, prime)) {
    throw new SshFormatError('ssh: DSA value out of range');
  }
  return { algorithm, verifier: dsaVerifier({ prime, order, generator, value }) };
}

function readEcdsa(reader: WireReader, algorithm: string): SshNumbers {
  const name = toText(reader.string());
  const point = reader.string();
  const curve = CURVES.get(name);
  if (curve === undefined) throw new SshFormatError('ssh: unsupported curve');
  if (!algorithm.includes(name)) {
    throw new SshFormatError(`ssh: algorithm type mismatch: expected "${algorithm}"`);
  }
  const verifier = ecdsaVerifier(curve, point);
  if (verifier === undefined) throw new SshFormatError('ssh: invalid curve point');
  return { algorithm, verifier };
}

function readEd25519(reader: WireReader, algorithm: string): SshNumbers {
  const point = reader.string();
  if (point.length !== 32) {
    throw new SshFormatError(`invalid size ${point.length} for Ed25519 public key`);
  }
  return { algorithm, verifier: edwardsVerifier('Ed25519', point) };
}

/** Go's library writes the key again before it hashes it: RSA numbers lose their spare zeros. */
function fingerprintOf(blob: Uint8Array, algorithm: string): string {
  const hash = createHash('sha256').update(algorithm === 'ssh-rsa' ? rewriteRsa(blob) : blob);
  return `SHA256:${hash.digest('base64').replace(/=+$/, '')}`;
}

function rewriteRsa(blob: Uint8Array): Uint8Array {
  const reader = createWireReader(blob);
  const [algorithm, exponent, modulus] = [reader.string(), reader.string(), reader.string()];
  return Buffer.concat([algorithm, toInteger(exponent), toInteger(modulus)].map(toWireString));
}

function toInteger(value: Uint8Array): Uint8Array {
  if (isNegative(value)) return value;
  const significant = withoutLeadingZeros(value);
  return isNegative(significant) ? Buffer.concat([Uint8Array.of(0), significant]) : significant;
}

/** Integers of the SSH protocol are signed. */
function isNegative(value: Uint8Array): boolean {
  return (value[0] ?? 0) >= 0x80;
}

function isBetween(value: Uint8Array, limit: Uint8Array): boolean {
  const [a, b] = [withoutLeadingZeros(value), withoutLeadingZeros(limit)];
  if (a.length === 0 || isNegative(value)) return false;
  return a.length === b.length ? Buffer.compare(a, b) < 0 : a.length < b.length;
}
