import { afterEach, beforeEach, expect, test } from 'vitest';

import { type Fleet, REPOSITORY, startFleet } from './example-fleet.ts';

let fleet: Fleet;

beforeEach(async () => {
  fleet = await startFleet();
  await fleet.github.push('acme/fleet', { branch: 'topic', files: { x: 'x' }, by: 'bob' });
});

afterEach(async () => {
  await fleet.github.close();
  expect(fleet.github.contractViolations).toEqual([]);
});

const reviewRule = (
  required_approving_review_count: number,
  methods?: ('merge' | 'squash' | 'rebase')[],
) => ({
  type: 'pull_request' as const,
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count,
    required_review_thread_resolution: false,
    ...(methods === undefined ? {} : { allowed_merge_methods: methods }),
  },
});

const on = (...include: string[]) => ({ ref_name: { include, exclude: [] } });

test('the rules of a branch come from the repository and its organisation', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'signed',
    enforcement: 'active',
    conditions: on('~DEFAULT_BRANCH', 'refs/heads/release/*'),
    rules: [{ type: 'required_signatures' }],
  });
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'sleeping',
    enforcement: 'disabled',
    conditions: on('~ALL'),
    rules: [{ type: 'deletion' }],
  });
  await rest.repos.createOrgRuleset({
    org: 'acme',
    name: 'everywhere',
    enforcement: 'active',
    conditions: { ...on('~ALL'), repository_name: { include: ['fl*'], exclude: [] } },
    rules: [reviewRule(1)],
  });
  const rulesOf = async (branch: string) => {
    const { data } = await fleet.as('cy').rest.repos.getBranchRules({ ...REPOSITORY, branch });
    return data.map((rule) => [rule.type, rule.ruleset_source_type]);
  };
  const signed = ['required_signatures', 'Repository'];
  const reviewed = ['pull_request', 'Organization'];
  expect(await rulesOf('main')).toEqual([signed, reviewed]);
  expect(await rulesOf('release/1')).toEqual([signed, reviewed]);
  expect(await rulesOf('release/1/2')).toEqual([reviewed]);
  expect(await rulesOf('not-there-yet')).toEqual([reviewed]);
  const { data: all } = await rest.repos.getRepoRulesets(REPOSITORY);
  expect(all.map(({ name, source_type }) => [name, source_type])).toEqual([
    ['signed', 'Repository'],
    ['sleeping', 'Repository'],
    ['everywhere', 'Organization'],
  ]);
});

test('a ruleset is changed and deleted', async () => {
  const { rest } = fleet.as('ada');
  const { data } = await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'a',
    enforcement: 'active',
    conditions: on('~ALL'),
    rules: [{ type: 'non_fast_forward' }],
  });
  const ruleset = { ...REPOSITORY, ruleset_id: data.id };
  await rest.repos.updateRepoRuleset({ ...ruleset, name: 'b', enforcement: 'evaluate' });
  expect((await rest.repos.getRepoRuleset(ruleset)).data).toMatchObject({
    name: 'b',
    enforcement: 'evaluate',
    rules: [{ type: 'non_fast_forward' }],
  });
  await rest.repos.deleteRepoRuleset(ruleset);
  expect((await rest.repos.getRepoRulesets(REPOSITORY)).data).toEqual([]);
  const byBob = fleet
    .as('bob')
    .rest.repos.createRepoRuleset({ ...REPOSITORY, name: 'c', enforcement: 'active' });
  await expect(byBob).rejects.toMatchObject({ status: 403 });
});

test('a merge waits for reviews, and goes by an allowed method', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'reviewed',
    enforcement: 'active',
    conditions: on('~DEFAULT_BRANCH'),
    rules: [reviewRule(1, ['squash'])],
  });
  const wanted = { ...REPOSITORY, title: 'x', head: 'topic', base: 'main' };
  await fleet.as('bob').rest.pulls.create(wanted);
  const pull = { ...REPOSITORY, pull_number: 1 };
  await fleet.github.settled();
  expect((await rest.pulls.get(pull)).data.mergeable_state).toBe('blocked');
  await expect(rest.pulls.merge({ ...pull, merge_method: 'squash' })).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('At least 1 approving review is required') as string,
  });
  await rest.pulls.createReview({ ...pull, event: 'APPROVE' });
  expect((await rest.pulls.get(pull)).data.mergeable_state).toBe('clean');
  await expect(rest.pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
  expect((await rest.pulls.merge({ ...pull, merge_method: 'squash' })).data.merged).toBe(true);
});

