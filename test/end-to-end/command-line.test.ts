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

async function reviewed(
  number: number,
  more: { readonly pr?: string; readonly publish?: true } = {},
): Promise<{ code: number; text: string; remarks: string[] }> {
  let text = '';
  const remarks: string[] = [];
  const output = {
    write: (written: string) => void (text += written),
    remark: (remark: string) => void remarks.push(remark),
    progress: () => undefined,
    isTerminal: false,
  };
  const sandboxEntry = await sandboxProgram();
  const call = { pr: `${NAME}#${number}`, format: 'markdown', sandboxEntry, ...more } as const;
  return { code: await pullRequestCommand(call, output), text, remarks };
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

it.each([
  ['a wrong token', 'acme/fleet#1', 'GitHub does not accept the token in GITHUB_TOKEN or GH_TOKEN'],
  ['no such repository', 'acme/none#1', 'acme/none#1: GitHub does not find it: Not Found'],
  ['no such pull request', 'acme/fleet#9', 'acme/fleet#9: GitHub does not find it: Not Found'],
  ['no name', 'acme/fleet', '"acme/fleet" names no pull request: write it as OWNER/REPO#NUMBER.'],
])('tells what to do: %s', async (why, pr, message) => {
  if (why === 'a wrong token') vi.stubEnv('GITHUB_TOKEN', 'wrong');
  await expect(reviewed(1, { pr })).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(message) as string,
  });
});

it.each([
  ['nonsense', 'GITHUB_API_URL is "nonsense": give the API'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1 cannot be asked:'],
])('tells what to do: the API is at %s', async (url, message) => {
  vi.stubEnv('GITHUB_API_URL', url);
  await expect(reviewed(1)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(message) as string,
  });
});

it('publishes comments with the token of a person, who may write no check runs', async () => {
  for (const event of ['pull_request', 'check_suite'])
    stage.github.faults.deliveries(event, 'drop');
  const number = await open();
  const { code, remarks } = await reviewed(number, { publish: true });
  expect(code).toBe(1);
  expect(remarks.at(-1)).toBe(
    `The comments are published on ${NAME}#${number}, the checks are not: GitHub takes check runs from Apps alone.`,
  );
  const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  expect(data.map(({ path, line, user }) => `${path}:${line ?? 0} ${user.login}`)).toEqual([
    `${FILE}:4 ada`,
  ]);
});

it('reviews a closed pull request, and publishes nothing on it', async () => {
  const number = await open();
  await stage.idle(NAME);
  await stage.ada.pulls.update({ ...at, pull_number: number, state: 'closed' });
  const { code, text, remarks } = await reviewed(number, { publish: true });
  expect(code).toBe(1);
  expect(text).toContain('gitops/invalid-manifest');
  expect(remarks.at(-1)).toBe(`${NAME}#${number} is closed: nothing is published on it.`);
});
