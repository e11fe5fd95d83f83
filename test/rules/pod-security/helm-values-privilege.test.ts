import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import { review } from '../../../src/review/review.ts';
import { helmValuesPrivilege } from '../../../src/rules/pod-security/rules/helm-values-privilege.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';

const RULES = [helmValuesPrivilege];
const HEAD = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: web}}}
  values:
`;

const release = (values: string) => `${HEAD}    ${values}\n`;

/** What is said of a change of a release's values: from nothing, where none are given. */
function said(after: string, before?: string): string[] {
  const trees = {
    ...(before !== undefined && { before: memoryTree({ 'apps/web.yaml': release(before) }) }),
    after: memoryTree({ 'apps/web.yaml': release(after) }),
  };
  const answer = review(
    { ...trees, head: trees.after },
    { config: DEFAULT_CONFIG, rules: RULES, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  // Whatever the values are, the release is not fully evaluated.
  expect(answer.unknowns.map(({ reason }) => reason)).toEqual([
    'HelmRelease web: its chart web 1.2.3 from HelmRepository web is not rendered, so its pods are not judged.',
  ]);
  return answer.findings.map(
    ({ change, effect, subject, primary, message }) =>
      `${change} ${effect} ${subject.field} :${primary.line} ${/asks for (.*)\.$/.exec(message)?.[1] ?? message}`,
  );
}

const NOT_RENDERED = '(in Helm values; chart not rendered)';

/** A form, where it stands in the values, and what is said of it. */
const FORMS: readonly (readonly [values: string, field: string, what: string])[] = [
  ['securityContext: {privileged: true}', 'securityContext.privileged', 'privileged'],
  [
    'controller: {containerSecurityContext: {privileged: true}}',
    'controller.containerSecurityContext.privileged',
    'privileged',
  ],
  [
    'a: {b: {c: [{securityContext: {privileged: true}}]}}',
    'a.b.c[0].securityContext.privileged',
    'privileged',
  ],
  ['hostNetwork: true', 'hostNetwork', 'hostNetwork'],
  ['a: {pod: {hostNetwork: true}}', 'a.pod.hostNetwork', 'hostNetwork'],
  ['hostPID: true', 'hostPID', 'hostPID'],
  ['hostIPC: true', 'hostIPC', 'hostIPC'],
  [
    'extraVolumes: [{name: run, hostPath: {path: /run}}]',
    'extraVolumes[name=run].hostPath',
    'a hostPath volume',
  ],
  [
    'persistence: {run: {type: hostPath, hostPath: /run}}',
    'persistence.run.type',
    'a hostPath volume',
  ],
  ['podSecurityContext: {runAsUser: 0}', 'podSecurityContext.runAsUser', 'user 0 (root)'],
  [
    'securityContext: {allowPrivilegeEscalation: true}',
    'securityContext.allowPrivilegeEscalation',
    'allowPrivilegeEscalation',
  ],
  [
    'securityContext: {capabilities: {add: [SYS_ADMIN]}}',
    'securityContext.capabilities.add',
    'more capabilities',
  ],
  [
    'securityContext: {pod: {runAsUser: 0}, container: {privileged: true}}',
    'securityContext.pod.runAsUser',
    'user 0 (root)',
  ],
  [
    'controllers: [{name: app, image: web, privileged: true}]',
    'controllers[name=app].privileged',
    'privileged',
  ],
  ['hostPath: {enabled: true, path: /x}', 'hostPath', 'a hostPath volume'],
];

describe('values that ask for privilege', () => {
  it.each(FORMS)('%s', (values, field, what) => {
    const [first] = said(values);
    expect(first).toBe(`existing risk spec.values.${field} :7 ${what} ${NOT_RENDERED}`);
  });

  it.each(FORMS)('are introduced by a change: %s', (values, field, what) => {
    const [first] = said(values, 'replicas: 1');
    expect(first).toBe(`introduced risk spec.values.${field} :7 ${what} ${NOT_RENDERED}`);
  });
});

it.each([
  'securityContext: {privileged: false, allowPrivilegeEscalation: false, runAsUser: 1000}',
  'securityContext: {capabilities: {drop: [ALL], add: []}}',
  'hostNetwork: false',
  'privileged: "true"',
  'hostPath: ""',
  'rbac: {runAsUser: 0}',
])('nothing asks for privilege: %s', (values) => {
  expect(said(values)).toEqual([]);
});

/** What is said of a release with more in its spec, and other objects beside it. */
function saidOf(spec: string, others = ''): string[] {
  const tree = memoryTree({ 'apps/web.yaml': `${HEAD.replace('  values:\n', spec)}${others}` });
  const answer = review(
    { after: tree, head: tree },
    { config: DEFAULT_CONFIG, rules: RULES, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  return answer.findings.map(
    ({ subject, primary, message }) =>
      `${subject.field} :${primary.line} ${/asks for (.*); chart not rendered\)\.$/.exec(message)?.[1] ?? message}`,
  );
}

const renderer = (patch: string) =>
  `  postRenderers:\n    - kustomize:\n        patches:\n          - target: {kind: Deployment}\n            patch: |\n${patch.replace(/^/gm, '              ')}\n`;

it.each([
  [
    'operations',
    renderer('- {op: add, path: /spec/template/spec/hostPID, value: true}'),
    ['spec.postRenderers[0].kustomize.patches[0] [0].value :11 hostPID (in a post renderer'],
  ],
  [
    'an operation inside of a security context',
    renderer(
      '- op: add\n  path: /spec/template/spec/containers/0/securityContext/privileged\n  value: true',
    ),
    ['spec.postRenderers[0].kustomize.patches[0] [0].value :13 privileged (in a post renderer'],
  ],
  [
    'an operation that adds a capability',
    renderer(
      '- {op: add, path: /spec/template/spec/containers/0/securityContext/capabilities/add/-, value: SYS_ADMIN}',
    ),
    [
      'spec.postRenderers[0].kustomize.patches[0] [0].value :11 more capabilities (in a post renderer',
    ],
  ],
  [
    'an operation that asks for nothing',
    renderer('- {op: replace, path: /spec/template/spec/hostPID, value: false}'),
    [],
  ],
  [
    'an object to merge',
    renderer('kind: Deployment\nspec: {template: {spec: {hostNetwork: true}}}'),
    [
      'spec.postRenderers[0].kustomize.patches[0] spec.template.spec.hostNetwork :12 hostNetwork (in a post renderer',
    ],
  ],
  [
    'fields of old post renderers',
    `  postRenderers:
    - kustomize:
        patchesStrategicMerge: [{kind: Pod, spec: {hostIPC: true}}]
        patchesJson6902: [{target: {}, patch: [{op: add, path: /spec/hostPID, value: true}]}]
