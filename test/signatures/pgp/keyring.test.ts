import { describe, expect, it } from 'vitest';

import { readPgpEntry } from '../../../src/signatures/pgp/keyring.ts';
import {
  MADE,
  armor,
  certification,
  forgeKey,
  forgeSignature,
  packet,
  primary,
  publicKeys,
  subkey,
  subpacket,
  uint16,
  uint32,
  userId,
  usualKey,
} from '../forge.ts';

const ann = forgeKey('ann');
const ben = forgeKey('ben');

/** Ids of the keys that are used; else why the entry is not. */
async function read(...packets: readonly Uint8Array[]): Promise<string[] | string> {
  const entry = await readPgpEntry('keys.asc', Buffer.from(publicKeys(...packets)));
  return entry.error ?? entry.entities.map((entity) => entity.primary.id);
}

/** The packet again, with another encoding of its length. */
function withHeader(bytes: Buffer, encode: (tag: number, body: Buffer) => Buffer): Buffer {
  return encode((bytes[0] ?? 0) & 0x3f, bytes.subarray(6));
}

function oldFormat(tag: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x80 | (tag << 2) | 1), uint16(body.length), body]);
}

function twoOctets(tag: number, body: Buffer): Buffer {
  const length = body.length - 192;
  const filled = length < 0 ? Buffer.concat([body, Buffer.alloc(-length)]) : body;
  const rest = Math.max(length, 0);
  return Buffer.concat([Buffer.of(0xc0 | tag, 192 + (rest >> 8), rest & 0xff), filled]);
}

/** In chunks of two bytes. */
function partial(tag: number, body: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.of(0xc0 | tag)];
  let at = 0;
  for (; body.length - at > 2; at += 2) parts.push(Buffer.of(225), body.subarray(at, at + 2));
  return Buffer.concat([...parts, Buffer.of(body.length - at), body.subarray(at)]);
}

