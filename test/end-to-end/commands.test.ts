import { setTimeout as delay } from 'node:timers/promises';

import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { setStage, type Stage } from './stage.ts';

const at = { owner: 'acme', repo: 'fleet' };

const FILES = {
  'apps/namespace.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: payments
  labels:
    pod-security.kubernetes.io/enforce: baseline
`,
  'apps/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: api, namespace: payments}
spec:
  containers:
    - name: app
      image: nginx
`,
};
const PRIVILEGED = FILES['apps/pod.yaml'].replace(
  'image: nginx',
  'image: nginx\n      securityContext: {privileged: true}',
);

let stage: Stage;
let eve: Octokit;
let number: number;

beforeEach(async () => {
  stage = await setStage();
  const { token } = stage.github.createUser('eve');
  eve = new Octokit({ baseUrl: stage.github.url, auth: token });
  await stage.github.createRepository({ owner: 'acme', name: 'fleet', files: FILES });
  await stage.github.push('acme/fleet', {
    branch: 'loose',
    files: { 'apps/pod.yaml': PRIVILEGED },
    by: 'ada',
  });
  const { data } = await stage.ada.pulls.create({ ...at, title: 'x', head: 'loose', base: 'main' });
  number = data.number;
  await stage.settled('acme/fleet');
});

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

/** Says something and waits for the last mark on it. */
async function say(who: Octokit, body: string): Promise<{ id: number; marks: string[] }> {
  const { data } = await who.issues.createComment({ ...at, issue_number: number, body });
  return { id: data.id, marks: await marksOf(data.id) };
}

async function marksOf(comment: number): Promise<string[]> {
  for (;;) {
    const { data } = await stage.ada.reactions.listForIssueComment({ ...at, comment_id: comment });
    const marks = data.map(({ content }) => content);
    if (marks.some((mark) => mark !== 'eyes')) return marks;
    await delay(30);
  }
}

/** What the App has said in the conversation. */
async function answers(): Promise<string[]> {
  const { data } = await stage.ada.issues.listComments({ ...at, issue_number: number });
  return data
    .filter(({ user }) => user?.id === stage.app.botUserId)
    .map(({ body = '' }) => body.replace(/\n\n<!-- fluxgate-answer:[0-9a-f]{24} -->$/, ''));
}

async function quiet(): Promise<void> {
  await stage.github.settled();
  await delay(300);
}

describe('commands in the conversation', () => {
  it('explains the worst finding, once however often it is asked', async () => {
    expect((await say(stage.ada, '/pss-explain')).marks).toEqual(['eyes', '+1']);
    expect((await say(eve, 'Well?\n\n/pss-explain\n')).marks).toEqual(['eyes', '+1']);
    const [first, ...others] = await answers();
    expect(others).toEqual([]);
    expect(first).toContain('Pod payments/api');
    expect(first).toContain('**How to fix it.**');
    expect(first).toContain('<sub>For `eve`.');
  });

  it('explains a rule and a resource, and says what it does not know', async () => {
    await say(eve, '/pss-explain privileged-containers');
    await say(eve, '/pss-explain Pod/payments/api');
    const { marks } = await say(eve, '/pss-explain <img src=x> @acme/all');
    expect(marks).toEqual(['eyes', 'confused']);
    const [rule, resource, unknown] = await answers();
    expect(rule).toContain('**In this pull request**');
    expect(resource).toContain('`pod-security/privileged-containers`');
    expect(unknown).toContain('neither a rule `<img src=x> @acme/all` nor');
  });

  it('plans stricter levels for writers', async () => {
    expect((await say(eve, '/pss-plan')).marks).toEqual(['eyes', 'confused']);
    expect((await say(stage.ada, '/pss-plan')).marks).toEqual(['eyes', '+1']);
    expect((await say(stage.ada, '/pss-plan payments restricted')).marks).toEqual(['eyes', '+1']);
    const [refusal, table, one] = await answers();
    expect(refusal).toContain('open to people with write access');
    expect(table).toContain('| `apps` | `payments` | `baseline:latest` | privileged | 1 |');
    expect(one).toContain('**restricted** refuses pods of 1 workload.');
    expect(one).toContain(
      'kubectl label --dry-run=server --overwrite namespace payments pod-security.kubernetes.io/enforce=restricted',
    );
  });

  it('does nothing that needs write access for those who have none', async () => {
    const commands = [
      '/pss-recheck',
      '/pss-waive pod-security/* Pod/payments/api until 2099-01-01 because I say so',
    ];
    for (const command of commands) {
      expect((await say(eve, command)).marks).toEqual(['eyes', 'confused']);
    }
    const [refusal, ...others] = await answers();
    expect(refusal).toContain('open to people with write access');
    expect(others).toEqual([]);
    expect((await say(eve, '/fluxgate help')).marks).toEqual(['eyes', '+1']);
  });

  it('gives the lines of a waiver and changes nothing', async () => {
    const day = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const { marks } = await say(
      stage.ada,
      `/pss-waive pod-security/privileged-containers Pod/payments/api by @acme/platform until ${day} because it: must`,
    );
    expect(marks).toEqual(['eyes', '+1']);
    const [answer] = await answers();
    expect(answer).toContain(`\`\`\`yaml
waivers:
  - rule: pod-security/privileged-containers
    subject: Pod/payments/api
    owner: "@acme/platform"
    reason: "it: must"
    expires: ${day}
\`\`\``);
    expect(answer).toContain('It covers 1 finding of this pull request.');
  });

  it('reviews again', async () => {
    const runs = async () => {
      const { data } = await stage.ada.pulls.get({ ...at, pull_number: number });
      const checks = await stage.ada.checks.listForRef({
        ...at,
        ref: data.head.sha,
        filter: 'all',
      });
      return checks.data.total_count;
    };
    const before = await runs();
    expect((await say(stage.ada, '/pss-recheck')).marks).toEqual(['eyes', '+1']);
    while ((await runs()) < before + 4) await delay(30);
    expect(await answers()).toEqual([]);
  });

  it('gives its help once to whatever it does not know', async () => {
    for (const words of ['/pss-nothing', '/fluxgate dance', '/pss-explode all']) {
      expect((await say(eve, words)).marks).toEqual(['eyes', 'confused']);
    }
    const said = await answers();
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('| `/pss-recheck` |');
  });

  it('hears nothing in code, quotes, edits and the words of bots', async () => {
    const bodies = [
      '```\n/pss-explain\n```',
      '> /pss-explain',
      'Try /pss-explain',
      '    /pss-explain',
    ];
    for (const body of bodies) {
      await stage.ada.issues.createComment({ ...at, issue_number: number, body });
    }
    const { data } = await stage.ada.issues.createComment({
      ...at,
      issue_number: number,
      body: 'x',
    });
    await stage.ada.issues.updateComment({ ...at, comment_id: data.id, body: '/pss-explain' });
    await quiet();
    expect(await answers()).toEqual([]);
  });

  it('answers people without write access five times an hour', async () => {
    for (let at = 1; at <= 5; at += 1) {
      expect((await say(eve, `/pss-explain number-${at}`)).marks).toEqual(['eyes', 'confused']);
    }
    await say(eve, '/pss-explain once-more');
    const said = await answers();
    expect(said).toHaveLength(6);
    expect(said[5]).toContain('five times an hour');
    // What they may not ask counts as well: the answer stays the one that tells them to wait.
    await say(eve, '/pss-plan');
    expect(await answers()).toEqual(said);
  });
});

