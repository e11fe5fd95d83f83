import type { Chance } from './chance.ts';

/** Few names, so that objects, references and patches often meet. */
export const NAMES = ['web', 'db', 'web-config', 'default', 'cache'] as const;
export const NAMESPACES = ['shop', 'infra', 'default'] as const;
export const IMAGES = ['nginx', 'ghcr.io/acme/web', 'localhost:5000/db', 'redis'] as const;

/** Values that YAML readers see in different ways. */
const VALUES = [
  ...[
    'plain',
    '"quoted"',
    "'single'",
    '"yes"',
    'yes',
    'on',
    '012',
    '0o14',
    '1e3',
    '1.50',
    '"1.50"',
  ],
  ...[
    '~',
    '""',
    'true',
    '"true"',
    '2024-01-01',
    '0x1F',
    '1_000',
    'a: b'.replace(': ', ':'),
    '"#no"',
  ],
  ...['"line\\nbreak"', "'it''s'", '!!str 12', '"ünïcode ✓"', '.5', '"- a"', '=', '1:30'],
] as const;

export function value(chance: Chance): string {
  return chance.is(0.6) ? chance.pick(['plain', '"quoted"', 'v1', 'blue']) : chance.pick(VALUES);
}

/** A text value: what label and annotation fields take. */
export function text(chance: Chance): string {
  return chance.pick(['blue', '"quoted"', '"1"', "'true'", '"a b"', 'v1.2', '"x\\ny"', '"null"']);
}

function indent(block: string, by: number): string {
  return block.replace(/^(?=.)/gm, ' '.repeat(by));
}

function metadata(chance: Chance, name: string, namespaced = true): string {
  return [
    'metadata:\n',
    chance.maybe(0.15, () => '  # a comment\n'),
    `  name: ${chance.is(0.9) ? name : `"${name}"`}\n`,
    chance.maybe(namespaced ? 0.35 : 0.05, () => `  namespace: ${chance.pick(NAMESPACES)}\n`),
    chance.maybe(
      0.35,
      () =>
        `  labels:\n    app: ${name}\n${chance.maybe(0.4, () => `    tier: ${text(chance)}\n`)}`,
    ),
    chance.maybe(0.25, () => `  annotations:\n    note: ${text(chance)}\n`),
    chance.maybe(0.05, () =>
      '  annotations: {}\n'.replace('annotations', 'finalizers').replace('{}', '[]'),
    ),
  ].join('');
}

function name(chance: Chance): string {
  return chance.pick(NAMES);
}

function image(chance: Chance): string {
  const tag = chance.pick([
    '',
    ':1.2',
    ':latest',
    `@sha256:${'a'.repeat(64)}`,
    `:1@sha256:${'b'.repeat(64)}`,
  ]);
  const text = chance.pick(IMAGES) + tag;
  return chance.is(0.85) ? text : `"${text}"`;
}

function env(chance: Chance): string {
  const entries = chance.times(1, 3, (index) =>
    chance.pick([
      () => `- name: E${index}\n  value: ${text(chance)}\n`,
      () => `- name: E${index}\n  value: "$(VAR) ${index}"\n`,
      () =>
        `- name: E${index}\n  valueFrom:\n    configMapKeyRef:\n      name: ${name(chance)}\n      key: a\n`,
      () => `- name: E${index}\n  valueFrom:\n    secretKeyRef: {name: ${name(chance)}, key: a}\n`,
    ])(),
  );
  return `env:\n${entries.join('')}`;
}

function container(chance: Chance, index: number): string {
  const fields = [
    chance.maybe(0.5, () => env(chance)),
    chance.maybe(0.3, () => {
      const kind = chance.pick(['configMapRef', 'secretRef']);
      return `envFrom:\n- ${kind}:\n    name: ${name(chance)}\n`;
    }),
    chance.maybe(
      0.4,
      () =>
        `ports:\n- containerPort: ${8080 + index}\n${chance.maybe(0.5, () => '  name: http\n')}${chance.maybe(0.3, () => '  protocol: TCP\n')}`,
    ),
    chance.maybe(
      0.3,
      () =>
        `volumeMounts:\n- name: v0\n  mountPath: /data\n- {name: v1, mountPath: /tmp, subPath: x}\n`,
    ),
    chance.maybe(0.3, () => `args: [--a, "--b=$(VAR)", ${value(chance)}]\n`),
    chance.maybe(0.2, () => 'command:\n- /bin/sh\n- -c\n- |\n  echo a\n  echo b\n'),
    chance.maybe(0.2, () => 'resources:\n  limits: {cpu: 100m, memory: 1Gi}\n'),
    chance.maybe(
      0.2,
      () => 'securityContext:\n  runAsNonRoot: true\n  capabilities: {drop: [ALL]}\n',
    ),
  ].join('');
  return `- name: ${chance.pick(['main', 'side', `c${index}`])}\n  image: ${image(chance)}\n${indent(fields, 2)}`;
}

