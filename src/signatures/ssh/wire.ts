import { toNumber } from '../bytes.ts';

/** Thrown and caught inside this folder: bytes that are not what the SSH protocol says. */
export class SshFormatError extends Error {
  override readonly name = 'SshFormatError';
}

/** Reads values of the SSH protocol (RFC 4251, 5) one after the other. */
export interface WireReader {
  /** @param field what Go's error names when the bytes do not suffice. */
  readonly string: (field?: string) => Uint8Array;
  readonly fixed: (length: number) => Uint8Array;
  readonly rest: () => Uint8Array;
  readonly isAtEnd: () => boolean;
  /** How many bytes have been read. */
  readonly offset: () => number;
}

const SHORT = 'ssh: short read';

/** Attacker-controlled. The methods throw an SshFormatError. */
export function createWireReader(bytes: Uint8Array): WireReader {
  let at = 0;

  function fixed(length: number): Uint8Array {
    if (bytes.length - at < length) throw new SshFormatError(SHORT);
    at += length;
    return bytes.subarray(at - length, at);
  }

  function string(field?: string): Uint8Array {
    const error = field === undefined ? SHORT : `ssh: unmarshal error for field ${field}`;
    const length = bytes.length - at < 4 ? Infinity : toNumber(bytes.subarray(at, at + 4));
    if (bytes.length - at - 4 < length) throw new SshFormatError(error);
    at += 4;
    return fixed(length);
  }

  return {
    string,
    fixed,
    rest: () => fixed(bytes.length - at),
    isAtEnd: () => at === bytes.length,
    offset: () => at,
  };
}

/** A value with its length in front. */
export function toWireString(content: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length, 0);
  return Buffer.concat([length, content]);
}

/** Names of the protocol are ASCII; other bytes stay what they are. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** The fault that an unknown value carries; anything else is ours and goes on. */
export function asFormatError(error: unknown): SshFormatError {
  if (error instanceof SshFormatError) return error;
  throw error;
}
