import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { configMap, kustomization, outline, resolved } from './clusters.ts';

const SYNC = kustomization('flux-system', './clusters/a');

function built(files: Readonly<Record<string, string>>): string[] {
  const { clusters } = resolved({ 'clusters/a/sync.yaml': SYNC, ...files });
  return clusters.flatMap(outline);
}

/** What the gitops rules say of a repository, and how it ended. */
function found(files: Readonly<Record<string, string>>): string[] {
  const after = memoryTree({ 'clusters/a/sync.yaml': SYNC, ...files });
  const gitops = rules.filter(({ area }) => area === 'gitops');
  const answer = review({ after, head: after }, { config: DEFAULT_CONFIG, rules: gitops, now: 0 });
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  return answer.findings.map(({ rule, effect, primary }) => {
    return `${effect} ${rule} ${primary.path}:${primary.line}`;
  });
}

const POD = 'apiVersion: v1, kind: Pod, metadata: {name: hidden, namespace: apps}';

it.each([
  [
    'whatever has items is a list, of whatever kind',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nitems:\n  - {${POD}}\n  - {${POD.replace('hidden', 'other')}}\n`,
    ['Pod apps/hidden', 'Pod apps/other'],
  ],
  [
    'items are not looked into again',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: y}, items: [{${POD}}]}]\n`,
    ['ConfigMap default/y'],
  ],
  [
    'an item without a kind fails the build',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nitems: [{metadata: {name: hidden}}]\n',
    ['! failed-build apps/objects.yaml:4'],
  ],
  [
    'an item that is no object fails the build',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nitems: [text]\n',
    ['! failed-build apps/objects.yaml:4'],
  ],
  [
    'items that are not known',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: apps}\nitems: ${pods}\n',
    ['? The items of ConfigMap apps/x are not known: variable pods may come from '],
  ],
  [
    'items that are no list are a field like others',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: apps}\nitems: {a: b}\n',
    ['ConfigMap apps/x'],
  ],
])('%s, as Flux reads what it built', (_, objects, expected) => {
  const lines = built({
    'clusters/a/apps.yaml': kustomization(
      'apps',
      './apps',
      '  postBuild: {substitute: {known: "1"}, substituteFrom: [{kind: ConfigMap, name: elsewhere}]}\n',
    ),
    'apps/objects.yaml': objects,
  });
  const own = lines.slice(lines.findIndex((line) => line.endsWith(' <- apps')) + 1);
  expect(own.map((line, at) => line.trim().slice(0, expected[at]?.length))).toEqual(expected);
});

it.each([
  [
    'Kustomizations that apply each other',
    {
      'clusters/a/one.yaml': kustomization('one', './one'),
      'one/two.yaml': kustomization('two', './two'),
      'two/one.yaml': kustomization('one', './one'),
      'two/settings.yaml': configMap('settings'),
    },
    [
      'a',
      '  Kustomization flux-system/flux-system <- clusters/a',
      '    Kustomization flux-system/one',
      '    Kustomization flux-system/flux-system',
      '  Kustomization flux-system/one <- one',
      '    Kustomization flux-system/two',
      '  Kustomization flux-system/two <- two',
      '    Kustomization flux-system/one',
      '    ConfigMap apps/settings',
    ],
  ],
  [
    'a Kustomization that applies itself, and patches itself at that',
    {
      'clusters/a/self.yaml': kustomization('self', './self'),
      'self/self.yaml': kustomization(
        'self',
        './self',
        '  commonMetadata: {labels: {again: "1"}}\n',
      ),
      'self/settings.yaml': configMap('settings'),
    },
    [
      'a',
      '  Kustomization flux-system/flux-system <- clusters/a',
      '    Kustomization flux-system/self',
      '    Kustomization flux-system/flux-system',
      '  Kustomization flux-system/self <- self',
      '    Kustomization flux-system/self',
      '    ConfigMap apps/settings',
    ],
  ],
  [
    'a path out of the repository, which Flux takes as one inside',
    {
      'clusters/a/apps.yaml': kustomization('apps', '../../../apps'),
      'apps/settings.yaml': configMap('settings'),
    },
    [
      'a',
      '  Kustomization flux-system/flux-system <- clusters/a',
      '    Kustomization flux-system/apps',
      '    Kustomization flux-system/flux-system',
      '  Kustomization flux-system/apps <- apps',
      '    ConfigMap apps/settings',
    ],
  ],
])('ends at %s', (_, files, lines) => {
  expect(built(files as Record<string, string>)).toEqual(lines);
});

