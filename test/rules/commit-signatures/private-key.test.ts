import { describe, expect, it } from 'vitest';

import { beginsWithSecretKey, privateKeyAt } from '../../../src/model/private-key.ts';
import { headlineOf } from '../../../src/report/headline.ts';
import { armor, forgeKey, usualKey } from '../../signatures/forge.ts';
import { lines, reviewed } from './reviewed.ts';

const README = { 'README.md': 'Words.\n' };
const PRIVATE = armor('PGP PRIVATE KEY BLOCK', usualKey(forgeKey('ann')));
const PUBLIC = armor('PGP PUBLIC KEY BLOCK', usualKey(forgeKey('ann')));
const ENCODED = Buffer.from(PRIVATE).toString('base64');
const INDENTED = PRIVATE.replace(/^/gm, '    ');

function object(kind: string, body: string): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: keys, namespace: apps}\n${body}\n`;
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
    ['a.yaml', object('Secret', 'data: [not, a, map]'), []],
    ['a.yaml', object('Secret', 'data: {key: {not: text}}'), []],
  ])('judges %s', async (path, text, expected) => {
    const review = await reviewed(README, { ...README, [path]: text });
    expect(lines(review).filter((line) => line.includes('private-key'))).toEqual(expected);
    expect(JSON.stringify(review)).not.toContain(PRIVATE.split('\n')[2]);
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
    expect(privateKeyAt('PRIVATE KEY-----\n'.repeat(20_000))).toBeUndefined();
  });
});
