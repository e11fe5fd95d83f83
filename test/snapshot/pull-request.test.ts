import { expect, it } from 'vitest';

import {
  chooseSides,
  type PullRequest,
  type PullRequests,
  type Standing,
} from '../../src/snapshot/pull-request.ts';

const PULL: PullRequest = {
  ...{ number: 1, isOpen: true, isDraft: false, baseBranch: 'main', defaultBranch: 'main' },
  head: 'head',
};

const TREES = new Map([['head', 'tree']]);

function standing(more: Partial<Standing>): Standing {
  return { tip: 'tip', isAhead: false, trees: TREES, ...more };
}

const MERGED = { testMerge: 'merge', isMergeable: true };
const JOINED = standing({ mergeParents: ['tip', 'head'] });
const CONFLICT =
  'This branch conflicts with its base: this compares the branch with where it left "main".';
const NO_MERGE =
  'GitHub has not made a test merge of this branch: this compares the branch with where it left "main".';

/**
 * What is told at first, what at each later look, and what comes of it. The API that is asked piece
 * by piece says that the tip is `tip` and that `merge` joins it with the head.
 */
const CASES: readonly {
  readonly name: string;
  readonly first: Partial<PullRequest>;
  readonly later?: Partial<PullRequest>;
  readonly sides: Record<string, unknown>;
  readonly asked: readonly string[];
}[] = [
  {
    name: 'a head that holds all of its base needs no test merge',
    first: { standing: standing({ isAhead: true }) },
    sides: { before: 'tip', after: 'head', head: 'head', trees: TREES },
    asked: [],
  },
  {
    name: 'a head that holds all of its base cannot conflict, whatever was said earlier',
    first: { isMergeable: false, standing: standing({ isAhead: true }) },
    sides: { before: 'tip', after: 'head', head: 'head', trees: TREES },
    asked: [],
  },
  {
    name: 'a test merge that is told with its parents',
    first: { ...MERGED, standing: JOINED },
    sides: { before: 'tip', after: 'merge', head: 'head', trees: TREES },
    asked: [],
  },
  {
    name: 'a test merge of an older base is waited out',
    first: { ...MERGED, standing: standing({ mergeParents: ['older', 'head'] }) },
    later: { ...MERGED, standing: JOINED },
    sides: { before: 'tip', after: 'merge', head: 'head', trees: TREES },
    asked: ['get 1'],
  },
  {
    name: 'a base that goes on while the test merge is made',
    first: { standing: standing({}) },
    later: { ...MERGED, standing: standing({ tip: 'newer', mergeParents: ['newer', 'head'] }) },
    sides: { before: 'newer', after: 'merge', head: 'head', trees: TREES },
    asked: ['get 1'],
  },
  {
    name: 'what is not told at once is asked for piece by piece',
    first: MERGED,
    sides: { before: 'tip', after: 'merge', head: 'head', trees: new Map() },
    asked: ['tip of main', 'parents of merge'],
  },
  {
    name: 'and the tip only once',
    first: {},
    later: MERGED,
    sides: { before: 'tip', after: 'merge', head: 'head', trees: new Map() },
    asked: ['tip of main', 'get 1', 'parents of merge'],
  },
  {
    name: 'a conflict',
    first: { isMergeable: false, standing: standing({}) },
    sides: { before: 'base', after: 'head', head: 'head', trees: TREES, note: CONFLICT },
    asked: ['merge base of tip and head'],
  },
  {
    name: 'a push in the meantime',
    first: { standing: standing({}) },
    later: { head: 'pushed', standing: standing({ isAhead: true }) },
    sides: { before: 'base', after: 'head', head: 'head', trees: TREES, note: NO_MERGE },
    asked: ['get 1', 'merge base of tip and head'],
  },
  {
    name: 'no test merge at all',
    first: { standing: standing({}) },
    sides: { before: 'base', after: 'head', head: 'head', trees: TREES, note: NO_MERGE },
    asked: [...Array<string>(6).fill('get 1'), 'merge base of tip and head'],
  },
];

it.each(CASES)('$name', async ({ first, later = first, sides, asked }) => {
  const heard: string[] = [];
  const tell = <T>(what: string, answer: T) => {
    heard.push(what);
    return Promise.resolve(answer);
  };
  const pulls: PullRequests = {
    get: (number) => tell(`get ${number}`, { ...PULL, ...later }),
    around: () => Promise.reject(new Error('not asked')),
    withHead: () => Promise.reject(new Error('not asked')),
    isProtected: () => Promise.reject(new Error('not asked')),
    tipOf: (branch) => tell(`tip of ${branch}`, 'tip'),
    parentsOf: (commit) => tell(`parents of ${commit}`, ['tip', 'head']),
    mergeBaseOf: (base, head) => tell(`merge base of ${base} and ${head}`, 'base'),
  };
  const chosen = await chooseSides(pulls, { ...PULL, ...first }, () => Promise.resolve());
  expect(chosen).toEqual(sides);
  expect(heard).toEqual(asked);
});
