import { createHash } from 'node:crypto';

import { Octokit } from '@octokit/rest';
import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { githubEvidence } from '../../src/evidence/github.ts';
import { createHistoryCache } from '../../src/evidence/history-cache.ts';
import { parseCommit } from '../../src/signatures/git-object.ts';
import { forgeKey, signedBy } from '../signatures/forge.ts';

const API = 'https://api.github.com';
const BASE = 'b'.repeat(40);
const HEAD = 'a'.repeat(40);
const PULL = { owner: 'acme', repo: 'fleet', baseUrl: API, baseBranch: 'main', pullRequest: 7 };
const CHANGE = { ...PULL, base: BASE, head: HEAD };

const quiet = (): void => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const octokit = new Octokit({ baseUrl: API, log });

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => nock.enableNetConnect());

describe('which repository this is', () => {
  it.each([
    [API, 'github.com'],
    ['https://git.acme.example/api/v3', 'git.acme.example'],
  ])('%s', async (baseUrl, host) => {
    const identity = await githubEvidence(octokit, { ...CHANGE, baseUrl }).identity();
    expect(identity).toEqual({
      state: 'known',
      value: { host, repository: 'acme/fleet', branch: 'main' },
    });
  });

  it('is unknown without a branch, and so is how it is merged', async () => {
    const { owner, repo, baseUrl } = PULL;
    const evidence = githubEvidence(octokit, { owner, repo, baseUrl, base: BASE, head: HEAD });
    expect((await evidence.identity()).state).toBe('unknown');
    expect((await evidence.merging()).state).toBe('unknown');
  });
});

type Classic = {
  requiredApprovingReviewCount: number | null;
  requiresLinearHistory: boolean;
  requiresSignatures: boolean;
} | null;

function answerSettings(classic: Classic, rules: readonly object[]): void {
  const ref = classic === null ? null : { refUpdateRule: classic };
  const repository = {
    mergeCommitAllowed: true,
    squashMergeAllowed: true,
    rebaseMergeAllowed: true,
    ref,
  };
  nock(API)
    .post('/graphql', (body: { variables: unknown }) => {
      expect(body.variables).toEqual({ owner: 'acme', repo: 'fleet', ref: 'refs/heads/main' });
      return true;
    })
    .reply(200, { data: { repository } });
  nock(API).get('/repos/acme/fleet/rules/branches/main').query(true).reply(200, rules);
}

const NO_CLASSIC = {
  requiredApprovingReviewCount: null,
  requiresLinearHistory: false,
  requiresSignatures: false,
};

