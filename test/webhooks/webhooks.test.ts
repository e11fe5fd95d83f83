import { describe, expect, test } from 'vitest';

import type { Intake } from '../../src/jobs/intake.ts';
import type { NewJob } from '../../src/jobs/job.ts';
import { createWebhooks, EVENTS } from '../../src/webhooks/index.ts';

const HEAD = 'a'.repeat(40);
const BASE = 'b'.repeat(40);
const BEFORE = 'c'.repeat(40);
const AT = '2027-01-02T03:04:05Z';
const REPOSITORY = { id: 7, owner: 'acme', name: 'fleet' };
const FROM = { installation: 1, repository: REPOSITORY };

/** What every event of an installed App carries. */
const ENVELOPE = {
  installation: { id: 1, node_id: 'x' },
  repository: { id: 7, name: 'fleet', full_name: 'acme/fleet', owner: { login: 'acme', id: 2 } },
  sender: { id: 3, login: 'ann', type: 'User' },
};
const QUEUE_BRANCH = `gh-readonly-queue/release/1.2/pr-104-${BASE}`;

type Payload = Record<string, unknown>;

const webhooks = createWebhooks({
  appId: 99,
  ownLogin: 'fluxgate[bot]',
  mayHoldCommand: (body) => body.includes('/pss-'),
});

function read(name: string, payload: Payload): Intake {
  return webhooks({ id: 'delivery', name, payload: { ...ENVELOPE, ...payload } });
}

/** The only job of an event that has one. */
function jobOf(intake: Intake): NewJob | undefined {
  const changes = 'changes' in intake ? intake.changes : [];
  expect(changes.length).toBe(1);
  const [change] = changes;
  return change && 'put' in change ? change.put : undefined;
}

function pullRequestEvent(action: string, more: Payload = {}, pull: Payload = {}): Payload {
  const fields = { number: 5, state: 'open', draft: false, head: { sha: HEAD }, updated_at: AT };
  return { action, number: 5, pull_request: { ...fields, ...pull }, ...more };
}

const REVIEW = {
  kind: 'review',
  key: `review/7@${HEAD}`,
  lane: 'installation/1',
  payload: { ...FROM, head: HEAD, pullRequests: [5], cause: 'pull-request' },
  subjects: [{ subject: 'pull/7/5', at: Date.UTC(2027, 0, 2, 3, 4, 5) }],
};

describe('pull_request', () => {
  test.each<[string, Payload]>([
    ['opened', pullRequestEvent('opened')],
    ['opened as a draft', pullRequestEvent('opened', {}, { draft: true })],
    ['reopened', pullRequestEvent('reopened')],
    ['ready for review', pullRequestEvent('ready_for_review')],
    ['edited to another base', pullRequestEvent('edited', { changes: { base: { ref: {} } } })],
    [
      'opened at a time with an offset',
      pullRequestEvent('opened', {}, { updated_at: '2027-01-02T04:04:05.000+01:00' }),
    ],
  ])('%s: review', (_label, payload) => {
    expect(jobOf(read('pull_request', payload))).toEqual(REVIEW);
  });

  test('a push knows which head it follows', () => {
    const job = jobOf(read('pull_request', pullRequestEvent('synchronize', { before: BEFORE })));
    expect(job).toEqual({
      ...REVIEW,
      subjects: [{ ...REVIEW.subjects[0], follows: `review/7@${BEFORE}` }],
    });
  });

  test('closed: drops its work', () => {
    const payload = pullRequestEvent('closed', {}, { state: 'closed' });
    expect(read('pull_request', payload)).toEqual({
      changes: [{ drop: { subject: 'pull/7/5', at: Date.UTC(2027, 0, 2, 3, 4, 5) } }],
    });
  });

  test.each<[string, Payload, string]>([
    [
      'edited in its text',
      pullRequestEvent('edited', { changes: { title: { from: 'x' } } }),
      'the edit leaves the base branch as it was',
    ],
    [
      'edited without saying what',
      pullRequestEvent('edited'),
      'the edit leaves the base branch as it was',
    ],
    [
      'retargeted while closed',
      pullRequestEvent('edited', { changes: { base: {} } }, { state: 'closed' }),
      'the pull request is not open',
    ],
    ['labeled', pullRequestEvent('labeled'), 'this action of the event needs no work'],
    ['some future action', { action: 'x' }, 'this action of the event needs no work'],
  ])('%s: ignored', (_label, payload, ignored) => {
    expect(read('pull_request', payload)).toEqual({ ignored });
  });

  test('a head in a fork is reviewed like any other', () => {
    const head = { sha: HEAD, repo: { id: 8, fork: true } };
    expect(jobOf(read('pull_request', pullRequestEvent('opened', {}, { head })))).toEqual(REVIEW);
  });

  test('a head whose repository is gone as well', () => {
    const head = { sha: HEAD, repo: null, user: null };
    expect(jobOf(read('pull_request', pullRequestEvent('opened', {}, { head })))).toEqual(REVIEW);
  });

  test('a renamed or transferred repository keeps its key', () => {
    const repository = { id: 7, name: 'ships', owner: { login: 'umbrella' } };
    expect(jobOf(read('pull_request', pullRequestEvent('opened', { repository })))).toMatchObject({
      key: REVIEW.key,
      payload: { repository: { id: 7, owner: 'umbrella', name: 'ships' } },
    });
  });
});