function containers(chance: Chance, field: string): string {
  if (chance.is(0.03)) return `${field}:\n`;
  const seen = new Set<string>();
  const list = chance
    .times(1, 2, (index) => container(chance, index))
    .filter((item) => {
      const [first = ''] = item.split('\n');
      return !seen.has(first) && seen.add(first);
    });
  return `${field}:\n${list.join('')}`;
}

function volumes(chance: Chance): string {
  const sources = chance.times(1, 3, (index) =>
    chance.pick([
      () => `- name: v${index}\n  configMap:\n    name: ${name(chance)}\n`,
      () => `- name: v${index}\n  secret: {secretName: ${name(chance)}}\n`,
      () => `- name: v${index}\n  emptyDir: {}\n`,
      () => `- name: v${index}\n  persistentVolumeClaim:\n    claimName: ${name(chance)}\n`,
      () =>
        `- name: v${index}\n  projected:\n    sources:\n    - configMap:\n        name: ${name(chance)}\n    - secret:\n        name: ${name(chance)}\n`,
    ])(),
  );
  return `volumes:\n${sources.join('')}`;
}

function podSpec(chance: Chance): string {
  return [
    containers(chance, 'containers'),
    chance.maybe(0.3, () => containers(chance, 'initContainers')),
    chance.maybe(0.5, () => volumes(chance)),
    chance.maybe(0.3, () => `serviceAccountName: ${name(chance)}\n`),
    chance.maybe(0.2, () => `imagePullSecrets:\n- name: ${name(chance)}\n`),
    chance.maybe(0.2, () => 'nodeSelector: {disk: ssd}\n'),
    chance.maybe(0.2, () => `tolerations:\n- key: a\n  operator: Exists\n- {key: b, value: c}\n`),
    chance.maybe(0.15, () => `hostAliases:\n- ip: 10.0.0.1\n  hostnames: [a, b]\n`),
    chance.maybe(
      0.15,
      () =>
        `topologySpreadConstraints:\n- maxSkew: 1\n  topologyKey: zone\n  whenUnsatisfiable: DoNotSchedule\n  labelSelector:\n    matchLabels:\n      app: web\n`,
    ),
    chance.maybe(
      0.15,
      () =>
        `affinity:\n  podAntiAffinity:\n    requiredDuringSchedulingIgnoredDuringExecution:\n    - topologyKey: host\n      labelSelector:\n        matchLabels:\n          app: web\n`,
    ),
  ].join('');
}

function template(chance: Chance): string {
  const labels = chance.maybe(0.7, () => 'metadata:\n  labels:\n    app: web\n');
  return `template:\n${indent(labels, 2)}  spec:\n${indent(podSpec(chance), 4)}`;
}

function workload(chance: Chance, kind: string, own: string): string {
  const selector = chance.maybe(0.7, () => 'selector:\n  matchLabels:\n    app: web\n');
  const replicas = chance.maybe(0.5, () => `replicas: ${chance.below(4)}\n`);
  const fields = (kind === 'Job' ? '' : replicas) + (kind === 'Job' ? '' : selector);
  const group = kind === 'Job' ? 'batch/v1' : 'apps/v1';
  const claims =
    kind !== 'StatefulSet'
      ? ''
      : chance.maybe(
          0.4,
          () =>
            `serviceName: ${name(chance)}\nvolumeClaimTemplates:\n- metadata:\n    name: data\n  spec:\n    accessModes: [ReadWriteOnce]\n`,
        );
  return `apiVersion: ${group}\nkind: ${kind}\n${metadata(chance, own)}spec:\n${indent(fields + claims + template(chance), 2)}`;
}

