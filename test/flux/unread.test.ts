import { expect, it } from 'vitest';

import { resolveRepository } from '../../src/flux/repository.ts';
import { unreadEntries } from '../../src/flux/unread.ts';
import type { FileTree, TreeEntry } from '../../src/model/file-tree.ts';
import { tellUnread } from '../../src/report/unread.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';
import { kustomization } from './clusters.ts';

const FLUX = {
  'clusters/production/apps.yaml': kustomization('apps', './apps/production'),
  'clusters/production/flux-system/gotk-sync.yaml': kustomization(
    'flux-system',
    './clusters/production',
  ),
  'apps/production/web.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: web}\n',
  'apps/base/web/deployment.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base, namespace: web}\n',
};
const PLAIN = {
  'manifests/web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: web}\n',
};

/** Files, and entries without content: `link PATH` and `submodule PATH`. */
function treeOf(files: Readonly<Record<string, string>>, others: readonly string[]): FileTree {
  const held = memoryTree(files);
  const blobs = new Map(
    held.list().map(({ path, id }) => [id, new TextEncoder().encode(files[path])]),
  );
  const entries = others.map((other): TreeEntry => {
    const [kind = '', path = ''] = other.split(' ');
    return { path, id: '0'.repeat(40), kind: kind === 'link' ? 'symlink' : 'submodule' };
  });
  return new LoadedTree('memory', [...held.list(), ...entries], blobs);
}

it.each<[string, Record<string, string>, string[], string]>([
  ['nothing', FLUX, [], ''],
  ['notes beside manifests', FLUX, ['link apps/production/AGENTS.md', 'link README.md'], ''],
  ['a link far from manifests', FLUX, ['link docs/old.yaml', 'submodule .bats'], ''],
  [
    'a link to a file',
    FLUX,
    ['link apps/production/link.yaml'],
    'Not read: 1 symbolic link, which Flux leaves out (apps/production/link.yaml).',
  ],
  [
    'a link to a folder, below what is applied',
    FLUX,
    ['link apps/production/deep/er/base'],
    'Not read: 1 symbolic link, which Flux leaves out (apps/production/deep/er/base).',
  ],
  [
    'a link beside manifests that something includes',
    FLUX,
    ['link apps/base/web/more.yml'],
    'Not read: 1 symbolic link, which Flux leaves out (apps/base/web/more.yml).',
  ],
  [
    'a submodule',
    FLUX,
    ['submodule clusters/production/sub'],
    'Not read: 1 git submodule, whose files stand in another repository (clusters/production/sub).',
  ],
  [
    'without Flux',
    PLAIN,
    ['link manifests/more.yaml', 'submodule manifests/sub', 'submodule tools'],
    'Not read: 1 symbolic link, which Flux leaves out (manifests/more.yaml), and 1 git submodule, whose files stand in another repository (manifests/sub).',
  ],
  [
    'many',
    PLAIN,
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `link manifests/${name}.yaml`),
    'Not read: 6 symbolic links, which Flux leaves out (manifests/a.yaml; manifests/b.yaml; manifests/c.yaml; manifests/d.yaml; and 2 more).',
  ],
])('%s', (_name, files, others, told) => {
  const tree = treeOf(files, others);
  const unread = unreadEntries({ tree, ...resolveRepository(tree) });
  expect(tellUnread(unread, (path) => path)).toBe(told);
});

it('names what a change brings first', () => {
  const before = treeOf(PLAIN, ['link manifests/a.yaml', 'link manifests/c.yaml']);
  const tree = treeOf(PLAIN, ['link manifests/a.yaml', 'link manifests/b.yaml']);
  const unread = unreadEntries({ tree, ...resolveRepository(tree) }, before);
  expect(unread).toEqual([
    { path: 'manifests/a.yaml', kind: 'symlink' },
    { path: 'manifests/b.yaml', kind: 'symlink', isNew: true },
  ]);
  expect(tellUnread(unread, (path) => `<${path}>`)).toBe(
    'Not read: 2 symbolic links, which Flux leaves out (<manifests/b.yaml>, new; <manifests/a.yaml>).',
  );
});
