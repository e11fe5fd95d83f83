import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Format, FORMATS } from '../../src/cli/format.ts';
import { type ReviewCall, reviewCommand, scanCommand } from '../../src/cli/review.ts';
import { GitError } from '../../src/snapshot/git-process.ts';
import { scenarios } from '../demo/scenarios.ts';
import { deployment, verifyingPolicy } from '../../src/rules/image-policy/signed-example.ts';
import { startRegistry } from '../evidence/fake-registry.ts';
import { createLocalRepository, createOutput, type LocalRepository } from './local-repository.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const FLEET = join(ROOT, 'fixtures/repositories/fleet');

const isValid = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(ROOT, 'docs/review.schema.json'), 'utf8')) as object,
);

let repository: LocalRepository;

beforeEach(() => {
  repository = createLocalRepository(FLEET);
});

afterEach(() => repository.remove());

interface Answer {
  readonly code: number;
  readonly text: string;
}

async function review(call: Partial<ReviewCall> = {}): Promise<Answer> {
  const output = createOutput();
  const whole: ReviewCall = { repo: repository.directory, base: 'main', format: 'json', ...call };
  const code = await reviewCommand(whole, output);
  return { code, text: output.text };
}

async function scan(format: Format): Promise<Answer> {
  const output = createOutput();
  const code = await scanCommand({ repo: repository.directory, rev: 'HEAD', format }, output);
  return { code, text: output.text };
}

describe('the schema of the JSON format', () => {
  it.each(scenarios((path) => readFileSync(join(FLEET, path), 'utf8')))(
    'describes the review of $name',
    async ({ files }) => {
      repository.commit(files, 'change');
      const { text } = await review();
      isValid(JSON.parse(text));
      expect(isValid.errors ?? []).toEqual([]);
    },
  );

  it('describes a scan', async () => {
    const { text } = await scan('json');
    isValid(JSON.parse(text));
    expect(isValid.errors ?? []).toEqual([]);
  });
});

describe('fluxgate review', () => {
  it.each(FORMATS)('prints %s', async (format) => {
    repository.commit({ 'apps/base/broken.yaml': 'a: [1\n' }, 'change');
    const { code, text } = await review({ format });
    expect(code).toBe(1);
    expect(text).toContain('apps/base/broken.yaml');
  });

  it('passes what changes nothing that matters', async () => {
    repository.commit({ 'README.md': 'Words.\n' }, 'change');
    expect((await review()).code).toBe(0);
  });

  it('reviews uncommitted work, and leaves it as it is', async () => {
    repository.commit({}, 'change');
    const head = repository.git('rev-parse', 'HEAD');
    addFile();
    const status = repository.git('status', '--porcelain');
    const { code, text } = await review({ worktree: true });
    expect(code).toBe(1);
    expect(text).toContain('new.yaml');
    expect(repository.git('status', '--porcelain')).toBe(status);
    expect(repository.git('rev-parse', 'HEAD')).toBe(head);
    expect((await review()).code).toBe(0);
  });

  it('says which revision is not there', async () => {
    await expect(review({ base: 'no-such-branch' })).rejects.toThrow(GitError);
    await expect(review({ base: 'no-such-branch' })).rejects.toThrow('no-such-branch');
  });

  it('takes no revision for an option', async () => {
    await expect(review({ base: '--output=/tmp/x' })).rejects.toThrow(GitError);
  });

  it('says that a folder is no repository', async () => {
    await expect(review({ repo: '/' })).rejects.toThrow(GitError);
  });
});

it('goes by the last configuration of the base that could be read', async () => {
  const path = '.github/fluxgate.yaml';
  repository.commit({ [path]: 'version: 1\nmode: enforce\n' });
  repository.commit({ [path]: 'version: 1\nmode: advisory\n' });
  repository.commit({ [path]: 'version: 1\nmode: perhaps\n' });
  repository.commit({ 'apps/base/broken.yaml': 'a: [1\n' }, 'change');
  const { code, text } = await review();
  expect(code).toBe(0);
  expect((JSON.parse(text) as { notes: string[] }).notes).toEqual([
    '.github/fluxgate.yaml is not in force (line 2: mode: invalid option: expected one of "enforce", "advisory"). Its last version that can be read is.',
  ]);
});

it('takes no configuration of a branch that was merged for an earlier one of the base', async () => {
  const path = '.github/fluxgate.yaml';
  repository.commit({ [path]: 'version: 1\nmode: enforce\n' });
  repository.commit({ [path]: 'version: 1\nmode: advisory\n' }, 'side');
  repository.commit({ [path]: 'version: 1\nmode: perhaps\n' });
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'side');
  repository.commit({ 'apps/base/broken.yaml': 'a: [1\n' }, 'change');
  expect((await review()).code).toBe(1);
});

/** A file that was never added. */
function addFile(): void {
  const path = join(repository.directory, 'apps/new.yaml');
  writeFileSync(path, 'a: b: c\n');
}

it('asks a registry that is named on the command line, and no other', async () => {
  const registry = await startRegistry();
  const small = createLocalRepository();
  try {
    registry.manifest('acme/web', '1.0.1', { schemaVersion: 2, layers: [] });
    const policy = verifyingPolicy().replace('ghcr.io', registry.host);
    small.commit({ 'apps/policy.yaml': policy });
    small.commit({ 'apps/web.yaml': deployment(`${registry.host}/acme/web:1.0.1`) }, 'change');
    const of = (more: Partial<ReviewCall>) =>
      review({ repo: small.directory, format: 'markdown', ...more });
    expect((await of({})).text).toContain('No registry was asked');
    expect(registry.requests).toEqual([]);
    const { code, text } = await of({ registries: registry.host });
    expect(text).toContain('does not find signed');
    expect(text).toContain('Images that this change brings');
    expect(code).toBe(1);
  } finally {
    small.remove();
    await registry.close();
  }
});
