import { createHash } from 'node:crypto';

import { concat, utf8 } from '../bytes.ts';
import type { SshNumbers } from './public-key.ts';
import type { SshSignature } from './signature.ts';
import { SshFormatError, createWireReader, toWireString } from './wire.ts';

/** Formats of signatures by format of the key, and the hash of each. Ed25519 has none. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  'ssh-rsa': { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512', 'ssh-rsa': 'sha1' },
  'ssh-dss': { 'ssh-dss': 'sha1' },
  'ecdsa-sha2-nistp256': { 'ecdsa-sha2-nistp256': 'sha256' },
  'ecdsa-sha2-nistp384': { 'ecdsa-sha2-nistp384': 'sha384' },
  'ecdsa-sha2-nistp521': { 'ecdsa-sha2-nistp521': 'sha512' },
  'ssh-ed25519': { 'ssh-ed25519': null },
  'sk-ecdsa-sha2-nistp256@openssh.com': { 'sk-ecdsa-sha2-nistp256@openssh.com': 'sha256' },
  'sk-ssh-ed25519@openssh.com': { 'sk-ssh-ed25519@openssh.com': null },
};

const USER_PRESENT = 0x01;
const DSA_HALF = 20;

/** Why a signature does not fit. */
export interface Misfit {
  /** Go's text. */
  readonly error: string;
  /** Flux lists the error once, however many keys give it. */
  readonly isShared: boolean;
}

/**
 * Checks what a key signed, as the keys of x/crypto/ssh 0.53 do; undefined when it fits. That of a
 * security key must have been touched.
 */
export function misfitOf(
  numbers: SshNumbers,
  signature: SshSignature,
  payload: Uint8Array,
): Misfit | undefined {
  const formats = FORMATS[numbers.algorithm] ?? {};
  const hash = Object.hasOwn(formats, signature.format) ? formats[signature.format] : undefined;
  if (hash === undefined) {
    const error = `ssh: signature type ${signature.format} for key type ${numbers.algorithm}`;
    return { error, isShared: false };
  }
  const signed = signedBytes(signature, payload);
  try {
    return numbers.application === undefined
      ? check(numbers, signature, hash, signed)
      : checkSecurityKey(numbers, signature, hash, signed);
  } catch (error) {
    if (error instanceof SshFormatError) return { error: error.message, isShared: true };
    throw error;
  }
}

const TOO_SHORT = '-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)';
const NO_FIT: Misfit = { error: 'ssh: signature did not verify', isShared: false };
const NO_FIT_RSA: Misfit = { error: 'crypto/rsa: verification error', isShared: true };

function check(
  { algorithm, verifier, bits = 0 }: SshNumbers,
  { blob }: SshSignature,
  hash: string | null,
  signed: Uint8Array,
): Misfit | undefined {
  if (algorithm === 'ssh-rsa') {
    if (bits < 1024) return { error: `crypto/rsa: ${bits}${TOO_SHORT}`, isShared: false };
    return verifier?.check(hash, signed, [blob]) === true ? undefined : NO_FIT_RSA;
  }
  return verifier?.check(hash, signed, toNumbers(algorithm, blob)) === true ? undefined : NO_FIT;
}

function checkSecurityKey(
  { algorithm, verifier, application = new Uint8Array() }: SshNumbers,
  { blob, rest }: SshSignature,
  hash: string | null,
  signed: Uint8Array,
): Misfit | undefined {
  const numbers = toNumbers(algorithm, blob);
  const reader = createWireReader(rest);
  const state = reader.fixed(1 + 4);
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: parse error in message type 0');
  if (((state[0] ?? 0) & USER_PRESENT) === 0) {
    return { error: 'ssh: signature missing required user presence flag', isShared: true };
  }
  const stated = concat(digest('sha256', application), state, digest('sha256', signed));
  return verifier?.check(hash, stated, numbers) === true ? undefined : NO_FIT;
}

/** The numbers of a signature as the verifiers take them; none that fit for a malformed one. */
function toNumbers(algorithm: string, blob: Uint8Array): Uint8Array[] {
  if (algorithm.includes('ed25519')) return [blob];
  if (algorithm === 'ssh-dss') {
    if (blob.length !== 2 * DSA_HALF) throw new SshFormatError('ssh: DSA signature parse error');
    return [blob.subarray(0, DSA_HALF), blob.subarray(DSA_HALF)];
  }
  const reader = createWireReader(blob);
  const numbers = [reader.string(), reader.string()];
  if (!reader.isAtEnd()) throw new SshFormatError('ssh: parse error in message type 0');
  const isPositive = numbers.every((number) => (number[0] ?? 0) < 0x80);
  return isPositive ? numbers : [];
}

/** What the key signs: not the payload itself but its hash, bound to the namespace. */
function signedBytes({ namespace, hash }: SshSignature, payload: Uint8Array): Uint8Array {
  const fields = [utf8(namespace), new Uint8Array(), utf8(hash), digest(hash, payload)];
  return concat(utf8('SSHSIG'), ...fields.map(toWireString));
}

function digest(hash: string, bytes: Uint8Array): Uint8Array {
  return createHash(hash).update(bytes).digest();
}
