import { describe, expect, test } from 'vitest';

import {
  baseMoved,
  commandJob,
  groupReview,
  type Job,
  type NewJob,
  parseJob,
  pullRequestsOf,
  reviewIfIdle,
  reviewOnDemand,
  sweepJob,
} from '../../src/jobs/job.ts';
import type { Command } from '../../src/jobs/schema.ts';
import { push, REPOSITORY, review, sha } from './samples.ts';

const HEAD = sha('a');
const ORIGIN = { installation: 1, repository: REPOSITORY };

function asked(request: Command['request']): NewJob {
  return commandJob({ ...ORIGIN, asker: { id: 3, login: 'ann' }, request });
}

const COMMENT = { comment: 9, pullRequest: 5, body: '/pss-recheck' };
const BUTTON = { checkRun: 9, check: 'x', identifier: 'plan', head: HEAD, pullRequests: [] };

test.each<[string, NewJob, string]>([
  ['review', push('a', [5, 1]), `review/7@${HEAD}`],
  ['review on demand', reviewOnDemand(review('a')), `review/7@${HEAD}`],
  ['review if idle', reviewIfIdle(review('a')), `review/7@${HEAD}`],
  [
    'group',
    groupReview({ ...ORIGIN, head: HEAD, baseBranch: 'main', headBranch: 'q' }),
    `group/7@${HEAD}`,
  ],
  ['issue comment', asked({ from: 'issue-comment', ...COMMENT }), 'command/9'],
  ['review comment', asked({ from: 'review-comment', ...COMMENT }), 'command/review-9'],
  ['button', asked({ from: 'button', ...BUTTON }), 'command/run-9-plan'],
  ['base', baseMoved({ ...ORIGIN, branch: 'release/1.2' }), 'base/7@release/1.2'],
  ['sweep', sweepJob(), 'sweep'],
])('key of a %s', (_label, job, key) => {
  expect(job.key).toBe(key);
  expect(job.lane).toBe(job.kind === 'sweep' ? 'app' : 'installation/1');
});

test.each<[string, NewJob]>([
  ['review', push('a', [5, 1])],
  ['group', groupReview({ ...ORIGIN, head: HEAD, baseBranch: 'main', headBranch: 'q' })],
  ['command', asked({ from: 'button', ...BUTTON })],
  ['base', baseMoved({ ...ORIGIN, branch: 'main' })],
  ['sweep', sweepJob()],
])('a %s is read back as it was written', (kind, job) => {
  const payload: unknown = JSON.parse(JSON.stringify(job.payload));
  expect(parseJob({ kind, key: job.key, payload, attempts: 2, subjects: ['s'] })).toEqual({
    kind,
    key: job.key,
    payload: job.payload,
    attempt: 2,
    subjects: ['s'],
  });
});

describe('what is none of our jobs is not read', () => {
  const stored = { kind: 'review', key: 'k', payload: review('a'), attempts: 1, subjects: [] };

  test.each<[string, Partial<Parameters<typeof parseJob>[0]>]>([
    ['another kind', { kind: 'dance' }],
    ['a property of every object', { kind: 'constructor' }],
    ['a prototype', { kind: '__proto__' }],
    ['no payload', { payload: undefined }],
    ['a list', { payload: [] }],
    ['a head that is no commit', { payload: review('a', { head: '../../etc' }) }],
    ['an upper-case commit', { payload: review('a', { head: HEAD.toUpperCase() }) }],
    ['an id that is no number', { payload: { ...review('a'), installation: '1' } }],
    ['an id below 1', { payload: review('a', { installation: 0 }) }],
    ['an id past what numbers hold', { payload: review('a', { installation: 2 ** 53 }) }],
  ])('%s', (_label, change) => {
    expect(parseJob({ ...stored, ...change })).toBeUndefined();
  });

  test('while the same without the change is', () => {
    expect(parseJob(stored)).toBeDefined();
  });
});

test('a review knows its pull requests from all events, without doubles', () => {
  const job: Job<'review'> = {
    kind: 'review',
    key: 'k',
    payload: review('a', { pullRequests: [12, 5] }),
    attempt: 1,
    subjects: ['pull/7/5', 'pull/7/11', `review/7@${HEAD}`, 'pull/77/3'],
  };
  expect(pullRequestsOf(job)).toEqual([5, 11, 12]);
});
