import { concat, toNumber } from '../bytes.ts';
import { type HashAlgorithm, PUBLIC_KEY, SIGNATURE, canSign, hashAlgorithm } from './algorithms.ts';
import { createFieldReader } from './fields.ts';
import { malformed, unsupported } from './packet-error.ts';
import { type PacketBody, read } from './packet-stream.ts';
import { type Subpackets, readSubpackets } from './subpackets.ts';

/** A signature as its packet says it. Everything is unproven until the numbers are checked. */
export interface SignaturePacket extends Readonly<Subpackets> {
  readonly packet: 'signature';
  readonly created: number;
  readonly version: 4 | 6;
  readonly type: number;
  readonly algorithm: number;
  readonly hash: HashAlgorithm;
  /** Hashed after the signed data: the fields that the signature protects, and their length. */
  readonly trailer: Uint8Array;
  /** First two bytes of the hash: compared in version 6 only. */
  readonly hashTag: Uint8Array;
  /** Hashed before the signed data; empty in version 4. */
  readonly salt: Uint8Array;
  /** The numbers of the signature, in the order of the packet. */
  readonly numbers: readonly Uint8Array[];
}

/** Deeper nesting of signatures in signatures has no use and could exhaust the stack. */
const MAX_EMBEDDING = 8;

/** Reads a signature packet. Throws a PacketError. */
export function readSignature(body: PacketBody, depth = 0): SignaturePacket {
  if (depth > MAX_EMBEDDING) throw malformed('signatures are nested too deeply');
  const version = toNumber(read(body, 1));
  if (version !== 4 && version !== 6) throw unsupported(`signature packet version ${version}`);
  const lengthSize = version === 6 ? 4 : 2;
  const head = read(body, 3 + lengthSize);
  const [type = 0, algorithm = 0, hashId = 0] = head;
  if (!canSign(algorithm)) throw unsupported(`public key algorithm ${algorithm}`);
  const hash = hashAlgorithm(hashId);
  if (hash === undefined || (version === 6 && hash.saltLength === undefined)) {
    throw unsupported(`hash function ${hashId}`);
  }
  const fields: Subpackets = {};
  const readEmbedded = (content: Uint8Array) => readCrossSignature(content, depth + 1);
  const hashed = read(body, toNumber(head.subarray(3)));
  readSubpackets(fields, { bytes: hashed, isHashed: true, version, readEmbedded });
  const { created } = fields;
  if (created === undefined) throw malformed('no creation time in signature');
  const unhashed = read(body, toNumber(read(body, lengthSize)));
  readSubpackets(fields, { bytes: unhashed, isHashed: false, version, readEmbedded });
  return {
    packet: 'signature',
    version,
    type,
    algorithm,
    hash,
    trailer: toTrailer(version, concat(Uint8Array.of(version), head, hashed)),
    ...fields,
    created,
    hashTag: read(body, 2),
    salt: version === 6 ? readSalt(body, hash) : new Uint8Array(),
    numbers: readNumbers(body, algorithm),
  };
}

/** A subkey's statement that it belongs to the primary key: without it others could claim it. */
function readCrossSignature(content: Uint8Array, depth: number): SignaturePacket {
  const source = { bytes: content, at: 0, failure: undefined };
  const body: PacketBody = { source, remaining: Infinity, isPartial: false };
  const signature = readSignature(body, depth);
  if (signature.type !== SIGNATURE.primaryKeyBinding) {
    throw malformed(`cross-signature has unexpected type ${signature.type}`);
  }
  return signature;
}

function toTrailer(version: number, covered: Uint8Array): Uint8Array {
  const end = Buffer.alloc(6);
  end.writeUInt8(version, 0);
  end.writeUInt8(0xff, 1);
  end.writeUInt32BE(covered.length, 2);
  return concat(covered, end);
}

function readSalt(body: PacketBody, hash: HashAlgorithm): Uint8Array {
  const length = toNumber(read(body, 1));
  if (length !== hash.saltLength) {
    throw malformed('unexpected salt size for the given hash algorithm');
  }
  return read(body, length);
}

function readNumbers(body: PacketBody, algorithm: number): Uint8Array[] {
  const fields = createFieldReader(body);
  switch (algorithm) {
    case PUBLIC_KEY.rsa:
    case PUBLIC_KEY.rsaSignOnly:
      return [fields.mpi()];
    case PUBLIC_KEY.ed25519:
      return [fields.fixed(64)];
    case PUBLIC_KEY.ed448:
      return [fields.fixed(114)];
    default:
      return [fields.mpi(), fields.mpi()];
  }
}
