import { readArmor } from './armor.ts';
import { type Entity, readEntity, readPrimaryKey } from './entity.ts';
import { type PacketError, asPacketError } from './packet-error.ts';
import { type PacketReader, createPacketReader } from './packets.ts';
import type { PublicKey } from './public-key.ts';
import { createWork } from './work.ts';

/** A Secret entry read as an armored keyring. */
export interface PgpEntry {
  readonly name: string;
  /** Empty when the entry is unreadable. */
  readonly entities: readonly Entity[];
  /** Flux's text when it cannot read the entry; it then goes on with the next one. */
  readonly error?: string;
  readonly skipped: readonly SkippedKey[];
  /** Key blocks behind the first armor block: never read. */
  readonly ignoredBlocks: number;
  readonly byId: ReadonlyMap<string, readonly KeyOfEntity[]>;
}

/** A key that is passed over while the rest of the entry is used. */
export interface SkippedKey {
  readonly fingerprint?: string;
  readonly reason: string;
}

/** A primary key or subkey with its owner. */
export interface KeyOfEntity {
  readonly entity: Entity;
  readonly key: PublicKey;
}

const KEY_BLOCKS = ['PGP PUBLIC KEY BLOCK', 'PGP PRIVATE KEY BLOCK'];

/** Reads an entry as Flux does: the first armor block only. Attacker-controlled; never throws. */
export async function readPgpEntry(name: string, content: Uint8Array): Promise<PgpEntry> {
  const block = readArmor(content);
  if (block === undefined)
    return unreadableEntry(name, 'openpgp: invalid argument: no armored data found');
  const { ignoredBlocks } = block;
  if (!KEY_BLOCKS.includes(block.type)) {
    const reason = `openpgp: invalid argument: expected public or private key block, got: ${block.type}`;
    return unreadableEntry(name, reason, ignoredBlocks);
  }
  const { entities, skipped, error } = await readEntities(createPacketReader(block));
  return {
    name,
    entities,
    ...(error && { error: error.message }),
    skipped,
    ignoredBlocks,
    byId: indexById(entities),
  };
}

interface Keyring {
  readonly entities: Entity[];
  readonly skipped: SkippedKey[];
  readonly error?: PacketError;
}

/**
 * All keys of a block. A key that is unsupported or wrong inside is passed over while another is
 * left; any other fault, and every fault while the next key is looked for, drops all of them.
 */
async function readEntities(packets: PacketReader): Promise<Keyring> {
  const entities: Entity[] = [];
  const skipped: SkippedKey[] = [];
  const work = createWork();
  let fault: PacketError | undefined;
  for (;;) {
    let primary: PublicKey | undefined;
    try {
      primary = readPrimaryKey(packets);
      if (primary === undefined) break;
      entities.push(await readEntity(primary, packets, work));
    } catch (error) {
      fault = asPacketError(error);
      const fingerprint = primary && { fingerprint: primary.fingerprint };
      skipped.push({ ...fingerprint, reason: fault.message });
      const isPassedOver = fault.code === 'malformed' || fault.code === 'unsupported';
      if (!isPassedOver) return { entities: [], skipped, error: fault };
      const failure = skipToNextKey(packets);
      if (failure !== undefined) return { entities: [], skipped, error: failure };
    }
  }
  return { entities, skipped, ...(entities.length === 0 && fault && { error: fault }) };
}

/** Only a public key begins anew here; the fault that ends the search, if one does. */
function skipToNextKey(packets: PacketReader): PacketError | undefined {
  try {
    for (let packet = packets.next(); packet !== undefined; packet = packets.next()) {
      if (packet.packet === 'key' && !packet.isSubkey && !packet.isPrivate) {
        packets.unread(packet);
        return undefined;
      }
    }
    return undefined;
  } catch (error) {
    return asPacketError(error);
  }
}

function indexById(entities: readonly Entity[]): Map<string, KeyOfEntity[]> {
  const byId = new Map<string, KeyOfEntity[]>();
  for (const entity of entities) {
    for (const key of [entity.primary, ...entity.subkeys.map((subkey) => subkey.key)]) {
      const known = byId.get(key.id);
      if (known === undefined) byId.set(key.id, [{ entity, key }]);
      else known.push({ entity, key });
    }
  }
  return byId;
}

/** An entry without keys. */
export function unreadableEntry(name: string, error: string, ignoredBlocks = 0): PgpEntry {
  return { name, entities: [], error, skipped: [], ignoredBlocks, byId: new Map() };
}