describe('how pull requests may be merged', () => {
  it.each<[string, Classic, readonly object[], string]>([
    ['nothing asked', null, [], 'merge squash rebase push'],
    ['a protection that asks nothing', NO_CLASSIC, [], 'merge squash rebase push'],
    [
      'reviews by classic protection',
      { ...NO_CLASSIC, requiredApprovingReviewCount: 0 },
      [],
      'merge squash rebase',
    ],
    [
      'signatures by classic protection',
      { ...NO_CLASSIC, requiresSignatures: true },
      [],
      'merge squash push signatures',
    ],
    [
      'linear history by classic protection',
      { ...NO_CLASSIC, requiresLinearHistory: true },
      [],
      'squash rebase push linear',
    ],
    [
      'pull requests by a ruleset',
      null,
      [{ type: 'pull_request', parameters: { allowed_merge_methods: ['squash', 'rebase'] } }],
      'squash rebase',
    ],
    [
      'two rulesets that differ',
      null,
      [
        { type: 'pull_request', parameters: { allowed_merge_methods: ['squash', 'rebase'] } },
        { type: 'pull_request', parameters: { allowed_merge_methods: ['squash', 'merge'] } },
      ],
      'squash',
    ],
    [
      'signatures by a ruleset',
      null,
      [{ type: 'required_signatures' }],
      'merge squash push signatures',
    ],
    [
      'linear history by a ruleset',
      null,
      [{ type: 'required_linear_history' }],
      'squash rebase push linear',
    ],
    ['no updates', null, [{ type: 'update' }], 'merge squash rebase'],
    [
      'a merge queue',
      null,
      [{ type: 'merge_queue', parameters: { merge_method: 'SQUASH' } }],
      'merge squash rebase queue:squash',
    ],
    [
      'merge queues of two rulesets',
      null,
      [
        { type: 'merge_queue', parameters: { merge_method: 'REBASE' } },
        { type: 'merge_queue', parameters: { merge_method: 'MERGE' } },
        { type: 'merge_queue', parameters: { merge_method: 'MERGE' } },
      ],
      'merge squash rebase queue:merge,rebase',
    ],
    [
      'a merge queue without a method',
      null,
      [{ type: 'merge_queue' }],
      'merge squash rebase queue:merge',
    ],
    ['a rule of tomorrow', null, [{ type: 'x' }], 'merge squash rebase push'],
  ])('%s', async (_name, classic, rules, expected) => {
    answerSettings(classic, rules);
    const merging = await githubEvidence(octokit, CHANGE).merging();
    if (merging.state === 'unknown') throw new Error(merging.reason);
    const { methods, allowsPushes, requiresSignatures, requiresLinearHistory, queue, isGroup } =
      merging.value;
    const words = [
      ...methods,
      allowsPushes && 'push',
      requiresSignatures && 'signatures',
      requiresLinearHistory && 'linear',
      queue && `queue:${queue.join()}`,
      isGroup && 'group',
    ];
    expect(words.filter(Boolean).join(' ')).toBe(expected);
  });

  it('is not asked again where it was told with the pull request', async () => {
    nock(API).get('/repos/acme/fleet/rules/branches/main').query(true).reply(200, []);
    const methods = { mergeCommitAllowed: false, squashMergeAllowed: true };
    const refUpdateRule = { ...NO_CLASSIC, requiredApprovingReviewCount: 1 };
    const mergeAllowance = { ...methods, rebaseMergeAllowed: true, refUpdateRule };
    expect(await githubEvidence(octokit, { ...CHANGE, mergeAllowance }).merging()).toMatchObject({
      value: { methods: ['squash', 'rebase'], allowsPushes: false },
    });
  });

  it('knows a merge group by its having no pull request', async () => {
    answerSettings(null, []);
    const { owner, repo, baseUrl, baseBranch, base, head } = CHANGE;
    const group = { owner, repo, baseUrl, baseBranch, base, head };
    expect(await githubEvidence(octokit, group).merging()).toMatchObject({
      value: { isGroup: true },
    });
  });

  it('is unknown where GitHub refuses to tell', async () => {
    nock(API)
      .post('/graphql')
      .reply(200, { errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible' }] });
    nock(API).get('/repos/acme/fleet/rules/branches/main').query(true).reply(200, []);
    const merging = await githubEvidence(octokit, CHANGE).merging();
    expect(merging).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining(
        'GitHub does not tell how pull requests may be merged: ',
      ) as string,
    });
  });

  it('fails where GitHub is ill, so that it is asked again', async () => {
    nock(API).post('/graphql').reply(502, 'Bad gateway');
    nock(API).get('/repos/acme/fleet/rules/branches/main').query(true).reply(200, []);
    await expect(githubEvidence(octokit, CHANGE).merging()).rejects.toThrow();
  });
});

interface Answer {
  readonly sha: string;
  readonly parents: readonly { sha: string }[];
  readonly commit: object;
}

function answer(sha: string, verification: object, parents: readonly string[] = []): Answer {
  const person = { name: 'Ada', email: 'ada@example.org', date: '2026-11-20T10:00:00Z' };
  return {
    sha,
    parents: parents.map((parent) => ({ sha: parent })),
    commit: { message: 'Words', author: person, committer: person, verification },
  };
}

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null };

function id(number: number): string {
  return number.toString(16).padStart(40, '0');
}

/** Comparison pages of so many commits, of which GitHub says that there are `total`. */
function answerCompare(listed: number, total = listed): void {
  const all = Array.from({ length: listed }, (_, number) => answer(id(number), UNSIGNED));
  for (let page = 1; page === 1 || (page - 1) * 100 < Math.min(listed, 1000); page += 1) {
    nock(API)
      .get(`/repos/acme/fleet/compare/${BASE}...${HEAD}`)
      .query({ per_page: 100, page })
      .reply(200, { total_commits: total, commits: all.slice((page - 1) * 100, page * 100) });
  }
}

function answerHistory(commits: readonly Answer[], sha = BASE): void {
  nock(API).get('/repos/acme/fleet/commits').query({ sha, per_page: 100 }).reply(200, commits);
}

async function commitsOf() {
  const commits = await githubEvidence(octokit, CHANGE).commits({ kind: 'commits', keyrings: [] });
  if (commits.state === 'unknown') throw new Error(commits.reason);
  return commits.value;
}

