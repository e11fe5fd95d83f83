/**
 * Why a packet could not be read. The code decides what Flux's OpenPGP library does next: pass
 * over the packet, pass over the key, or give up the whole keyring.
 */
export type PacketErrorCode =
  /** Understood but not implemented: the packet is passed over. */
  | 'unsupported'
  /** Wrong inside: the key that it belongs to is passed over. */
  | 'malformed'
  /** The rest ends everything: the entry is unreadable. */
  | 'critical-packet'
  | 'truncated'
  | 'corrupt-armor'
  | 'invalid-key'
  | 'too-much-work'
  /** The data ends where a field begins, which the library takes for the end of all packets. */
  | 'ended';

const PREFIXES: Partial<Record<PacketErrorCode, string>> = {
  unsupported: 'openpgp: unsupported feature: ',
  malformed: 'openpgp: invalid data: ',
  'critical-packet': 'openpgp: unknown critical packet type: ',
};

/** Thrown and caught inside this folder; nothing outside ever sees it thrown. */
export class PacketError extends Error {
  override readonly name = 'PacketError';
  readonly code: PacketErrorCode;

  /** @param text what the library says, without the prefix of its kind. */
  constructor(code: PacketErrorCode, text: string) {
    super((PREFIXES[code] ?? '') + text);
    this.code = code;
  }
}

export function unsupported(text: string): PacketError {
  return new PacketError('unsupported', text);
}

export function malformed(text: string): PacketError {
  return new PacketError('malformed', text);
}

export function truncated(): PacketError {
  return new PacketError('truncated', 'unexpected EOF');
}

/** Our own limit: Flux has none. */
export function tooMuch(text: string): PacketError {
  return new PacketError('too-much-work', text);
}

/** The fault that an unknown value carries; anything else is ours and goes on. */
export function asPacketError(error: unknown): PacketError {
  if (error instanceof PacketError) return error;
  throw error;
}