it('answers in the thread that asks, about its finding', async () => {
  const list = () => stage.ada.pulls.listReviewComments({ ...at, pull_number: number });
  while ((await list()).data.length === 0) await delay(30);
  const root = (await list()).data[0]?.id ?? 0;
  await stage.ada.pulls.createReplyForReviewComment({
    ...at,
    pull_number: number,
    comment_id: root,
    body: '/pss-explain',
  });
  for (;;) {
    const { data } = await list();
    const answer = data.find(({ body }) => body.includes('fluxgate-answer'));
    if (answer) {
      expect(answer.in_reply_to_id).toBe(root);
      expect(answer.body).toContain('Pod payments/api');
      return;
    }
    await delay(30);
  }
});

it('offers to explain what is only advice, and nothing where there is nothing', async () => {
  const pod = FILES['apps/pod.yaml']
    .replace('name: api', 'name: web')
    .replace('nginx', 'nginx:1.29.1');
  const head = await stage.github.push('acme/fleet', {
    ...{ branch: 'advice', files: { 'apps/web.yaml': pod }, by: 'ada' },
  });
  const pull = { ...at, title: 'x', head: 'advice', base: 'main' };
  number = (await stage.ada.pulls.create(pull)).data.number;
  await stage.idle('acme/fleet');
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head });
  const runs = new Map(data.check_runs.map((run) => [run.name, run]));
  const images = runs.get('Fluxgate / image policy');
  expect([images?.conclusion, images?.output.title]).toEqual([
    'success',
    'Nothing that fails; 1 advice',
  ]);
  expect(images?.output.summary).toContain('Write `/pss-explain` in a comment');
  const pods = runs.get('Fluxgate / pod security');
  const press = (run?: { readonly id: number }) => {
    stage.github.pressButton('acme/fleet', run?.id ?? 0, 'explain', 'ada');
  };
  expect(() => {
    press(pods);
  }).toThrow('no such button here');
  press(images);
  while ((await answers()).length < 1) await delay(30);
  const [answer] = await answers();
  expect(answer).toContain('`image-policy/uncovered-image`');
  expect(answer).toContain('**Why it matters.**');
});

it('answers buttons as it answers commands', async () => {
  const { data: pull } = await stage.ada.pulls.get({ ...at, pull_number: number });
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: pull.head.sha });
  const run = data.check_runs.find(({ name }) => name === 'Fluxgate / pod security');
  for (const identifier of ['explain', 'plan']) {
    stage.github.pressButton('acme/fleet', run?.id ?? 0, identifier, 'ada');
  }
  while ((await answers()).length < 2) await delay(30);
  const said = (await answers()).join('\n');
  const runs = async () => {
    const all = await stage.ada.checks.listForRef({ ...at, ref: pull.head.sha, filter: 'all' });
    return all.data.total_count;
  };
  const before = await runs();
  stage.github.pressButton('acme/fleet', run?.id ?? 0, 'recheck', 'ada');
  while ((await runs()) < before + 4) await delay(30);
  await stage.idle('acme/fleet');
  const { data: fresh } = await stage.ada.checks.listForRef({ ...at, ref: pull.head.sha });
  stage.github.rerunCheck('acme/fleet', fresh.check_runs[0]?.id ?? 0, 'ada');
  while ((await runs()) < before + 8) await delay(30);
  // The same run, and the same suite, again and again: each time somebody asked for it.
  await stage.idle('acme/fleet');
  stage.github.rerunCheck('acme/fleet', fresh.check_runs[0]?.id ?? 0, 'ada');
  while ((await runs()) < before + 12) await delay(30);
  for (const more of [16, 20]) {
    await stage.idle('acme/fleet');
    await stage.github.rerunSuite('acme/fleet', run?.check_suite?.id ?? 0, 'ada');
    while ((await runs()) < before + more) await delay(30);
  }
  expect(said).toContain('**How to fix it.**');
  expect(said).toContain('| Cluster | Namespace |');
});
