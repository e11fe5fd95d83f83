import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { kustomization } from '../flux/clusters.ts';

const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: web, labels: {pod-security.kubernetes.io/enforce: baseline}}\n';
const PRIVILEGE = `  patches:
    - target: {kind: Deployment}
      patch: '[{"op": "add", "path": "/spec/template/spec/hostPID", "value": true}]'
`;
const BASE = 'resources: [namespace.yaml, more, "https://github.com/acme/base?ref=v1"]\n';
const source = (rest: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {url: "https://github.com/acme/other", ${rest}}\n`;
const other = (more = '', path = './x') =>
  kustomization('other', path, more).replace('name: flux-system}\n', 'name: other}\n');
const spoke = kustomization('spoke', './spoke', '  kubeConfig: {secretRef: {name: spoke}}\n');
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: web}\nspec: {${spec}}\n`;
const CHART =
  'chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}';
const pod = (more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: web}\nspec: {${more}containers: [{name: a, image: a}]}\n`;

const BEFORE = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/apps.yaml': kustomization('apps', './apps'),
  'clusters/a/other.yaml': other(),
  'clusters/a/source.yaml': source('interval: 1m, ref: {tag: v1}'),
  'clusters/a/spoke.yaml': spoke,
  'clusters/a/release.yaml': release(`interval: 1h, ${CHART}, values: {replicas: 1}`),
  'chart/Chart.yaml': 'name: web\n',
  'chart/templates/web.yaml': 'kind: {{ .Values.kind }}\n',
  'apps/kustomization.yaml': BASE,
  'apps/namespace.yaml': NAMESPACE,
  'apps/patch.yaml': '- {op: add, path: /spec/x, value: 0}\n',
  'apps/more/kustomization.yaml': 'resources: [pod.yaml]\n',
  'apps/more/pod.yaml': pod(),
  'spoke/pod.yaml': pod(),
};

/** Whether a change brings something that is not known, by what is told first of it. */
function introduced(edits: Readonly<Record<string, string>>, before = {}): string[] {
  const after = memoryTree({ ...BEFORE, ...before, ...edits });
  const answer = review(
    { before: memoryTree({ ...BEFORE, ...before }), after, head: after },
    { config: DEFAULT_CONFIG, rules: rules.filter(({ area }) => area === 'pod-security'), now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  for (const unknown of answer.unknowns) expect(unknown).not.toHaveProperty('input');
  return answer.unknowns
    .filter(({ change }) => change === 'introduced')
    .map(({ reason }) =>
      reason.replace(/^Workloads of |( are not all judged| is not rendered).*$/g, ''),
    );
}

const APPS = 'Kustomization flux-system/apps';
const OTHER = 'Kustomization flux-system/other';
const SPOKE = 'Kustomization flux-system/spoke';
const RELEASE = 'HelmRelease web: its chart ./chart from GitRepository flux-system';

it.each<[string, Record<string, string>, string[]]>([
  ['nothing', {}, []],
  [
    'a patch of what is fetched',
    { 'apps/kustomization.yaml': BASE + PRIVILEGE.replace(/^ {2}/gm, '') },
    [APPS],
  ],
  [
    'a patch of all by Flux',
    { 'clusters/a/apps.yaml': kustomization('apps', './apps', PRIVILEGE) },
    [APPS],
  ],
  [
    'a variable of it',
    {
      'clusters/a/apps.yaml': kustomization(
        'apps',
        './apps',
        '  postBuild: {substitute: {A: "1"}}\n',
      ),
    },
    [APPS],
  ],
  [
    'how often it is applied',
    { 'clusters/a/apps.yaml': BEFORE['clusters/a/apps.yaml'].replace('10m', '1h') },
    [],
  ],
  [
    'a part beside it, and its patches',
    {
      'apps/more/kustomization.yaml':
        'resources: [pod.yaml]\npatches:\n  - {target: {kind: Pod}, patch: "[{op: add, path: /metadata/labels, value: {a: b}}]"}\n',
      'apps/more/pod.yaml': pod('hostNetwork: false, '),
    },
    [],
  ],
  ['patches of another repository', { 'clusters/a/other.yaml': other(PRIVILEGE) }, [OTHER]],
  ['the path in another repository', { 'clusters/a/other.yaml': other('', './y') }, [OTHER]],
  [
    'the namespace of another repository',
    { 'clusters/a/other.yaml': other('  targetNamespace: web\n') },
    [OTHER],
  ],
  [
    'the version of another repository',
    { 'clusters/a/source.yaml': source('ref: {tag: v2}') },
    [OTHER],
  ],
  [
    'how often it is fetched',
    { 'clusters/a/source.yaml': source('interval: 2m, ref: {tag: v1}') },
    [],
  ],
  [
    'how its signature is verified',
    { 'clusters/a/source.yaml': source('interval: 1m, ref: {tag: v1}, verify: {mode: HEAD}') },
    [],
  ],
  ['objects of another cluster', { 'spoke/pod.yaml': pod('hostPID: true, ') }, [SPOKE]],
  ['values', { 'clusters/a/release.yaml': release(`${CHART}, values: {replicas: 2}`) }, [RELEASE]],
  [
    'how often a release is looked at',
    { 'clusters/a/release.yaml': release(`interval: 2h, ${CHART}, values: {replicas: 1}`) },
    [],
  ],
  ['a template of the chart', { 'chart/templates/web.yaml': 'kind: Pod\n' }, [RELEASE]],
])('what is not known after a change of %s', (_, edits, expected) => {
  expect(introduced(edits)).toEqual(expected);
});

it('what is not known after a change of the file of a patch, or of a component', () => {
  const before = {
    'apps/kustomization.yaml': `${BASE}patches: [{target: {kind: Deployment}, path: patch.yaml}]\ncomponents: [c]\n`,
    'apps/c/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {a: b}\n',
  };
  const patch = PRIVILEGE.replace(/^ {4}/gm, '').replace(/^ *patches:\n/, 'patches:\n');
  expect(introduced({}, before)).toEqual([]);
  expect(
    introduced({ 'apps/patch.yaml': '- {op: add, path: /spec/x, value: 1}\n' }, before),
  ).toEqual([APPS]);
  const component = before['apps/c/kustomization.yaml'] + patch;
  expect(introduced({ 'apps/c/kustomization.yaml': component }, before)).toEqual([APPS]);
});

it('what is not known for the same reason is told once', () => {
  const patch = `patches:
  - {patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: gone}, spec: {replicas: 2}}"}
  - {patch: "{apiVersion: v1, kind: Service, metadata: {name: gone}, spec: {type: NodePort}}"}
`;
  const after = memoryTree({ ...BEFORE, 'apps/kustomization.yaml': BASE + patch });
  const gitops = rules.filter(({ area }) => area === 'gitops');
  const answer = review({ after, head: after }, { config: DEFAULT_CONFIG, rules: gitops, now: 0 });
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  const told = answer.unknowns.filter(({ reason }) => reason.startsWith(APPS));
  expect(told.map(({ reason }) => reason)).toEqual([
    `${APPS}: https://github.com/acme/base?ref=v1 is fetched from the network.`,
  ]);
});
