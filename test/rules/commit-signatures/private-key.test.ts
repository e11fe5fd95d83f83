import { describe, expect, it } from 'vitest';

import { usualKeyFilesOf } from '../../../src/flux/key-files.ts';
import {
  beginsWithSecretKey,
  findPrivateKey,
  privateKeyAt,
} from '../../../src/model/private-key.ts';
import { headlineOf } from '../../../src/report/headline.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { armor, forgeKey, usualKey } from '../../signatures/forge.ts';
import { lines, reviewed } from './reviewed.ts';

const README = { 'README.md': 'Words.\n' };
const PRIVATE = armor('PGP PRIVATE KEY BLOCK', usualKey(forgeKey('ann')));
const PUBLIC = armor('PGP PUBLIC KEY BLOCK', usualKey(forgeKey('ann')));
const ENCODED = Buffer.from(PRIVATE).toString('base64');
const INDENTED = PRIVATE.replace(/^/gm, '    ');

const TWICE = Buffer.from(ENCODED).toString('base64');
const PEM = `-----BEGIN PRIVATE KEY-----\n${'MadeUp00'.repeat(8)}\n-----END PRIVATE KEY-----\n`;
const CERTIFICATE = PEM.replaceAll('PRIVATE KEY', 'CERTIFICATE');
const AGE = `AGE-SECRET-KEY-1${'MADE0UP9'.repeat(8).slice(0, 58)}`;
const AGE_ENCODED = Buffer.from(`# created\n${AGE}\n`).toString('base64');

