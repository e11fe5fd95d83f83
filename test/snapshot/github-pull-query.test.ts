import { describe, expect, it } from 'vitest';

import { queryPull } from '../../src/snapshot/github-pull-query.ts';

const TIP = 'b'.repeat(40);
const HEAD = 'a'.repeat(40);
const TREE = 'c'.repeat(40);

function answer(refUpdateRule: object | null) {
  return {
    repository: {
      ...{ id: 'R', defaultBranchRef: { name: 'main' } },
      ...{ mergeCommitAllowed: true, squashMergeAllowed: false, rebaseMergeAllowed: true },
      pullRequest: {
        ...{ number: 7, state: 'OPEN', isDraft: false, baseRefName: 'main' },
        ...{ headRefName: 'work', headRefOid: HEAD, mergeable: 'MERGEABLE' },
        author: { __typename: 'Bot', login: 'renovate' },
        baseRef: { refUpdateRule, target: { oid: TIP, tree: { oid: TREE } } },
        commits: { nodes: [] },
        potentialMergeCommit: null,
        reviewThreads: { totalCount: 0 },
        repository: { id: 'R' },
      },
    },
  };
}

/** As the library throws what GitHub answers with 200. */
function refusal(data: object | null, paths: readonly (readonly string[])[]): Error {
  const errors = paths.map((path) => ({ type: 'FORBIDDEN', path, message: 'Not accessible' }));
  return Object.assign(new Error('Request failed'), {
    ...{ name: 'GraphqlResponseError', data, errors },
  });
}

function pullOf(told: object) {
  const graphql = () =>
    told instanceof Error ? Promise.reject(told) : Promise.resolve(structuredClone(told));
  return queryPull({ graphql: graphql as never }, { owner: 'acme', repo: 'fleet' }, 7);
}

describe('a pull request in one query', () => {
  const rule = {
    ...{ requiredApprovingReviewCount: 1, requiresLinearHistory: false, requiresSignatures: true },
  };
  it('tells how it may be merged', async () => {
    expect(await pullOf(answer(rule))).toMatchObject({
      opener: 'renovate[bot]',
      standing: { tip: TIP },
      mergeAllowance: {
        ...{ mergeCommitAllowed: true, squashMergeAllowed: false, rebaseMergeAllowed: true },
        refUpdateRule: rule,
      },
    });
  });

  it('is told without it where GitHub keeps the protection to itself', async () => {
    const path = ['repository', 'pullRequest', 'baseRef', 'refUpdateRule'];
    const pull = await pullOf(refusal(answer(null), [path]));
    expect(pull).toMatchObject({ number: 7, standing: { tip: TIP } });
    // Not told is not the same as not protected.
    expect(pull).not.toHaveProperty('mergeAllowance');
  });

  it.each([
    [
      'more is refused',
      refusal(answer(null), [['repository', 'pullRequest', 'refUpdateRule'], []]),
    ],
    ['nothing is told', refusal(null, [['repository', 'refUpdateRule']])],
    ['no reason is given', refusal(answer(null), [])],
    ['there is no answer', new Error('cut')],
  ])('is to be asked for piece by piece where %s', async (_label, told) => {
    expect(await pullOf(told)).toBeUndefined();
  });
});
