import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import { NO_FACTS } from '../../../src/model/evidence.ts';
import { danglingReference } from '../../../src/rules/gitops/dangling-reference.ts';
import { kustomization, resolved } from '../../flux/clusters.ts';

const CONTEXT = { facts: NO_FACTS, settings: DEFAULT_CONFIG, now: 0 };

/** What is told of objects in `apps/`, in a cluster that is known as a whole otherwise. */
function told(
  objects: string,
  apps = kustomization('apps', './apps'),
  more: Readonly<Record<string, string>> = {},
): string[] {
  const { clusters } = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/apps.yaml': apps,
    'apps/objects.yaml': `${objects}---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: web}\n`,
    ...more,
  });
  return clusters.flatMap((cluster) => {
    const { faults, unknowns } = danglingReference.evaluate(cluster, CONTEXT);
    return [
      ...faults.map(({ effect, message, primary }) => `${effect} ${primary.line}: ${message}`),
      ...unknowns.map(({ reason, place }) => `unknown ${place?.line}: ${reason}`),
    ];
  });
}

function object(apiVersion: string, kind: string, name: string, rest: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: web}\n${rest}\n`;
}

const release = (name: string, spec: string) =>
  object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', name, `spec: {${spec}}`);
const source = (kind: string, name: string, spec = '') =>
  object('source.toolkit.fluxcd.io/v1', kind, name, `spec: {${spec}}`);
const image = (kind: string, spec: string) =>
  object('image.toolkit.fluxcd.io/v1', kind, 'web', `spec: {${spec}}`);
const binding = (kind: string, role: string, name: string) =>
  object('rbac.authorization.k8s.io/v1', kind, 'web', `roleRef: {kind: ${role}, name: ${name}}`);

it.each([
  [
    'a chart from a source',
    release('web', 'chart: {spec: {sourceRef: {kind: Bucket, name: gone}}}'),
    [
      'denied 4: HelmRelease web names Bucket web/gone in spec.chart.spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a source of another namespace',
    `${source('HelmRepository', 'charts')}---\n${release('web', 'chart: {spec: {sourceRef: {kind: HelmRepository, name: charts, namespace: flux-system}}}')}`,
    [
      'denied 9: HelmRelease web names HelmRepository flux-system/charts in spec.chart.spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a source that is there',
    `${source('HelmRepository', 'charts')}---\n${release('web', 'chart: {spec: {sourceRef: {kind: HelmRepository, name: charts}}}')}`,
    [],
  ],
  [
    'a chartRef',
    release('web', 'chartRef: {kind: OCIRepository, name: gone}'),
    [
      'denied 4: HelmRelease web names OCIRepository web/gone in spec.chartRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a suspended release',
    release('web', 'suspend: true, chartRef: {kind: OCIRepository, name: gone}'),
    [],
  ],
  [
    'what another chart may make',
    `${release('one', 'chartRef: {kind: HelmChart, name: gone}')}---\n${release('two', '')}`,
    [
      'unknown 4: HelmRelease one names HelmChart web/gone in spec.chartRef.name, which nothing in the cluster makes as far as is known: HelmRelease two may make it.',
    ],
  ],
  [
    'what a chart of another namespace would hardly make',
    `${release('one', 'chartRef: {kind: HelmChart, name: gone}')}---\n${release('two', 'targetNamespace: other')}`,
    [
      'denied 4: HelmRelease one names HelmChart web/gone in spec.chartRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'Secrets with credentials',
    `${source('HelmRepository', 'charts', 'secretRef: {name: token}, certSecretRef: {name: ca}')}---\n${object('external-secrets.io/v1', 'ExternalSecret', 'ca', '')}`,
    [
      'unknown 4: HelmRepository charts names Secret web/token in spec.secretRef.name, which nothing in the cluster makes as far as is known: Secrets are often made outside the repository.',
    ],
  ],
  [
    'a HelmChart',
    source('HelmChart', 'web', 'sourceRef: {kind: HelmRepository, name: gone, namespace: ignored}'),
    [
      'denied 4: HelmChart web names HelmRepository web/gone in spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'an ImagePolicy',
    image('ImagePolicy', 'imageRepositoryRef: {name: gone}'),
    [
      'denied 4: ImagePolicy web names ImageRepository web/gone in spec.imageRepositoryRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'an ImageUpdateAutomation',
    image('ImageUpdateAutomation', 'sourceRef: {name: gone}'),
    [
      'denied 4: ImageUpdateAutomation web names GitRepository web/gone in spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'the source that starts the cluster',
    image('ImageUpdateAutomation', 'sourceRef: {name: flux-system, namespace: flux-system}'),
    [],
  ],
  [
    'a Secret to verify with',
    source('OCIRepository', 'web', 'verify: {secretRef: {name: keys}}'),
    [
      'unknown 4: OCIRepository web names Secret web/keys in spec.verify.secretRef.name, which nothing in the cluster makes as far as is known: Secrets are often made outside the repository.',
    ],
  ],
  [
    'a ClusterRole',
    binding('RoleBinding', 'ClusterRole', 'gone'),
    [
      'advice 4: RoleBinding web names ClusterRole gone in roleRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a Role',
    binding('RoleBinding', 'Role', 'gone'),
    [
      'advice 4: RoleBinding web names Role web/gone in roleRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a Role that is there',
    `${object('rbac.authorization.k8s.io/v1', 'Role', 'r', 'rules: []')}---\n${binding('RoleBinding', 'Role', 'r')}`,
    [],
  ],
  [
    'roles of every cluster',
    ['view', 'edit', 'admin', 'cluster-admin', 'system:node']
      .map((name) => binding('RoleBinding', 'ClusterRole', name))
      .join('---\n'),
    [],
  ],
  [
    'a role of a provider',
    binding('RoleBinding', 'ClusterRole', 'eks:node'),
    [
      'unknown 4: RoleBinding web names ClusterRole eks:node in roleRef.name, which nothing in the cluster makes as far as is known: roles with a prefix are made by the cluster’s provider.',
    ],
  ],
  [
    'fields of other types',
    `${release('web', 'chartRef: [], serviceAccountName: 7')}---\n${binding('RoleBinding', '[]', '{}')}---\n${image('ImagePolicy', 'imageRepositoryRef: text')}`,
    [],
  ],
])('tells of %s', (_, objects, lines) => {
  expect(told(objects)).toEqual(lines);
});

it.each([
  [
    'an account',
    kustomization('apps', './apps', '  serviceAccountName: gone\n'),
    [
      'advice 9: Kustomization apps names ServiceAccount flux-system/gone in spec.serviceAccountName, which nothing in the cluster makes.',
    ],
  ],
  ['the default account', kustomization('apps', './apps', '  serviceAccountName: default\n'), []],
  [
    'a source',
    kustomization('apps', './apps').replace('name: flux-system}\n', 'name: gone}\n'),
    [
      'denied 8: Kustomization apps names GitRepository flux-system/gone in spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
  [
    'a source elsewhere',
    kustomization('apps', './gone').replace('name: flux-system}\n', 'name: gone}\n'),
    [
      'denied 8: Kustomization apps names GitRepository flux-system/gone in spec.sourceRef.name, which nothing in the cluster makes.',
    ],
  ],
])('tells of %s of a Kustomization', (_, apps, lines) => {
  expect(told('', apps)).toEqual(lines);
});

it('does not know what a part that fails would make', () => {
  const release =
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: web}\nspec: {chartRef: {kind: HelmChart, name: gone}}\n';
  const more = `---\n${kustomization('broken', './gone')}`;
  expect(told(release, `${kustomization('apps', './apps')}${more}`)).toEqual([
    'unknown 4: HelmRelease web names HelmChart web/gone in spec.chartRef.name, which nothing in the cluster makes as far as is known: Kustomization flux-system/broken is not known as a whole.',
  ]);
});

const RELEASE =
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: web}\nspec: {chartRef: {kind: HelmChart, name: gone}}\n';
const other = (more: string) =>
  kustomization('other', './x', more).replace('name: flux-system}\n', 'name: other}\n') +
  '---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {url: "https://github.com/acme/other"}\n';
const DENIED =
  'denied 4: HelmRelease web names HelmChart web/gone in spec.chartRef.name, which nothing in the cluster makes.';

it.each([
  ['is told no namespace', other(''), false],
  ['is told this namespace', other('  targetNamespace: web\n'), false],
  // It may hold a Kustomization, whose objects go where they say.
  ['is told another namespace', other('  targetNamespace: elsewhere\n'), false],
  ['goes to another cluster', other('  kubeConfig: {secretRef: {name: x}}\n'), true],
])('a part that is not known and %s', (_, more, isDenied) => {
  const [first] = told(RELEASE, `${kustomization('apps', './apps')}---\n${more}`);
  if (isDenied) expect(first).toBe(DENIED);
  else
    expect(first).toMatch(
      /^unknown 4: .*: Kustomization flux-system\/other is not known as a whole\.$/,
    );
});

it.each([
  ['Deployment', 'apps/v1', '', true],
  ['HelmChart', 'source.toolkit.fluxcd.io/v1', '', false],
  ['HelmChart', 'source.toolkit.fluxcd.io/v1', '  targetNamespace: elsewhere\n', true],
  ['${kind}', 'v1', '', false],
])('an object that is not known, a %s of %s %s', (kind, apiVersion, target, isDenied) => {
  // Whether it is substituted is encrypted.
  const object = `---
