import type {
  KeyringEntryRecord,
  PgpKeyRecord,
  PgpSubkeyRecord,
  SshKeyRecord,
} from '../model/commit.ts';
import type { Keyring, KeyringEntry } from './keyring.ts';
import { decodeText } from './person.ts';
import type { Entity, Subkey } from './pgp/entity.ts';
import { allowsSigning, expiryOf, isRevoked, primaryBindings } from './pgp/now-rule.ts';
import type { PublicKey } from './pgp/public-key.ts';
import type { AuthorizedKey } from './ssh/authorized-keys.ts';
import { webFlowKey } from './web-flow.ts';

/** The keys of a keyring as people see them: what Flux would use, and what it passes over. */
export function listKeys(keyring: Keyring, now: Date): KeyringEntryRecord[] {
  const seconds = Math.floor(now.getTime() / 1000);
  return keyring.entries.map((entry) => toRecord(entry, seconds));
}

function toRecord(entry: KeyringEntry, now: number): KeyringEntryRecord {
  const { name, kind, error, holdsPrivateKey } = entry;
  const isPgp = entry.kind === 'openpgp';
  return {
    name,
    kind,
    keys: isPgp
      ? entry.entities.map((entity) => toPgpRecord(entity, now))
      : entry.keys.map(toSshRecord),
    ...(error !== undefined && { error }),
    ...(!isPgp && entry.badLine !== undefined && { badLine: entry.badLine }),
    skipped: isPgp ? entry.skipped : [],
    ignoredBlocks: isPgp ? entry.ignoredBlocks : 0,
    holdsPrivateKey,
  };
}

function toPgpRecord(entity: Entity, now: number): PgpKeyRecord {
  const { primary } = entity;
  const bindings = primaryBindings(entity);
  const expiries = bindings.flatMap(({ signature }) => expiryOf(primary, signature) ?? []);
  const webFlow = webFlowKey(primary.fingerprint);
  return {
    kind: 'openpgp',
    ...describe(primary),
    userIds: entity.identities.map((identity) => decodeText(identity.userId)),
    ...(expiries.length > 0 && { expires: Math.min(...expiries) }),
    revoked:
      isRevoked(entity.revocations, now) ||
      bindings.every(({ identity }) => isRevoked(identity?.revocations ?? [], now)),
    signs: bindings.every(({ signature }) => allowsSigning(signature)),
    isPrivate: primary.isPrivate,
    subkeys: entity.subkeys.map((subkey) => toSubkeyRecord(subkey, now)),
    ...(webFlow && { webFlow }),
  };
}

function toSubkeyRecord({ key, binding, revocations }: Subkey, now: number): PgpSubkeyRecord {
  const expires = expiryOf(key, binding);
  return {
    ...describe(key),
    ...(expires !== undefined && { expires }),
    revoked: isRevoked(revocations, now),
    signs: allowsSigning(binding),
  };
}

function describe({ id, fingerprint, material, created }: PublicKey): {
  id: string;
  fingerprint: string;
  algorithm: string;
  created: number;
} {
  return { id, fingerprint, algorithm: material.name, created };
}

function toSshRecord({ key, comment, options, line }: AuthorizedKey): SshKeyRecord {
  const { fingerprint, algorithm, numbers } = key;
  return {
    kind: 'ssh',
    fingerprint,
    algorithm,
    ...(numbers.bits !== undefined && { bits: numbers.bits }),
    comment,
    line,
    options,
  };
}