const GROWING = `  postBuild:\n    substitute:\n${Array.from(
  { length: 30 },
  (_, at) => `      V${at}: "${at === 0 ? 'x'.repeat(1000) : `\${V${at - 1}}\${V${at - 1}}`}"\n`,
).join('')}`;

it.each([
  [
    'an object without a name',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: web}\n',
    '',
    ['denied gitops/failed-build apps/object.yaml:1'],
  ],
  [
    'an object without a kind',
    'apiVersion: v1\nmetadata: {name: a, namespace: web}\n',
    '',
    ['denied gitops/failed-build apps/object.yaml:1'],
  ],
  [
    'a list where an object belongs',
    '- a\n- b\n',
    '',
    ['denied gitops/failed-build apps/object.yaml:1'],
  ],
  [
    'metadata that is a list',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: [name]\n',
    '',
    ['denied gitops/failed-build apps/object.yaml:1'],
  ],
  [
    'substitution that yields invalid YAML',
    configMap('a', 'key: "${TEXT}"'),
    '  postBuild: {substitute: {TEXT: "a: [b"}}\n',
    ['denied gitops/failed-build apps/object.yaml:4'],
  ],
  ['variables that grow', configMap('a', 'key: "${V29}"'), GROWING, []],
  [
    'a path that does not exist',
    configMap('a'),
    '  dependsOn: [{name: apps}]\n',
    ['denied gitops/missing-dependency clusters/a/apps.yaml:9'],
  ],
])('finds %s', (_, object, more, lines) => {
  const files = {
    'clusters/a/apps.yaml': kustomization('apps', './apps', more),
    'apps/object.yaml': object,
  };
  expect(found(files)).toEqual(lines);
});

it('ends at a Kustomization that makes itself anew under a longer name each time', () => {
  const anew = kustomization('"self${N}"', './self', '  postBuild: {substitute: {N: "${N}x"}}\n');
  const lines = built({
    'clusters/a/self.yaml': anew.replaceAll('${N}', 'x'),
    'self/self.yaml': anew,
  });
  expect(lines.filter((line) => line.includes('<- self'))).toHaveLength(49);
  expect(lines.at(-1)).toMatch(
    /selfx+ is nested more than 50 Kustomizations deep, and not built\.$/,
  );
});

it('takes 5,000 Kustomizations that depend on each other in a circle', () => {
  const count = 5_000;
  const circle = Array.from({ length: count }, (_, at) =>
    kustomization(`k${at}`, './apps', `  dependsOn: [{name: k${(at + 1) % count}}]\n`),
  );
  const lines = found({
    'clusters/a/all.yaml': circle.join('---\n'),
    'apps/settings.yaml': configMap('settings'),
  });
  expect(lines).toHaveLength(count);
  expect(lines[0]).toBe('denied gitops/missing-dependency clusters/a/all.yaml:9');
}, 60_000);

it.each([
  [
    'patches',
    '  patches: [{target: {kind: ConfigMap}, patch: "[{op: add, path: /data/a, value: ${x}}]"}]\n',
    '    ? Its patches are not known: variable x may come from ConfigMap flux-system/elsewhere, which is not in the repository.',
  ],
  [
    'components',
    '  components: ["${x}"]\n',
    '    ? Its components are not known: variable x may come from ConfigMap flux-system/elsewhere, which is not in the repository.',
  ],
  ['a namespace', '  targetNamespace: ${x}\n', '    ConfigMap ${x} (not known)/settings'],
])('%s that are not known, in a Kustomization inside of another', (_, more, expected) => {
  const lines = built({
    'clusters/a/apps.yaml': kustomization(
      'apps',
      './apps',
      '  postBuild: {substituteFrom: [{kind: ConfigMap, name: elsewhere}]}\n',
    ),
    'apps/inner.yaml': kustomization('inner', './inner', more),
    'inner/settings.yaml': configMap('settings'),
  });
  expect(lines.slice(-2)).toEqual(
    ['  Kustomization flux-system/inner <- inner', expected].map((line) =>
      line.replace('<- inner', more.includes('targetNamespace') ? '<- inner' : '<- ./inner'),
    ),
  );
});
