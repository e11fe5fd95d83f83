import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { failWith, secondaryRateLimit } from '../github/faults.ts';
import { setStage, type Stage } from './stage.ts';

const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };
const FILE = 'apps/service.yaml';
const GOOD = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: podinfo\n';
const BAD = GOOD.replace('  name', '\tname');
const CONFIG = '.github/fluxgate.yaml';

/** As `app.yml` asks for them. */
const ALL = {
  metadata: 'read',
  contents: 'read',
  checks: 'write',
  pull_requests: 'write',
  issues: 'write',
  merge_queues: 'read',
} as const;

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
  await stage.github.createRepository({ ...at, name: at.repo, files: { [FILE]: GOOD } });
});

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

interface Opened {
  readonly number: number;
  readonly head: string;
}

async function open(
  files: Readonly<Record<string, string>> = { [FILE]: BAD },
  more: { branch?: string; base?: string; draft?: boolean } = {},
): Promise<Opened> {
  const { branch = 'work', base = 'main', draft = false } = more;
  const head = await stage.github.push(NAME, { branch, files, by: 'ada' });
  const { data } = await stage.ada.pulls.create({ ...at, title: 'x', head: branch, base, draft });
  return { number: data.number, head };
}

/** `conclusion` of the gitops check and its summary. */
async function gitopsOf(head: string, where: typeof at = at): Promise<[string, string]> {
  const { data } = await stage.ada.checks.listForRef({ ...where, ref: head });
  const run = data.check_runs.find(({ name }) => name === 'Fluxgate / gitops');
  return [run?.conclusion ?? 'none', run?.output.summary ?? ''];
}

async function commentsOf(number: number, where: typeof at = at): Promise<string[]> {
  const { data } = await stage.ada.pulls.listReviewComments({ ...where, pull_number: number });
  return data.map(({ path, line, body }) => `${path}:${line ?? 0} ${body.split('\n')[0] ?? ''}`);
}

const SAYS = `${FILE}:4 **Flux will refuse`;