`,
    [
      'spec.postRenderers[0].kustomize.patchesStrategicMerge[0] spec.hostIPC :8 hostIPC (in a post renderer',
      'spec.postRenderers[0].kustomize.patchesJson6902[0] [0].value :9 hostPID (in a post renderer',
    ],
  ],
  ['a patch that is no YAML', renderer('{'), []],
])('post renderers that ask for privilege: %s', (_, spec, expected) => {
  expect(saidOf(spec)).toEqual(expected);
});

const configMap = (data: string) =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: web}\ndata:\n${data}`;

it.each([
  [
    'a ConfigMap',
    '  valuesFrom: [{kind: ConfigMap, name: values}]\n',
    configMap('  values.yaml: |\n    securityContext:\n      privileged: true\n'),
    [
      'spec.valuesFrom[name=values] securityContext.privileged :14 privileged (in Helm values of ConfigMap values',
    ],
  ],
  [
    'a key of it',
    '  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: mine}]\n',
    configMap('  values.yaml: "hostPID: true"\n  mine: "hostIPC: true"\n'),
    ['spec.valuesFrom[name=values] hostIPC :13 hostIPC (in Helm values of ConfigMap values'],
  ],
  [
    'a single value',
    '  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: x, targetPath: "a[0].securityContext.privileged"}]\n',
    configMap('  x: "true"\n'),
    [
      'spec.valuesFrom[name=values] a[0].securityContext.privileged :12 privileged (in Helm values of ConfigMap values',
    ],
  ],
  [
    'a Secret',
    '  valuesFrom: [{kind: Secret, name: values}]\n',
    configMap(`  values.yaml: ${btoa('hostNetwork: true')}\n`).replace('ConfigMap', 'Secret'),
    ['spec.valuesFrom[name=values] hostNetwork :12 hostNetwork (in Helm values of Secret values'],
  ],
  [
    'an object of another namespace',
    '  valuesFrom: [{kind: ConfigMap, name: values}]\n',
    configMap('  values.yaml: "hostPID: true"\n').replace('namespace: web', 'namespace: x'),
    [],
  ],
  [
    'values that are no YAML',
    '  valuesFrom: [{kind: ConfigMap, name: values}]\n',
    configMap('  values.yaml: "{"\n'),
    [],
  ],
])('values that ask for privilege, from %s', (_, spec, others, expected) => {
  expect(saidOf(spec, others)).toEqual(expected);
});

