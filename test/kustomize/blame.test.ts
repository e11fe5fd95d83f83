import { describe, expect, it } from 'vitest';

import { blame } from '../../src/kustomize/blame.ts';
import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import { editedTree, memoryTree } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';
import { textOf } from '../../src/kustomize/scalar.ts';
import { toPlace } from '../../src/model/source.ts';
import { explainBuild } from '../differential/blame.ts';
import { configMap, DEPLOYMENT } from './build-files.ts';
import { readCases } from './cases.ts';

const FILES = {
  'base/kustomization.yaml': 'resources:\n- web.yaml\n',
  'base/web.yaml': DEPLOYMENT,
  'prod/kustomization.yaml': `resources:
- ../base
namespace: shop
images:
- name: nginx
  newTag: 1.27.3
replicas:
- name: web
  count: 3
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    spec:
      template:
        spec:
          priorityClassName: high
configMapGenerator:
- name: settings
  files: [app.conf]
`,
  'prod/app.conf': 'level=1\nmode=fast\n',
};

describe('blame', () => {
  it('names the line of every line, and what wrote it', () => {
    const { resources } = build(memoryTree(FILES), 'prod', new BuildCache());
    const lines = resources.flatMap((resource) =>
      blame(resource).map(
        ({ text, place, by = '' }) => `${place.path}:${place.line} ${by}|${text}`,
      ),
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "prod/kustomization.yaml:12 patch|apiVersion: apps/v1",
        "base/web.yaml:2 |kind: Deployment",
        "base/web.yaml:3 |metadata:",
        "base/web.yaml:4 |  name: web",
        "prod/kustomization.yaml:3 namespace|  namespace: shop",
        "base/web.yaml:5 |spec:",
        "prod/kustomization.yaml:9 replicas|  replicas: 3",
        "base/web.yaml:6 |  template:",
        "base/web.yaml:7 |    spec:",
        "base/web.yaml:8 |      containers:",
        "prod/kustomization.yaml:6 images|      - image: nginx:1.27.3",
        "base/web.yaml:9 |        name: web",
        "prod/kustomization.yaml:19 patch|      priorityClassName: high",
        "prod/kustomization.yaml:21 configMapGenerator|apiVersion: v1",
        "prod/kustomization.yaml:21 configMapGenerator|data:",
        "prod/app.conf:1 configMapGenerator|  app.conf: |",
        "prod/app.conf:1 configMapGenerator|    level=1",
        "prod/app.conf:2 configMapGenerator|    mode=fast",
        "prod/kustomization.yaml:21 configMapGenerator|kind: ConfigMap",
        "prod/kustomization.yaml:21 configMapGenerator|metadata:",
        "prod/kustomization.yaml:21 hash|  name: settings-m6mk656fm5",
        "prod/kustomization.yaml:3 namespace|  namespace: shop",
      ]
    `);
  });

  it('keeps the places that a value had before', () => {
    const { resources } = build(memoryTree(FILES), 'prod', new BuildCache());
    const image = resources
      .flatMap((resource) => blame(resource))
      .find(({ by }) => by === 'images');
    expect(
      image?.before.map(({ place, replacedBy }) => [place.path, place.line, replacedBy]),
    ).toEqual([['base/web.yaml', 10, 'images']]);
  });

  it('explains every value of an overlay', () => {
    const explained = [...explainBuild(memoryTree(FILES), 'prod')];
    expect(explained.filter(({ explanation }) => explanation === 'unexplained')).toEqual([]);
    expect(explained.length).toBeGreaterThan(10);
  });
});

describe('values that pass through JSON', () => {
  const patch = (lines: string): string => `resources: [thing.yaml]
patches:
- target: { kind: Thing }
  patch: |-
${lines.replace(/^/gm, '    ')}
`;
  const files = {
    'thing.yaml': `apiVersion: example.com/v1
kind: Thing
metadata:
  name: x
spec:
  mode: 0755
  share: 1.10
  day: 2024-01-01
  large: 12345678901234567890123
  none: ~
  text: >
    one

      more
    last
`,
    'kustomization.yaml': patch(`- op: add
  path: /spec/on
  value: {flag: n, mode: 0644, words: [yes, 1_000]}`),
  };

  it('stand at their own lines, and the text there is the value', () => {
    const explained = [...explainBuild(memoryTree(files), '')].slice(3);
    const found = explained.map(({ scalar, explanation }) => {
      const { path, line } = toPlace(scalar);
      return [scalar.value, `${path}:${line}`, explanation];
    });
    expect(found).toEqual([
      [493, 'thing.yaml:6', 'same'],
      [1.1, 'thing.yaml:7', 'same'],
      ['2024-01-01T00:00:00Z', 'thing.yaml:8', 'same'],
      [1.2345678901234568e22, 'thing.yaml:9', 'same'],
      [null, 'thing.yaml:10', 'same'],
      ['one\n\n\n  more\nlast\n', 'thing.yaml:12', 'same'],
      [false, 'kustomization.yaml:7', 'same'],
      [420, 'kustomization.yaml:7', 'same'],
      [true, 'kustomization.yaml:7', 'same'],
      [1000, 'kustomization.yaml:7', 'same'],
    ]);
  });
});

describe('every fixture', () => {
  it.each(readCases().filter(({ output }) => output !== undefined))(
    'explains all values of $name',
    ({ files, directory }) => {
      const unexplained = [...explainBuild(memoryTree(files), directory)].filter(
        ({ explanation }) => explanation === 'unexplained',
      );
      const shown = unexplained.map(({ scalar }) => {
        const { path, line } = toPlace(scalar);
        return `${path}:${line} (${scalar.trace?.by ?? 'read'}): ${textOf(scalar)}`;
      });
      expect(shown).toEqual([]);
    },
  );
});

describe('the cache of builds', () => {
  const tree = memoryTree(FILES);

  it('gives the same object for the same content', () => {
    const cache = new BuildCache();
    const before = build(tree, 'prod', cache);
    const other = editedTree(tree, { 'elsewhere.yaml': configMap('x') });
    expect(build(other, 'prod', cache)).toBe(before);
  });

  it('builds again what an edit reaches, and keeps the rest', () => {
    const cache = new BuildCache();
    const before = build(tree, 'prod', cache);
    const edited = editedTree(tree, { 'prod/app.conf': 'level=2\n' });
    const after = build(edited, 'prod', cache);
    expect(after).not.toBe(before);
    expect(after.resources[0]?.root.get('spec')).toEqual(before.resources[0]?.root.get('spec'));
    expect(after.resources[1]?.name).not.toBe(before.resources[1]?.name);
    expect(after.resources[1]?.plainName).toBe('settings');
  });

  it('makes a base once, however many overlays share it and however often it is built', () => {
    const files: Record<string, string> = { ...FILES };
    for (let at = 0; at < 10; at += 1) {
      files[`o${at}/kustomization.yaml`] = `resources: [../base]\nnamespace: n${at}\n`;
    }
    const cache = new BuildCache();
    const made: string[] = [];
    const add = cache.add.bind(cache);
    cache.add = (key, memo, from) => {
      made.push(key.split('\0').slice(0, 2).join(' '));
      add(key, memo, from);
    };
    const shared = memoryTree(files);
    for (let at = 0; at < 10; at += 1) build(shared, `o${at}`, cache);
    expect(made.filter((key) => key === 'base base')).toHaveLength(1);
    expect(made).toHaveLength(11);
    made.length = 0;
    // Other content elsewhere: nothing is made. Another blob of the base: it and all that share it.
    const other = editedTree(shared, { 'prod/app.conf': 'x' });
    for (let at = 0; at < 10; at += 1) build(other, `o${at}`, cache);
    expect(made).toEqual([]);
    const edited = editedTree(other, { 'base/web.yaml': DEPLOYMENT.replace('1.27', '1.28') });
    for (let at = 0; at < 10; at += 1) build(edited, `o${at}`, cache);
    expect(made.filter((key) => key === 'base base')).toHaveLength(1);
    expect(made).toHaveLength(11);
  });

  it('sees a file that appears beside the ones that were read', () => {
    const cache = new BuildCache();
    expect(build(tree, 'base', cache).problems).toEqual([]);
    const edited = editedTree(tree, { 'base/Kustomization': 'resources: []\n' });
    expect(build(edited, 'base', cache).problems.map(({ code }) => code)).toEqual([
      'several-kustomizations',
    ]);
  });

  it('sees a file that was missing come back, and one that replaces a symbolic link', () => {
    const cache = new BuildCache();
    const messages = (at: FileTree) =>
      build(at, 'base', cache).problems.map(({ message }) => message);
    expect(messages(tree)).toEqual([]);
    const { 'base/web.yaml': web, ...rest } = FILES;
    const missing = ['There is no file or directory base/web.yaml.'];
    expect(messages(memoryTree(rest))).toEqual(missing);
    expect(messages(memoryTree(FILES))).toEqual([]);
    const link = { path: 'base/web.yaml', id: 'link', kind: 'symlink' as const };
    const kustomization = memoryTree(FILES).entry('base/kustomization.yaml');
    const bytes = new TextEncoder().encode(FILES['base/kustomization.yaml']);
    const blobs = new Map([[kustomization?.id ?? '', bytes]]);
    const linked = new LoadedTree(
      'linked',
      [...(kustomization ? [kustomization] : []), link],
      blobs,
    );
    expect(messages(linked)).toEqual([expect.stringContaining('base/web.yaml is a symbolic link')]);
    expect(messages(memoryTree(rest))).toEqual(missing);
    expect(messages(memoryTree({ ...rest, 'base/web.yaml': web }))).toEqual([]);
  });

  it('tells each overlay of a base without a kustomization at its own line', () => {
    const overlay = 'resources: [../none]\n';
    const files = {
      'none/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      'one/kustomization.yaml': overlay,
      'two/kustomization.yaml': `namespace: two\n${overlay}`,
    };
    const cache = new BuildCache();
    const places = ['one', 'two', 'one'].map((directory) =>
      build(memoryTree(files), directory, cache).problems.map(({ place }) => [
        place.path,
        place.line,
      ]),
    );
    expect(places).toEqual([
      [['one/kustomization.yaml', 1]],
      [['two/kustomization.yaml', 2]],
      [['one/kustomization.yaml', 1]],
    ]);
  });

  it('names what was read', () => {
    expect([...build(tree, 'prod', new BuildCache()).inputs()]).toEqual(
      expect.arrayContaining(['prod/kustomization.yaml', 'prod/app.conf', 'base/web.yaml']),
    );
  });
});
