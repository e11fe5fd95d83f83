import { trimSpace } from '../bytes.ts';
import { readArmor } from './armor.ts';
import { type PacketError, asPacketError, malformed } from './packet-error.ts';
import { createPacketReader } from './packets.ts';
import type { SignaturePacket } from './signature-packet.ts';

/** The signatures of an armor block, up to the first fault. */
export interface SignatureBlock {
  readonly signatures: readonly SignedByIssuer[];
  /** What ended the reading; absent at a plain end. */
  readonly fault?: PacketError;
  /** How many signatures are of algorithms that Flux does not know. */
  readonly passedOver: number;
}

/** A signature that says who made it: without that no key is even tried. */
export type SignedByIssuer = SignaturePacket & { readonly issuerId: string };

/** Attacker-controlled; any bytes give an answer. */
export function readSignatureBlock(signature: Uint8Array): SignatureBlock {
  const block = readArmor(trimSpace(signature));
  if (block?.type !== 'PGP SIGNATURE') {
    return { signatures: [], fault: malformed('no signature block'), passedOver: 0 };
  }
  const packets = createPacketReader(block);
  const signatures: SignedByIssuer[] = [];
  try {
    for (let packet = packets.next(); packet !== undefined; packet = packets.next()) {
      if (packet.packet !== 'signature') throw malformed('non signature packet found');
      const { issuerId } = packet;
      if (issuerId === undefined) throw malformed("signature doesn't have an issuer");
      signatures.push({ ...packet, issuerId });
    }
  } catch (error) {
    return { signatures, fault: asPacketError(error), passedOver: packets.passedOver() };
  }
  return { signatures, passedOver: packets.passedOver() };
}
