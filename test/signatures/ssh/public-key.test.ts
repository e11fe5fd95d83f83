import { type KeyObject, createHash, generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { parseSshPublicKey } from '../../../src/signatures/ssh/public-key.ts';
import { SshFormatError } from '../../../src/signatures/ssh/wire.ts';
import { forgeSshKey, uint32, wireString } from '../forge.ts';

function wire(...fields: readonly (Uint8Array | string)[]): Buffer {
  return Buffer.concat(fields.map(wireString));
}

/** The fingerprint; else why the key is refused. */
function read(blob: Uint8Array): string {
  try {
    return parseSshPublicKey(blob).fingerprint;
  } catch (error) {
    if (error instanceof SshFormatError) return error.message;
    throw error;
  }
}

function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace('=', '')}`;
}

function rsaNumbers(modulusLength: number): { e: Buffer; n: Buffer } {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' });
  return {
    e: Buffer.from(e, 'base64url'),
    n: Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')]),
  };
}

function pointOf(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}

const { e: E, n: N } = rsaNumbers(1024);
const POINT = pointOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const EDWARDS = forgeSshKey('sue').blob;
const RAW = EDWARDS.subarray(-32);
const ZEROS = Buffer.alloc(3);

describe('parseSshPublicKey', () => {
  it.each([
    ['RSA', wire('ssh-rsa', E, N)],
    ['Ed25519', EDWARDS],
    ['ECDSA', wire('ecdsa-sha2-nistp256', 'nistp256', POINT)],
    ['a security key', wire('sk-ssh-ed25519@openssh.com', RAW, 'ssh:')],
    [
      'an ECDSA security key',
      wire('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', POINT, 'ssh:'),
    ],
    ['a certificate', certificate('ssh-ed25519', wire(RAW))],
    ['a certificate of RSA', certificate('ssh-rsa', wire(E, N))],
    [
      'a certificate of a security key',
      certificate('sk-ssh-ed25519', wire(RAW, 'ssh:'), '@openssh.com'),
    ],
  ])('takes %s', (_name, blob) => {
    expect(read(blob)).toBe(fingerprint(blob));
  });

  it.each([
    [
      'a plain key',
      wire('ssh-rsa', Buffer.concat([ZEROS, E]), Buffer.concat([ZEROS, N])),
      wire('ssh-rsa', E, N),
    ],
    [
      'a certificate',
      certificate('ssh-rsa', wire(Buffer.concat([ZEROS, E]), N)),
      certificate('ssh-rsa', wire(E, N)),
    ],
  ])('passes over spare zeros in the numbers of %s', (_name, blob, plain) => {
    expect(read(blob)).toBe(fingerprint(plain));
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'ssh: short read'],
    ['an unknown type', wire('ssh-x', RAW), 'ssh: unknown key algorithm: ssh-x'],
    [
      'a signature algorithm',
      wire('rsa-sha2-512', E, N),
      'ssh: unknown key algorithm: rsa-sha2-512',
    ],
    ['bytes behind', Buffer.concat([EDWARDS, Buffer.of(0)]), 'ssh: trailing junk in public key'],
    ['a short key', wire('ssh-ed25519', RAW.subarray(1)), 'invalid size 31 for Ed25519 public key'],
    ['a field cut short', EDWARDS.subarray(0, -1), 'ssh: short read'],
    [
      'a length beyond all',
      Buffer.concat([wire('ssh-ed25519'), uint32(0xffffffff)]),
      'ssh: short read',
    ],
    ['an exponent of 1', wire('ssh-rsa', Buffer.of(1), N), 'ssh: incorrect exponent'],
    ['an even exponent', wire('ssh-rsa', Buffer.of(4), N), 'ssh: incorrect exponent'],
    ['a negative exponent', wire('ssh-rsa', Buffer.of(0x81), N), 'ssh: incorrect exponent'],
    ['a long exponent', wire('ssh-rsa', Buffer.of(1, 0, 0, 1), N), 'ssh: exponent too large'],
    ['a huge modulus', wire('ssh-rsa', E, Buffer.alloc(1025, 1)), 'ssh: rsa modulus too large'],
    [
      'another curve',
      wire('ecdsa-sha2-nistp256', 'nistp384', POINT),
      'ssh: algorithm type mismatch: expected "ecdsa-sha2-nistp256"',
    ],
    ['no curve', wire('ecdsa-sha2-nistp256', 'x', POINT), 'ssh: unsupported curve'],
    [
      'a point elsewhere',
      wire('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(65, 4)),
      'ssh: invalid curve point',
    ],
    [
      'a DSA key of another size',
      wire('ssh-dss', N, N, N, N),
      'ssh: unsupported DSA sub-prime size 1024',
    ],
    [
      'a certificate of a certificate',
      certificate('ssh-ed25519', wire(RAW), '', certificate('ssh-ed25519', wire(RAW))),
      'ssh: unknown key algorithm: ssh-ed25519-cert-v01@openssh.com',
    ],
    [
      'options that are not in order',
      certificate('ssh-ed25519', wire(RAW), '', EDWARDS, wire('b', '', 'a', '')),
      'ssh: certificate options are not in lexical order',
    ],
    [
      'an option with a value too many',
      certificate('ssh-ed25519', wire(RAW), '', EDWARDS, wire('a', wire('b', 'c'))),
      'ssh: unexpected trailing data after certificate option value',
    ],
  ])('refuses %s', (_name, blob, error) => {
    expect(read(blob)).toBe(error);
  });
});

/** A certificate that says nothing of interest. */
function certificate(
  stem: string,
  fields: Uint8Array,
  domain = '',
  authority: Uint8Array = EDWARDS,
  options: Uint8Array = wire('a', '', 'b', wire('c')),
): Buffer {
  const algorithm = `${stem}-cert-v01@openssh.com`;
  expect(['', '@openssh.com']).toContain(domain);
  return Buffer.concat([
    wire(algorithm, 'nonce'),
    fields,
    Buffer.alloc(8),
    uint32(1),
    wire('id', wire('git')),
    Buffer.alloc(16),
    wire(options, '', '', authority, wire('ssh-ed25519', Buffer.alloc(64))),
  ]);
}
