import { type KeyObject, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/**
 * Makes PGP and SSH keys, commits and signatures of any shape: right ones, and wrong ones that no
 * program would make. Keys come from their names, so that everything here is the same each time.
 */

/** 2020-01-01, when keys are made and sign. */
export const MADE = 1_577_836_800;
export const DAY = 86_400;
export const NOW = new Date('2026-11-21T00:00:00Z');

/** SIGN_AND_CERTIFY lets a key do both, which is what primary keys are usually made for. */
export const FLAGS = { certify: 0x01, sign: 0x02, encrypt: 0x0c, signAndCertify: 0x03 } as const;
export const HASH = { md5: 1, sha1: 2, sha256: 8, sha512: 10, sha224: 11, sha3: 12 } as const;
const HASH_NAMES: Record<number, string> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
};

export interface ForgedKey {
  readonly created: number;
  /** Body of the key packet. */
  readonly body: Buffer;
  /** What signatures over the key hash. */
  readonly hashed: Buffer;
  /** Upper-case hexadecimal. */
  readonly fingerprint: string;
  readonly id: string;
  readonly secret: KeyObject;
}

/** An Ed25519 key (algorithm 27, version 4). The same name and time give the same key. */
export function forgeKey(name: string, created = MADE): ForgedKey {
  const { secret, point } = edwardsKey(name);
  const body = Buffer.concat([Buffer.of(4), uint32(created), Buffer.of(27), point]);
  const hashed = Buffer.concat([Buffer.of(0x99), uint16(body.length), body]);
  const fingerprint = createHash('sha1').update(hashed).digest('hex').toUpperCase();
  return { created, body, hashed, fingerprint, id: fingerprint.slice(-16), secret };
}

function edwardsKey(name: string): { secret: KeyObject; point: Buffer } {
  const seed = createHash('sha256').update(name).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const point = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { secret, point };
}

/** What a signature says. Everything has a usual value. */
export interface SignatureOptions {
  readonly created?: number;
  /** Seconds. */
  readonly lifetime?: number;
  readonly keyLifetime?: number;
  /** Undefined for a signature without key flags. */
  readonly flags?: number | undefined;
  readonly isPrimary?: boolean;
  readonly revocationReason?: number;
  /** Further subpackets as they stand: `subpacket(type, content)`. */
  readonly more?: readonly Buffer[];
  readonly unhashed?: readonly Buffer[];
  readonly hash?: number;
  readonly version?: number;
  /** Signs something else than it should. */
  readonly isWrong?: boolean;
  /** Names nobody as its maker. */
  readonly isAnonymous?: boolean;
}

/** A signature packet by a key over some data. */
export function forgeSignature(
  by: ForgedKey,
  type: number,
  data: Uint8Array,
  options: SignatureOptions = {},
): Buffer {
  return packet(2, signatureBody(by, type, data, options));
}

function signatureBody(
  by: ForgedKey,
  type: number,
  data: Uint8Array,
  options: SignatureOptions,
): Buffer {
  const { created = MADE, hash = HASH.sha256, version = 4 } = options;
  const fields: (Buffer | false)[] = [
    subpacket(2, uint32(created)),
    options.isAnonymous !== true &&
      subpacket(33, Buffer.concat([Buffer.of(4), Buffer.from(by.fingerprint, 'hex')])),
    options.lifetime !== undefined && subpacket(3, uint32(options.lifetime)),
    options.keyLifetime !== undefined && subpacket(9, uint32(options.keyLifetime)),
    options.flags !== undefined && subpacket(27, Buffer.of(options.flags)),
    options.isPrimary === true && subpacket(25, Buffer.of(1)),
    options.revocationReason !== undefined && subpacket(29, Buffer.of(options.revocationReason)),
    ...(options.more ?? []),
  ];
  const hashed = Buffer.concat(fields.filter((field) => field !== false));
  const unhashed = Buffer.concat(options.unhashed ?? []);
  const head = [Buffer.of(version, type, 27, hash), uint16(hashed.length), hashed];
  const covered = Buffer.concat(head);
  const trailer = Buffer.concat([covered, Buffer.of(version, 0xff), uint32(covered.length)]);
  const signed = Buffer.concat([data, trailer, Buffer.alloc(options.isWrong === true ? 1 : 0)]);
  const digest = createHash(HASH_NAMES[hash] ?? 'sha256')
    .update(signed)
    .digest();
  const numbers = sign(null, digest, by.secret);
  return Buffer.concat([
    covered,
    uint16(unhashed.length),
    unhashed,
    digest.subarray(0, 2),
    numbers,
  ]);
}

export function subpacket(type: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(255), uint32(content.length + 1), Buffer.of(type), content]);
}

export function packet(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0xc0 | tag, 255), uint32(body.length), body]);
}

/** A primary key without anything. */
export function primary(key: ForgedKey): Buffer {
  return packet(6, key.body);
}

/** A user id with its certification by the key. */
export function userId(key: ForgedKey, name: string, options: SignatureOptions = {}): Buffer {
  return Buffer.concat([packet(13, Buffer.from(name)), certification(key, name, 0x13, options)]);
}

/** A certification (0x10 to 0x13) of a user id, or its revocation (0x30). */
export function certification(
  key: ForgedKey,
  name: string,
  type: number,
  options: SignatureOptions = {},
): Buffer {
  const text = Buffer.from(name);
  const data = Buffer.concat([key.hashed, Buffer.of(0xb4), uint32(text.length), text]);
  return forgeSignature(key, type, data, { flags: FLAGS.signAndCertify, ...options });
}