describe('readPgpEntry', () => {
  it.each([
    ['in the old format', oldFormat],
    ['in chunks', partial],
  ])('reads packets %s', async (_name, encode) => {
    const name = Buffer.from('Ann');
    const packets = [
      withHeader(primary(ann), encode),
      encode(13, name),
      withHeader(certification(ann, 'Ann', 0x13), encode),
    ];
    expect(await read(...packets)).toEqual([ann.id]);
  });

  it('reads a length in two octets', async () => {
    const name = 'Ann'.padEnd(250, '.');
    const packets = [
      primary(ann),
      twoOctets(13, Buffer.from(name)),
      certification(ann, name, 0x13),
    ];
    expect(await read(...packets)).toEqual([ann.id]);
  });

  it('reads a last packet without length', async () => {
    const last = certification(ann, 'Ann', 0x13).subarray(6);
    const open = Buffer.concat([Buffer.of(0x80 | (2 << 2) | 3), last]);
    expect(await read(primary(ann), packet(13, Buffer.from('Ann')), open)).toEqual([ann.id]);
  });

  it.each([
    ['nothing', [], []],
    ['a key behind what is no key', [userId(ann, 'x'), usualKey(ben)], [ben.id]],
    [
      'a key of version 3 before another',
      [packet(6, Buffer.of(3, 0, 0, 0, 0, 1, 2, 3)), usualKey(ben)],
      [ben.id],
    ],
    [
      'a key of an unknown algorithm before another',
      [packet(6, Buffer.of(4, 0, 0, 0, 0, 99)), userId(ann, 'x'), usualKey(ben)],
      [ben.id],
    ],
    ['a key that cannot sign', [packet(6, elgamal()), usualKey(ben)], [ben.id]],
    ['the same key twice', [usualKey(ann), usualKey(ann)], [ann.id, ann.id]],
    ['a message of an unknown version', [usualKey(ann), packet(1, Buffer.of(9))], [ann.id]],
    ['another', [usualKey(ann), packet(4, Buffer.of(9, 0, 0, 0))], [ann.id]],
    ['a signature of version 3', [usualKey(ann), packet(2, Buffer.of(3, 5))], [ann.id]],
    [
      'a user id of another beside the own one',
      [usualKey(ann), packet(13, Buffer.from('Other'))],
      [ann.id],
    ],
  ])('passes over %s', async (_name, packets, expected) => {
    expect(await read(...packets)).toEqual(expected);
  });

  it.each([
    ['a packet cut short', [usualKey(ann).subarray(0, -10)], 'unexpected EOF'],
    [
      'a length beyond the end',
      [usualKey(ann), Buffer.of(0xcd, 255, 255, 255, 255, 255)],
      'unexpected EOF',
    ],
    ['a header cut short', [usualKey(ann), Buffer.of(0xcd)], 'unexpected EOF'],
    [
      'a message of an unknown version, cut short',
      [usualKey(ann), packet(4, Buffer.of(9, 0))],
      'unexpected EOF',
    ],
    [
      'no packet at all',
      [Buffer.from('hello')],
      'openpgp: invalid data: tag byte does not have MSB set',
    ],
    [
      'bytes left over in a packet, which are then read as one',
      [packet(6, Buffer.concat([ann.body, Buffer.of(1)])), userId(ann, 'x')],
      'openpgp: invalid data: tag byte does not have MSB set',
    ],
    [
      'an unknown packet',
      [usualKey(ann), packet(30, Buffer.of(1))],
      'openpgp: unknown critical packet type: 30',
    ],
    [
      'a compressed packet',
      [usualKey(ann), packet(8, Buffer.of(1))],
      'openpgp: unknown critical packet type: 8',
    ],
    [
      'a wrong marker',
      [packet(10, Buffer.from('XYZ'))],
      'openpgp: invalid data: invalid marker packet',
    ],
    [
      'a photograph that is cut short',
      [usualKey(ann), packet(17, Buffer.of(9, 1))],
      'openpgp: invalid data: subpacket truncated',
    ],
    [
      'a point that is not on its curve',
      [packet(6, badPoint())],
      'ecdsa: failed to parse EC point',
    ],
    [
      'only what is no key',
      [packet(13, Buffer.from('x'))],
      'openpgp: invalid data: first packet was not a public/private key',
    ],
    [
      'only keys that are passed over',
      [primary(ann)],
      'openpgp: invalid data: v4 entity without any identities',
    ],
    [
      'a signature that has no time',
      [primary(ann), packet(13, Buffer.from('x')), packet(2, timeless())],
      'openpgp: invalid data: no creation time in signature',
    ],
    [
      'signatures nested beyond sense',
      [primary(ann), packet(2, nested(200))],
      'openpgp: invalid data: signatures are nested too deeply',
    ],
  ])('refuses %s', async (_name, packets, expected) => {
    expect(await read(...packets)).toBe(expected);
  });

  it('gives up on more signatures than can be checked', async () => {
    const signature = certification(ann, 'Ann', 0x13);
    const many = Array.from({ length: 10_001 }, () => signature);
    const packets = [primary(ann), packet(13, Buffer.from('Ann')), ...many];
    expect(await read(...packets)).toBe('the keys hold too many signatures to check them all');
  });

  it('gives up on a flood of packets it does not know', async () => {
    const flood = Buffer.alloc(3 * 10_001, Buffer.of(0xc2, 1, 3));
    expect(await read(usualKey(ann), flood)).toBe('too many packets are not supported');
  });

  it('gives up on a flood of packets that say nothing', async () => {
    const flood = Buffer.alloc(2 * 500_000, Buffer.of(0xcc, 0));
    expect(await read(usualKey(ann), flood)).toBe('there are too many packets');
  });

  it('reads 2,000 keys', async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => usualKey(forgeKey(`key ${index}`)));
    const block = Buffer.concat(Array.from({ length: 100 }, () => Buffer.concat(twenty)));
    const entry = await readPgpEntry('k', Buffer.from(publicKeys(block)));
    expect(entry.entities.length).toBe(2000);
    expect(entry.byId.get(forgeKey('key 19').id)).toHaveLength(100);
  });

  it('reads a key with 500 user ids and 20,000 certifications of others', async () => {
    const userIds = Array.from({ length: 500 }, (_, index) => userId(ann, `Ann ${index}`));
    const foreign = forgeSignature(ben, 0x10, Buffer.from('x'));
    const certifications = Array.from({ length: 20_000 }, () => foreign);
    const body = Buffer.concat([primary(ann), ...userIds, ...certifications]);
    const entry = await readPgpEntry('k', Buffer.from(publicKeys(body)));
    expect(entry.entities[0]?.identities.length).toBe(500);
  });

  it('says what the entry is instead', async () => {
    const errors = await Promise.all(
      ['', 'hello', armor('PGP MESSAGE'), armor('PGP SIGNATURE', primary(ann))].map(
        async (content) => (await readPgpEntry('k', Buffer.from(content))).error,
      ),
    );
    expect(errors).toEqual([
      'openpgp: invalid argument: no armored data found',
      'openpgp: invalid argument: no armored data found',
      'openpgp: invalid argument: expected public or private key block, got: PGP MESSAGE',
      'openpgp: invalid argument: expected public or private key block, got: PGP SIGNATURE',
    ]);
  });
});

