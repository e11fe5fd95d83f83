import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

test.each([
  ['none', [], 'allowed'],
  ['another source', [{ name: 'v', emptyDir: {} }], 'allowed'],
  ['null', [{ name: 'v', hostPath: null }], 'allowed'],
  ['empty', [{ name: 'v', hostPath: {} }], 'hostPath volumes (volume "v")'],
  [
    'beside another source',
    [{ name: 'v', hostPath: {}, emptyDir: {} }],
    'hostPath volumes (volume "v")',
  ],
  [
    'several, as they stand',
    [
      { name: 'z', hostPath: { path: '/' } },
      { name: 'a', hostPath: {} },
      { name: 'z', hostPath: {} },
    ],
    'hostPath volumes (volumes "z", "a", "z")',
  ],
])('%s', (_, volumes, expected) => {
  expect(textOf('hostPathVolumes', { volumes }, 'baseline:latest')).toBe(expected);
});

test('is left to restrictedVolumes at restricted', () => {
  const spec = { volumes: [{ name: 'v', hostPath: {} }] };
  expect(textOf('hostPathVolumes', spec, 'restricted:v1.0')).toBe('allowed');
});

test('no edit mends it', () => {
  const spec = {
    volumes: [
      { name: 'x', emptyDir: {} },
      { name: 'v', hostPath: { path: '/' } },
    ],
  };
  expect(violationsBy('hostPathVolumes', spec, 'baseline:latest')).toEqual([
    {
      path: ['spec', 'volumes', 1, 'hostPath'],
      message: 'Volume "v" mounts a path of the node; hostPath volumes are not allowed.',
      cannotFix:
        'The data on the node has to come from another kind of volume (emptyDir, a persistent volume claim, a config map, a CSI driver), which only its author can choose.',
    },
  ]);
});