/** A subkey with its binding, and its signature back where it may sign. */
export function subkey(
  key: ForgedKey,
  sub: ForgedKey,
  options: SignatureOptions & { readonly back?: SignatureOptions | 'none' } = {},
): Buffer {
  const data = Buffer.concat([key.hashed, sub.hashed]);
  const back =
    options.back === 'none'
      ? []
      : [subpacket(32, signatureBody(sub, 0x19, data, options.back ?? {}))];
  const more = [...(options.more ?? []), ...back];
  const binding = forgeSignature(key, 0x18, data, { flags: FLAGS.sign, ...options, more });
  return Buffer.concat([packet(14, sub.body), binding]);
}

/** A revocation of a subkey: stands behind its binding. */
export function subkeyRevocation(
  key: ForgedKey,
  sub: ForgedKey,
  options: SignatureOptions = {},
): Buffer {
  return forgeSignature(key, 0x28, Buffer.concat([key.hashed, sub.hashed]), options);
}

/** A revocation of the key: stands behind the primary key. */
export function revocation(key: ForgedKey, options: SignatureOptions = {}): Buffer {
  return forgeSignature(key, 0x20, key.hashed, options);
}

/** A usual key: one user id, which lets it sign. */
export function usualKey(key: ForgedKey, name = 'Ann <ann@example.org>'): Buffer {
  return Buffer.concat([primary(key), userId(key, name)]);
}

export function armor(type: string, ...body: readonly Uint8Array[]): string {
  const lines = Buffer.concat(body)
    .toString('base64')
    .replaceAll(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${type}-----\n\n${lines}-----END ${type}-----\n`;
}

export function publicKeys(...body: readonly Uint8Array[]): string {
  return armor('PGP PUBLIC KEY BLOCK', ...body);
}

/** What every commit here says before it is signed. */
export const PAYLOAD = Buffer.from(
  [
    'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    'author Ann <ann@example.org> 1577836800 +0100',
    'committer Ann <ann@example.org> 1577836800 +0100',
    '',
    'Change something\n',
  ].join('\n'),
);

/** The commit with a `gpgsig` header. */
export function commitWith(signature: string, payload: Uint8Array = PAYLOAD): Buffer {
  const text = Buffer.from(payload);
  const end = text.indexOf('\n\n') + 1;
  const header = `gpgsig ${signature.trimEnd().split('\n').join('\n ')}\n`;
  return Buffer.concat([text.subarray(0, end), Buffer.from(header), text.subarray(end)]);
}

/** The commit signed by a PGP key. */
export function signedBy(
  key: ForgedKey,
  options: SignatureOptions & { readonly type?: number; readonly data?: Uint8Array } = {},
): Buffer {
  const { type = 0x00, data = PAYLOAD } = options;
  return commitWith(armor('PGP SIGNATURE', forgeSignature(key, type, data, options)));
}

/** An SSH key: the line of `authorized_keys`, and its secret part. */
export interface ForgedSshKey {
  readonly line: string;
  readonly blob: Buffer;
  readonly fingerprint: string;
  readonly secret: KeyObject;
  readonly application?: string;
}

/** @param application for a security key. */
export function forgeSshKey(name: string, application?: string): ForgedSshKey {
  const { secret, point } = edwardsKey(name);
  const type = application === undefined ? 'ssh-ed25519' : 'sk-ssh-ed25519@openssh.com';
  const fields = application === undefined ? [type, point] : [type, point, application];
  const blob = Buffer.concat(fields.map(wireString));
  const digest = createHash('sha256').update(blob).digest('base64').replace('=', '');
  return {
    line: `${type} ${blob.toString('base64')} ${name}@example.org`,
    blob,
    fingerprint: `SHA256:${digest}`,
    secret,
    ...(application !== undefined && { application }),
  };
}

export interface SshSignatureOptions {
  readonly namespace?: string;
  readonly hash?: string;
  readonly format?: string;
  readonly payload?: Uint8Array;
  /** Flags of a security key: 1 when it was touched. */
  readonly flags?: number;
}

/** An armored SSH signature. */
export function forgeSshSignature(key: ForgedSshKey, options: SshSignatureOptions = {}): string {
  const { namespace = 'git', hash = 'sha512', payload = PAYLOAD, flags = 1 } = options;
  const digest = createHash(hash).update(payload).digest();
  const fields = [namespace, '', hash, digest].map(wireString);
  const statement = Buffer.concat([Buffer.from('SSHSIG'), ...fields]);
  const state = Buffer.concat([Buffer.of(flags), uint32(7)]);
  const isSecurityKey = key.application !== undefined;
  const signed = isSecurityKey
    ? Buffer.concat([sha256(key.application ?? ''), state, sha256(statement)])
    : statement;
  const format = options.format ?? (isSecurityKey ? 'sk-ssh-ed25519@openssh.com' : 'ssh-ed25519');
  const numbers = [format, sign(null, signed, key.secret)].map(wireString);
  const inner = Buffer.concat([...numbers, isSecurityKey ? state : Buffer.alloc(0)]);
  const blob = Buffer.concat([
    Buffer.from('SSHSIG'),
    uint32(1),
    ...[key.blob, namespace, '', hash, inner].map(wireString),
  ]);
  const lines = blob.toString('base64').replaceAll(/.{1,70}/g, '$&\n');
  return `-----BEGIN SSH SIGNATURE-----\n${lines}-----END SSH SIGNATURE-----\n`;
}

/** The commit signed by an SSH key. */
export function signedBySsh(key: ForgedSshKey, options: SshSignatureOptions = {}): Buffer {
  return commitWith(forgeSshSignature(key, options));
}

export function wireString(content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function sha256(content: Uint8Array | string): Buffer {
  return createHash('sha256').update(content).digest();
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
