import { expect, it } from 'vitest';

import { configMap, kustomization, outline, resolved } from './clusters.ts';

const SOURCE = 'sources: [{alias: fleet, kind: GitRepository, name: flux-system}]';

function generator(copies: string, sources = SOURCE): string {
  return `apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: parts, namespace: flux-system}
spec:
  ${sources}
  artifacts:
    - name: apps
      copy: [${copies}]
`;
}

const APPS = kustomization('apps', './production').replace(
  'kind: GitRepository, name: flux-system',
  'kind: ExternalArtifact, name: apps',
);

function built(made: string): string[] {
  const { clusters } = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/apps.yaml': `${APPS}---\n${made}`,
    'apps/base/settings.yaml': configMap('settings'),
    'apps/production/kustomization.yaml': 'resources: [../base/settings.yaml]\n',
  });
  const [cluster] = clusters;
  const lines = cluster === undefined ? [] : outline(cluster);
  return lines.slice(lines.findIndex((line) => line.includes('flux-system/apps <-')));
}

const FROM = 'Kustomization flux-system/apps is not known:';

it.each([
  [
    'two directories that keep their places',
    generator(
      '{from: "@fleet/apps/base/**", to: "@artifact/base/"}, {from: "@fleet/apps/production/**", to: "@artifact/production/"}',
    ),
    ['  Kustomization flux-system/apps <- apps/production', '    ConfigMap apps/settings'],
  ],
  [
    'one directory',
    generator('{from: "@fleet/apps/**", to: "@artifact/"}'),
    ['  Kustomization flux-system/apps <- apps/production', '    ConfigMap apps/settings'],
  ],
  [
    'directories that move',
    generator('{from: "@fleet/apps/base/**", to: "@artifact/production/"}'),
    [
      '  Kustomization flux-system/apps <- ./production',
      `    ? ${FROM} ArtifactGenerator parts packs ExternalArtifact flux-system/apps from more than one directory of this repository, or from elsewhere.`,
    ],
  ],
  [
    'another source',
    generator('{from: "@other/apps/**", to: "@artifact/"}'),
    [
      '  Kustomization flux-system/apps <- ./production',
      `    ? ${FROM} ArtifactGenerator parts packs ExternalArtifact flux-system/apps from more than one directory of this repository, or from elsewhere.`,
    ],
  ],
  [
    'no generator',
    configMap('other'),
    [
      '  Kustomization flux-system/apps <- ./production',
      `    ? ${FROM} it is built from ExternalArtifact flux-system/apps, an artifact made elsewhere.`,
    ],
  ],
  [
    'a generator of other shapes',
    'apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: parts, namespace: flux-system}\nspec: {artifacts: [7, {name: apps, copy: [text, {from: 1}]}], sources: {}}\n',
    [
      '  Kustomization flux-system/apps <- ./production',
      `    ? ${FROM} ArtifactGenerator parts packs ExternalArtifact flux-system/apps from more than one directory of this repository, or from elsewhere.`,
    ],
  ],
])('is built from %s', (_, made, lines) => {
  expect(built(made)).toEqual(lines);
});
