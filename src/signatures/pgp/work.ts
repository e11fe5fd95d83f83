import { PacketError } from './packet-error.ts';
import type { PublicKey } from './public-key.ts';

/** Counts what reading keys costs, so that a hostile keyring ends in a refusal and not in hours. */
export interface Work {
  /** Announces a check with a key. Throws a PacketError when it would be one too many. */
  readonly spend: (key: PublicKey) => Promise<void>;
}

/**
 * In checks of a 4096-bit RSA key: about two seconds. A real keyring of 2,000 keys needs 6,000, a
 * key with 10,000 user ids 10,000.
 */
const LIMIT = 20_000;
/** After so much work, about 5 ms, others get their turn. */
const SLICE = 50;

export function createWork(): Work {
  let spent = 0;
  let sliceEnd = SLICE;
  async function spend(key: PublicKey): Promise<void> {
    spent += key.material.verifier?.cost ?? 0;
    if (spent > LIMIT) {
      throw new PacketError('too-much-work', 'the keys hold too many signatures to check them all');
    }
    if (spent < sliceEnd) return;
    sliceEnd = spent + SLICE;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { spend };
}