describe('pull requests of every kind', () => {
  it('from a fork, whose events name no pull request', async () => {
    const { token } = stage.github.createUser('eve');
    const eve = new Octokit({ baseUrl: stage.github.url, auth: token });
    await eve.repos.createFork(at);
    const head = await stage.github.push('eve/fleet', {
      ...{ branch: 'work', files: { [FILE]: BAD }, by: 'eve' },
    });
    const { data } = await eve.pulls.create({ ...at, title: 'x', head: 'eve:work', base: 'main' });
    await stage.idle(NAME);
    expect((await gitopsOf(head))[0]).toBe('failure');
    expect(await commentsOf(data.number)).toHaveLength(1);
  });

  it('as a draft, and once more when it is ready, without saying anything twice', async () => {
    const { number, head } = await open(undefined, { draft: true });
    await stage.idle(NAME);
    expect((await gitopsOf(head))[0]).toBe('failure');
    const { data } = await stage.ada.pulls.get({ ...at, pull_number: number });
    await stage.ada.graphql(
      'mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { id } } }',
      { id: data.node_id },
    );
    await stage.idle(NAME);
    expect(await commentsOf(number)).toHaveLength(1);
  });

  it('of a bot', async () => {
    const app = await stage.github.createApp({
      slug: 'renovate',
      permissions: { contents: 'write', pull_requests: 'write' },
      events: [],
    });
    stage.github.installApp(app, 'acme');
    const head = await stage.github.push(NAME, {
      ...{ branch: 'update', files: { [FILE]: BAD }, by: 'renovate[bot]' },
    });
    await stage.ada.pulls.create({ ...at, title: 'Update', head: 'update', base: 'main' });
    await stage.idle(NAME);
    expect((await gitopsOf(head))[0]).toBe('failure');
  });

  it('closed and opened again', async () => {
    const { number, head } = await open({ [FILE]: BAD });
    await stage.idle(NAME);
    await stage.ada.pulls.update({ ...at, pull_number: number, state: 'closed' });
    await stage.quiet();
    await stage.ada.pulls.update({ ...at, pull_number: number, state: 'open' });
    await stage.idle(NAME);
    expect((await gitopsOf(head))[0]).toBe('failure');
    expect(await commentsOf(number)).toHaveLength(1);
  });

  it('pushed to by force', async () => {
    const { number } = await open();
    await stage.idle(NAME);
    const other = await stage.github.push(NAME, {
      ...{ branch: 'other', files: { [FILE]: GOOD.replace('podinfo', 'web') }, by: 'ada' },
    });
    await stage.ada.git.updateRef({ ...at, ref: 'heads/work', sha: other, force: true });
    await stage.idle(NAME);
    expect((await gitopsOf(other))[0]).toBe('success');
    expect((await commentsOf(number)).map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
      `**No longer found in ${other}.** What follows no longer holds.`,
    ]);
  });

  it('whose base branch gets another name', async () => {
    const { number, head } = await open();
    await stage.idle(NAME);
    const { data: main } = await stage.ada.git.getRef({ ...at, ref: 'heads/main' });
    await stage.ada.git.createRef({ ...at, ref: 'refs/heads/trunk', sha: main.object.sha });
    await stage.ada.repos.update({ ...at, default_branch: 'trunk' });
    await stage.ada.pulls.update({ ...at, pull_number: number, base: 'trunk' });
    await stage.ada.git.deleteRef({ ...at, ref: 'heads/main' });
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(summary).not.toContain('settings are those of');
    const newest = await stage.github.push(NAME, {
      ...{ branch: 'work', files: { [FILE]: GOOD }, by: 'ada' },
    });
    await stage.idle(NAME);
    expect((await gitopsOf(newest))[0]).toBe('success');
    expect(await commentsOf(number)).toHaveLength(1);
  });

  it('of a repository that goes to another owner', async () => {
    const { number } = await open();
    await stage.idle(NAME);
    stage.github.createOrganization('umbrella', { admins: ['ada'] });
    stage.github.installApp(stage.app, 'umbrella');
    stage.github.transferRepository(NAME, 'umbrella', 'ada');
    const there = { owner: 'umbrella', repo: 'fleet' };
    const head = await stage.github.push('umbrella/fleet', {
      ...{ branch: 'work', files: { 'README.md': 'x\n' }, by: 'ada' },
    });
    await stage.idle('umbrella/fleet');
    expect((await gitopsOf(head, there))[0]).toBe('failure');
    expect(await commentsOf(number, there)).toHaveLength(1);
  });

  it('of a repository that is archived: what was said stays, and nothing is tried for ever', async () => {
    const { number, head } = await open();
    await stage.idle(NAME);
    await stage.ada.repos.update({ ...at, archived: true });
    const before = await gitopsOf(head);
    stage.github.rerunCheck(NAME, await runOf(head), 'ada');
    await stage.quiet();
    await stage.restart();
    await stage.quiet();
    expect(await gitopsOf(head)).toEqual(before);
    expect(await commentsOf(number)).toHaveLength(1);
  });
});

it('says once what protects a repository, whatever comes again', async () => {
  const { head } = await open();
  await stage.idle(NAME);
  const title = '### What protects this repository now';
  expect((await gitopsOf(head))[1]).toContain(title);
  await stage.restart();
  stage.github.rerunCheck(NAME, await runOf(head), 'ada');
  await stage.idle(NAME);
  expect((await gitopsOf(head))[1]).toContain(title);
  const other = await open(undefined, { branch: 'second' });
  await stage.idle(NAME);
  expect((await gitopsOf(other.head))[1]).not.toContain(title);
});

async function runOf(head: string): Promise<number> {
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head });
  return data.check_runs.find(({ name }) => name === 'Fluxgate / gitops')?.id ?? 0;
}

