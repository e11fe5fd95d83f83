import type { Refusal } from '../../model/commit.ts';
import type { Entity, Identity } from './entity.ts';
import type { PublicKey } from './public-key.ts';
import type { SignaturePacket } from './signature-packet.ts';
import { KEY_COMPROMISED, SIGN_FLAG } from './subpackets.ts';

/**
 * Flux asks what is valid now, not what was valid when the signature was made. All times here are
 * seconds since 1970.
 */

/** Why a signature that its key did make is not accepted. */
export interface Objection {
  readonly refusal: Refusal;
  /** One sentence. */
  readonly detail: string;
}

/** The certification that speaks for a primary key: its flags and its expiry are the key's. */
export interface PrimaryBinding {
  /** Absent when the user id has only been revoked. */
  readonly signature?: SignaturePacket;
  /** Absent in version 6. */
  readonly identity?: Identity;
}

const bindings = new WeakMap<Entity, readonly PrimaryBinding[]>();

/**
 * The certifications of which Flux takes one: fewest revocations, then marked as primary, then
 * newest. Where several are equal in all that, it takes any of them (the order of a Go map), so
 * that only what holds for all of them holds.
 */
export function primaryBindings(entity: Entity): readonly PrimaryBinding[] {
  const known = bindings.get(entity) ?? findPrimaryBindings(entity);
  bindings.set(entity, known);
  return known;
}

function findPrimaryBindings(entity: Entity): PrimaryBinding[] {
  if (entity.primary.version === 6) {
    return [entity.directSignature ? { signature: entity.directSignature } : {}];
  }
  let best: Identity[] = [];
  for (const identity of entity.identities) {
    const difference = best[0] ? compare(rankOf(identity), rankOf(best[0])) : 1;
    if (difference > 0) best = [identity];
    else if (difference === 0) best.push(identity);
  }
  const chosen = [...best, ...findCrashing(entity)];
  const distinct = new Map(chosen.map((identity) => [consequencesOf(identity), identity]));
  return [...distinct.values()].map((identity) => ({
    identity,
    ...(identity.selfSignature && { signature: identity.selfSignature }),
  }));
}

/**
 * A user id that is only revoked, met behind a certified one with as many revocations: comparing
 * the two crashes Flux's library (mended in go-crypto 1.5). Whether they meet is chance.
 */
function findCrashing({ identities }: Entity): Identity[] {
  const certified = identities.filter(({ selfSignature }) => selfSignature !== undefined);
  const counts = new Set(certified.map(({ revocations }) => revocations.length));
  return identities.filter(
    ({ selfSignature, revocations }) =>
      selfSignature === undefined && counts.has(revocations.length),
  );
}

/** User ids made in one go are alike in all that counts: one of them speaks for all. */
function consequencesOf({ selfSignature, revocations }: Identity): string {
  return JSON.stringify([
    selfSignature?.keyFlags,
    selfSignature?.keyLifetime,
    selfSignature?.lifetime,
    selfSignature?.hasCriticalNotation,
    ...revocations.map(({ created, lifetime, revocationReason }) => [
      created,
      lifetime,
      revocationReason,
    ]),
  ]);
}