function suiteEvent(action: string, suite: Payload = {}): Payload {
  const pull = { number: 5, base: { repo: { id: 7 } } };
  const fields = { id: 4, head_sha: HEAD, head_branch: 'topic', pull_requests: [pull] };
  return { action, check_suite: { ...fields, app: { id: 99 }, ...suite } };
}

describe('check_suite', () => {
  test('requested: review unless one is under way', () => {
    expect(jobOf(read('check_suite', suiteEvent('requested')))).toEqual({
      ...REVIEW,
      payload: { ...REVIEW.payload, cause: 'suite' },
      subjects: [],
      delay: 1_000,
      ifAbsent: true,
    });
  });

  test('rerequested: review, whatever the pull request does next', () => {
    expect(jobOf(read('check_suite', suiteEvent('rerequested')))).toEqual({
      ...REVIEW,
      payload: { ...REVIEW.payload, cause: 'asked', askedBy: 'delivery' },
      subjects: [{ subject: REVIEW.key, at: 0 }],
    });
  });

  test.each(['requested', 'rerequested'])('%s for a fork: review by head', (action) => {
    const fork = suiteEvent(action, { pull_requests: [], head_branch: null });
    expect(jobOf(read('check_suite', fork))).toMatchObject({
      key: REVIEW.key,
      payload: { head: HEAD, pullRequests: [] },
    });
  });

  test('pull requests of other repositories are left out', () => {
    const pull_requests = [
      { number: 5, base: { repo: { id: 7 } } },
      { number: 6, base: { repo: { id: 8 } } },
    ];
    expect(jobOf(read('check_suite', suiteEvent('requested', { pull_requests })))).toMatchObject({
      payload: { pullRequests: [5] },
    });
  });

  test('rerequested for a merge group: its review', () => {
    const payload = suiteEvent('rerequested', { head_branch: QUEUE_BRANCH, pull_requests: [] });
    expect(jobOf(read('check_suite', payload))).toMatchObject({
      kind: 'group',
      key: `group/7@${HEAD}`,
      payload: { ...FROM, head: HEAD, baseBranch: 'release/1.2', headBranch: QUEUE_BRANCH },
    });
  });

  test.each<[string, Payload, string]>([
    [
      'requested for a merge group',
      suiteEvent('requested', { head_branch: QUEUE_BRANCH }),
      'the merge group has an event of its own',
    ],
    [
      'of another App',
      suiteEvent('requested', { app: { id: 98 } }),
      'the check suite is of another App',
    ],
    ['completed', suiteEvent('completed'), 'this action of the event needs no work'],
  ])('%s: ignored', (_label, payload, ignored) => {
    expect(read('check_suite', payload)).toEqual({ ignored });
  });
});

function runEvent(action: string, run: Payload = {}, more: Payload = {}): Payload {
  const pull_requests = [{ number: 5, base: { repo: { id: 7 } } }];
  const fields = { id: 41, name: 'Fluxgate / gitops', head_sha: HEAD, pull_requests };
  const suite = { check_suite: { id: 4, head_branch: 'topic' } };
  return { action, check_run: { ...fields, ...suite, app: { id: 99 }, ...run }, ...more };
}

