/** A repository with more than 100,000 entries, listed at once and directory by directory. */
import { afterEach, expect, it } from 'vitest';

import { setStage, type Stage } from './stage.ts';

const FLEET = new URL('../../fixtures/repositories/fleet', import.meta.url).pathname;
const NAME = 'acme/fleet';
const at = { owner: 'acme', repo: 'fleet' };
const HALLS = 10;
const GALLERIES = 10;
const PICTURES = 1000;
const FILE = 'apps/base/podinfo/service.yaml';
const BROKEN = { [FILE]: 'apiVersion: v1\nkind: Service\nmetadata:\n\tname: podinfo\n' };

let stage: Stage;

afterEach(async () => {
  const { contractViolations } = stage.github;
  await stage.close();
  expect(contractViolations).toEqual([]);
});

/** The fleet beside ten directories with 10,000 pictures each, no two of them the same. */
async function begin(limits: { treeEntries: number; treeBytes: number }): Promise<void> {
  stage = await setStage({ limits, patience: 60_000 });
  await stage.github.createRepository({ ...at, name: at.repo, directory: FLEET });
  const { git } = stage.ada;
  const { data: main } = await git.getRef({ ...at, ref: 'heads/main' });
  const { data: tip } = await git.getCommit({ ...at, commit_sha: main.object.sha });
  const { data: blob } = await git.createBlob({ ...at, content: 'x' });
  const entryOf = (path: string) =>
    ({ path, mode: '100644', type: 'blob', sha: blob.sha }) as const;
  const treeEntryOf = (path: string, sha: string) =>
    ({ path, mode: '040000', type: 'tree', sha }) as const;
  const numbered = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const pictures = numbered(PICTURES, (index) => entryOf(`picture-${index}.svg`));
  const { data: gallery } = await git.createTree({ ...at, tree: pictures });
  const galleries = numbered(GALLERIES, (index) => treeEntryOf(`gallery-${index}`, gallery.sha));
  const halls = [];
  for (let index = 0; index < HALLS; index += 1) {
    const own = entryOf(`own-${index}.svg`);
    const { data } = await git.createTree({ ...at, tree: [...galleries, own] });
    halls.push(treeEntryOf(`hall-${index}`, data.sha));
  }
  const { data: tree } = await git.createTree({
    ...at,
    base_tree: tip.tree.sha,
    tree: halls,
  });
  const { data: commit } = await git.createCommit({
    ...at,
    message: 'Pictures',
    tree: tree.sha,
    parents: [tip.sha],
  });
  await git.updateRef({ ...at, ref: 'heads/main', sha: commit.sha });
  await stage.quiet();
}

async function openBroken(): Promise<string> {
  const head = await stage.github.push(NAME, { branch: 'broken', files: BROKEN, by: 'ada' });
  await stage.ada.pulls.create({ ...at, title: 'broken', head: 'broken', base: 'main' });
  await stage.idle(NAME);
  return head;
}

async function verdictsOf(head: string): Promise<string[]> {
  const { data } = await stage.ada.checks.listForRef({ ...at, ref: head });
  return data.check_runs.map(({ name, conclusion }) => `${name}: ${conclusion ?? ''}`).sort();
}

const VERDICTS = [
  'Fluxgate / commit signatures: success',
  'Fluxgate / gitops: failure',
  'Fluxgate / image policy: success',
  'Fluxgate / pod security: success',
];

it('is reviewed whole where GitHub lists all of it', async () => {
  await begin({ treeEntries: 200_000, treeBytes: 50_000_000 });
  expect(await verdictsOf(await openBroken())).toEqual(VERDICTS);
}, 240_000);

it('is reviewed whole, directory by directory, where GitHub cuts the list', async () => {
  await begin({ treeEntries: 100_000, treeBytes: 7_000_000 });
  expect(await verdictsOf(await openBroken())).toEqual(VERDICTS);
  const directories = stage.github.requests.filter(
    ({ actor, path }) => actor === 'fluxgate[bot]' && path.includes('/git/trees/'),
  );
  // The cut list of each side, what stands at its top, and each directory once for both.
  expect(directories.length).toBeGreaterThanOrEqual(2 + 2 + HALLS + 4);
}, 240_000);