function rankOf({ revocations, selfSignature }: Identity): readonly number[] {
  const isPrimary = selfSignature?.isPrimaryUserId === true ? 1 : 0;
  return [-revocations.length, isPrimary, selfSignature?.created ?? -1];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a certification or binding lets its key sign. One without key flags does not. */
export function allowsSigning(signature: SignaturePacket | undefined): boolean {
  return ((signature?.keyFlags ?? 0) & SIGN_FLAG) !== 0;
}

/** Whether one of the revocations counts now. A compromised key is revoked before the date. */
export function isRevoked(revocations: readonly SignaturePacket[], now: number): boolean {
  return revocations.some(
    (revocation) =>
      revocation.revocationReason === KEY_COMPROMISED ||
      objectionToTime(revocation, now) === undefined,
  );
}

/** When a key expires by the certification or binding that says so; undefined for never. */
export function expiryOf(key: PublicKey, by: SignaturePacket | undefined): number | undefined {
  return by?.keyLifetime ? key.created + by.keyLifetime : undefined;
}

/**
 * What speaks against a signature now, in the order in which Flux's library looks: notations,
 * revocations, expiry of the keys, then the validity of every signature in the chain.
 */
export function objectionTo(
  signature: SignaturePacket,
  { entity, key, binding }: { entity: Entity; key: PublicKey; binding: PrimaryBinding },
  now: number,
): Objection | undefined {
  const subkey = entity.subkeys.find((candidate) => candidate.key === key);
  // Flux's library crashes here when a subkey signs: the reconciliation fails.
  if (binding.signature === undefined) {
    return { refusal: 'key-revoked', detail: 'The user ids of the key are revoked.' };
  }
  const chain = [binding.signature, subkey?.binding, subkey?.binding.embedded];
  const certifications = chain.filter((link) => link !== undefined);
  if ([signature, ...certifications].some((link) => link.hasCriticalNotation)) {
    return { refusal: 'critical-notation', detail: CRITICAL_NOTATION };
  }
  return (
    objectionToRevocations(entity, subkey?.revocations ?? [], binding, now) ??
    objectionToKey(entity.primary, binding.signature, now) ??
    (subkey && objectionToKey(subkey.key, subkey.binding, now)) ??
    objectionToTime(signature, now) ??
    objectionToChain(certifications, now)
  );
}

const CRITICAL_NOTATION =
  'The signature carries a critical notation, which Flux does not understand and so must refuse.';

function objectionToRevocations(
  entity: Entity,
  ofSubkey: readonly SignaturePacket[],
  { identity }: PrimaryBinding,
  now: number,
): Objection | undefined {
  const refusal = 'key-revoked';
  if (isRevoked(entity.revocations, now)) return { refusal, detail: 'The key is revoked.' };
  if (isRevoked(ofSubkey, now)) {
    return { refusal, detail: 'The subkey that made the signature is revoked.' };
  }
  if (identity && isRevoked(identity.revocations, now)) {
    return { refusal, detail: 'The user ids of the key are revoked.' };
  }
  return undefined;
}

function objectionToKey(key: PublicKey, by: SignaturePacket, now: number): Objection | undefined {
  const noun = key.isSubkey ? 'subkey that made the signature' : 'key';
  if (key.created > now) {
    const detail = `The ${noun} is dated ${toDay(key.created)}, in the future.`;
    return { refusal: 'key-not-yet-valid', detail };
  }
  const expiry = expiryOf(key, by);
  if (expiry === undefined || now <= expiry) return undefined;
  const detail = `The ${noun} expired on ${toDay(expiry)}; Flux asks whether it is valid now.`;
  return { refusal: 'key-expired', detail };
}

/** Whether a signature is valid at a time, apart from its key. */
function objectionToTime(signature: SignaturePacket, now: number): Objection | undefined {
  const { created, lifetime } = signature;
  if (created > now) {
    const detail = `The signature is dated ${toDay(created)}, in the future.`;
    return { refusal: 'signature-not-yet-valid', detail };
  }
  if (!lifetime || now <= created + lifetime) return undefined;
  const detail = `The signature's own validity ended on ${toDay(created + lifetime)}.`;
  return { refusal: 'signature-expired', detail };
}

function objectionToChain(
  certifications: readonly SignaturePacket[],
  now: number,
): Objection | undefined {
  for (const certification of certifications) {
    const objection = objectionToTime(certification, now);
    if (objection?.refusal === 'signature-expired') {
      return { refusal: 'key-expired', detail: 'The certification of the key has expired.' };
    }
    if (objection !== undefined) {
      const detail = 'The certification of the key is dated in the future.';
      return { refusal: 'key-not-yet-valid', detail };
    }
  }
  return undefined;
}

function toDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
