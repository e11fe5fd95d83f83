import { describe, expect, it } from 'vitest';

import { namesOf } from '../../src/flux/flux-clusters.ts';
import { configMap, kustomization, outline, resolved } from './clusters.ts';

const SYNC = kustomization('flux-system', './clusters/production');

describe('what starts a cluster', () => {
  it('is the Kustomization that applies itself', () => {
    const { clusters, idle } = resolved({
      'clusters/production/flux-system/gotk-sync.yaml': SYNC,
      'clusters/production/apps.yaml': kustomization('apps', './apps'),
      'apps/kustomization.yaml': 'resources: [settings.yaml]\nnamePrefix: my-\n',
      'apps/settings.yaml': configMap('settings'),
    });
    expect(clusters.map(outline)).toEqual([
      [
        'production',
        '  Kustomization flux-system/flux-system <- clusters/production',
        '    Kustomization flux-system/apps',
        '    Kustomization flux-system/flux-system',
        '  Kustomization flux-system/apps <- apps',
        '    ConfigMap apps/my-settings',
      ],
    ]);
    expect(clusters[0]?.settings.environment).toBe('production');
    expect(idle).toEqual([]);
  });

  it('is a folder of Kustomizations that nobody applies, and is said so', () => {
    const { clusters } = resolved({
      'clusters/dev/apps.yaml': kustomization('apps', './apps'),
      'apps/settings.yaml': configMap('settings'),
    });
    expect(clusters.map(outline)).toEqual([
      [
        'dev',
        '  folder clusters/dev <- clusters/dev',
        '    Kustomization flux-system/apps',
        '  Kustomization flux-system/apps <- apps',
        '    ConfigMap apps/settings',
      ],
    ]);
    expect(clusters[0]?.assumptions).toEqual([
      'The Kustomizations in clusters/dev are taken as applied by hand: no other applies them.',
    ]);
  });

  it('is the sync of a FluxInstance, with what its patches add', () => {
    const instance = `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.8.x}
  sync: {kind: GitRepository, url: "https://github.com/acme/fleet", path: clusters/eu}
  kustomize:
    patches:
      - target: {kind: Kustomization}
        patch: |
          - op: add
            path: /spec/postBuild
            value: {substitute: {A: red}}
`;
    const { clusters } = resolved({
      'install/flux.yaml': instance,
      'clusters/eu/settings.yaml': configMap('settings', 'colour: "${A}"'),
    });
    expect(clusters.map(outline)).toEqual([
      [
        'eu',
        '  Kustomization flux-system/flux-system <- clusters/eu',
        '    ConfigMap apps/settings',
      ],
    ]);
    expect(clusters[0]?.objects[0]?.resource.root.map('data')?.text('colour')).toBe('red');
    expect(clusters[0]?.settings.flux).toBe('2.8');
  });

  it('is found in each of several clusters, each with its own', () => {
    const { clusters } = resolved({
      'clusters/production/flux-system/gotk-sync.yaml': SYNC,
      'clusters/staging/flux-system/gotk-sync.yaml': kustomization(
        'flux-system',
        './clusters/staging',
      ),
      'clusters/staging/settings.yaml': configMap('settings'),
    });
    expect(clusters.map(({ name, objects }) => [name, objects.length])).toEqual([
      ['production', 1],
      ['staging', 2],
    ]);
  });

  it('is one of a circle of Kustomizations', () => {
    const { clusters } = resolved({
      'a/b.yaml': kustomization('b', './b'),
      'b/a.yaml': kustomization('a', './a'),
    });
    expect(clusters.flatMap(({ units }) => units.map(({ title }) => title))).toEqual([
      'folder a',
      'Kustomization flux-system/b',
      'Kustomization flux-system/a',
    ]);
  });

  it('is none of those in hidden folders or left out by the sync', () => {
    const { clusters, idle } = resolved({
      'clusters/production/kustomization.yaml': 'resources: [flux-system/gotk-sync.yaml]\n',
      'clusters/production/flux-system/gotk-sync.yaml': SYNC,
      'clusters/production/forgotten.yaml': kustomization('forgotten', './apps'),
      '.archive/old.yaml': kustomization('old', './old'),
    });
    expect(clusters.map(({ name }) => name)).toEqual(['production']);
    expect(idle.map(({ name }) => name)).toEqual(['old', 'forgotten']);
  });

  it('is each top overlay where there is no Flux object', () => {
    const { clusters } = resolved({
      'base/kustomization.yaml': 'resources: [settings.yaml]\n',
      'base/settings.yaml': configMap('settings'),
      'overlays/dev/kustomization.yaml': 'resources: [../../base]\nnamespace: dev\n',
      'loose/other.yaml': configMap('other'),
    });
    expect(clusters.map(outline)).toEqual([
      ['overlays/dev', '  overlay overlays/dev <- overlays/dev', '    ConfigMap dev/settings'],
      ['loose', '  folder loose <- loose', '    ConfigMap apps/other'],
    ]);
  });
});

describe('names of clusters', () => {
  it.each([
    [['clusters/production'], ['production']],
    [
      ['clusters/prod/config', 'clusters/test/config'],
      ['prod', 'test'],
    ],
    [
      ['eu/prod', 'us/prod'],
      ['eu/prod', 'us/prod'],
    ],
    [['kubernetes/flux-system'], ['kubernetes']],
    [[''], ['cluster']],
  ])('%j are %j', (paths, names) => {
    expect(namesOf(paths)).toEqual(names);
  });
});

describe('files beside an overlay that does not take them in', () => {
  it('are a unit with a name of its own', () => {
    const { clusters } = resolved({
      'apps/kustomization.yaml': 'resources: [a.yaml]\n',
      'apps/a.yaml': configMap('a'),
      'apps/b.yaml': configMap('b'),
    });
    expect(clusters.map(({ name, objects }) => [name, objects[0]?.resource.name])).toEqual([
      ['apps', 'a'],
      ['apps (loose files)', 'b'],
    ]);
  });
});
