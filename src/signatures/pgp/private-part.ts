import { toNumber } from '../bytes.ts';
import { hashAlgorithm } from './algorithms.ts';
import { malformed, unsupported } from './packet-error.ts';
import { type PacketBody, read, readOrEnd, readRest } from './packet-stream.ts';

/** How the private part is protected. */
const PLAIN = 0;
const AEAD = 253;
const SHA1_CHECKED = 254;
const CHECKSUMMED = 255;

/** Block sizes of ciphers, nonce sizes of AEAD modes. */
const BLOCK_SIZES = new Map([
  [2, 8],
  [3, 8],
  [7, 16],
  [8, 16],
  [9, 16],
]);
const NONCE_SIZES = new Map([
  [1, 16],
  [2, 15],
  [3, 12],
]);

/**
 * Passes over the private part of a key packet, refusing what Flux's library refuses: it takes a
 * private key block for a keyring. Nothing of it is kept or looked at but its checksum; whether
 * unprotected numbers fit the public ones is not worked out. Throws a PacketError.
 */
export function skipPrivatePart(body: PacketBody, version: number): void {
  const protection = toNumber(read(body, 1));
  if (protection === PLAIN) {
    checkPlainPart(readRest(body), version);
    return;
  }
  if (protection !== AEAD && protection !== SHA1_CHECKED && protection !== CHECKSUMMED) {
    throw unsupported('deprecated s2k function in private key');
  }
  if (version === 6) read(body, 1);
  if (version === 6 && protection === CHECKSUMMED) {
    throw malformed('wrong s2k identifier for version 6');
  }
  const cipher = toNumber(read(body, 1));
  if (cipher !== 0 && !BLOCK_SIZES.has(cipher)) {
    throw unsupported('unsupported cipher function in private key');
  }
  const mode = protection === AEAD ? toNumber(read(body, 1)) : undefined;
  if (mode !== undefined && !NONCE_SIZES.has(mode)) {
    throw unsupported('unsupported aead mode in private key');
  }
  if (version === 6) read(body, 1);
  const derivation = skipDerivation(body);
  // A stub of GnuPG, whose private part is elsewhere, ends here.
  if (derivation === 'stub') return;
  if (derivation === 'argon2' && protection !== AEAD) {
    throw malformed('using Argon2 S2K without AEAD is not allowed');
  }
  if (derivation === 'simple' && version === 6) {
    throw malformed('using Simple S2K with version 6 keys is not allowed');
  }
  const size = mode === undefined ? BLOCK_SIZES.get(cipher) : NONCE_SIZES.get(mode);
  if (size === undefined) throw unsupported(`unsupported cipher in private key: ${cipher}`);
  read(body, size);
  readRest(body);
}

function checkPlainPart(content: Uint8Array, version: number): void {
  if (content.length < 2) throw malformed('truncated private key data');
  if (version === 6) return;
  let sum = 0;
  for (const byte of content.subarray(0, -2)) sum = (sum + byte) & 0xffff;
  if (sum !== toNumber(content.subarray(-2))) throw malformed('private key checksum failure');
}

type Derivation = 'simple' | 'salted' | 'argon2' | 'stub';

/** String-to-key specifiers: RFC 9580, 3.7.1. */
function skipDerivation(body: PacketBody): Derivation {
  const mode = toNumber(readOrEnd(body, 1));
  switch (mode) {
    case 0:
      requireHash(readOrEnd(body, 1));
      return 'simple';
    case 1:
      requireHash(readOrEnd(body, 9));
      return 'salted';
    case 3:
      requireHash(readOrEnd(body, 10));
      return 'salted';
    case 4:
      checkArgon2(readOrEnd(body, 19));
      return 'argon2';
    case 101:
      if (Buffer.from(readOrEnd(body, 5).subarray(1)).toString('latin1') !== 'GNU\u0001') {
        throw unsupported('GNU S2K extension');
      }
      return 'stub';
    default:
      throw unsupported('S2K function');
  }
}

function requireHash([id = 0]: Uint8Array): void {
  if (hashAlgorithm(id) === undefined) throw unsupported(`hash for S2K function: ${id}`);
}

/** 16 bytes of salt, then passes, parallelism and the binary logarithm of the memory. */
function checkArgon2(parameters: Uint8Array): void {
  const [passes = 0, parallelism = 0, memory = 0] = parameters.subarray(16);
  if (parallelism === 0) throw malformed('invalid argon2 params: parallelism is 0');
  if (passes === 0) throw malformed('invalid argon2 params: iterations is 0');
  if (memory > 31 || 2 ** memory < 8 * parallelism) {
    throw malformed('invalid argon2 params: memory is out of bounds');
  }
}
