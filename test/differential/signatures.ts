/**
 * Compares our verdicts on the signed commits of real histories with `git verify-commit`:
 *
 *     npm run differential:signatures -- [--most N] [--keys FILE]... [--ssh-keys-of-signatures] REPO...
 *
 * Both sides get the same public keys: the PGP blocks named, in a keyring of gpg's own in a
 * temporary folder; and, where it is asked for, the SSH keys that stand in the signatures
 * themselves (they prove no owner, and the arithmetic all the same). What differs is listed with
 * both answers, grouped by what explains it. Exits 1 where a difference has no explanation by a
 * rule of Flux.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { parseArgs, promisify } from 'node:util';

import type { Verdict } from '../../src/model/commit.ts';
import { type SignedCommit, parseCommit } from '../../src/signatures/git-object.ts';
import { type Keyring, openKeyring, type SecretEntry } from '../../src/signatures/keyring.ts';
import { parseSshSignature } from '../../src/signatures/ssh/signature.ts';
import { verifyObject } from '../../src/signatures/verify.ts';
import { borrowObjects, readObjects } from '../../src/snapshot/git-objects.ts';

const run = promisify(execFile);
const CONCURRENCY = 2;

interface Counts {
  compared: number;
  /** By both, by kind of signature. */
  readonly accepted: Map<string, number>;
  /** By explanation: commits whose verdicts differ. */
  readonly different: Map<string, string[]>;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      most: { type: 'string', default: '1000' },
      keys: { type: 'string', multiple: true, default: [] },
      'ssh-keys-of-signatures': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const entries = values.keys.map((path) => ({
    name: basename(path),
    content: readFileSync(path),
  }));
  let isExplained = true;
  let together = 0;
  for (const repository of positionals) {
    const counts = await compareHistory(repository, entries, {
      most: Number(values.most),
      withSshKeys: values['ssh-keys-of-signatures'],
    });
    together += counts.compared;
    const accepted = [...counts.accepted].map(([kind, count]) => `${count} ${kind}`).join(', ');
    console.log(`${repository}: ${counts.compared} compared, accepted by both: ${accepted}`);
    for (const [why, ids] of counts.different) {
      console.log(`  ${ids.length} differ: ${why} (${ids.slice(0, 3).join(', ')})`);
      isExplained &&= why !== UNEXPLAINED;
    }
  }
  console.log(`Together ${together} signed commits.`);
  return isExplained && together > 0 ? 0 : 1;
}

interface Options {
  readonly most: number;
  readonly withSshKeys: boolean;
}

async function compareHistory(
  repository: string,
  keys: readonly SecretEntry[],
  { most, withSshKeys }: Options,
): Promise<Counts> {
  const commits = await signedCommits(repository, most);
  const sshKeys = withSshKeys ? sshKeysOf(commits) : [];
  const all = [...keys, { name: 'signatures.sshpub', content: sshKeys.join('\n') }];
  const ours = await openKeyring(sshKeys.length > 0 ? all : keys);
  const git = trustIn(repository, keys, sshKeys);
  try {
    return await compareAll(commits, ours, git);
  } finally {
    git.close();
  }
}

async function signedCommits(repository: string, most: number): Promise<SignedCommit[]> {
  const { stdout } = await run('git', ['-C', repository, 'rev-list', 'HEAD'], {
    maxBuffer: 1 << 28,
  });
  const ids = stdout.trim().split('\n');
  const objects = await borrowObjects(repository);
  const signed: SignedCommit[] = [];
  try {
    for (let at = 0; at < ids.length && signed.length < most; at += 2000) {
      const part = ids.slice(at, at + 2000);
      const found = await readObjects(objects, part);
      for (const id of part) {
        const object = found.get(id);
        const commit = object && parseCommit(object.bytes);
        if (commit?.type === 'commit' && commit.signature.length > 0) signed.push(commit);
      }
    }
  } finally {
    await objects.close();
  }
  return signed.slice(0, most);
}

