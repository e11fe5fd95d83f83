import { toHex, toNumber } from '../bytes.ts';
import { malformed, unsupported } from './packet-error.ts';
import type { SignaturePacket } from './signature-packet.ts';

/** What the subpackets of a signature say. Times are seconds since 1970, durations seconds. */
export interface Subpackets {
  created?: number;
  /** How long the signature itself is valid; 0 or absent for ever. */
  lifetime?: number;
  /** How long the key that it certifies is valid; 0 or absent for ever. */
  keyLifetime?: number;
  /** Key id of who signed: 16 hexadecimal digits, upper case. */
  issuerId?: string;
  /** Upper-case hexadecimal. */
  issuerFingerprint?: string;
  /** Absent when the signature has no key flags, which is not the same as no flag set. */
  keyFlags?: number;
  isPrimaryUserId?: boolean;
  /** A notation that a verifier must understand. Flux understands none. */
  hasCriticalNotation?: boolean;
  revocationReason?: number;
  /** A signature by the subkey over the primary key. */
  embedded?: SignaturePacket;
}

export const SIGN_FLAG = 0x02;
export const KEY_COMPROMISED = 2;

export interface SubpacketArea {
  readonly bytes: Uint8Array;
  /** Whether the signature protects the area. Anybody can change the other one. */
  readonly isHashed: boolean;
  readonly version: number;
  /** Reads a signature inside the signature. */
  readonly readEmbedded: (content: Uint8Array) => SignaturePacket;
}

/** Reads one area of subpackets into `fields`. Throws a PacketError. */
export function readSubpackets(fields: Subpackets, area: SubpacketArea): void {
  const { bytes } = area;
  for (let at = 0; at < bytes.length;) {
    const { length, size } = readLength(bytes, at);
    const end = at + size + length;
    if (end > bytes.length) throw malformed('signature subpacket truncated');
    if (length === 0) throw malformed('zero length signature subpacket');
    const type = bytes[at + size] ?? 0;
    const content = bytes.subarray(at + size + 1, end);
    if (area.isHashed || UNPROTECTED.has(type & 0x7f)) {
      readSubpacket(fields, area, { type: type & 0x7f, isCritical: type >= 0x80, content });
    }
    at = end;
  }
}

/** Issuer, embedded signature, issuer fingerprint: they count even where nothing protects them. */
const UNPROTECTED = new Set([16, 32, 33]);

/** Preferences and descriptions: understood, and of no consequence here. */
const OF_NO_CONSEQUENCE = new Set([11, 21, 22, 23, 24, 26, 28, 30]);

function readLength(bytes: Uint8Array, at: number): { length: number; size: number } {
  const first = bytes[at] ?? 0;
  if (first < 192) return { length: first, size: 1 };
  const size = first < 255 ? 2 : 5;
  if (at + size > bytes.length) throw malformed('signature subpacket truncated');
  const rest = toNumber(bytes.subarray(at + 1, at + size));
  return { length: first < 255 ? ((first - 192) << 8) + rest + 192 : rest, size };
}

interface Subpacket {
  readonly type: number;
  readonly isCritical: boolean;
  readonly content: Uint8Array;
}

/** The numbers of RFC 9580, 5.2.3.7; lengths are checked exactly where Flux's library does. */
function readSubpacket(
  fields: Subpackets,
  area: SubpacketArea,
  { type, isCritical, content }: Subpacket,
): void {
  switch (type) {
    case 2:
      fields.created = readSeconds(content, 'signature creation time not four bytes');
      break;
    case 3:
      fields.lifetime = readSeconds(content, 'expiration subpacket with bad length');
      break;
    case 4:
      checkExportable(content);
      break;
    case 5:
      requireThat(content.length === 2, 'trust subpacket with bad length');
      break;
    case 6:
      requireThat(content.at(-1) === 0, 'expected regular expression to be null-terminated');
      break;
    case 9:
      fields.keyLifetime = readSeconds(content, 'key expiration subpacket with bad length');
      break;
    case 16:
      readIssuer(fields, area, content);
      break;
    case 20:
      requireThat(isNotation(content), 'notation data subpacket with bad length');
      if (isCritical) fields.hasCriticalNotation = true;
      break;
    case 25:
      requireThat(content.length === 1, 'primary user id subpacket with bad length');
      fields.isPrimaryUserId = content[0] !== 0;
      break;
    case 27:
      fields.keyFlags = (fields.keyFlags ?? 0) | (content[0] ?? 0);
      break;
    case 29:
      requireThat(content.length > 0, 'empty revocation reason subpacket');
      fields.revocationReason = content[0] ?? 0;
      break;
    case 32:
      requireThat(fields.embedded === undefined, 'Cannot have multiple embedded signatures');
      fields.embedded = area.readEmbedded(content);
      break;
    case 33:
      requireThat(content.length > 0, 'empty issuer fingerprint subpacket');
      requireThat(isFingerprint(content), 'bad fingerprint length');
      readIssuerFingerprint(fields, content);
      break;
    case 35:
      requireThat(content.length > 0, 'invalid intended recipient fingerpring length');
      requireThat(isFingerprint(content), 'invalid fingerprint length');
      break;
    case 39:
      requireThat(content.length % 2 === 0, 'invalid aead cipher suite length');
      break;
    default:
      if (isCritical && !OF_NO_CONSEQUENCE.has(type)) {
        throw unsupported(`unknown critical signature subpacket type ${type}`);
      }
  }
}

function requireThat(condition: boolean, text: string): void {
  if (!condition) throw malformed(text);
}

function readSeconds(content: Uint8Array, text: string): number {
  requireThat(content.length === 4, text);
  return toNumber(content);
}

/** A certification that its maker wanted kept private. */
function checkExportable(content: Uint8Array): void {
  requireThat(content.length > 0, 'empty exportable certification subpacket');
  if (content[0] === 0) throw unsupported('signature with non-exportable certification');
}

function readIssuer(fields: Subpackets, area: SubpacketArea, content: Uint8Array): void {
  if (area.version > 4 && area.isHashed) throw malformed('issuer subpacket found in v6 key');
  requireThat(content.length === 8, 'issuer subpacket with bad length');
  if (area.version === 4) fields.issuerId = toUpperHex(content);
}

function readIssuerFingerprint(fields: Subpackets, content: Uint8Array): void {
  const fingerprint = content.subarray(1);
  const id = (content[0] ?? 0) >= 5 ? fingerprint.subarray(0, 8) : fingerprint.subarray(12, 20);
  fields.issuerFingerprint = toUpperHex(fingerprint);
  fields.issuerId = toUpperHex(id);
}

/** A key version and a fingerprint of the length that this version has. */
function isFingerprint(content: Uint8Array): boolean {
  return content.length - 1 === ((content[0] ?? 0) >= 5 ? 32 : 20);
}

/** Four bytes of flags, two lengths, then name and value of these lengths. */
function isNotation(content: Uint8Array): boolean {
  if (content.length < 8) return false;
  const name = toNumber(content.subarray(4, 6));
  const value = toNumber(content.subarray(6, 8));
  return content.length === 8 + name + value;
}

function toUpperHex(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase();
}
