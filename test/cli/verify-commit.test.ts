import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { verifyCommitCommand } from '../../src/cli/verify-commit.ts';
import {
  forgeKey,
  forgeSshKey,
  PAYLOAD,
  publicKeys,
  signedBy,
  signedBySsh,
  usualKey,
} from '../signatures/forge.ts';
import { createLocalRepository, createOutput } from './local-repository.ts';

const ANN = forgeKey('ann');
const BOT = forgeSshKey('bot');
const repository = createLocalRepository();
const { directory: repo } = repository;
afterAll(() => repository.remove());

function write(name: string, content: string | Uint8Array): string {
  const path = join(repo, name);
  writeFileSync(path, content);
  return path;
}

function store(commit: Uint8Array): string {
  return repository.git('hash-object', '-t', 'commit', '-w', write('object', commit));
}

const KEYS = [write('ann.asc', publicKeys(usualKey(ANN))), write('bot.sshpub', `${BOT.line}\n`)];
const COMMITS = {
  ann: store(signedBy(ANN)),
  bot: store(signedBySsh(BOT)),
  eve: store(signedBy(forgeKey('eve'))),
  nobody: store(PAYLOAD),
};

describe('fluxgate verify-commit', () => {
  it.each([
    ['ann', '2.9', 0, 'Succeeded'],
    // Before 2.9 the SSH entry is read as a PGP keyring too, and fails them all.
    ['ann', '2.8', 1, 'InvalidCommitSignature'],
    ['bot', '2.9', 0, 'Succeeded'],
    ['bot', '2.8', 1, 'InvalidCommitSignature'],
    ['eve', '2.9', 1, 'InvalidCommitSignature'],
    ['nobody', '2.9', 1, 'InvalidCommitSignature'],
  ] as const)('of %s by Flux %s exits with %d: %s', async (who, flux, exitCode, reason) => {
    const output = createOutput();
    const call = { repo, keys: KEYS, flux, mode: 'HEAD', format: 'json' } as const;
    const code = await verifyCommitCommand([COMMITS[who]], call, output);
    expect(code).toBe(exitCode);
    const { commits } = JSON.parse(output.text) as { commits: { id: string; reason: string }[] };
    expect(commits).toMatchObject([{ id: COMMITS[who], reason }]);
  });

  it('refuses a folder of keys that is not there', async () => {
    const call = { repo, keys: [join(repo, 'none')], mode: 'HEAD', format: 'json' } as const;
    await expect(verifyCommitCommand(['HEAD'], call, createOutput())).rejects.toThrow(
      'cannot be read',
    );
  });
});
