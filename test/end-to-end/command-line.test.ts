import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { pullRequestCommand } from '../../src/cli/pull-request.ts';
import { sandboxProgram } from './sandbox-program.ts';
import { setStage, type Stage } from './stage.ts';

const at = { owner: 'acme', repo: 'fleet' };
const NAME = 'acme/fleet';
const FILE = 'apps/service.yaml';
const GOOD = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: podinfo\n';
const CONFIG = '.github/fluxgate.yaml';

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  await stage.github.createRepository({ ...at, name: at.repo, files: { [FILE]: GOOD } });
  const { password, username } = new URL(stage.github.gitUrl(NAME, 'ada'));
  vi.stubEnv('GITHUB_TOKEN', password || username);
  vi.stubEnv('GITHUB_API_URL', stage.github.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await stage.close();
});

async function reviewed(number: number): Promise<{ code: number; text: string }> {
  let text = '';
  const output = {
    write: (more: string) => void (text += more),
    remark: () => undefined,
    isTerminal: false,
  };
  const sandboxEntry = await sandboxProgram();
  const call = { pr: `${NAME}#${number}`, format: 'markdown', sandboxEntry } as const;
  return { code: await pullRequestCommand(call, output), text };
}

async function open(): Promise<number> {
  const files = { [FILE]: GOOD.replace('  name', '\tname') };
  await stage.github.push(NAME, { branch: 'work', files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({ ...at, title: 'x', head: 'work', base: 'main' });
  return data.number;
}

function configure(text: string, branch = 'main'): Promise<string> {
  return stage.github.push(NAME, { branch, files: { [CONFIG]: text }, by: 'ada' });
}

it('reviews a pull request by the last configuration of its base that can be read', async () => {
  await configure('version: 1\nmode: advisory\n');
  await configure('version: 1\nmode: perhaps\n');
  await configure('version: 1\nmode: never\n');
  const { code, text } = await reviewed(await open());
  expect(text).toContain('not in force \\(line 2:');
  expect(text).toContain('Its last version that can be read is');
  expect(code).toBe(0);
});

it('never by one that only a merged branch had', async () => {
  await configure('version: 1\nmode: perhaps\n');
  await configure('version: 1\nmode: advisory\n', 'side');
  await configure('version: 1\nmode: maybe\n', 'side');
  await stage.ada.repos.merge({ ...at, base: 'main', head: 'side' });
  const { code, text } = await reviewed(await open());
  expect(text).toContain('The defaults are');
  expect(code).toBe(1);
});