describe('private keys', () => {
  const secret = Buffer.from('secret');
  const sum = uint16([...secret].reduce((total, byte) => total + byte, 0));
  const salted = Buffer.concat([Buffer.of(3, 8), Buffer.alloc(8), Buffer.of(96)]);
  const stub = Buffer.concat([Buffer.of(101, 2), Buffer.from('GNU'), Buffer.of(1)]);
  const vector = Buffer.alloc(16);

  it.each([
    ['unprotected', [Buffer.of(0), secret, sum], [ann.id]],
    ['protected', [Buffer.of(254, 9), salted, vector, secret], [ann.id]],
    ['protected by a checksum', [Buffer.of(255, 7), salted, vector, secret], [ann.id]],
    ['protected by AEAD', [Buffer.of(253, 9, 2), salted, Buffer.alloc(15), secret], [ann.id]],
    ['a stub', [Buffer.of(255, 0), stub], [ann.id]],
    [
      'with a wrong checksum',
      [Buffer.of(0), secret, Buffer.of(0, 0)],
      'openpgp: invalid data: private key checksum failure',
    ],
    ['with nothing', [Buffer.of(0)], 'openpgp: invalid data: truncated private key data'],
    ['cut short', [Buffer.of(254, 9, 3, 8)], 'unexpected EOF'],
    ['protected in an old way', [Buffer.of(9), secret], []],
    ['protected by an unknown cipher', [Buffer.of(254, 99), salted, vector], []],
    ['protected by an unknown hash', [Buffer.of(254, 9, 0, 1), vector], []],
  ])('are taken for keys when they are %s', async (_name, rest, expected) => {
    const key = packet(5, Buffer.concat([ann.body, ...rest]));
    const result = await read(key, userId(ann, 'Ann'));
    // What is not supported is passed over, and nothing is left.
    const none = 'openpgp: invalid data: first packet was not a public/private key';
    expect(result).toEqual(expected.length === 0 ? none : expected);
  });

  it('need not be private in all parts', async () => {
    const key = packet(5, Buffer.concat([ann.body, Buffer.of(0), secret, sum]));
    const other = forgeKey('sub', MADE + 1);
    expect(await read(key, userId(ann, 'Ann'), subkey(ann, other))).toEqual([ann.id]);
  });
});

function elgamal(): Buffer {
  const number = Buffer.of(0, 8, 255);
  return Buffer.concat([Buffer.of(4, 0, 0, 0, 0, 16), number, number, number]);
}

function badPoint(): Buffer {
  const oid = Buffer.from('082a8648ce3d030107', 'hex');
  const point = Buffer.concat([uint16(515), Buffer.of(4), Buffer.alloc(64, 1)]);
  return Buffer.concat([Buffer.of(4, 0, 0, 0, 0, 19), oid, point]);
}

function timeless(): Buffer {
  return Buffer.concat([Buffer.of(4, 0x13, 27, 8, 0, 0, 0, 0, 0, 0), Buffer.alloc(64)]);
}

/** A signature in a signature in a signature. */
function nested(depth: number): Buffer {
  const inner = depth === 0 ? [] : [subpacket(32, nested(depth - 1))];
  const hashed = subpacket(2, uint32(MADE));
  const unhashed = Buffer.concat(inner);
  const head = [Buffer.of(4, 0x19, 27, 8), uint16(hashed.length), hashed];
  return Buffer.concat([...head, uint16(unhashed.length), unhashed, Buffer.alloc(66)]);
}
