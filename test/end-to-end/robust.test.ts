import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Fault, failWith, primaryRateLimit, secondaryRateLimit } from '../github/faults.ts';
import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };
const FILE = 'apps/base/podinfo/service.yaml';
const BROKEN = { [FILE]: 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: podinfo\n' };
const MENDED = { [FILE]: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: podinfo\n' };

let stage: Stage;

async function begin(options: Parameters<typeof setStage>[0] = {}): Promise<void> {
  stage = await setStage(options);
  await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
}

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

async function open(branch: string, files: Record<string, string>, base = 'main') {
  const head = await stage.github.push(NAME, { branch, files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({ ...at, title: branch, head: branch, base });
  return { number: data.number, head };
}

/** Every check run that a commit ever got, not only the latest of each name. */
async function runsOf(head: string) {
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head, filter: 'all' });
  return data.check_runs;
}

async function gitopsOf(head: string): Promise<string> {
  const runs = await runsOf(head);
  return runs
    .filter(({ name }) => name === 'Fluxgate / gitops')
    .map(({ status, conclusion }) => `${status}: ${conclusion ?? ''}`)
    .join(', ');
}

async function commentsOf(number: number): Promise<string[]> {
  const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  return data.map(({ path, line }) => `${path}:${line ?? 0}`);
}

describe('what arrives', () => {
  beforeEach(() => begin());

  it('says nothing twice after a redelivery and a restart', async () => {
    stage.github.faults.deliveries('pull_request.opened', 'duplicate');
    const { number, head } = await open('broken', BROKEN);
    await stage.idle(NAME);
    await stage.restart();
    await stage.idle(NAME);
    expect(await runsOf(head)).toHaveLength(4);
    expect(await commentsOf(number)).toEqual([`${FILE}:4`]);
  });

  it('reviews at its start what it was never told of', async () => {
    stage.github.faults.deliveries('pull_request', 'drop');
    stage.github.faults.deliveries('check_suite', 'drop');
    const { head } = await open('broken', BROKEN);
    await stage.github.settled();
    expect(await runsOf(head)).toEqual([]);
    await stage.restart();
    await stage.idle(NAME);
    expect(await gitopsOf(head)).toBe('completed: failure');
  });

  it('gives the newest head the verdict when somebody pushes in the meantime', async () => {
    const { head } = await open('work', BROKEN);
    const newest = await stage.github.push(NAME, { branch: 'work', files: MENDED, by: 'ada' });
    await stage.idle(NAME);
    expect(await gitopsOf(newest)).toBe('completed: success');
    expect(await runsOf(newest)).toHaveLength(4);
    for (const { status } of await runsOf(head)) expect(status).toBe('completed');
  });

  it('gives two pull requests of one head one set of checks, naming both', async () => {
    await stage.github.push(NAME, { branch: 'release', files: { 'NOTES.md': 'x\n' }, by: 'ada' });
    const first = await open('broken', BROKEN);
    const { data: second } = await stage.ada.pulls.create({
      ...at,
      ...{ title: 'The same', head: 'broken', base: 'release' },
    });
    await stage.idle(NAME);
    const { data } = await stage.ada.checks.listForRef({ ...at, ref: first.head });
    expect(data.check_runs).toHaveLength(4);
    const summaries = data.check_runs.map(({ output }) => output.summary ?? '').join('\n');
    expect(summaries).toContain(`#${first.number}`);
    expect(summaries).toContain(`#${second.number}`);
    expect(await commentsOf(first.number)).toEqual([`${FILE}:4`]);
    expect(await commentsOf(second.number)).toEqual([`${FILE}:4`]);
  });
});

/** What goes wrong once, and what the pull request is then told. */
const TROUBLES: readonly { name: string; fault: Omit<Fault, 'times'>; verdict: string }[] = [
  ...[500, 502, 503, 409, 401].map((status) => ({
    name: `${status} for a tree`,
    fault: { path: '/repos/*/*/git/trees/*', failure: failWith(status) },
    verdict: 'completed: failure',
  })),
  {
    name: 'the hourly limit',
    fault: {
      path: '/graphql',
      failure: primaryRateLimit(new Date(Date.UTC(2020, 0, 1))),
    },
    verdict: 'completed: failure',
  },
  {
    name: 'the secondary limit',
    fault: { path: '/repos/*/*/pulls/*/files', failure: secondaryRateLimit(1) },
    verdict: 'completed: failure',
  },
  ...[403, 404, 502].map((status) => ({
    name: `${status} for GraphQL, where REST still answers`,
    fault: { path: '/graphql', failure: failWith(status) },
    verdict: 'completed: failure',
  })),
  {
    name: 'an answer that ends in its middle',
    fault: { path: '/repos/*/*/git/trees/*', failure: { kind: 'cut' } },
    verdict: 'completed: failure',
  },
  {
    name: 'half of a JSON',
    fault: { path: '/graphql', failure: { kind: 'garble' } },
    verdict: 'completed: failure',
  },
  {
    name: 'a check run whose answer is lost',
    fault: {
      method: 'POST',
      path: '/repos/*/*/check-runs',
      failure: { kind: 'reset' },
      when: 'after',
    },
    verdict: 'completed: failure',
  },
  {
    name: 'a slow answer',
    fault: { path: '/graphql', failure: { kind: 'delay', milliseconds: 2500 } },
    verdict: 'completed: failure',
  },
  {
    name: 'a permission that is missing',
    fault: { path: '/repos/*/*/pulls/*/files', failure: failWith(403) },
    verdict: 'completed: neutral',
  },
  {
    name: 'a request that is refused',
    fault: { path: '/repos/*/*/pulls/*/files', failure: failWith(422) },
    verdict: 'completed: neutral',
  },
];

describe('GitHub answers', () => {
  beforeEach(() => begin());

  it.each(TROUBLES)('$name: no wrong verdict', async ({ fault, verdict }) => {
    const active = stage.github.faults.add(fault);
    const { head } = await open('broken', BROKEN);
    await stage.idle(NAME);
    expect(active.hits()).toBe(1);
    expect(await gitopsOf(head)).toBe(verdict);
  });
});

it('reviews a repository whose tree GitHub cuts', async () => {
  await begin({ limits: { treeEntries: 12 } });
  const { head } = await open('broken', BROKEN);
  await stage.idle(NAME);
  expect(await gitopsOf(head)).toBe('completed: failure');
});

it('says which limit a hostile file passes, and concludes', async () => {
  await begin();
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (let level = 1; level < 12; level += 1) {
    const [last, next] = ['abcdefghijklm'[level - 1], 'abcdefghijklm'[level]];
    bomb.push(
      `${next ?? ''}: &${next ?? ''} [${Array(10)
        .fill(`*${last ?? ''}`)
        .join(',')}]`,
    );
  }
  const { head } = await open('bomb', { 'apps/bomb.yaml': `${bomb.join('\n')}\n` });
  await stage.idle(NAME);
  expect(await gitopsOf(head)).toBe('completed: failure');
});