describe('one chart of several releases', () => {
  const of = (name: string, spec: string) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: ${name}, namespace: apps}\nspec:\n  ${spec}\n`;
  const artifact = (name: string, spec: string) =>
    `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: ${name}, namespace: apps}\nspec: ${spec}\n`;

  /** What the releases have in common, with the name of each. */
  function shared(...documents: readonly string[]): string[] {
    const tree = memoryTree({ 'apps/all.yaml': documents.join('---\n') });
    const answer = review(
      { after: tree, head: tree },
      { config: DEFAULT_CONFIG, rules: RULES, now: 0 },
    );
    if ('wanted' in answer) throw new Error('Everything is loaded.');
    return answer.unknowns.map(({ shared: one }) => `${one?.name}: ${one?.reason}`);
  }

  const AND_SO = 'is not rendered, so the pods of these HelmReleases are not judged';

  it('is told by the chart where its HelmRepository is named', () => {
    const chart =
      'chart: {spec: {chart: app, version: 2.0.0, sourceRef: {kind: HelmRepository, name: charts}}}';
    expect(shared(of('a', chart), of('b', chart))).toEqual([
      `a: Chart app 2.0.0 from HelmRepository charts ${AND_SO}`,
      `b: Chart app 2.0.0 from HelmRepository charts ${AND_SO}`,
    ]);
  });

  it('is told by its address where each release has an OCIRepository of its own', () => {
    const url = 'url: oci://ghcr.io/charts/app';
    const chartOf = (name: string) => of(name, `chartRef: {kind: OCIRepository, name: ${name}}`);
    expect(
      shared(
        ...['a', 'b', 'c', 'd', 'e'].map(chartOf),
        artifact('a', `{${url}, ref: {tag: 2.0.0}}`),
        artifact('b', `{${url}, ref: {tag: 2.0.0, semver: 2.x}}`),
        artifact('c', `{${url}}`),
        artifact('d', '{ref: {tag: 2.0.0}}'),
      ),
    ).toEqual([
      `a: Chart oci://ghcr.io/charts/app 2.0.0 ${AND_SO}`,
      `b: Chart oci://ghcr.io/charts/app 2.x ${AND_SO}`,
      `c: Chart oci://ghcr.io/charts/app latest ${AND_SO}`,
      `d: Chart d from OCIRepository d ${AND_SO}`,
      `e: Chart e from OCIRepository e ${AND_SO}`,
    ]);
  });
});

it('is the same finding after a change of other values in a generated ConfigMap', () => {
  const files = (other: string) => ({
    'apps/kustomization.yaml': `resources: [web.yaml]
configMapGenerator: [{name: web-values, namespace: web, files: [values.yaml]}]
configurations: [names.yaml]
`,
    'apps/names.yaml': `nameReference:
- kind: ConfigMap
  fieldSpecs: [{path: spec/valuesFrom/name, kind: HelmRelease}]
`,
    'apps/values.yaml': `hostNetwork: true\nother: ${other}\n`,
    'apps/web.yaml': HEAD.replace('values:', 'valuesFrom: [{kind: ConfigMap, name: web-values}]'),
  });
  const [before, after] = [memoryTree(files('a')), memoryTree(files('b'))];
  const answer = review(
    { before, after, head: after },
    { config: DEFAULT_CONFIG, rules: RULES, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  expect(
    answer.findings.map(({ change, message, subject }) => `${change} ${subject.field}: ${message}`),
  ).toEqual([
    'existing spec.valuesFrom[name=web-values] hostNetwork: HelmRelease web asks for hostNetwork (in Helm values of ConfigMap web-values; chart not rendered).',
  ]);
});