function object(kind: string, body: string): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: keys, namespace: apps}\n${body}\n`;
}

/** The head of an OpenSSH key, which names its cipher. */
function sshBody(cipher: string): string {
  const name = Buffer.concat([Buffer.of(0, 0, 0, cipher.length), Buffer.from(cipher)]);
  const bytes = [Buffer.from('openssh-key-v1\0'), name, Buffer.from('made up, with no key in it')];
  return Buffer.concat(bytes).toString('base64');
}

describe('commit-signatures/private-key', () => {
  it.each([
    ['keys/ann.asc', PRIVATE, ['denied private-key line 1']],
    ['keys/ann.asc', PUBLIC, []],
    [
      '.ssh/id_ed25519',
      PRIVATE.replaceAll('PGP PRIVATE KEY BLOCK', 'OPENSSH PRIVATE KEY'),
      ['denied private-key line 1'],
    ],
    ['notes.md', PRIVATE, []],
    ['docs.pem', '-----BEGIN PRIVATE KEY-----\n...\n', []],
    ['a.yaml', object('ConfigMap', `data:\n  key: |\n${INDENTED}`), ['denied private-key line 5']],
    ['a.yaml', object('Secret', `data:\n  key: ${ENCODED}`), ['denied private-key line 5']],
    [
      'a.yaml',
      object('Secret', `stringData:\n  key: |\n${INDENTED}`),
      ['denied private-key line 5'],
    ],
    ['a.yaml', object('Secret', `data:\n  key: ${TWICE}`), ['denied private-key line 5']],
    ['a.yaml', object('ConfigMap', `data:\n  key: ${ENCODED}`), ['denied private-key line 5']],
    ['a.yaml', object('Secret', `data:\n  age: ${AGE_ENCODED}`), ['denied private-key line 5']],
    ['a.yaml', object('Secret', `stringData:\n  age: ${AGE}`), ['denied private-key line 5']],
    ['values.yaml', `tls:\n  key: |\n${INDENTED}`, ['denied private-key line 3']],
    ['values.yaml', `# ${PEM.replaceAll('\n', '\n# ')}\na: b\n`, ['denied private-key line 1']],
    ['account.json', JSON.stringify({ private_key: PEM }), ['denied private-key line 1']],
    [
      'kubeconfig.yaml',
      `users:\n  - user:\n      client-key-data: ${Buffer.from(PEM).toString('base64')}\n`,
      ['denied private-key line 3'],
    ],
    ['age.agekey', `# public key: age1abc\n${AGE}\n`, ['denied private-key line 2']],
    ['keys.txt', AGE, ['denied private-key line 1']],
    ['a.yaml', object('Secret', `stringData:\n  age: AGE-SECRET-KEY-1${'X'.repeat(58)}`), []],
    [
      'a.yaml',
      object('Secret', `data:\n  crt: ${Buffer.from(CERTIFICATE).toString('base64')}`),
      [],
    ],
    ['ca.pem', CERTIFICATE, []],
    ['taken-out.pem', PEM.replace(/MadeUp00.*/, 'REDACTED') + CERTIFICATE, []],
    ['taken-out.key', PEM.replaceAll('MadeUp00', 'REDACTED'), []],
    ['taken-out.key', PEM.replaceAll('MadeUp00', 'xxxxxxxx'), []],
    ['a.yaml', object('Secret', 'data: [not, a, map]'), []],
    ['a.yaml', object('Secret', 'data: {key: {not: text}}'), []],
  ])('judges %s', async (path, text, expected) => {
    const review = await reviewed(README, { ...README, [path]: text });
    expect(lines(review).filter((line) => line.includes('private-key'))).toEqual(expected);
    expect(JSON.stringify(review)).not.toContain(PRIVATE.split('\n')[2]);
  });

  it('finds what an overlay makes from a file of any name', async () => {
    const kustomization = `resources: []\nsecretGenerator:\n  - name: tls\n    files: [tls.key=deploy.bin]\n`;
    const files = { 'apps/kustomization.yaml': kustomization, 'apps/deploy.bin': PEM };
    const review = await reviewed(README, { ...README, ...files });
    const found = review.findings.filter(({ rule }) => rule.endsWith('private-key'));
    expect(found.map(({ primary: { path, line } }) => `${path}:${line}`)).toEqual([
      'apps/deploy.bin:1',
    ]);
  });

  it.each([
    ['ENCRYPTED PRIVATE KEY', 'MadeUp00'.repeat(8), true],
    ['ENCRYPTED SIGSTORE PRIVATE KEY', 'MadeUp00'.repeat(8), true],
    ['RSA PRIVATE KEY', `Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n${'MadeUp00'.repeat(8)}`, true],
    ['OPENSSH PRIVATE KEY', sshBody('aes256-ctr'), true],
    ['OPENSSH PRIVATE KEY', sshBody('none'), false],
    ['EC PRIVATE KEY', 'MadeUp00'.repeat(8), false],
  ])('tells whether %s is protected', (kind, body, isProtected) => {
    const key = `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;
    expect(findPrivateKey(key)).toEqual({ start: 0, isProtected });
  });

  it('reads the likeliest of too many files with names of keys', () => {
    const many = Array.from({ length: 300 }, (_, at) => [`ca/${at}.pem`, CERTIFICATE] as const);
    const tree = memoryTree({
      ...Object.fromEntries<string>(many),
      'z/id_rsa': PEM,
      'z/y.key': PEM,
    });
    const files = usualKeyFilesOf(tree);
    expect(files).toHaveLength(200);
    expect(files.slice(0, 2)).toEqual(['z/id_rsa', 'z/y.key']);
  });

  it('is said in words that name nobody who would stop it', async () => {
    const { findings } = await reviewed(README, { ...README, 'keys/ann.asc': PRIVATE });
    expect(headlineOf(findings, (name) => name)).toEqual(
      expect.stringContaining('Whoever reads this repository can use a private key: '),
    );
  });

  it('tells a key that stood before as existing', async () => {
    const files = { 'keys/ann.asc': PRIVATE };
    const review = await reviewed({ ...README, ...files }, { 'README.md': 'More.\n', ...files });
    expect(review.findings.map(({ change }) => change)).toEqual(['existing']);
  });

  it('knows binary keys by their first packet', () => {
    expect(beginsWithSecretKey(Uint8Array.of(0xc5, 1))).toBe(true);
    expect(beginsWithSecretKey(Uint8Array.of(0x95, 1))).toBe(true);
    expect(beginsWithSecretKey(Uint8Array.of(0x99, 1))).toBe(false);
    expect(beginsWithSecretKey(Uint8Array.of())).toBe(false);
  });

  it('takes no time for texts made of beginnings', () => {
    for (const text of [
      'PRIVATE KEY-----\n',
      '-----BEGIN PRIVATE KEY-----\n',
      'AGE-SECRET-KEY-1',
      'LS0tLS1CRUdJTi',
      `LS0tLS1CRUdJTi${'A'.repeat(40)}`,
    ]) {
      expect(privateKeyAt(text.repeat(20_000))).toBeUndefined();
    }
  });
});
