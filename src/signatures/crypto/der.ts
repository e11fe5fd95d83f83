import { concat, withoutLeadingZeros } from '../bytes.ts';

/** DER, as far as public keys (RFC 5280, SubjectPublicKeyInfo) need it. */

export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return encode(0x30, concat(...items));
}

/** A positive integer, given as unsigned big-endian bytes. */
export function integer(value: Uint8Array): Uint8Array {
  const significant = withoutLeadingZeros(value);
  const isSigned = significant.length > 0 && (significant[0] ?? 0) < 0x80;
  return encode(0x02, isSigned ? significant : concat(Uint8Array.of(0), significant));
}

/** @param hex the encoded identifier, without tag and length. */
export function objectIdentifier(hex: string): Uint8Array {
  return encode(0x06, Buffer.from(hex, 'hex'));
}

export function bitString(content: Uint8Array): Uint8Array {
  return encode(0x03, concat(Uint8Array.of(0), content));
}

export function nothing(): Uint8Array {
  return encode(0x05, new Uint8Array());
}

function encode(tag: number, content: Uint8Array): Uint8Array {
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length, 0);
  const size = withoutLeadingZeros(length);
  return concat(Uint8Array.of(tag, 0x80 | size.length), size, content);
}
