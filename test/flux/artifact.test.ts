import { expect, it } from 'vitest';

import { artifactOf } from '../../src/flux/artifact.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { configMap, kustomization, outline, resolved } from './clusters.ts';

/** What of these paths Flux packs; checked against its own library, as all of this table. */
function kept(paths: readonly string[], ignore: string, specIgnore?: string): string[] {
  const files = Object.fromEntries(paths.map((path) => [path, 'a: b\n']));
  const tree = memoryTree({ ...files, '.sourceignore': ignore });
  return artifactOf(tree, specIgnore)
    .list()
    .flatMap(({ path }) => (path.endsWith('.sourceignore') ? [] : path));
}

const PATHS = [
  'a.yaml',
  'apps/a.yaml',
  'apps/b.yaml',
  'apps/base/a.yaml',
  'base/a.yaml',
  'x/[a].yaml',
];

it.each<[string, string, readonly string[]]>([
  ['a name at any depth', 'a.yaml', ['apps/b.yaml', 'x/[a].yaml']],
  ['a name at the root', '/a.yaml', PATHS.slice(1)],
  ['a directory at any depth', 'base/', ['a.yaml', 'apps/a.yaml', 'apps/b.yaml', 'x/[a].yaml']],
  ['a directory, which a file is not', 'a.yaml/', PATHS],
  ['a path', 'apps/*.yaml', ['a.yaml', 'apps/base/a.yaml', 'base/a.yaml', 'x/[a].yaml']],
  ['a path, which holds from its own directory on', 'base/a.yaml', PATHS.toSpliced(4, 1)],
  ['directories between', 'apps/**/a.yaml', ['a.yaml', 'apps/b.yaml', 'base/a.yaml', 'x/[a].yaml']],
  ['directories in front', '**/base/a.yaml', PATHS.filter((path) => !path.includes('base'))],
  ['all in a directory', 'apps/**', ['a.yaml', 'base/a.yaml', 'x/[a].yaml']],
  ['two stars in a path beside other characters: nothing', 'apps/a**', PATHS],
  ['a set', '[ab].yaml', ['x/[a].yaml']],
  ['what is not in a set', 'apps/[^a].yaml', PATHS.toSpliced(2, 1)],
  [
    'a set with an exclamation mark, which negates nothing',
    'apps/[!a].yaml',
    PATHS.toSpliced(1, 1),
  ],
  ['a range', '[b-z].yaml', PATHS.toSpliced(2, 1)],
  ['brackets as they are', '\\[a\\].yaml', PATHS.slice(0, -1)],
  ['one character', '?.yaml', ['x/[a].yaml']],
  ['a set without an end: nothing', '[ab.yaml', PATHS],
  ['an empty set: nothing', '[].yaml', PATHS],
  ['a backslash at the end: nothing', 'a.yaml\\', PATHS],
  ['a slash alone: nothing', '/', PATHS],
  ['an exclamation mark alone: nothing', '!', PATHS],
  ['a name with a blank behind it', 'a.yaml  ', ['apps/b.yaml', 'x/[a].yaml']],
  ['a name with a tabulator behind it, which belongs to it', 'a.yaml\t', PATHS],
  ['the last that matches', 'apps\n!apps/b.yaml\n# c\n\n', PATHS.toSpliced(1, 1).toSpliced(2, 1)],
  ['with lines of Windows', 'base/\r\n/a.yaml\r\n', ['apps/a.yaml', 'apps/b.yaml', 'x/[a].yaml']],
])('leaves out %s', (_, ignore, expected) => {
  expect(kept(PATHS, ignore)).toEqual(expected);
});

it('leaves out what is never a manifest, and what lies in a directory of such a name', () => {
  const out = [
    ...['.github/a.yaml', 'x/.circleci/a.yaml', 'x/.sops.yaml', '.flux.yaml', 'cloudbuild.yaml'],
    ...['a.png', 'shots.zip/a.yaml', 'x/appveyor.yml/a.yaml', 'codeship-steps.yml'],
  ];
  const within = ['.hidden.yaml', 'codeship-app.yaml', 'github/a.yaml', 'x.pngs/a.yaml'];
  expect(kept([...out, ...within], '')).toEqual(within);
  expect(kept(out, '!x/**/*.yaml')).toEqual(out.filter((path) => /^x\/.*yaml$/.test(path)));
});

it.each<[string, string, string | undefined, boolean]>([
  ['a.yaml', '!a.yaml', undefined, true],
  ['!a.yaml', 'a.yaml', undefined, false],
  ['a.yaml', '!a.yaml', '/apps/*/a.yaml', false],
  ['a.yaml', 'a.yaml', '!a.yaml', true],
])(
  'lets a directory say more than those around it, and the source most: %s, %s, %s',
  (outer, inner, specIgnore, isKept) => {
    // Sorted by their paths, the file inside comes before that of the directory around it.
    const tree = memoryTree({
      'apps/.sourceignore': outer,
      'apps/!x/.sourceignore': inner,
      'apps/!x/a.yaml': 'a: b\n',
    });
    expect(artifactOf(tree, specIgnore).entry('apps/!x/a.yaml') !== undefined).toBe(isKept);
  },
);

it('reads nothing from a line of 64 KiB on, as Flux does', () => {
  expect(kept(['a.yaml', 'b.yaml'], `a.yaml\n${'x'.repeat(64 * 1024)}\nb.yaml\n`)).toEqual([
    'b.yaml',
  ]);
});

it('knows nothing of what is applied where there are more patterns than are looked at', () => {
  const [cluster] = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/apps.yaml': kustomization('apps', './apps'),
    'apps/settings.yaml': configMap('settings'),
    '.sourceignore': '/nothing\n'.repeat(1001),
  }).clusters;
  expect(cluster && outline(cluster)).toEqual([
    'a',
    '  Kustomization flux-system/flux-system <- clusters/a',
    '    ? What its source leaves out is not known: there are more than 1000 patterns in .sourceignore files and spec.ignore.',
  ]);
});
