import { isEqual, toNumber, utf8 } from '../bytes.ts';
import { PacketError, asPacketError, malformed, tooMuch, unsupported } from './packet-error.ts';
import {
  type ByteSource,
  type PacketBody,
  read,
  readHeader,
  readOrEnd,
  readRest,
  skipRest,
} from './packet-stream.ts';
import { skipPrivatePart } from './private-part.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';
import { type SignaturePacket, readSignature } from './signature-packet.ts';

export interface UserId {
  readonly packet: 'user-id';
  /** Any bytes; by convention `Name (comment) <email>` in UTF-8. */
  readonly bytes: Uint8Array;
}

/** A packet that says nothing here: a photograph, padding. It still stands between others. */
export interface OtherPacket {
  readonly packet: 'other';
}

export type Packet = PublicKey | SignaturePacket | UserId | OtherPacket;

/** The packets of an armor block, one after the other. */
export interface PacketReader {
  /** Undefined at the end. Packets that the library passes over do not come. Throws PacketError. */
  readonly next: () => Packet | undefined;
  /** Lets `next` give a packet once more. */
  readonly unread: (packet: Packet) => void;
  /** How many packets were passed over since they are not supported. */
  readonly passedOver: () => number;
}

const TAG = {
  signature: 2,
  privateKey: 5,
  publicKey: 6,
  privateSubkey: 7,
  marker: 10,
  trust: 12,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  padding: 21,
} as const;

/**
 * Packets of messages that have versions: one of another version is passed over, once so many
 * bytes from its version on were there to read.
 */
const VERSIONS: ReadonlyMap<number, { known: readonly number[]; bytes: number }> = new Map([
  [1, { known: [3, 6], bytes: 1 }],
  [3, { known: [4, 6], bytes: 1 }],
  [4, { known: [3, 6], bytes: 4 }],
]);
const FIRST_NOT_CRITICAL = 40;
/** No real key comes near; each costs an exception. */
const MOST_PASSED_OVER = 10_000;
/** A key that others flooded with certifications has 150,000. */
const MOST_PACKETS = 500_000;

/** Attacker-controlled; any bytes end in packets or in a PacketError. */
export function createPacketReader(block: {
  readonly body: Uint8Array;
  readonly failure?: PacketError;
}): PacketReader {
  const source: ByteSource = { bytes: block.body, at: 0, failure: block.failure };
  const waiting: Packet[] = [];
  let passedOver = 0;
  let count = 0;
  let hasEnded = false;

  function next(): Packet | undefined {
    const unread = waiting.pop();
    if (unread !== undefined) return unread;
    while (!hasEnded) {
      const header = readHeader(source);
      if (header === undefined) break;
      count += 1;
      if (count > MOST_PACKETS) throw tooMuch('there are too many packets');
      if (isOfNoMeaning(header.tag)) {
        skipRest(header.body);
        continue;
      }
      try {
        const packet = readPacket(header.tag, header.body);
        if (packet !== undefined) return packet;
      } catch (error) {
        skipRest(header.body);
        handle(asPacketError(error));
      }
    }
    hasEnded = true;
    return undefined;
  }

  function handle(error: PacketError): void {
    if (error.code === 'ended') {
      hasEnded = true;
      return;
    }
    if (error.code !== 'unsupported') throw error;
    passedOver += 1;
    if (passedOver > MOST_PASSED_OVER) throw tooMuch('too many packets are not supported');
  }

  return { next, unread: (packet) => waiting.push(packet), passedOver: () => passedOver };
}

/** Undefined for a marker, which must be ignored. */
function readPacket(tag: number, body: PacketBody): Packet | undefined {
  switch (tag) {
    case TAG.signature:
      return readSignature(body);
    case TAG.publicKey:
    case TAG.publicSubkey:
      return readPublicKey(body, { isSubkey: tag === TAG.publicSubkey, isPrivate: false });
    case TAG.privateKey:
    case TAG.privateSubkey: {
      const key = readPublicKey(body, { isSubkey: tag === TAG.privateSubkey, isPrivate: true });
      skipPrivatePart(body, key.version);
      return key;
    }
    case TAG.userId:
      return { packet: 'user-id', bytes: readRest(body) };
    case TAG.userAttribute:
      checkAttributes(readRest(body));
      return { packet: 'other' };
    case TAG.padding:
      readRest(body);
      return { packet: 'other' };
    case TAG.marker:
      checkMarker(body);
      return undefined;
    default:
      throw unreadable(tag, body);
  }
}

/** What must be understood; and messages, behind which reading on has no meaning for a keyring. */
function unreadable(tag: number, body: PacketBody): PacketError {
  const versioned = VERSIONS.get(tag);
  if (versioned !== undefined) {
    const [version = 0] = read(body, versioned.bytes);
    if (!versioned.known.includes(version)) return unsupported(`version of packet ${tag}`);
  }
  return new PacketError('critical-packet', String(tag));
}

/** Trust of its maker's own, and whatever may be ignored when it is not known. */
function isOfNoMeaning(tag: number): boolean {
  return tag === TAG.trust || tag >= FIRST_NOT_CRITICAL;
}

const MARKER = utf8('PGP');

function checkMarker(body: PacketBody): void {
  if (!isEqual(readOrEnd(body, MARKER.length), MARKER)) throw malformed('invalid marker packet');
}

/** A list of subpackets, each with its length in front, which must add up. */
function checkAttributes(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    const size = first < 192 ? 1 : first < 255 ? 2 : 5;
    const rest = toNumber(bytes.subarray(at + 1, at + size));
    const length = size === 1 ? first : size === 2 ? ((first - 192) << 8) + rest + 192 : rest;
    const end = at + size + length;
    if (at + size >= bytes.length || length === 0 || end > bytes.length) {
      throw malformed('subpacket truncated');
    }
    at = end;
  }
}