type Maker = (chance: Chance, own: string) => string;

/** Objects of every kind that kustomize treats in a way of its own. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  Deployment: (chance, own) => workload(chance, 'Deployment', own),
  StatefulSet: (chance, own) => workload(chance, 'StatefulSet', own),
  DaemonSet: (chance, own) => workload(chance, 'DaemonSet', own),
  Job: (chance, own) => workload(chance, 'Job', own),
  CronJob: (chance, own) =>
    `apiVersion: batch/v1\nkind: CronJob\n${metadata(chance, own)}spec:\n  schedule: "* * * * *"\n  jobTemplate:\n    spec:\n${indent(template(chance), 6)}`,
  Pod: (chance, own) =>
    `apiVersion: v1\nkind: Pod\n${metadata(chance, own)}spec:\n${indent(podSpec(chance), 2)}`,
  Service: (chance, own) =>
    `apiVersion: v1\nkind: Service\n${metadata(chance, own)}spec:\n${chance.maybe(0.7, () => '  selector:\n    app: web\n')}  ports:\n  - port: 80\n    name: http\n${chance.maybe(0.5, () => '  - {port: 443, protocol: TCP}\n')}`,
  ConfigMap: (chance, own) =>
    `apiVersion: v1\nkind: ConfigMap\n${metadata(chance, own)}${chance.maybe(0.9, () => `data:\n  a: ${value(chance)}\n  long: |\n    one\n    two\n  image: nginx:1.2\n`)}${chance.maybe(0.1, () => 'binaryData: {b: AAEC}\n')}`,
  Secret: (chance, own) =>
    `apiVersion: v1\nkind: Secret\n${metadata(chance, own)}${chance.maybe(0.5, () => 'type: Opaque\n')}${chance.maybe(0.5, () => 'data:\n  a: cGxhaW4=\n')}${chance.maybe(0.5, () => `stringData:\n  b: ${text(chance)}\n`)}`,
  ServiceAccount: (chance, own) =>
    `apiVersion: v1\nkind: ServiceAccount\n${metadata(chance, own)}${chance.maybe(0.4, () => `imagePullSecrets:\n- name: ${name(chance)}\nsecrets:\n- name: ${name(chance)}\n`)}`,
  Role: (chance, own) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n${metadata(chance, own)}rules:\n- apiGroups: [""]\n  resources: [configmaps]\n  verbs: [get]\n${chance.maybe(0.5, () => `  resourceNames: [${name(chance)}, ${name(chance)}]\n`)}`,
  ClusterRole: (chance, own) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n${metadata(chance, own, false)}rules:\n- apiGroups: [""]\n  resources: [secrets]\n  verbs: ["*"]\n${chance.maybe(0.5, () => `  resourceNames:\n  - ${name(chance)}\n`)}`,
  RoleBinding: (chance, own) => binding(chance, 'RoleBinding', own),
  ClusterRoleBinding: (chance, own) => binding(chance, 'ClusterRoleBinding', own),
  Ingress: (chance, own) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\n${metadata(chance, own)}spec:\n${chance.maybe(0.3, () => `  defaultBackend:\n    service:\n      name: ${name(chance)}\n      port: {number: 80}\n`)}${chance.maybe(0.4, () => `  tls:\n  - secretName: ${name(chance)}\n    hosts: [a.example]\n`)}  rules:\n  - host: a.example\n    http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend:\n          service:\n            name: ${name(chance)}\n            port:\n              number: 80\n`,
  HorizontalPodAutoscaler: (chance, own) =>
    `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n${metadata(chance, own)}spec:\n  minReplicas: 1\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: ${chance.pick(['Deployment', 'StatefulSet'])}\n    name: ${name(chance)}\n`,
  PodDisruptionBudget: (chance, own) =>
    `apiVersion: policy/v1\nkind: PodDisruptionBudget\n${metadata(chance, own)}spec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app: web\n`,
  NetworkPolicy: (chance, own) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${metadata(chance, own)}spec:\n  podSelector:\n    matchLabels:\n      app: web\n  ingress:\n  - from:\n    - podSelector:\n        matchLabels:\n          app: db\n`,
  PersistentVolumeClaim: (chance, own) =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\n${metadata(chance, own)}spec:\n  storageClassName: ${name(chance)}\n  volumeName: ${name(chance)}\n  resources: {requests: {storage: 1Gi}}\n`,
  PersistentVolume: (chance, own) =>
    `apiVersion: v1\nkind: PersistentVolume\n${metadata(chance, own, false)}spec:\n  storageClassName: ${name(chance)}\n  claimRef:\n    name: ${name(chance)}\n    namespace: shop\n`,
  StorageClass: (chance, own) =>
    `apiVersion: storage.k8s.io/v1\nkind: StorageClass\n${metadata(chance, own, false)}provisioner: x\n`,
  Namespace: (chance, own) => `apiVersion: v1\nkind: Namespace\n${metadata(chance, own, false)}`,
  CustomResourceDefinition: (chance, own) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n${metadata(chance, `${own}s.example.com`, false)}spec:\n  group: example.com\n  names: {kind: Widget, plural: widgets}\n  scope: Namespaced\n  conversion:\n    strategy: Webhook\n    webhook:\n      clientConfig:\n        service:\n          name: ${name(chance)}\n          namespace: ${chance.pick(NAMESPACES)}\n`,
  APIService: (chance, own) =>
    `apiVersion: apiregistration.k8s.io/v1\nkind: APIService\n${metadata(chance, own, false)}spec:\n  group: example.com\n  version: v1\n  service:\n    name: ${name(chance)}\n    namespace: ${chance.pick(NAMESPACES)}\n`,
  ValidatingWebhookConfiguration: (chance, own) => webhook(chance, 'Validating', own),
  MutatingWebhookConfiguration: (chance, own) => webhook(chance, 'Mutating', own),
  Widget: (chance, own) =>
    `apiVersion: example.com/v1\nkind: Widget\n${metadata(chance, own)}spec:\n  image: nginx:1.2\n  size: ${value(chance)}\n  containers:\n  - {name: a, image: "nginx:1"}\n  parts:\n  - name: a\n    value: ${value(chance)}\n  - name: b\n    value: c\n  ref:\n    name: ${name(chance)}\n  empty: {}\n  none: []\n  nothing:\n${chance.maybe(0.1, () => '  anchor: &a {x: 1}\n  alias: *a\n')}`,
  HelmRelease: (chance, own) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n${metadata(chance, own)}spec:\n  interval: 5m\n  chart:\n    spec:\n      chart: app\n      version: "1.x"\n      sourceRef: {kind: HelmRepository, name: ${name(chance)}}\n  values:\n    image: {repository: nginx, tag: ${value(chance)}}\n    env:\n    - name: A\n      value: ${value(chance)}\n  valuesFrom:\n  - kind: ConfigMap\n    name: ${name(chance)}\n`,
};

function binding(chance: Chance, kind: string, own: string): string {
  const subjects = chance.times(
    1,
    2,
    () =>
      `- kind: ServiceAccount\n  name: ${name(chance)}\n${chance.maybe(0.7, () => `  namespace: ${chance.pick(NAMESPACES)}\n`)}`,
  );
  const role = kind === 'RoleBinding' ? chance.pick(['Role', 'ClusterRole']) : 'ClusterRole';
  return `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\n${metadata(chance, own, kind === 'RoleBinding')}roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ${role}\n  name: ${name(chance)}\nsubjects:\n${subjects.join('')}`;
}

function webhook(chance: Chance, kind: string, own: string): string {
  return `apiVersion: admissionregistration.k8s.io/v1\nkind: ${kind}WebhookConfiguration\n${metadata(chance, own, false)}webhooks:\n- name: a.example.com\n  clientConfig:\n    service:\n      name: ${name(chance)}\n      namespace: ${chance.pick(NAMESPACES)}\n      path: /x\n  sideEffects: None\n`;
}

export const KINDS = Object.keys(MAKERS) as [string, ...string[]];

const OFTEN = ['Deployment', 'Service', 'ConfigMap', 'Secret', 'ServiceAccount'] as const;

/** An object, and the id that it must not share with another one of its file tree. */
export function anObject(chance: Chance): { id: string; kind: string; name: string; text: string } {
  const kind = chance.is(0.4) ? chance.pick(OFTEN) : chance.pick(KINDS);
  const own = name(chance);
  const make = MAKERS[kind];
  const text = make ? make(chance, own) : '';
  return { id: `${kind} ${own}`, kind, name: own, text };
}
