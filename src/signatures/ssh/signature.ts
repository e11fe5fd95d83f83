import { isEqual, toNumber, utf8 } from '../bytes.ts';
import { readPem } from './pem.ts';
import { type SshPublicKey, parseSshPublicKey } from './public-key.ts';
import { SshFormatError, createWireReader, toText } from './wire.ts';

/** An SSH signature (OpenSSH, PROTOCOL.sshsig). Unproven until it is checked. */
export interface SshSignature {
  readonly key: SshPublicKey;
  /** What the signature is for; `git` for commits and tags. */
  readonly namespace: string;
  readonly hash: string;
  /** Name of the signature format: `ssh-ed25519`, `rsa-sha2-512`, … */
  readonly format: string;
  readonly blob: Uint8Array;
  /** What a security key adds: flags and a counter. */
  readonly rest: Uint8Array;
}

const MAGIC = utf8('SSHSIG');
const HASHES = ['sha256', 'sha512'];
const RSA_FORMATS = ['rsa-sha2-256', 'rsa-sha2-512'];
const UNEXPECTED_END = 'ssh: parse error in message type 0';

/** Reads an armored signature as hiddeco/sshsig 0.2 does. Throws an SshFormatError. */
export function parseSshSignature(armored: Uint8Array): SshSignature {
  const block = readPem(armored);
  if (block === undefined) throw new SshFormatError('invalid PEM block');
  if (block.type !== 'SSH SIGNATURE') {
    throw new SshFormatError(`invalid PEM type "${block.type}": expected "SSH SIGNATURE"`);
  }
  const { namespace, hash, inner, key } = readBlob(block.content);
  const reader = createReader(inner);
  const format = toText(reader.string('Format of type Signature'));
  const signature = { format, blob: reader.string(), rest: reader.rest() };
  const publicKey = parseSshPublicKey(key);
  if (publicKey.algorithm === 'ssh-rsa' && !RSA_FORMATS.includes(format)) {
    const expected = RSA_FORMATS.map((name) => `"${name}"`).join(' or ');
    throw new SshFormatError(`invalid signature format "${format}": expected ${expected}`);
  }
  return { key: publicKey, namespace, hash, ...signature };
}

interface Blob {
  readonly key: Uint8Array;
  readonly namespace: string;
  readonly hash: string;
  readonly inner: Uint8Array;
}

function readBlob(bytes: Uint8Array): Blob {
  const reader = createReader(bytes);
  const magic = reader.fixed(MAGIC.length);
  const version = toNumber(reader.fixed(4));
  const key = reader.string('PublicKey of type blob');
  const namespace = toText(reader.string('Namespace of type blob'));
  reader.string('Reserved of type blob');
  const hash = toText(reader.string('HashAlgorithm of type blob'));
  const inner = reader.string('Signature of type blob');
  if (!reader.isAtEnd()) throw new SshFormatError(UNEXPECTED_END);
  if (version !== 1) {
    throw new SshFormatError(`unsupported signature version ${version}: expected 1`);
  }
  if (!isEqual(magic, MAGIC)) {
    throw new SshFormatError(`invalid magic preamble "${toText(magic)}": expected "SSHSIG"`);
  }
  if (!HASHES.includes(hash)) {
    throw new SshFormatError(`unsupported hash algorithm "${hash}": must be "sha256" or "sha512"`);
  }
  return { key, namespace, hash, inner };
}

function createReader(bytes: Uint8Array): ReturnType<typeof createWireReader> {
  if (bytes.length === 0) throw new SshFormatError(UNEXPECTED_END);
  return createWireReader(bytes);
}