describe('the commits of a change', () => {
  it.each([
    ['none', 0],
    ['one', 1],
    ['a page', 100],
    ['more than a pull request lists', 320],
    ['as many as are read', 1000],
  ])('%s: all are there, oldest first', async (_name, count) => {
    answerCompare(count);
    answerHistory([answer(BASE, UNSIGNED)]);
    const { change, cut } = await commitsOf();
    expect(change.map((commit) => commit.id)).toEqual(
      Array.from({ length: count }, (_, number) => id(number)),
    );
    expect(cut).toBeUndefined();
  });

  it('are cut after a thousand, which is said, and end with the head all the same', async () => {
    answerCompare(1100);
    nock(API).get(`/repos/acme/fleet/commits/${HEAD}`).reply(200, answer(HEAD, UNSIGNED));
    answerHistory([answer(BASE, UNSIGNED)]);
    const { change, cut } = await commitsOf();
    expect([change.length, change.at(-1)?.id, cut]).toEqual([1001, HEAD, '1001 of 1100 were read']);
  });

  it('are said to be cut where GitHub lists fewer than it counts', async () => {
    answerCompare(40, 50);
    nock(API).get(`/repos/acme/fleet/commits/${HEAD}`).reply(200, answer(HEAD, UNSIGNED));
    answerHistory([answer(BASE, UNSIGNED)]);
    expect((await commitsOf()).cut).toBe('41 of 50 were read');
  });

  it('have their exact bytes only where they can be put together again', async () => {
    const bytes = signedBy(forgeKey('ann'));
    const parsed = parseCommit(bytes);
    if (parsed.type !== 'commit') throw new Error(parsed.error);
    const signature = Buffer.from(parsed.signature).toString();
    const payload = Buffer.from(parsed.payload).toString();
    const verification = { verified: false, reason: 'unknown_key', signature, payload };
    const sha = createHash('sha1').update(`commit ${bytes.length}\0`).update(bytes).digest('hex');
    nock(API)
      .get(`/repos/acme/fleet/compare/${BASE}...${HEAD}`)
      .query(true)
      .reply(200, {
        total_commits: 3,
        commits: [
          answer(sha, verification),
          answer(id(1), { ...verification, verified: true, reason: 'valid' }),
          answer(id(2), UNSIGNED),
        ],
      });
    answerHistory([answer(BASE, UNSIGNED)]);
    const { change } = await commitsOf();
    expect(
      change.map(({ object, described, github }) => [
        object && Buffer.compare(Buffer.from(object), bytes),
        described?.isUnsigned,
        github,
      ]),
    ).toEqual([
      [0, false, { verified: false, reason: 'unknown_key' }],
      // What GitHub calls verified is nothing to us without the bytes.
      [undefined, false, { verified: true, reason: 'valid' }],
      [undefined, true, { verified: false, reason: 'unsigned' }],
    ]);
  });

  it('are unknown where the token is refused', async () => {
    nock(API)
      .get(/compare/)
      .query(true)
      .reply(401, { message: 'Bad credentials' });
    answerHistory([]);
    const commits = await githubEvidence(octokit, CHANGE).commits({
      kind: 'commits',
      keyrings: [],
    });
    expect(commits).toMatchObject({
      reason: expect.stringContaining(
        'GitHub does not tell the commits and their signatures: Bad credentials',
      ) as string,
    });
  });
});

describe('the heads of the base branch', () => {
  it('are its first parents, over pages, and no more than twenty', async () => {
    answerCompare(0);
    const merge = (number: number) =>
      answer(id(number), UNSIGNED, [id(number + 1), id(number + 500)]);
    answerHistory([
      { ...merge(0), sha: BASE },
      answer(id(500), UNSIGNED),
      ...[1, 2, 3, 4, 5].map(merge),
    ]);
    answerHistory(
      Array.from({ length: 60 }, (_, number) => merge(number + 6)),
      id(6),
    );
    const { baseHeads } = await commitsOf();
    expect(baseHeads.map((head) => head.id)).toEqual([
      BASE,
      ...Array.from({ length: 19 }, (_, number) => id(number + 1)),
    ]);
  });

  it('are asked for once for a tip, and the oldest of many tips is asked for again', async () => {
    const histories = createHistoryCache(1);
    const heads = async (base: string) => {
      nock(API)
        .get(/compare/)
        .query(true)
        .reply(200, { total_commits: 0, commits: [] });
      const source = githubEvidence(octokit, { ...CHANGE, base }, histories);
      const commits = await source.commits({ kind: 'commits', keyrings: [] });
      return commits.state === 'known' ? commits.value.baseHeads.map((head) => head.id) : [];
    };
    answerHistory([answer(BASE, UNSIGNED)]);
    expect([await heads(BASE), await heads(BASE)]).toEqual([[BASE], [BASE]]);
    answerHistory([answer(id(1), UNSIGNED)], id(1));
    expect(await heads(id(1))).toEqual([id(1)]);
    answerHistory([answer(BASE, UNSIGNED)]);
    expect(await heads(BASE)).toEqual([BASE]);
  });

  it('end where the history does', async () => {
    answerCompare(0);
    answerHistory([answer(BASE, UNSIGNED, [id(1)]), answer(id(1), UNSIGNED)]);
    expect((await commitsOf()).baseHeads).toHaveLength(2);
  });
});
