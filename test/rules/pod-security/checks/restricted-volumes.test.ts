import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

const CHECK = 'restrictedVolumes';

test.each([
  ['configMap'],
  ['csi'],
  ['downwardAPI'],
  ['emptyDir'],
  ['ephemeral'],
  ['image'],
  ['persistentVolumeClaim'],
  ['projected'],
  ['secret'],
])('%s is allowed', (type) => {
  const spec = { volumes: [{ name: 'v', [type]: {} }] };
  expect(textOf(CHECK, spec, 'restricted:v1.0')).toBe('allowed');
});

test.each([
  ['hostPath'],
  ['gcePersistentDisk'],
  ['awsElasticBlockStore'],
  ['gitRepo'],
  ['nfs'],
  ['iscsi'],
  ['glusterfs'],
  ['rbd'],
  ['flexVolume'],
  ['cinder'],
  ['cephfs'],
  ['flocker'],
  ['fc'],
  ['azureFile'],
  ['vsphereVolume'],
  ['quobyte'],
  ['azureDisk'],
  ['photonPersistentDisk'],
  ['portworxVolume'],
  ['scaleIO'],
  ['storageos'],
])('%s is refused', (type) => {
  const spec = { volumes: [{ name: 'v', [type]: {} }] };
  expect(textOf(CHECK, spec, 'restricted:latest')).toBe(
    `restricted volume types (volume "v" uses restricted volume type "${type}")`,
  );
  expect(textOf(CHECK, spec, 'baseline:latest')).toBe('allowed');
});

test.each([
  [
    'no source',
    [{ name: 'v' }],
    'restricted volume types (volume "v" uses restricted volume type "unknown")',
  ],
  [
    'a source of null and one that does not exist',
    [{ name: 'v', emptyDir: null, cloud: {} }, null],
    'restricted volume types (volumes "v", "" use restricted volume type "unknown")',
  ],
  ['an allowed source beside a refused one', [{ name: 'v', nfs: {}, emptyDir: {} }], 'allowed'],
  [
    'several',
    [
      { name: 'z', nfs: {} },
      { name: 'a', fc: {} },
      { name: 'z', nfs: {} },
    ],
    'restricted volume types (volumes "z", "a", "z" use restricted volume types "fc", "nfs")',
  ],
  [
    'two refused sources',
    [{ name: 'v', storageos: {}, hostPath: {} }],
    'restricted volume types (volume "v" uses restricted volume type "hostPath")',
  ],
])('%s', (_, volumes, expected) => {
  expect(textOf(CHECK, { volumes }, 'restricted:latest')).toBe(expected);
});

test('a missing source is mended, another type of volume is not', () => {
  const volumes = [{ name: 'a' }, { name: 'b', hostPath: {} }, { name: 'c', nfs: {} }];
  const allowed =
    'configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret';
  expect(violationsBy(CHECK, { volumes }, 'restricted:latest')).toEqual([
    {
      path: ['spec', 'volumes', 0],
      message: `Volume "a" has no source; give it one of ${allowed}.`,
      fix: [{ path: ['spec', 'volumes', 0, 'emptyDir'], set: {} }],
    },
    {
      path: ['spec', 'volumes', 1, 'hostPath'],
      message: `Volume "b" is of type hostPath; allowed are ${allowed}.`,
      cannotFix: expect.stringContaining('data on the node') as string,
    },
    {
      path: ['spec', 'volumes', 2, 'nfs'],
      message: `Volume "c" is of type nfs; allowed are ${allowed}.`,
      cannotFix: expect.stringContaining('claimed through a persistentVolumeClaim') as string,
    },
  ]);
});