describe('check_run', () => {
  const FORK = { pull_requests: [], check_suite: { head_branch: null } };

  test.each<[string, Payload, number[]]>([
    ['rerequested', runEvent('rerequested'), [5]],
    ['rerequested for a fork', runEvent('rerequested', FORK), []],
  ])('%s: review', (_label, payload, pullRequests) => {
    expect(jobOf(read('check_run', payload))).toEqual({
      ...REVIEW,
      payload: { ...REVIEW.payload, pullRequests, cause: 'asked', askedBy: 'delivery' },
      subjects: [{ subject: REVIEW.key, at: 0 }],
    });
  });

  test('rerequested for a merge group: its review', () => {
    const suite = { check_suite: { head_branch: QUEUE_BRANCH }, pull_requests: [] };
    expect(jobOf(read('check_run', runEvent('rerequested', suite)))?.key).toBe(`group/7@${HEAD}`);
  });

  test('a button: command', () => {
    const pressed = runEvent('requested_action', {}, { requested_action: { identifier: 'plan' } });
    expect(jobOf(read('check_run', pressed))).toEqual({
      kind: 'command',
      key: 'command/run-41-plan',
      lane: 'installation/1',
      subjects: [],
      payload: {
        ...FROM,
        asker: { id: 3, login: 'ann' },
        request: {
          from: 'button',
          checkRun: 41,
          press: 'delivery',
          check: 'Fluxgate / gitops',
          identifier: 'plan',
          head: HEAD,
          pullRequests: [5],
        },
      },
    });
  });

  test.each<[string, Payload]>([
    ['without identifier', runEvent('requested_action')],
    [
      'without sender',
      runEvent(
        'requested_action',
        {},
        { requested_action: { identifier: 'x' }, sender: undefined },
      ),
    ],
  ])('a button %s is malformed', (_label, payload) => {
    expect(read('check_run', payload)).toEqual({
      malformed: 'a button press without its identifier or its sender',
    });
  });

  test.each<[string, Payload, string]>([
    [
      'another App',
      runEvent('rerequested', { app: { id: 98 } }),
      'the check run is of another App',
    ],
    ['no App', runEvent('rerequested', { app: null }), 'the check run is of another App'],
  ])('of %s: ignored', (_label, payload, ignored) => {
    expect(read('check_run', payload)).toEqual({ ignored });
  });

  test.each(['created', 'completed'])('%s: ignored, for it is our own doing', (action) => {
    expect(read('check_run', runEvent(action))).toEqual({
      ignored: 'this action of the event needs no work',
    });
  });
});

describe('merge_group', () => {
  const group = {
    head_sha: HEAD,
    head_ref: `refs/heads/${QUEUE_BRANCH}`,
    base_sha: BASE,
    base_ref: 'refs/heads/release/1.2',
  };

  test('checks_requested: review of the group', () => {
    const intake = read('merge_group', { action: 'checks_requested', merge_group: group });
    expect(jobOf(intake)).toEqual({
      kind: 'group',
      key: `group/7@${HEAD}`,
      lane: 'installation/1',
      subjects: [{ subject: `group/7@${HEAD}`, at: 0 }],
      payload: {
        ...FROM,
        head: HEAD,
        base: BASE,
        baseBranch: 'release/1.2',
        headBranch: QUEUE_BRANCH,
      },
    });
  });

  test('destroyed: drops it', () => {
    expect(read('merge_group', { action: 'destroyed', merge_group: group })).toEqual({
      changes: [{ drop: { subject: `group/7@${HEAD}` } }],
    });
  });
});

describe('push', () => {
  const PUSH = { ref: 'refs/heads/main', before: BEFORE, after: HEAD, created: false };

  test.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/release/1.2', 'release/1.2'],
    ['refs/heads/refs/heads/odd', 'refs/heads/odd'],
    ['refs/heads/a\nb', 'a\nb'],
  ])('to %s: its open pull requests', (ref, branch) => {
    expect(jobOf(read('push', { ...PUSH, ref, deleted: false }))).toEqual({
      kind: 'base',
      key: `base/7@${branch}`,
      lane: 'installation/1',
      subjects: [],
      payload: { ...FROM, branch },
      delay: 5_000,
      background: true,
    });
  });

  test('by another bot counts: automation moves branches, too', () => {
    const sender = { id: 4, login: 'flux[bot]', type: 'Bot' };
    expect(jobOf(read('push', { ...PUSH, sender }))?.key).toBe('base/7@main');
  });

  test.each<[string, Payload, string]>([
    ['of a tag', { ref: 'refs/tags/v1' }, 'not a branch'],
    ['of nothing', { ref: 'refs/heads/' }, 'not a branch'],
    ['that deletes', { deleted: true }, 'the branch was deleted'],
    ['that creates', { created: true }, 'a new branch is the base of nothing yet'],
    ['of a merge queue', { ref: `refs/heads/${QUEUE_BRANCH}` }, 'a branch of the merge queue'],
    [
      'by this App',
      { sender: { id: 5, login: 'fluxgate[bot]', type: 'Bot' } },
      'pushed by this App',
    ],
  ])('%s: ignored', (_label, change, ignored) => {
    expect(read('push', { ...PUSH, ...change })).toEqual({ ignored });
  });
});

