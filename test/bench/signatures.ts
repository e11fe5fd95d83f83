import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';

import type * as keyrings from '../../src/signatures/keyring.ts';
import type * as verifying from '../../src/signatures/verify.ts';
import { commitWith, forgeSshKey, forgeSshSignature } from '../signatures/forge.ts';
import { compile } from './compile.ts';
import type { Row } from './webhook.ts';

/** Keys of each keyring. */
const KEYS = 50;
/** Of them RSA 4096: each takes a second to make. */
const RSA_KEYS = 5;
/** Commits that are verified, all different. */
const COMMITS = 200;
/** Of them, those that git verifies too, which takes its time. */
const COMMITS_OF_GIT = 20;

interface Kind {
  readonly name: string;
  readonly entries: readonly { readonly name: string; readonly content: string }[];
  readonly commits: readonly Buffer[];
}

/** Verifications a second with a keyring of 50 keys, beside `git verify-commit` on the same commits. */
export async function benchSignatures(): Promise<Row[]> {
  const folder = compile('src/model', 'src/signatures');
  try {
    const at = (name: string) => join(folder, 'src/signatures', name);
    const { openKeyring } = (await import(at('keyring.js'))) as typeof keyrings;
    const { verifyCommit } = (await import(at('verify.js'))) as typeof verifying;
    const rows: Row[] = [];
    for (const { name, entries, commits } of await kinds()) {
      const ring = await openKeyring(entries);
      const now = new Date();
      const ours = perSecond(commits, (commit) => verifyCommit(commit, ring, now).accepted);
      const theirs = perSecondOfGit(entries, commits.slice(0, COMMITS_OF_GIT));
      const words = `signatures: ${name}, keyring of ${KEYS} keys`;
      rows.push(
        { name: words, value: Math.round(ours), unit: '1/s' },
        { name: `${words}, git verify-commit`, value: Math.round(theirs), unit: '1/s' },
      );
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function kinds(): Promise<Kind[]> {
  const rsa = await makeKeys('rsa', RSA_KEYS);
  const ecc = await makeKeys('ecc', KEYS - RSA_KEYS);
  const pgp = [...rsa, ...ecc].map(({ publicKey }, number) => ({
    name: `key-${number}.asc`,
    content: publicKey,
  }));
  const keys = Array.from({ length: KEYS }, (_, number) => forgeSshKey(`key-${number}`));
  const ssh = [{ name: 'keys.sshpub', content: keys.map(({ line }) => line).join('\n') }];
  const [lastRsa, lastEcc, lastSsh] = [rsa.at(-1), ecc.at(-1), keys.at(-1)];
  if (!lastRsa || !lastEcc || !lastSsh) throw new Error('There are no keys.');
  return [
    { name: 'RSA 4096', entries: pgp, commits: await signedBy(lastRsa) },
    { name: 'Ed25519', entries: pgp, commits: await signedBy(lastEcc) },
    {
      name: 'SSH Ed25519',
      entries: ssh,
      commits: payloads().map((payload) =>
        commitWith(forgeSshSignature(lastSsh, { payload }), payload),
      ),
    },
  ];
}

interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

function makeKeys(type: 'rsa' | 'ecc', count: number): Promise<KeyPair[]> {
  const kind = type === 'rsa' ? { type, rsaBits: 4096 } : { type, curve: 'ed25519Legacy' as const };
  const date = new Date(Date.now() - 86_400_000);
  return Promise.all(
    Array.from({ length: count }, (_, number) => {
      const userIDs = [{ name: `Key ${number}`, email: `${type}-${number}@example.org` }];
      return generateKey({ ...kind, userIDs, date, format: 'armored' });
    }),
  );
}

function payloads(): Buffer[] {
  const person = 'Ada <ada@example.org> 1767322985 +0000';
  const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  return Array.from({ length: COMMITS }, (_, number) =>
    Buffer.from(`tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nChange ${number}\n`),
  );
}

async function signedBy({ privateKey }: KeyPair): Promise<Buffer[]> {
  const signingKeys = await readPrivateKey({ armoredKey: privateKey });
  const commits: Buffer[] = [];
  for (const payload of payloads()) {
    const message = await createMessage({ binary: new Uint8Array(payload) });
    const signature: unknown = await sign({ message, signingKeys, detached: true });
    commits.push(commitWith(String(signature).replaceAll('\r\n', '\n'), payload));
  }
  return commits;
}

/** The best of three rounds: what is left when nobody else wants the core. */
function perSecond<T>(values: readonly T[], isAccepted: (value: T) => boolean): number {
  let best = 0;
  for (let round = 0; round < 3; round += 1) {
    const start = performance.now();
    if (!values.every(isAccepted)) throw new Error('A good signature was refused.');
    best = Math.max(best, (values.length / (performance.now() - start)) * 1000);
  }
  return best;
}

function perSecondOfGit(entries: Kind['entries'], commits: readonly Buffer[]): number {
  const home = mkdtempSync(join(tmpdir(), 'fluxgate-git-'));
  const repository = join(home, 'repository');
  const ring = join(home, 'ring');
  mkdirSync(ring, { mode: 0o700 });
  const env = { PATH: process.env.PATH ?? '', HOME: home, GNUPGHOME: ring, LC_ALL: 'C' };
  const git = (args: readonly string[], input?: Buffer): string =>
    execFileSync('git', args, { env, input, encoding: 'utf8' }).trim();
  try {
    git(['init', '--quiet', repository]);
    const allowed = join(home, 'allowed');
    for (const { name, content } of entries) {
      if (name.endsWith('.sshpub')) writeFileSync(allowed, content.replace(/^/gm, '* '));
      else execFileSync('gpg', ['--batch', '--quiet', '--import'], { input: content, env });
    }
    const at = ['-C', repository];
    const ids = commits.map((commit) =>
      git([...at, 'hash-object', '-t', 'commit', '-w', '--stdin'], commit),
    );
    const verify = ['-c', `gpg.ssh.allowedSignersFile=${allowed}`, ...at, 'verify-commit'];
    return perSecond(ids, (id) => spawnSync('git', [...verify, id], { env }).status === 0);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