describe('an installation', () => {
  it('that is suspended is left alone, and reviewed when it is not any more', async () => {
    const asApp = await stage.asApp();
    const { data } = await asApp.request('GET /app/installations');
    const installation_id = data[0]?.id ?? 0;
    await asApp.request('PUT /app/installations/{installation_id}/suspended', { installation_id });
    const { head } = await open();
    await stage.quiet();
    expect((await gitopsOf(head))[0]).toBe('none');
    await asApp.request('DELETE /app/installations/{installation_id}/suspended', {
      installation_id,
    });
    await stage.restart();
    await stage.idle(NAME);
    expect((await gitopsOf(head))[0]).toBe('failure');
  });

  it.each([
    [
      'issues',
      'Fluxgate lacks the permission "issues: write" (commands in the conversation are not heard). Whoever owns the installation can grant it.',
    ],
    [
      'merge_queues',
      'Fluxgate lacks the permission "merge_queues: read" (groups of a merge queue are not reviewed). Whoever owns the installation can grant it.',
    ],
  ])('without %s says what is lost, and goes on', async (missing, sentence) => {
    grantAllBut(missing);
    const { number, head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(plain(summary)).toContain(sentence);
    expect(await commentsOf(number)).toHaveLength(1);
    stage.github.changePermissions(stage.app, { permissions: ALL });
    const granted = await stage.github.push(NAME, {
      ...{ branch: 'work', files: { 'README.md': 'Granted.\n' }, by: 'ada' },
    });
    await stage.idle(NAME);
    expect(plain((await gitopsOf(granted))[1])).not.toContain('Fluxgate lacks');
  });

  it('without pull_requests gives its verdict without comments, and says so', async () => {
    stage.github.changePermissions(stage.app, { permissions: { ...ALL, pull_requests: 'read' } });
    const { number, head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(plain(summary)).toContain('"pull_requests: write" (there are no comments on lines)');
    expect(plain(summary)).toContain('GitHub did not take 1 comment');
    expect(await commentsOf(number)).toEqual([]);
  });

  it('without any pull_requests gives its verdict, and says what is lost', async () => {
    grantAllBut('pull_requests');
    const { number, head } = await open();
    await stage.quiet();
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(plain(summary)).toContain('"pull_requests: write"');
    expect(await commentsOf(number)).toEqual([]);
  });

  it('without checks comments on lines, and says there that there is no verdict', async () => {
    stage.github.changePermissions(stage.app, { permissions: { ...ALL, checks: 'read' } });
    const { number } = await open();
    await stage.quiet();
    expect(await commentsOf(number)).toHaveLength(1);
    const { data } = await stage.ada.pulls.listReviews({ ...at, pull_number: number });
    expect(data.map(({ body }) => body)).toEqual([
      'Fluxgate lacks the permission "checks: write" (there is no verdict on commits). Whoever owns the installation can grant it.',
    ]);
  });

  it('without contents concludes, and says that nothing was reviewed', async () => {
    grantAllBut('contents');
    const { head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('neutral');
    expect(plain(summary)).toContain('"contents: read" (nothing is reviewed)');
  });
});

function grantAllBut(missing: string): void {
  const left = Object.entries(ALL).filter(([name]) => name !== missing);
  stage.github.changePermissions(stage.app, { permissions: Object.fromEntries(left) });
}

/** Without what keeps Markdown from reading anything into text. */
function plain(markdown: string): string {
  return markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1').replace(/\u2060/g, '');
}

describe('what is mended', () => {
  async function mend(): Promise<{ resolved: boolean; comments: string[] }> {
    const { number } = await open();
    await stage.idle(NAME);
    await stage.github.push(NAME, { branch: 'work', files: { [FILE]: GOOD }, by: 'ada' });
    await stage.idle(NAME);
    const answer = await stage.ada.graphql<{
      repository: { pullRequest: { reviewThreads: { nodes: { isResolved: boolean }[] } } };
    }>(
      `query($number: Int!) { repository(owner: "acme", name: "fleet") { pullRequest(number: $number) {
        reviewThreads(first: 9) { nodes { isResolved } } } } }`,
      { number },
    );
    const [thread] = answer.repository.pullRequest.reviewThreads.nodes;
    const comments = (await commentsOf(number)).map((line) => line.replace(/[0-9a-f]{40}/, 'SHA'));
    return { resolved: thread?.isResolved ?? false, comments };
  }

  it('is resolved with a line of reply, where the installation lets contents be written', async () => {
    stage.github.changePermissions(stage.app, { permissions: { ...ALL, contents: 'write' } });
    const { resolved, comments } = await mend();
    expect(resolved).toBe(true);
    expect(comments).toEqual([
      expect.stringContaining('**Flux will'),
      expect.stringContaining('No longer found in SHA.'),
    ]);
  });

  it('says so itself where it does not', async () => {
    const { resolved, comments } = await mend();
    expect(resolved).toBe(false);
    expect(comments).toEqual([
      expect.stringContaining('**No longer found in SHA.** What follows no longer holds.'),
    ]);
  });
});

describe('one click', () => {
  const pod = (isHelperBad: boolean) => `apiVersion: v1
kind: Pod
metadata: { name: front, namespace: web }
spec:
  containers:
    - name: app
      image: example.org/app:1
      securityContext:
        privileged: true
    - name: helper
      image: example.org/app:1
      securityContext:
        privileged: ${isHelperBad}
`;
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels: { pod-security.kubernetes.io/enforce: baseline }\n';
  const bodies = async (number: number) => {
    const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
    return data.map(({ line, body }) => [line, /```[^]*?```/.exec(body)?.[0]]);
  };
  async function offered(): Promise<number> {
    const files = { 'apps/ns.yaml': namespace };
    await stage.github.push(NAME, { branch: 'main', files, by: 'ada' });
    const { number } = await open({ 'apps/pod.yaml': pod(false) });
    await stage.idle(NAME);
    expect(await bodies(number)).toEqual([[9, '```suggestion\n        privileged: false\n```']]);
    return number;
  }
  async function push(files: Record<string, string>): Promise<void> {
    await stage.github.push(NAME, { branch: 'work', files, by: 'ada' });
    await stage.idle(NAME);
  }

  it('is offered only on the lines that a comment stands on', async () => {
    const number = await offered();
    await push({ 'apps/pod.yaml': pod(true) });
    expect(await bodies(number)).toEqual([
      [9, expect.stringMatching(/^```\n {8}privileged: false\n {4}- name: helper\n/)],
    ]);
  });

  it('stays in a comment that somebody answered, which is left word for word', async () => {
    const number = await offered();
    const said = async () => {
      const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
      return data.map(({ body }) => body);
    };
    const [first] = await said();
    await stage.ada.pulls.createReplyForReviewComment({
      ...{ ...at, pull_number: number, comment_id: await firstComment(number) },
      body: 'Must it?',
    });
    await push({ 'apps/pod.yaml': pod(true) });
    expect((await said()).slice(0, 2)).toEqual([first, 'Must it?']);
  });
});

async function firstComment(number: number): Promise<number> {
  const { data } = await stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  return data[0]?.id ?? 0;
}

it('says of a comment that the base branch settled it, where nothing was mended', async () => {
  const { number, head } = await open();
  await stage.idle(NAME);
  const text = 'version: 1\nrules: { gitops/failed-build: off, gitops/invalid-manifest: off }\n';
  await stage.github.push(NAME, { branch: 'main', files: { [CONFIG]: text }, by: 'ada' });
  await stage.idle(NAME);
  expect(await commentsOf(number)).toEqual([
    `${FILE}:4 **Settled for ${head} by a change of the base branch.** What follows no longer holds.`,
  ]);
});

describe('settings', () => {
  it('come from the .github repository of the organisation, below those of the repository', async () => {
    await stage.github.createRepository({
      ...{ owner: 'acme', name: '.github', files: { [CONFIG]: 'version: 1\nmode: advisory\n' } },
    });
    const { head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('neutral');
    expect(summary).toContain('Advisory mode');
  });

  it('stay as they were when the file breaks', async () => {
    const push = (text: string) =>
      stage.github.push(NAME, { branch: 'main', files: { [CONFIG]: text }, by: 'ada' });
    await push('version: 1\nmode: advisory\n');
    await open({ 'README.md': 'x\n' }, { branch: 'first' });
    await stage.idle(NAME);
    await push('version: 1\nmode: perhaps\n');
    await stage.idle(NAME);
    const { head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('neutral');
    expect(plain(summary)).toContain('.github/fluxgate.yaml is not in force (line 2:');
    expect(plain(summary)).toContain('Its last version that can be read is.');
  });

  it('are those of the default branch for a branch that anybody may push to', async () => {
    const files = { [CONFIG]: 'version: 1\nrules: { gitops/invalid-manifest: off }\n' };
    await stage.github.push(NAME, { branch: 'loose', files, by: 'ada' });
    const { head } = await open(undefined, { base: 'loose' });
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(plain(summary)).toContain('The settings are those of "main": "loose" is not protected.');
    await stage.ada.repos.createRepoRuleset({
      ...at,
      ...{ name: 'loose', target: 'branch', enforcement: 'active' },
      conditions: { ref_name: { include: ['refs/heads/loose'], exclude: [] } },
      rules: [{ type: 'pull_request' }],
    });
    const newest = await stage.github.push(NAME, {
      ...{ branch: 'work', files: { 'README.md': 'x\n' }, by: 'ada' },
    });
    await stage.idle(NAME);
    expect((await gitopsOf(newest))[0]).toBe('success');
  });
});

describe('comments that GitHub does not take', () => {
  const REVIEWS = { method: 'POST', path: '/repos/acme/fleet/pulls/*/reviews' };

  it.each([
    [
      '403 for a locked conversation',
      failWith(403, 'Unable to create comment because issue is locked.'),
    ],
    ['422 for what is taken for spam', failWith(422, 'Validation Failed')],
    ['500 every time', failWith(500)],
  ])('%s: the verdict stands and says what is missing', async (_name, failure) => {
    stage.github.faults.add({ ...REVIEWS, failure, times: Infinity });
    const { number, head } = await open();
    await stage.idle(NAME);
    const [conclusion, summary] = await gitopsOf(head);
    expect(conclusion).toBe('failure');
    expect(summary).toContain(`GitHub did not take 1 comment, on \`${FILE}:4\``);
    expect(await commentsOf(number)).toEqual([]);
  });

  it('are said later when GitHub asks to wait, and until then the check says so', async () => {
    // For as long as nobody has looked: what stands for two seconds alone may be missed.
    const waits = stage.github.faults.add({
      ...{ ...REVIEWS, failure: secondaryRateLimit(2), times: Infinity },
    });
    const { number, head } = await open();
    await stage.settled(NAME);
    while (!(await gitopsOf(head))[1].includes('GitHub asks Fluxgate to wait'));
    waits.remove();
    await stage.idle(NAME);
    expect(await commentsOf(number)).toEqual([expect.stringContaining(SAYS)]);
    expect((await gitopsOf(head))[1]).not.toContain('asks Fluxgate to wait');
  });

  it('are said by the next attempt when GitHub fails once', async () => {
    stage.github.faults.add({ ...REVIEWS, failure: failWith(502) });
    const { number, head } = await open();
    await stage.idle(NAME);
    expect(await commentsOf(number)).toHaveLength(1);
    expect((await gitopsOf(head))[1]).not.toContain('did not take');
  });
});
