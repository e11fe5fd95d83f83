import { createByteBuffer, toNumber } from '../bytes.ts';
import { PacketError, malformed, truncated } from './packet-error.ts';

/** The bytes of an armor block, read once from the front. */
export interface ByteSource {
  readonly bytes: Uint8Array;
  at: number;
  /** What a reader meets at the end instead of a plain end. */
  readonly failure: PacketError | undefined;
}

/**
 * What is left of one packet. A packet whose end nobody read stays in the source: the next header
 * is then looked for inside it, as in Flux's library.
 */
export interface PacketBody {
  readonly source: ByteSource;
  /** Bytes left in the present chunk; infinite for a packet without length. */
  remaining: number;
  /** Another chunk follows (partial body lengths). */
  isPartial: boolean;
}

export interface PacketHeader {
  readonly tag: number;
  readonly body: PacketBody;
}

/** Reads a packet header. Undefined at the end of the source. */
export function readHeader(source: ByteSource): PacketHeader | undefined {
  const first = source.bytes[source.at];
  if (first === undefined) {
    if (source.failure !== undefined) throw source.failure;
    return undefined;
  }
  source.at += 1;
  if ((first & 0x80) === 0) throw malformed('tag byte does not have MSB set');
  if ((first & 0x40) !== 0) {
    const { length, isPartial } = readLength(source);
    return { tag: first & 0x3f, body: { source, remaining: length, isPartial } };
  }
  const tag = (first & 0x3f) >> 2;
  const lengthType = first & 3;
  const remaining = lengthType === 3 ? Infinity : toNumber(take(source, 1 << lengthType));
  return { tag, body: { source, remaining, isPartial: false } };
}

/** Reads exactly so many bytes of the body. Attacker-controlled lengths never allocate ahead. */
export function read(body: PacketBody, length: number): Uint8Array {
  const bytes = readUpTo(body, length);
  if (bytes.length < length) throw truncated();
  return bytes;
}

/** As {@link read}, but where the body has ended already the library takes all packets as ended. */
export function readOrEnd(body: PacketBody, length: number): Uint8Array {
  const bytes = readUpTo(body, length);
  if (bytes.length === 0 && length > 0) throw new PacketError('ended', 'EOF');
  if (bytes.length < length) throw truncated();
  return bytes;
}

/** Everything that is left of the body. */
export function readRest(body: PacketBody): Uint8Array {
  return readUpTo(body, Infinity);
}

/** Passes over what is left, whatever happens. */
export function skipRest(body: PacketBody): void {
  const { source, remaining, isPartial } = body;
  if (!isPartial) {
    source.at = Math.min(source.at + remaining, source.bytes.length);
    return;
  }
  try {
    readRest(body);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
  }
}

function readUpTo(body: PacketBody, length: number): Uint8Array {
  if (!body.isPartial && length <= body.remaining) return readAvailable(body, length);
  const gathered = createByteBuffer();
  while (gathered.length() < length) {
    if (body.remaining === 0 && body.isPartial) {
      const { length: remaining, isPartial } = readLength(body.source);
      Object.assign(body, { remaining, isPartial });
      continue;
    }
    const part = readAvailable(body, length - gathered.length());
    if (part.length === 0) break;
    gathered.append(part);
  }
  return gathered.bytes();
}

/**
 * At most so many bytes of the present chunk; empty at its end. They are copied: a view would keep
 * the whole block in memory, and with it the private part of a key.
 */
function readAvailable(body: PacketBody, wanted: number): Uint8Array {
  const { source } = body;
  const allowed = Math.min(wanted, body.remaining);
  const part = new Uint8Array(source.bytes.subarray(source.at, source.at + allowed));
  if (part.length === 0 && allowed > 0) {
    if (source.failure !== undefined) throw source.failure;
    // Only a packet without length may reach the end of the source.
    if (body.remaining !== Infinity) throw truncated();
  }
  source.at += part.length;
  body.remaining -= part.length;
  return part;
}

function readLength(source: ByteSource): { length: number; isPartial: boolean } {
  const first = toNumber(take(source, 1));
  if (first < 192) return { length: first, isPartial: false };
  if (first < 224) {
    return { length: ((first - 192) << 8) + toNumber(take(source, 1)) + 192, isPartial: false };
  }
  if (first < 255) return { length: 2 ** (first & 0x1f), isPartial: true };
  return { length: toNumber(take(source, 4)), isPartial: false };
}

function take(source: ByteSource, length: number): Uint8Array {
  const bytes = source.bytes.subarray(source.at, source.at + length);
  source.at += bytes.length;
  if (bytes.length < length) throw source.failure ?? truncated();
  return bytes;
}