describe.each([
  ['issue_comment', 'issue-comment', 'command/61'],
  ['pull_request_review_comment', 'review-comment', 'command/review-61'],
])('%s', (name, from, key) => {
  function commentEvent(action: string, comment: Payload = {}): Payload {
    const user = { id: 3, login: 'ann', type: 'User' };
    return {
      action,
      comment: { id: 61, body: '/pss-plan', user, ...comment },
      issue: { number: 5, pull_request: { url: 'x' } },
      pull_request: { number: 5 },
    };
  }

  test('that may hold a command: command', () => {
    expect(jobOf(read(name, commentEvent('created')))).toEqual({
      kind: 'command',
      key,
      lane: 'installation/1',
      subjects: [],
      payload: {
        ...FROM,
        asker: { id: 3, login: 'ann' },
        request: { from, comment: 61, pullRequest: 5, body: '/pss-plan' },
      },
    });
  });

  test.each<[string, Payload, string]>([
    ['without a command', { body: 'nice' }, 'the comment holds no command'],
    ['without text', { body: null }, 'the comment holds no command'],
    ['of a deleted account', { user: null }, 'the comment has no author'],
    ['of a bot', { user: { id: 9, login: 'x[bot]', type: 'Bot' } }, 'the comment is of a bot'],
  ])('%s: ignored', (_label, comment, ignored) => {
    expect(read(name, commentEvent('created', comment))).toEqual({ ignored });
  });

  test.each(['edited', 'deleted'])('%s: ignored', (action) => {
    expect(read(name, commentEvent(action))).toEqual({
      ignored: 'this action of the event needs no work',
    });
  });
});

test('a comment on an issue is ignored', () => {
  const user = { id: 3, login: 'ann', type: 'User' };
  const comment = { id: 61, body: '/pss-plan', user };
  for (const issue of [{ number: 5 }, { number: 5, pull_request: null }]) {
    expect(read('issue_comment', { action: 'created', comment, issue })).toEqual({
      ignored: 'the comment is on an issue',
    });
  }
});

describe('installations', () => {
  const installation = { id: 1, account: { login: 'acme' } };

  test.each(['created', 'deleted', 'suspend', 'unsuspend', 'new_permissions_accepted'])(
    '%s: nothing but a word in the log',
    (action) => {
      expect(read('installation', { action, installation })).toEqual({
        ignored: `installation of acme: ${action}`,
      });
    },
  );

  test('of a whole enterprise', () => {
    expect(read('installation', { action: 'created', installation: { id: 1 } })).toEqual({
      ignored: 'installation of an enterprise: created',
    });
  });

  test('repositories added and removed: nothing but a word in the log', () => {
    const payload = { installation, repositories_added: [{}, {}], repositories_removed: [{}] };
    expect(read('installation_repositories', { action: 'added', ...payload })).toEqual({
      ignored: 'repositories of acme: 2 added, 1 removed',
    });
  });
});

describe('other events', () => {
  test('a ping is ignored, also without installation', () => {
    expect(read('ping', { zen: 'x', installation: undefined })).toEqual({ ignored: 'ping' });
  });

  test.each(['star', '', '__proto__', 'constructor'])('%j is not one of ours', (name) => {
    expect(read(name, {})).toEqual({ ignored: 'the App does not work with this event' });
  });

  test('an event of a webhook that is not the App is ignored', () => {
    expect(read('push', { ref: 'refs/heads/main', installation: undefined })).toEqual({
      ignored: 'not sent to an installation of the App',
    });
  });
});

describe('malformed payloads', () => {
  const names = [...EVENTS.keys()].filter((name) => name !== 'ping');

  test.each(names)(
    '%s without anything in it names what is missing, and does not throw',
    (name) => {
      expect(webhooks({ id: 'd', name, payload: { installation: {} } })).toEqual({
        malformed: expect.stringMatching(/^unexpected value of /) as string,
      });
    },
  );

  test.each<[string, Payload]>([
    ['a head that is no commit', { pull_request: { head: { sha: '$(rm)' } } }],
    ['a head that is a short commit', { pull_request: { head: { sha: 'abc1234' } } }],
  ])('%s', (_label, change) => {
    const { pull_request: pull } = pullRequestEvent('opened') as { pull_request: Payload };
    const changed = { ...pull, ...(change.pull_request as Payload) };
    expect(read('pull_request', { action: 'opened', pull_request: changed })).toEqual({
      malformed: 'unexpected value of pull_request.head.sha',
    });
  });

  test.each<[string, Payload, string]>([
    ['a number of zero', { number: 0 }, 'pull_request.number'],
    ['a number that is a text', { number: '5' }, 'pull_request.number'],
    ['a time that is none', { updated_at: 'yesterday' }, 'pull_request.updated_at'],
    ['two faults', { number: null, updated_at: 5 }, 'pull_request.number, pull_request.updated_at'],
  ])('%s', (_label, pull, fields) => {
    expect(read('pull_request', pullRequestEvent('opened', {}, pull))).toEqual({
      malformed: `unexpected value of ${fields}`,
    });
  });

  test('never show a value', () => {
    const secret = 'do-not-log-this';
    const intake = read('pull_request', { action: 'opened', pull_request: secret });
    expect(JSON.stringify(intake)).not.toContain(secret);
  });
});
