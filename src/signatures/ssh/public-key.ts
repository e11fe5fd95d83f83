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

/** The numbers, and where they are integers of the protocol, those as they stand. */
type ReadNumbers = SshNumbers & { readonly integers?: readonly Uint8Array[] };

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
  const range = { start: 0, end: 0 };
  function readKey(): ReadNumbers {
    range.start = reader.offset();
    const numbers = readNumbers(reader, certified ?? algorithm);
    range.end = reader.offset();
    return numbers;
  }
  const numbers =
    certified === undefined ? readKey() : readCertificate(reader, readKey, parsePlainKey);
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: trailing junk in public key');
  return { algorithm, fingerprint: fingerprintOf(blob, numbers, range), numbers };
}

function parsePlainKey(blob: Uint8Array): void {
  const reader = createWireReader(blob);
  readNumbers(reader, toText(reader.string()));
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: trailing junk in public key');
}

function readNumbers(reader: WireReader, algorithm: string): ReadNumbers {
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

function readRsa(reader: WireReader, algorithm: string): ReadNumbers {
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
  return { algorithm, verifier, bits, integers: [exponent, modulus] };
}

/** SSH knows one size of DSA key only. */
function readDsa(reader: WireReader, algorithm: string): ReadNumbers {
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
  const verifier = dsaVerifier({ prime, order, generator, value });
  return { algorithm, verifier, integers: [prime, order, generator, value] };
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

/**
 * Go's library writes the key again before it hashes it: integers lose their spare zeros.
 *
 * @param range of the numbers in the blob.
 */
function fingerprintOf(
  blob: Uint8Array,
  { integers }: ReadNumbers,
  range: { start: number; end: number },
): string {
  const rewritten =
    integers === undefined
      ? [blob]
      : [blob.subarray(0, range.start), ...integers.map(rewrite), blob.subarray(range.end)];
  const digest = createHash('sha256').update(Buffer.concat(rewritten)).digest('base64');
  return `SHA256:${digest.slice(0, -1)}`;
}

function rewrite(integer: Uint8Array): Uint8Array {
  if (isNegative(integer)) return toWireString(integer);
  const significant = withoutLeadingZeros(integer);
  const sign = new Uint8Array(isNegative(significant) ? 1 : 0);
  return toWireString(Buffer.concat([sign, significant]));
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
