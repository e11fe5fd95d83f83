import { expect, it } from 'vitest';

import { configMap, kustomization, resolved } from './clusters.ts';

const SYNC = kustomization('flux-system', './clusters/a');
const APPS = kustomization('apps', './apps', '  postBuild: {substitute: {known: "1"}}\n');

/** Whether a variable without value fails, in a cluster with more files. */
function isStrict(more: Readonly<Record<string, string>>): boolean | undefined {
  const { clusters } = resolved({
    'clusters/a/flux-system/sync.yaml': SYNC,
    'clusters/a/apps.yaml': APPS,
    'apps/settings.yaml': configMap('settings', 'a: "${absent}"'),
    ...more,
  });
  const cluster = clusters.find(({ name }) => name === 'a');
  const unit = cluster?.units.find(({ title }) => title === 'Kustomization flux-system/apps');
  return unit?.problems?.some(({ code }) => code === 'failed-substitution');
}

const deployment = (args: string, name = 'kustomize-controller') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: flux-system}\nspec: {template: {spec: {containers: [{name: manager, args: [${args}]}]}}}\n`;

const overlay = (patch: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [sync.yaml, gotk.yaml]\npatches:\n  - ${patch}\n`;

const PATCH = `patch: '[{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "--feature-gates=StrictPostBuildSubstitutions=false"}]'`;

const instance = (target: string) =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec: {kustomize: {patches: [{target: ${target}, ${PATCH}}]}}\n`;

const DIR = 'clusters/a/flux-system';
const GOTK = `${DIR}/gotk.yaml`;
const OFF = '--feature-gates=StrictPostBuildSubstitutions=false';

const JSON_PATCH = `- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: ${OFF}\n`;

it.each<[string, Record<string, string>, boolean]>([
  ['nothing is said', {}, true],
  ['the Deployment turns it off', { [GOTK]: deployment(`--x, "${OFF}"`) }, false],
  [
    'it is off among others',
    { [GOTK]: deployment('"--feature-gates=A=true,StrictPostBuildSubstitutions=false"') },
    false,
  ],
  [
    'the last word turns it on',
    { [GOTK]: deployment(`"${OFF}", "${OFF.replace('false', 'true')}"`) },
    true,
  ],
  ['another gate is off', { [GOTK]: deployment('"--feature-gates=Other=false"') }, true],
  ['another controller has it off', { [GOTK]: deployment(`"${OFF}"`, 'helm-controller') }, true],
  ['a comment names it', { [GOTK]: `# ${OFF}\n${deployment('--x')}` }, true],
  [
    'a patch turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        `target: {kind: Deployment, name: "(kustomize-controller|helm-controller)"}\n    ${PATCH}`,
      ),
    },
    false,
  ],
  [
    'a file of JSON patches turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        'target: {kind: Deployment, name: kustomize-controller}\n    path: patches/gates.yaml',
      ),
      [`${DIR}/patches/gates.yaml`]: JSON_PATCH,
    },
    false,
  ],
  [
    'a file of JSON patches of the old field, outside the cluster, turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        'target: {group: apps, version: v1, kind: Deployment, name: kustomize-controller}\n    path: ../../../shared/gates.json',
      ).replace('patches:', 'patchesJson6902:'),
      'shared/gates.json': JSON.stringify([
        { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: OFF },
      ]),
    },
    false,
  ],
  [
    'a file of patches to merge turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay('../../../shared/gates.yaml').replace(
        'patches:',
        'patchesStrategicMerge:',
      ),
      'shared/gates.yaml': deployment(`"${OFF}"`),
    },
    false,
  ],
  [
    'a kustomization without a kind turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        `target: {kind: Deployment, name: kustomize-controller}\n    ${PATCH}`,
      ).replace(/^.*\n.*\n/, ''),
    },
    false,
  ],
  [
    'a component turns it off',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/gates/kustomization.yml`]: overlay(
        `target: {kind: Deployment, name: kustomize-controller}\n    ${PATCH}`,
      )
        .replace('v1beta1\nkind: Kustomization', 'v1alpha1\nkind: Component')
        .replace('resources: [sync.yaml, gotk.yaml]\n', ''),
      [`${DIR}/kustomization.yaml`]: 'resources: [sync.yaml, gotk.yaml]\ncomponents: [gates]\n',
    },
    false,
  ],
  [
    'a base outside of its own cluster turns it off',
    {
      'clusters/b/sync.yaml': kustomization('flux-system', './clusters/b'),
      [`${DIR}/kustomization.yaml`]: 'resources: [sync.yaml, ../../../flux]\n',
      'flux/kustomization.yaml': overlay(
        `target: {kind: Deployment, name: kustomize-controller}\n    ${PATCH}`,
      ).replace('sync.yaml, ', ''),
      'flux/gotk.yaml': deployment('--x'),
    },
    false,
  ],
  [
    'the patch of a Flux Kustomization turns it off',
    {
      'clusters/a/flux.yaml': kustomization(
        'flux',
        './flux',
        `  patches:\n    - target: {kind: Deployment, name: kustomize-controller}\n      ${PATCH}\n`,
      ),
      'flux/gotk.yaml': deployment('--x'),
    },
    false,
  ],
  [
    'the values of the chart turn it off',
    {
      [GOTK]: `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux2, namespace: flux-system}\nspec: {values: {kustomizeController: {container: {additionalArgs: ["${OFF}"]}}}}\n`,
    },
    false,
  ],
  [
    'the flag and its value are two arguments',
    { [GOTK]: deployment('--feature-gates, StrictPostBuildSubstitutions=false') },
    false,
  ],
  [
    'a file of JSON patches of another',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        'target: {kind: Deployment, name: helm-controller}\n    path: patches/gates.yaml',
      ),
      [`${DIR}/patches/gates.yaml`]: JSON_PATCH,
    },
    true,
  ],
  [
    'a patch of another',
    {
      [GOTK]: deployment('--x'),
      [`${DIR}/kustomization.yaml`]: overlay(
        `target: {kind: Deployment, name: helm-controller}\n    ${PATCH}`,
      ),
    },
    true,
  ],
  [
    'a FluxInstance turns it off',
    { [GOTK]: instance('{kind: Deployment, name: kustomize-controller}') },
    false,
  ],
  ['a FluxInstance patches something else', { [GOTK]: instance('{kind: Service}') }, true],
  [
    'another cluster has it off',
    {
      'clusters/b/sync.yaml': kustomization('flux-system', './clusters/b'),
      'clusters/b/gotk.yaml': deployment(`"${OFF}"`),
    },
    true,
  ],
  [
    'an older Flux has it on',
    {
      [GOTK]: `apiVersion: v1\nkind: Namespace\nmetadata: {name: flux-system, labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/version: v2.8.1}}\n---\n${deployment(`"${OFF.replace('false', 'true')}"`)}`,
    },
    true,
  ],
])('substitution is strict as the gate says: %s', (_, more, strict) => {
  expect(isStrict(more)).toBe(strict);
});
