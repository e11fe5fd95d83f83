import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { createBlobCache } from '../../src/snapshot/blob-cache.ts';
import { githubSnapshot } from '../../src/snapshot/github.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';

const CUT = 'GitHub does not list all of the repository: only 12 files were seen.';

it('passes nothing when not all files could be listed', () => {
  const before = memoryTree({});
  const after = new LoadedTree('after', [], new Map(), CUT);
  const options = { config: DEFAULT_CONFIG, rules, now: 0, asked: new Set<string>() };
  const answer = review({ before, after, head: after }, options);
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  expect(answer.verdicts.filter(({ conclusion }) => conclusion === 'success')).toEqual([]);
  expect(new Set(answer.unknowns.map(({ reason }) => reason))).toEqual(new Set([CUT]));
});

/** An answer as it is read: its body, unparsed. */
function answer(data: object): { data: unknown } {
  return { data: new Response(JSON.stringify(data)).body };
}

/** A GitHub that lists no more than one entry at a time, recursively or not. */
function short(): Parameters<typeof githubSnapshot>[0] {
  const file = { path: 'a.yaml', mode: '100644', type: 'blob', sha: 'a'.repeat(40), size: 3 };
  const request = () => Promise.resolve(answer({ tree: [file], truncated: true }));
  return { request } as unknown as ReturnType<typeof short>;
}

it('says that a folder is not listed whole', async () => {
  const snapshot = githubSnapshot(short(), { owner: 'a', repo: 'b' }, createBlobCache(1000));
  const { entries, incomplete } = await snapshot.list('c'.repeat(40));
  expect(entries.map(({ path }) => path)).toEqual(['a.yaml']);
  expect(incomplete).toBe('GitHub does not list all of the repository: only 1 files were seen.');
});

/** A GitHub of two commits that have a large folder in common. */
function sharing(): Parameters<typeof githubSnapshot>[0] & { readonly asked: string[] } {
  const asked: string[] = [];
  const folder = { path: 'data', mode: '040000', type: 'tree', sha: 'd'.repeat(40) };
  const file = { path: 'a.yaml', mode: '100644', type: 'blob', sha: 'a'.repeat(40), size: 3 };
  const request = (_: string, { tree_sha: id, recursive = '' }: Record<string, string>) => {
    asked.push(`${id?.[0] ?? ''}${recursive}`);
    const isRoot = id !== folder.sha;
    const data = { tree: [isRoot ? folder : file], truncated: isRoot && recursive !== '' };
    return Promise.resolve(answer(data));
  };
  return { request, asked } as unknown as ReturnType<typeof sharing>;
}

it('lists a folder that commits have in common once', async () => {
  const github = sharing();
  const snapshot = githubSnapshot(github, { owner: 'a', repo: 'b' }, createBlobCache(1000));
  const listings = await Promise.all(['b', 'c'].map((one) => snapshot.list(one.repeat(40))));
  for (const { entries, incomplete } of listings) {
    expect(incomplete).toBeUndefined();
    expect(entries.map(({ path }) => path)).toEqual(['data/a.yaml']);
  }
  expect(github.asked.sort()).toEqual(['b', 'b1', 'c', 'c1', 'd1']);
});

/** A GitHub that cuts every recursive tree, of more folders than are walked. */
function endless(): Parameters<typeof githubSnapshot>[0] & { readonly asked: string[] } {
  const asked: string[] = [];
  const tree = Array.from({ length: 3 }, (_, index) => ({
    ...{ path: `d${index}`, mode: '040000', type: 'tree', sha: `${index}`.padStart(40, '0') },
  }));
  const file = { path: 'a.yaml', mode: '100644', type: 'blob', sha: 'a'.repeat(40), size: 3 };
  const request = (route: string) => {
    asked.push(route);
    return Promise.resolve(answer({ tree: [...tree, file], truncated: true }));
  };
  return { request, asked } as unknown as ReturnType<typeof endless>;
}

it('says that a listing is not whole, after a bounded number of requests', async () => {
  const github = endless();
  const snapshot = githubSnapshot(github, { owner: 'a', repo: 'b' }, createBlobCache(1000));
  const listing = await snapshot.list('c'.repeat(40));
  expect(listing.incomplete).toMatch(/^GitHub does not list all of the repository/);
  expect(github.asked.length).toBeLessThan(1000);
});