test('open conversations keep a pull request from its merge', async () => {
  const { rest, graphql } = fleet.as('ada');
  await rest.repos.updateBranchProtection({
    ...REPOSITORY,
    branch: 'main',
    required_status_checks: null,
    enforce_admins: null,
    required_pull_request_reviews: null,
    restrictions: null,
    required_conversation_resolution: true,
  });
  await fleet
    .as('bob')
    .rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  await rest.pulls.createReview({
    ...pull,
    event: 'COMMENT',
    comments: [{ path: 'x', line: 1, body: 'Hm' }],
  });
  await fleet.github.settled();
  await expect(rest.pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
  const { repository } = await graphql<{
    repository: { pullRequest: { reviewThreads: { nodes: { id: string }[] } } };
  }>(`
    {
      repository(owner: "acme", name: "fleet") {
        pullRequest(number: 1) {
          reviewThreads(first: 1) {
            nodes {
              id
            }
          }
        }
      }
    }
  `);
  const [thread] = repository.pullRequest.reviewThreads.nodes;
  await graphql(
    `
      mutation ($id: ID!) {
        resolveReviewThread(input: { threadId: $id }) {
          thread {
            id
          }
        }
      }
    `,
    { id: thread?.id },
  );
  expect((await rest.pulls.merge(pull)).data.merged).toBe(true);
});

test('branch protection is put, read and taken away', async () => {
  const { repos } = fleet.as('ada').rest;
  const main = { ...REPOSITORY, branch: 'main' };
  await expect(repos.getBranchProtection(main)).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('Branch not protected') as string,
  });
  await repos.updateBranchProtection({
    ...main,
    required_status_checks: {
      strict: true,
      contexts: [],
      checks: [{ context: 'build', app_id: 7 }, { context: 'lint' }],
    },
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 2 },
    restrictions: null,
  });
  await repos.createCommitSignatureProtection(main);
  expect((await repos.getBranchProtection(main)).data).toMatchObject({
    required_status_checks: {
      strict: true,
      contexts: ['build', 'lint'],
      checks: [{ app_id: 7 }, { app_id: null }],
    },
    required_pull_request_reviews: { required_approving_review_count: 2 },
    required_signatures: { enabled: true },
    enforce_admins: { enabled: true },
  });
  expect((await repos.getBranch(main)).data.protected).toBe(true);
  expect((await repos.getCommitSignatureProtection(main)).data.enabled).toBe(true);
  await repos.deleteBranchProtection(main);
  expect((await repos.getBranch(main)).data.protected).toBe(false);
  await expect(fleet.as('bob').rest.repos.getBranchProtection(main)).rejects.toMatchObject({
    status: 403,
  });
});

test('a strict check wants the branch up to date', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.updateBranchProtection({
    ...REPOSITORY,
    branch: 'main',
    required_status_checks: { strict: true, contexts: [] },
    enforce_admins: null,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  await rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  await fleet.github.push('acme/fleet', { branch: 'main', files: { y: 'y' }, by: 'ada' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  await rest.pulls.get(pull);
  await fleet.github.settled();
  expect((await rest.pulls.get(pull)).data.mergeable_state).toBe('behind');
  await expect(rest.pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
  await rest.pulls.updateBranch(pull);
  await fleet.github.settled();
  expect((await rest.pulls.get(pull)).data.mergeable_state).toBe('clean');
});

test('a branch that wants signatures takes what GitHub signs itself', async () => {
  await fleet.github.close();
  fleet = await startFleet({ webFlowKey: true });
  const { rest } = fleet.as('ada');
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'signed',
    enforcement: 'active',
    conditions: on('~DEFAULT_BRANCH'),
    rules: [{ type: 'required_signatures' }],
  });
  await fleet.github.push('acme/fleet', { branch: 'topic', files: { x: 'x' }, by: 'bob' });
  await rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  await expect(rest.pulls.merge({ ...pull, merge_method: 'rebase' })).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('cannot be automatically signed by GitHub') as string,
  });
  await expect(rest.pulls.merge({ ...pull, merge_method: 'merge' })).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('Commits must have verified signatures.') as string,
  });
  expect((await rest.pulls.merge({ ...pull, merge_method: 'squash' })).data.merged).toBe(true);
});

test('a linear history takes no merge commit', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'linear',
    enforcement: 'active',
    conditions: on('~DEFAULT_BRANCH'),
    rules: [{ type: 'required_linear_history' }],
  });
  await rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  await expect(rest.pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
  expect((await rest.pulls.merge({ ...pull, merge_method: 'rebase' })).data.merged).toBe(true);
});

test('the approval of somebody who may only read does not count', async () => {
  const { rest } = fleet.as('ada');
  await rest.repos.createRepoRuleset({
    ...REPOSITORY,
    name: 'reviewed',
    enforcement: 'active',
    conditions: on('~DEFAULT_BRANCH'),
    rules: [reviewRule(1)],
  });
  await rest.pulls.create({ ...REPOSITORY, title: 'x', head: 'topic', base: 'main' });
  const pull = { ...REPOSITORY, pull_number: 1 };
  await fleet.as('cy').rest.pulls.createReview({ ...pull, event: 'APPROVE' });
  await expect(rest.pulls.merge(pull)).rejects.toMatchObject({ status: 405 });
  await fleet.as('bob').rest.pulls.createReview({ ...pull, event: 'APPROVE' });
  expect((await rest.pulls.merge(pull)).data.merged).toBe(true);
});
