import { SIGNATURE, canSign } from './algorithms.ts';
import { isSignedBy } from './check-signature.ts';
import { checkSubkeySignature, claimsIssuer, isCertifiedBy } from './key-signatures.ts';
import { asPacketError, malformed } from './packet-error.ts';
import type { PacketReader, UserId } from './packets.ts';
import type { PublicKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';
import type { Work } from './work.ts';

/** A key with all that belongs to it, every part proven by the primary key. */
export interface Entity {
  readonly primary: PublicKey;
  readonly revocations: readonly SignaturePacket[];
  /** By user id: a later one of the same text replaces the earlier one. */
  readonly identities: readonly Identity[];
  /** The newest direct signature: in version 6 it counts instead of the identities. */
  readonly directSignature?: SignaturePacket;
  readonly subkeys: readonly Subkey[];
}

export interface Identity {
  readonly userId: Uint8Array;
  /** The newest certification by the primary key; absent when there are only revocations. */
  readonly selfSignature?: SignaturePacket;
  readonly revocations: readonly SignaturePacket[];
}

export interface Subkey {
  readonly key: PublicKey;
  /** The newest binding. */
  readonly binding: SignaturePacket;
  readonly revocations: readonly SignaturePacket[];
}

/** Reads the packet that begins a key. Undefined at the end. Throws a PacketError. */
export function readPrimaryKey(packets: PacketReader): PublicKey | undefined {
  const packet = packets.next();
  if (packet === undefined) return undefined;
  if (packet.packet !== 'key') {
    packets.unread(packet);
    throw malformed('first packet was not a public/private key');
  }
  if (!canSign(packet.algorithm)) throw malformed('primary key cannot be used for signatures');
  return packet;
}

/**
 * Reads what follows a primary key, up to the next one, as go-crypto's `ReadEntity` does: one
 * wrong self-signature or one unexpected signature type drops the whole key. Throws a PacketError.
 */
export async function readEntity(
  primary: PublicKey,
  packets: PacketReader,
  work: Work,
): Promise<Entity> {
  const identities = new Map<string, Identity>();
  const subkeys: Subkey[] = [];
  const signatures: SignaturePacket[] = [];
  for (let packet = packets.next(); packet !== undefined; packet = packets.next()) {
    if (packet.packet === 'user-id') {
      const identity = await readIdentity(primary, packet, packets, work);
      if (identity) identities.set(Buffer.from(identity.userId).toString('latin1'), identity);
    } else if (packet.packet === 'signature') {
      signatures.push(packet);
    } else if (packet.packet === 'key') {
      if (!packet.isSubkey) {
        packets.unread(packet);
        break;
      }
      subkeys.push(await readSubkey(primary, packet, packets, work));
    }
  }
  if (identities.size === 0 && primary.version < 6) {
    throw malformed(`v${primary.version} entity without any identities`);
  }
  const directSignature = await readDirectSignature(primary, signatures, work);
  const revocations = signatures.filter(({ type }) => type === SIGNATURE.keyRevocation);
  for (const revocation of revocations) {
    await work.spend(primary);
    if (!isSignedBy(primary, revocation, primary.hashed)) {
      throw malformed('revocation signature signed by alternate key');
    }
  }
  return {
    primary,
    revocations,
    identities: [...identities.values()],
    ...(directSignature && { directSignature }),
    subkeys,
  };
}

/** Undefined when the primary key says nothing about the user id: then it does not count. */
async function readIdentity(
  primary: PublicKey,
  { bytes: userId }: UserId,
  packets: PacketReader,
  work: Work,
): Promise<Identity | undefined> {
  let selfSignature: SignaturePacket | undefined;
  const revocations: SignaturePacket[] = [];
  for (const signature of readSignatures(packets)) {
    if (!isCertification(signature.type)) throw malformed('user ID signature with wrong type');
    // What others certify is not looked at.
    if (!claimsIssuer(signature, primary)) continue;
    await work.spend(primary);
    if (!isCertifiedBy(primary, signature, userId)) {
      throw malformed('user ID self-signature invalid: openpgp: invalid signature');
    }
    if (signature.type === SIGNATURE.certificationRevocation) revocations.push(signature);
    else selfSignature = newer(selfSignature, signature);
  }
  if (selfSignature === undefined && revocations.length === 0) return undefined;
  return { userId, ...(selfSignature && { selfSignature }), revocations };
}

async function readSubkey(
  primary: PublicKey,
  key: PublicKey,
  packets: PacketReader,
  work: Work,
): Promise<Subkey> {
  let binding: SignaturePacket | undefined;
  const revocations: SignaturePacket[] = [];
  for (const signature of readSignaturesOfSubkey(packets)) {
    if (
      signature.type !== SIGNATURE.subkeyBinding &&
      signature.type !== SIGNATURE.subkeyRevocation
    ) {
      throw malformed('subkey signature with wrong type');
    }
    await work.spend(primary);
    await work.spend(key);
    checkSubkeySignature(primary, key, signature);
    if (signature.type === SIGNATURE.subkeyRevocation) revocations.push(signature);
    else binding = newer(binding, signature);
  }
  if (binding === undefined) throw malformed('subkey packet not followed by signature');
  return { key, binding, revocations };
}

/** A version 6 key must carry a valid direct signature; in version 4 they are not looked at. */
async function readDirectSignature(
  primary: PublicKey,
  signatures: readonly SignaturePacket[],
  work: Work,
): Promise<SignaturePacket | undefined> {
  if (primary.version < 6) return undefined;
  const direct = signatures.filter(({ type }) => type === SIGNATURE.directKey);
  if (direct.length === 0) throw malformed('v6 entity without a valid direct-key signature');
  let newest: SignaturePacket | undefined;
  for (const signature of direct) {
    if (claimsIssuer(signature, primary)) newest = newer(newest, signature);
  }
  if (newest === undefined) {
    throw malformed('no valid direct-key self-signature for v6 primary key found');
  }
  await work.spend(primary);
  if (!isSignedBy(primary, newest, primary.hashed)) {
    throw malformed('invalid direct-key self-signature for v6 primary key');
  }
  return newest;
}

/** Of two of the same second the first one counts. */
function newer(known: SignaturePacket | undefined, next: SignaturePacket): SignaturePacket {
  return known === undefined || next.created > known.created ? next : known;
}

function isCertification(type: number): boolean {
  const isPlain = type >= SIGNATURE.genericCertification && type <= SIGNATURE.positiveCertification;
  return isPlain || type === SIGNATURE.certificationRevocation;
}

function* readSignatures(packets: PacketReader): Generator<SignaturePacket> {
  for (let packet = packets.next(); packet !== undefined; packet = packets.next()) {
    if (packet.packet !== 'signature') {
      packets.unread(packet);
      return;
    }
    yield packet;
  }
}

/** Behind a subkey every unreadable packet costs this key only, and not the keyring. */
function* readSignaturesOfSubkey(packets: PacketReader): Generator<SignaturePacket> {
  try {
    yield* readSignatures(packets);
  } catch (error) {
    throw malformed(`subkey signature invalid: ${asPacketError(error).message}`);
  }
}
