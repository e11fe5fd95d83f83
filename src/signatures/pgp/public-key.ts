import { createHash } from 'node:crypto';

import { concat, toHex, toNumber } from '../bytes.ts';
import { createFieldReader } from './fields.ts';
import { type KeyMaterial, readKeyMaterial } from './key-material.ts';
import { unsupported } from './packet-error.ts';
import { type PacketBody, read } from './packet-stream.ts';

/** A primary key or subkey. */
export interface PublicKey {
  readonly packet: 'key';
  readonly version: 4 | 6;
  readonly isSubkey: boolean;
  /** The packet holds the private part too. It is passed over, never kept. */
  readonly isPrivate: boolean;
  /** Seconds since 1970. */
  readonly created: number;
  readonly algorithm: number;
  readonly material: KeyMaterial;
  /** Upper-case hexadecimal. */
  readonly fingerprint: string;
  /** 16 hexadecimal digits, upper case. */
  readonly id: string;
  /** What a signature over this key hashes. */
  readonly hashed: Uint8Array;
}

/** Reads the public part of a key packet; leaves a private part unread. Throws a PacketError. */
export function readPublicKey(
  body: PacketBody,
  kind: { isSubkey: boolean; isPrivate: boolean },
): PublicKey {
  const head = read(body, 6);
  const version = head[0] ?? 0;
  if (version !== 4 && version !== 6) throw unsupported(`public key version ${version}`);
  // The length of the material is not looked at: the material itself tells where it ends.
  if (version === 6) read(body, 4);
  const algorithm = head[5] ?? 0;
  const fields = createFieldReader(body);
  const material = readKeyMaterial(fields, algorithm, version);
  const encoded = fields.encoded();
  const hashed = version === 6 ? hashedAsVersion6(head, encoded) : hashedAsVersion4(head, encoded);
  const digest = createHash(version === 6 ? 'sha256' : 'sha1')
    .update(hashed)
    .digest();
  const id = version === 6 ? digest.subarray(0, 8) : digest.subarray(12, 20);
  return {
    packet: 'key',
    version,
    ...kind,
    created: toNumber(head.subarray(1, 5)),
    algorithm,
    material,
    fingerprint: toHex(digest).toUpperCase(),
    id: toHex(id).toUpperCase(),
    hashed,
  };
}

function hashedAsVersion4(head: Uint8Array, encoded: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(3);
  prefix.writeUInt8(0x99, 0);
  prefix.writeUInt16BE((head.length + encoded.length) & 0xffff, 1);
  return concat(prefix, head, encoded);
}

function hashedAsVersion6(head: Uint8Array, encoded: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(0x9b, 0);
  prefix.writeUInt32BE(head.length + 4 + encoded.length, 1);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(encoded.length, 0);
  return concat(prefix, head, length, encoded);
}
