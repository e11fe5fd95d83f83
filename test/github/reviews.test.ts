import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';

let fleet: Fleet;

const PULL = { ...REPOSITORY, pull_number: 1 } as const;

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

/** Two hunks, lines 1 to 5 and 26 to 32, and a new file. */
beforeEach(async () => {
  fleet = await startFleet();
  const { github, as } = fleet;
  await github.push('acme/fleet', {
    branch: 'main',
    files: { 'long.txt': lines(1, 40), 'image.png': Buffer.from([0, 1, 2]) },
    by: 'ada',
  });
  const changed = lines(1, 1) + 'second\n' + lines(3, 28) + 'new 29\n' + lines(30, 40);
  await github.push('acme/fleet', {
    branch: 'change',
    files: {
      'long.txt': changed,
      'new.txt': 'one\ntwo\n',
      'image.png': Buffer.from([0, 3]),
      'README.md': null,
    },
    by: 'bob',
  });
  await as('bob').rest.pulls.create({
    ...REPOSITORY,
    title: 'Change',
    head: 'change',
    base: 'main',
  });
  await github.settled();
});

afterEach(async () => {
  await fleet.github.close();
});

type Place = Record<string, string | number>;

describe('places of a review', () => {
  test.each<[string, Place]>([
    ['a changed line', { path: 'long.txt', line: 2 }],
    ['an unchanged line of a hunk', { path: 'long.txt', line: 5, side: 'RIGHT' }],
    ['an unchanged line, from the left', { path: 'long.txt', line: 5, side: 'LEFT' }],
    ['a removed line', { path: 'long.txt', line: 2, side: 'LEFT' }],
    ['a line of a removed file', { path: 'README.md', line: 1, side: 'LEFT' }],
    ['several lines of a hunk', { path: 'long.txt', start_line: 1, line: 3 }],
    [
      'from the left to the right',
      { path: 'long.txt', start_line: 2, start_side: 'LEFT', line: 2 },
    ],
    ['a new file', { path: 'new.txt', line: 2 }],
    ['an old position', { path: 'long.txt', position: 2 }],
  ])('%s is accepted', async (_, place) => {
    const ada = fleet.as('ada').rest;
    const comments = [{ ...place, body: 'Hm' } as { path: string; body: string }];
    const { status } = await ada.pulls.createReview({ ...PULL, event: 'COMMENT', comments });
    expect(status).toBe(200);
    const { data } = await ada.pulls.listReviewComments(PULL);
    expect(data).toHaveLength(1);
    expect(fleet.github.contractViolations).toEqual([]);
  });

  const LINE = 'Line could not be resolved';
  test.each<[string, Place, string]>([
    ['a line between the hunks', { path: 'long.txt', line: 15 }, LINE],
    ['a line past the end', { path: 'long.txt', line: 900 }, LINE],
    ['a removed line, from the right', { path: 'README.md', line: 1 }, LINE],
    ['an added line, from the left', { path: 'new.txt', line: 1, side: 'LEFT' }, LINE],
    ['a line of a binary file', { path: 'image.png', line: 1 }, LINE],
    [
      'a file that is not changed',
      { path: 'apps/web.yaml', line: 1 },
      'Path could not be resolved',
    ],
    ['no such file', { path: 'nowhere', line: 1 }, 'Path could not be resolved'],
    [
      'lines of two hunks',
      { path: 'long.txt', start_line: 3, line: 29 },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    [
      'a start after the end',
      { path: 'long.txt', start_line: 4, line: 3 },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'a start at the end',
      { path: 'long.txt', start_line: 3, line: 3 },
      'Pull request review thread start line must precede the end line.',
    ],
  ])('%s refuses the whole review', async (_, place, message) => {
    const ada = fleet.as('ada').rest;
    const comments = [
      { path: 'long.txt', line: 2, body: 'Fine' },
      { ...place, body: 'Hm' } as { path: string; body: string },
    ];
    await expect(
      ada.pulls.createReview({ ...PULL, event: 'COMMENT', comments }),
    ).rejects.toMatchObject({
      status: 422,
      response: { data: { message: 'Unprocessable Entity', errors: [message] } },
    });
    expect((await ada.pulls.listReviews(PULL)).data).toEqual([]);
    expect((await ada.pulls.listReviewComments(PULL)).data).toEqual([]);
  });
});

test('a single comment outside the diff is refused in other words than a review', async () => {
  const { as, github } = fleet;
  const ada = as('ada').rest;
  const { data: pull } = await ada.pulls.get(PULL);
  const comment = { ...PULL, commit_id: pull.head.sha, path: 'long.txt', body: 'Hm' };
  await expect(ada.pulls.createReviewComment({ ...comment, line: 15 })).rejects.toMatchObject({
    status: 422,
    response: {
      data: {
        message: 'Validation Failed',
        errors: [
          {
            resource: 'PullRequestReviewComment',
            code: 'custom',
            field: 'pull_request_review_thread.line',
            message: 'pull_request_review_thread.line must be part of the diff',
          },
          {
            resource: 'PullRequestReviewComment',
            code: 'missing_field',
            field: 'pull_request_review_thread.diff_hunk',
          },
        ],
      },
    },
  });
  const { data: made } = await ada.pulls.createReviewComment({ ...comment, line: 2 });
  expect(made).toMatchObject({
    line: 2,
    original_line: 2,
    side: 'RIGHT',
    position: 3,
    commit_id: pull.head.sha,
    diff_hunk: '@@ -1,5 +1,5 @@\n line 1\n-line 2\n+second',
  });
  const { data: file } = await ada.pulls.createReviewComment({ ...comment, subject_type: 'file' });
  expect(file).toMatchObject({ subject_type: 'file', line: null });
  const { data: reply } = await ada.pulls.createReplyForReviewComment({
    ...PULL,
    comment_id: made.id,
    body: 'Indeed',
  });
  expect(reply).toMatchObject({ in_reply_to_id: made.id, path: 'long.txt' });
  expect(github.contractViolations).toEqual([]);
});

test('a push leaves comments on changed lines outdated and moves the others', async () => {
  const { as, github } = fleet;
  const ada = as('ada').rest;
  await ada.pulls.createReview({
    ...PULL,
    event: 'COMMENT',
    comments: [
      { path: 'long.txt', line: 2, body: 'changes' },
      { path: 'long.txt', line: 29, body: 'moves' },
      { path: 'new.txt', line: 1, body: 'goes' },
    ],
  });
  const before = (await ada.pulls.get(PULL)).data.head.sha;
  const changed = 'zero\nline 1\nSECOND\n' + lines(3, 28) + 'new 29\n' + lines(30, 40);
  const after = await github.push('acme/fleet', {
    branch: 'change',
    files: { 'long.txt': changed, 'new.txt': null },
    by: 'bob',
  });
  const { data } = await ada.pulls.listReviewComments(PULL);
  expect(
    data.map(({ body, line, position, commit_id }) => [body, line, position, commit_id]),
  ).toEqual([
    ['changes', null, null, before],
    ['moves', 30, 13, after],
    ['goes', null, null, before],
  ]);
  expect(
    data.map(({ original_line, original_commit_id }) => [original_line, original_commit_id]),
  ).toEqual([
    [2, before],
    [29, before],
    [1, before],
  ]);
});

test.each<[string, string, Record<string, unknown>, string]>([
  [
    'approves what they opened',
    'bob',
    { event: 'APPROVE' },
    'Can not approve your own pull request',
  ],
  [
    'asks for changes of their own',
    'bob',
    { event: 'REQUEST_CHANGES', body: 'x' },
    'Can not request changes on your own pull request',
  ],
  ['asks for changes without a word', 'ada', { event: 'REQUEST_CHANGES' }, "Body can't be blank"],
  ['comments without a word', 'ada', { event: 'COMMENT' }, "Body can't be blank"],
])('nobody %s', async (_, login, review, message) => {
  await expect(
    fleet.as(login).rest.pulls.createReview({ ...PULL, ...review }),
  ).rejects.toMatchObject({ status: 422, response: { data: { errors: [message] } } });
});

test('a pending review is its author’s until it is submitted', async () => {
  const { as, github } = fleet;
  const ada = as('ada').rest;
  const { data: review } = await ada.pulls.createReview({
    ...PULL,
    comments: [{ path: 'long.txt', line: 2, body: 'Hm' }],
  });
  expect(review.state).toBe('PENDING');
  expect((await as('bob').rest.pulls.listReviews(PULL)).data).toEqual([]);
  expect((await as('bob').rest.pulls.listReviewComments(PULL)).data).toEqual([]);
  await expect(ada.pulls.createReview(PULL)).rejects.toMatchObject({
    response: { data: { errors: ['User can only have one pending review per pull request'] } },
  });
  await ada.pulls.submitReview({ ...PULL, review_id: review.id, event: 'APPROVE' });
  expect((await as('bob').rest.pulls.listReviewComments(PULL)).data).toHaveLength(1);
  expect(github.contractViolations).toEqual([]);
});

test('comments are edited and deleted by their author or by who may write', async () => {
  const { as, github } = fleet;
  const issue = { ...REPOSITORY, issue_number: 1 };
  const { data: comment } = await as('cy').rest.issues.createComment({ ...issue, body: 'Hi' });
  const own = { ...REPOSITORY, comment_id: comment.id };
  const change = as('eve').rest.issues.updateComment({ ...own, body: 'Ho' });
  await expect(change).rejects.toMatchObject({ status: 403 });
  await as('cy').rest.issues.updateComment({ ...own, body: 'Hello' });
  await as('bob').rest.issues.deleteComment(own);
  expect((await as('ada').rest.issues.listComments(issue)).data).toEqual([]);
  expect(github.contractViolations).toEqual([]);
});

test('a locked conversation is closed to those who may not write', async () => {
  const { as } = fleet;
  const issue = { ...REPOSITORY, issue_number: 1 };
  await as('bob').rest.issues.lock({ ...issue, lock_reason: 'too heated' });
  const late = as('cy').rest.issues.createComment({ ...issue, body: 'But' });
  await expect(late).rejects.toMatchObject({
    status: 403,
    response: { data: { message: 'Unable to create comment because issue is locked.' } },
  });
  await as('bob').rest.issues.createComment({ ...issue, body: 'The end' });
});

test('the same reaction twice is one reaction', async () => {
  const { as, github } = fleet;
  const ada = as('ada').rest;
  const { data: comment } = await ada.issues.createComment({
    ...REPOSITORY,
    issue_number: 1,
    body: '/fluxgate help',
  });
  const target = { ...REPOSITORY, comment_id: comment.id };
  const first = await ada.reactions.createForIssueComment({ ...target, content: 'eyes' });
  const second = await ada.reactions.createForIssueComment({ ...target, content: 'eyes' });
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.data.id).toBe(first.data.id);
  const { data: shown } = await ada.issues.getComment(target);
  expect(shown.reactions).toMatchObject({ eyes: 1, total_count: 1 });
  await ada.reactions.deleteForIssueComment({ ...target, reaction_id: first.data.id });
  expect((await ada.reactions.listForIssueComment(target)).data).toEqual([]);
  expect(github.contractViolations).toEqual([]);
});

test.each([
  [
    'an issue comment',
    (body: string) =>
      fleet.as('ada').rest.issues.createComment({ ...REPOSITORY, issue_number: 1, body }),
  ],
  [
    'a review',
    (body: string) => fleet.as('ada').rest.pulls.createReview({ ...PULL, event: 'COMMENT', body }),
  ],
])('%s holds 65,536 characters and no more', async (_, post) => {
  await post('ü'.repeat(65_536));
  expect(fleet.github.contractViolations).toEqual([]);
  await expect(post('ü'.repeat(65_537))).rejects.toMatchObject({ status: 422 });
  expect(fleet.github.contractViolations).toMatchObject([
    { message: 'Body is too long (maximum is 65536 characters)' },
  ]);
});