apiVersion: ${apiVersion}
kind: "${kind}"
metadata:
  name: x
  namespace: web
  annotations:
    kustomize.toolkit.fluxcd.io/substitute: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]
    a: \${a}
sops: {mac: x}
`;
  const more = '  decryption: {provider: sops}\n  postBuild: {substitute: {kind: Pod}}\n';
  const fleet = `${kustomization('apps', './apps', target + more)}---
${kustomization('release', './release')}`;
  const [first] = told(object, fleet, { 'release/web.yaml': RELEASE });
  if (isDenied) expect(first).toBe(DENIED);
  else
    expect(first).toMatch(
      /^unknown 4: .* Kustomization flux-system\/apps is not known as a whole\.$/,
    );
});

it.each([
  ['names other kinds', {}, true],
  ['names the kind', { 'chart/templates/more.yaml': 'kind: HelmChart\n' }, false],
  [
    'writes what values say',
    { 'chart/templates/more.yaml': '{{ toYaml .Values.extra }}\n' },
    false,
  ],
  ['has a chart inside', { 'chart/charts/x/Chart.yaml': 'name: x\n' }, false],
  ['depends on others', { 'chart/Chart.yaml': 'name: c\ndependencies: [{name: x}]\n' }, false],
])('a chart of this repository that %s', (_, more, isDenied) => {
  const { clusters } = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/release.yaml': RELEASE,
    'clusters/a/own.yaml': RELEASE.replace('name: web,', 'name: own,').replace(
      'chartRef: {kind: HelmChart, name: gone}',
      'chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}',
    ),
    'chart/Chart.yaml': 'name: c\n',
    'chart/values.yaml': 'extra: {}\n',
    'chart/templates/web.yaml': 'kind: Deployment\n',
    ...more,
  });
  const faults = clusters.flatMap((cluster) => danglingReference.evaluate(cluster, CONTEXT).faults);
  expect(faults).toHaveLength(isDenied ? 1 : 0);
});

it('knows the accounts that Flux is installed with', () => {
  expect(
    told('', kustomization('apps', './apps', '  serviceAccountName: kustomize-controller\n')),
  ).toEqual([]);
});
