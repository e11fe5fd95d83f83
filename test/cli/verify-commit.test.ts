import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { verifyCommitCommand } from '../../src/cli/verify-commit.ts';
import {
  armor,
  commitWith,
  forgeKey,
  forgeSignature,
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

it.each(['banana', '', '2'])('refuses %j as a version of Flux', async (flux) => {
  const call = { repo, keys: KEYS, flux, mode: 'HEAD', format: 'json' } as const;
  await expect(verifyCommitCommand(['HEAD'], call, createOutput())).rejects.toThrow(
    'is no version of Flux',
  );
});

it('tells whose commits were taken for keys how to call it', async () => {
  const call = { repo, keys: [...KEYS, 'HEAD~1..HEAD'], mode: 'HEAD', format: 'json' } as const;
  await expect(verifyCommitCommand([], call, createOutput())).rejects.toThrow('give commits first');
});

describe('fluxgate verify-commit of more than one commit', () => {
  const line = createLocalRepository();
  const ids: string[] = [];
  afterAll(() => line.remove());

  /** Commits on top of each other, signed or not. */
  function stack(sign: (payload: string) => Uint8Array): void {
    const tree = line.git('rev-parse', 'HEAD^{tree}');
    const parent = ids.at(-1) ?? line.git('rev-parse', 'HEAD');
    const person = 'Ada <ada@example.org> 1767322985 +0000';
    const payload = `tree ${tree}\nparent ${parent}\nauthor ${person}\ncommitter ${person}\n\nNumber ${ids.length}\n`;
    const path = join(line.directory, '.git', 'object');
    writeFileSync(path, sign(payload));
    ids.push(line.git('hash-object', '-t', 'commit', '-w', path));
  }
  function by(key: typeof ANN): (payload: string) => Uint8Array {
    return (payload) => {
      const data = Buffer.from(payload);
      return commitWith(armor('PGP SIGNATURE', forgeSignature(key, 0, data)), data);
    };
  }
  const bare = (payload: string) => Buffer.from(payload);
  for (const sign of [by(ANN), bare, by(ANN), by(forgeKey('eve')), by(ANN)]) stack(sign);
  line.git('update-ref', 'refs/heads/main', ids.at(-1) ?? '');
  line.git('tag', 'light', ids[0] ?? '');
  line.git('tag', '--annotate', '--message', 'A tag', 'annotated', ids[0] ?? '');

  async function run(
    revisions: readonly string[],
    more: Partial<Parameters<typeof verifyCommitCommand>[1]> = {},
  ): Promise<[code: number, text: string]> {
    const output = createOutput();
    const call = { repo: line.directory, keys: KEYS, mode: 'HEAD', format: 'pretty' } as const;
    const code = await verifyCommitCommand(revisions, { ...call, ...more }, output);
    return [code, output.text];
  }

  it.each([
    ['one accepted', () => [ids[4] ?? ''], 0, ['accepted']],
    ['a range', () => [`${ids[1]}..${ids[4]}`], 1, ['accepted', 'refused', 'accepted']],
    ['a range to the head', () => [`${ids[3]}..`], 0, ['accepted']],
    ['an empty range', () => [`${ids[4]}..${ids[4]}`], 0, []],
    ['several', () => [ids[0] ?? '', ids[1] ?? ''], 1, ['accepted', 'refused']],
    ['a name', () => ['main'], 0, ['accepted']],
    ['a lightweight tag by its commit', () => ['light'], 0, ['accepted']],
    ['an annotated tag by its commit', () => ['annotated'], 0, ['accepted']],
  ])('judges %s', async (_name, revisions, expected, verdicts) => {
    const [code, text] = await run(revisions());
    const words = text.split('\n').flatMap((row) => /^(accepted|refused)/.exec(row)?.[1] ?? []);
    expect([code, words]).toEqual([expected, verdicts]);
  });

  it.each([
    ['Tag', 'light', 'InvalidGitObject'],
    ['Tag', 'annotated', 'InvalidGitObject'],
    ['Tag', 'main', 'InvalidVerificationMode'],
    ['TagAndHEAD', 'light', 'InvalidGitObject'],
    ['TagAndHEAD', 'main', 'InvalidVerificationMode'],
  ] as const)('with mode %s of %s says %s', async (mode, revision, reason) => {
    const [code, text] = await run([revision], { mode, format: 'json' });
    const { commits } = JSON.parse(text) as { commits: unknown[] };
    expect(code).toBe(1);
    expect(commits).toMatchObject([{ reason }]);
  });

  it('shows the last heads as a table', async () => {
    const [code, text] = await run([], { last: 4 });
    expect(code).toBe(1);
    expect(text.split('\n\n').at(-1)).toBe(`Of the last 4 heads of this branch Flux would have said:
  2  accepted: signed by a key of the keyring
  0  refused: signed by GitHub, whose key is not in the keyring
  1  refused: signed by a key that is not in the keyring
  0  refused: signed, but not in a way that Flux accepts
  1  refused: not signed`);
  });

  it('counts the last heads for programs', async () => {
    const [, text] = await run(['main'], { last: 3, format: 'json' });
    expect(JSON.parse(text)).toMatchObject({
      ...{ accepted: 2, refused: 1 },
      readiness: { 'known-key': 2, github: 0, 'unknown-key': 1, unusable: 0, unsigned: 0 },
    });
  });

  it('looks back from a revision, not from a range', async () => {
    await expect(run(['main..main'], { last: 3 })).rejects.toThrow(
      '--last looks back from one revision: main..main is a range.',
    );
  });

  it.each([
    [['main...main'], 'give a range as A..B, with two dots'],
    [['nothing'], 'nothing'],
    [['--help'], '--help'],
    [['nothing..main'], 'nothing'],
  ])('of %s says what is wrong', async (revisions, words) => {
    await expect(run(revisions)).rejects.toThrow(words);
  });
});