/** Lines of `authorized_keys`, each key once. */
function sshKeysOf(commits: readonly SignedCommit[]): string[] {
  const lines = commits.flatMap(({ signatureKind, signature }) => {
    if (signatureKind !== 'ssh') return [];
    const text = Buffer.from(signature).toString('latin1');
    const blob = Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64');
    const length = blob.readUInt32BE(10);
    const { key } = parseSshSignature(signature);
    return [`${key.algorithm} ${blob.subarray(14, 14 + length).toString('base64')}`];
  });
  return [...new Set(lines)];
}

interface Git {
  verify(id: string): Promise<{ accepted: boolean; status: string }>;
  close(): void;
}

function trustIn(
  repository: string,
  keys: readonly SecretEntry[],
  sshKeys: readonly string[],
): Git {
  const home = mkdtempSync(join(tmpdir(), 'fluxgate-gpg-'));
  const ring = join(home, 'ring');
  mkdirSync(ring, { mode: 0o700 });
  const env = { PATH: process.env.PATH ?? '', GNUPGHOME: ring, HOME: home, LC_ALL: 'C' };
  for (const { content } of keys) {
    execFileSync('gpg', ['--batch', '--quiet', '--import'], { input: content, env });
  }
  const allowed = join(home, 'allowed');
  writeFileSync(allowed, sshKeys.map((key) => `* namespaces="git" ${key}\n`).join(''));
  return {
    async verify(id) {
      const args = ['-C', repository, '-c', `gpg.ssh.allowedSignersFile=${allowed}`];
      try {
        const { stderr } = await run('git', [...args, 'verify-commit', '--raw', id], { env });
        return { accepted: true, status: statusOf(stderr) };
      } catch (error) {
        return { accepted: false, status: statusOf((error as { stderr: string }).stderr) };
      }
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** gpg's own word: `GOODSIG`, `EXPKEYSIG`, `NO_PUBKEY`, …; of SSH the first words. */
function statusOf(text: string): string {
  const words = [...text.matchAll(/^\[GNUPG:\] ([A-Z_]+SIG|NO_PUBKEY|[A-Z]+KEYSIG)\b/gm)];
  return words.at(-1)?.[1] ?? text.trim().split('\n')[0]?.slice(0, 40) ?? '';
}

async function compareAll(
  commits: readonly SignedCommit[],
  keyring: Keyring,
  git: Git,
): Promise<Counts> {
  const counts: Counts = { compared: 0, accepted: new Map(), different: new Map() };
  const now = new Date();
  const waiting = commits.values();
  async function work(): Promise<void> {
    for (const commit of waiting) {
      const theirs = await git.verify(commit.id);
      const ours = verifyObject(commit, keyring, now);
      counts.compared += 1;
      if (ours.accepted && theirs.accepted) {
        const kind = ours.signatureKind;
        counts.accepted.set(kind, (counts.accepted.get(kind) ?? 0) + 1);
      }
      if (ours.accepted === theirs.accepted) continue;
      const why = explain(ours, theirs.status);
      counts.different.set(why, [...(counts.different.get(why) ?? []), commit.id.slice(0, 12)]);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return counts;
}

const UNEXPLAINED = 'no rule of Flux explains this';

/** Which rule of Flux makes the difference, where one does. */
function explain(ours: Verdict, status: string): string {
  const answers = `ours ${ours.accepted ? 'accepted' : ours.refusal}, git ${status}`;
  if (!ours.accepted && ours.refusal === 'key-expired') {
    return `Flux asks whether the key is valid now, git whether it was then (${answers})`;
  }
  if (ours.accepted && ours.warnings.includes('sha1-digest')) {
    return `Flux accepts SHA-1 digests, gpg no longer does (${answers})`;
  }
  console.log(`  ${answers}`);
  return UNEXPLAINED;
}
