import { createByteBuffer, toNumber } from '../bytes.ts';
import { unsupported } from './packet-error.ts';
import { type PacketBody, read, readOrEnd } from './packet-stream.ts';

/** Reads fields of a packet and remembers their bytes, since signatures over a key hash them. */
export interface FieldReader {
  /** A multi-precision integer: its bit length in two bytes, then its bytes, zeros in front kept. */
  readonly mpi: () => Uint8Array;
  /** A field with its length in one byte. */
  readonly sized: () => Uint8Array;
  readonly fixed: (length: number) => Uint8Array;
  /** Everything that was read. */
  readonly encoded: () => Uint8Array;
}

/** Lengths that the standard keeps for later. */
const RESERVED = [0x00, 0xff];

export function createFieldReader(body: PacketBody): FieldReader {
  const all = createByteBuffer();

  function keep(bytes: Uint8Array): Uint8Array {
    all.append(bytes);
    return bytes;
  }

  function mpi(): Uint8Array {
    const bits = toNumber(keep(read(body, 2)));
    return keep(read(body, Math.ceil(bits / 8)));
  }

  function sized(): Uint8Array {
    const length = toNumber(keep(read(body, 1)));
    if (RESERVED.includes(length)) throw unsupported('reserved for future extensions');
    return keep(read(body, length));
  }

  return {
    mpi,
    sized,
    fixed: (length) => keep(readOrEnd(body, length)),
    encoded: () => all.bytes(),
  };
}
