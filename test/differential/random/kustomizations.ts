import type { Chance } from './chance.ts';
import { IMAGES, KINDS, NAMES, NAMESPACES, text } from './objects.ts';

/** What a kustomization can refer to. */
export interface Surroundings {
  readonly directory: string;
  /** Kinds and names of the objects below it. */
  readonly objects: readonly { kind: string; name: string; apiVersion: string }[];
  readonly addFile: (name: string, text: string) => void;
}

type Known = Surroundings['objects'][number];

type Field = (chance: Chance, around: Surroundings) => string;

function indent(block: string, by: number): string {
  return block.replace(/^(?=.)/gm, ' '.repeat(by));
}

function target(chance: Chance, { objects }: Surroundings): Known {
  const [first, ...rest] = objects;
  if (first && chance.is(0.98)) return chance.pick([first, ...rest]);
  return { kind: chance.pick(KINDS), name: chance.pick(NAMES), apiVersion: 'v1' };
}

function selector(chance: Chance, { kind, name }: Known): string {
  const fields = [
    chance.maybe(
      0.8,
      () =>
        `kind: ${chance.is(0.85) ? kind : chance.pick(['Deploy.*', '.*Set', kind.toLowerCase()])}\n`,
    ),
    chance.maybe(
      0.5,
      () => `name: ${chance.pick([name, name, `${name.slice(0, 2)}.*`, '"web|db"', '".*"'])}\n`,
    ),
    chance.maybe(0.1, () => `namespace: ${chance.pick([...NAMESPACES, '"sh.*"'])}\n`),
    chance.maybe(
      0.1,
      () =>
        `labelSelector: ${chance.pick(['app=web', '"app in (web, db)"', '"!tier"', 'app!=db', 'tier'])}\n`,
    ),
    chance.maybe(0.05, () => 'annotationSelector: note=blue\n'),
    chance.maybe(0.1, () => `version: v1\n`),
    chance.maybe(0.1, () => `group: ${chance.pick(['apps', 'batch', 'a.*'])}\n`),
  ].join('');
  return fields || `kind: ${kind}\n`;
}

/** Bodies of merge patches by kind: on lists with keys, maps, directives and nulls. */
function patchBody(chance: Chance, kind: string): string {
  const pod = chance.pick([
    'containers:\n- name: main\n  image: patched:2\n',
    'containers:\n- name: main\n  env:\n  - name: E0\n    value: patched\n  - name: NEW\n    value: "1"\n',
    'containers:\n- name: side\n  $patch: delete\n',
    'containers:\n- name: main\n  ports:\n  - containerPort: 8080\n    name: changed\n',
    'containers:\n- $patch: replace\n- name: only\n  image: a:1\n',
    'containers:\n- name: new\n  image: "new:1"\n  args: ["x"]\n',
    'volumes:\n- name: v0\n  $patch: delete\n- name: v9\n  emptyDir: {}\n',
    'volumes:\n- name: v0\n  emptyDir: {}\n  configMap: null\n',
    'nodeSelector: null\n',
    'tolerations:\n- key: z\n',
    'imagePullSecrets:\n- name: pull\n',
    'hostAliases:\n- ip: 10.0.0.1\n  hostnames: [c]\n',
    'initContainers: []\n',
    'containers:\n- name: main\n  volumeMounts:\n  - mountPath: /data\n    name: v2\n',
    '$patch: replace\ncontainers:\n- {name: r, image: r}\n',
    'topologySpreadConstraints:\n- maxSkew: 2\n  topologyKey: zone\n  whenUnsatisfiable: DoNotSchedule\n',
    'securityContext: {runAsUser: 1000}\n',
    '$setElementOrder/containers:\n- name: side\n- name: main\n',
    '$retainKeys: [containers]\ncontainers:\n- {name: main, image: k}\n',
    '$deleteFromPrimitiveList/x: [a]\n',
  ]);
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return chance.is(0.8)
        ? `spec:\n  template:\n    spec:\n${indent(pod, 6)}`
        : chance.pick([
            'spec:\n  replicas: 7\n',
            'spec:\n  selector: null\n',
            'spec:\n  strategy: {type: Recreate, rollingUpdate: null}\n',
            '$patch: delete\n',
            'spec:\n  $patch: delete\n',
          ]);
    case 'CronJob':
      return `spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n${indent(pod, 10)}`;
    case 'Pod':
      return `spec:\n${indent(pod, 2)}`;
    case 'Service':
      return chance.pick([
        'spec:\n  ports:\n  - port: 80\n    targetPort: 8080\n',
        'spec:\n  ports:\n  - port: 81\n    protocol: UDP\n',
        'spec:\n  selector:\n    $patch: replace\n    x: y\n',
        'spec:\n  type: ClusterIP\n',
      ]);
    case 'ConfigMap':
      return chance.pick([
        `data:\n  a: ${text(chance)}\n`,
        'data:\n  long: null\n  new: |-\n    x\n    y\n',
        'data: {}\n',
        'data: null\n',
        'data:\n  $patch: replace\n  z: "1"\n',
      ]);
    case 'Secret':
      return 'stringData:\n  b: changed\n';
    case 'Role':
    case 'ClusterRole':
      return 'rules:\n- apiGroups: [x]\n  resources: [y]\n  verbs: [z]\n';
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return 'subjects:\n- kind: User\n  name: someone\n';
    case 'ServiceAccount':
      return 'secrets:\n- name: extra\n';
    case 'Widget':
      return chance.pick([
        'spec:\n  parts:\n  - name: a\n    value: patched\n',
        'spec:\n  none: null\n  empty:\n    x: 1\n',
        'spec:\n  size: 3\n  nothing: {}\n',
        'spec:\n  parts:\n  - $patch: replace\n  - name: q\n',
        'spec:\n  parts:\n  - $patch: delete\n    name: a\n',
      ]);
    case 'HelmRelease':
      return 'spec:\n  values:\n    env:\n    - name: B\n      value: x\n    image: {tag: "2"}\n';
    default:
      return chance.pick(['metadata:\n  annotations:\n    patched: "1"\n', 'spec:\n  x: 1\n']);
  }
}

function mergePatch(chance: Chance, { kind, name, apiVersion }: Known, isNamed = true): string {
  const body = patchBody(chance, kind);
  const own = body.startsWith('metadata:\n') ? body.replace('metadata:\n', '') : '';
  const labels = chance.maybe(0.15, () =>
    chance.pick([
      '  labels:\n    app: patched\n',
      '  labels: null\n',
      '  annotations:\n    note: null\n',
      '  labels:\n    tier: null\n    new: "1"\n',
    ]),
  );
  const extra = own === '' ? labels : own;
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${isNamed ? name : 'any'}\n${extra}${own === '' ? body : ''}`;
}

const WORKLOADS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job']);

/** Operations that fit most objects of a kind. */
function jsonPatch(chance: Chance, kind: string): string {
  const any = [
    '- op: add\n  path: /metadata/annotations\n  value: {a: b, "n": "1"}\n',
    '- op: replace\n  path: /metadata/name\n  value: renamed\n',
    '- op: add\n  path: /metadata/namespace\n  value: elsewhere\n',
    '- op: copy\n  from: /metadata/name\n  path: /metadata/copied\n',
    '- op: add\n  path: /data\n  value: {num: 1.0, big: 12345678901234567890, s: "x", n: null}\n',
    '- op: test\n  path: /metadata/missing\n  value: null\n',
    '[{"op": "add", "path": "/metadata/labels", "value": {"j": "1"}}]\n',
  ];
  const workload = [
    '- op: add\n  path: /spec/replicas\n  value: 5\n',
    '- op: add\n  path: /spec/template/spec/containers/0/env\n  value: [{name: J, value: "1"}]\n',
    '- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: json:1\n',
    '- op: add\n  path: /spec/template/spec/containers/-\n  value: {name: j, image: "nginx:1"}\n',
    '- op: remove\n  path: /spec/template/spec/containers/0/image\n',
    '- op: move\n  from: /spec/template/spec/containers/0/image\n  path: /spec/moved\n',
    '- op: add\n  path: /spec/template/metadata\n  value:\n    labels: {app: web, j: "1"}\n',
  ];
  const rare = [
    '- op: add\n  path: /metadata/labels/x\n  value: "1"\n',
    '- op: add\n  path: /metadata/annotations/a.b~1c\n  value: d\n',
    '- op: remove\n  path: /metadata/labels\n',
    '- op: replace\n  path: /spec/none\n  value: 1\n',
    '- {op: test, path: /kind, value: Deployment}\n',
    '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --more\n',
  ];
  const fitting = WORKLOADS.has(kind) ? [...any, ...workload] : any;
  const operation = (): string =>
    chance.pick((chance.is(0.05) ? rare : fitting) as [string, ...string[]]);
  const first = operation();
  return first.startsWith('[') || chance.is(0.6) ? first : first + operation().replace(/^\[.*/, '');
}

function patchEntry(chance: Chance, around: Surroundings, index: number): string {
  const isJson = chance.is(0.35);
  const hasTarget = isJson ? chance.is(0.97) : chance.is(0.4);
  const meant = target(chance, around);
  const body = isJson
    ? jsonPatch(chance, meant.kind)
    : mergePatch(chance, meant, !hasTarget || chance.is(0.5));
  const second =
    !isJson && !hasTarget && chance.is(0.2)
      ? `---\n${mergePatch(chance, target(chance, around))}`
      : '';
  const lines: string[] = [];
  if (chance.is(0.4)) {
    const file = `patch-${index}.yaml`;
    around.addFile(file, body + second);
    lines.push(`path: ${file}\n`);
  } else {
    lines.push(`patch: |-\n${indent(body + second, 2)}`);
  }
  if (hasTarget) lines.push(`target:\n${indent(selector(chance, meant), 2)}`);
  if (chance.is(0.08))
    lines.push(`options:\n  ${chance.pick(['allowNameChange', 'allowKindChange'])}: true\n`);
  const text = lines.join('');
  return `-${indent(text, 2).slice(1)}`;
}

function generator(chance: Chance, around: Surroundings, index: number, isSecret: boolean): string {
  const sources = [
    chance.maybe(
      0.6,
      () =>
        `literals:\n- a${index}=${chance.pick(['1', '"q"', 'x=y', "'s'", 'true'])}\n- b${index}=two\n`,
    ),
    chance.maybe(0.3, () => {
      around.addFile(
        `file-${index}.txt`,
        chance.pick([
          'one line',
          'two\nlines\n',
          '',
          'trailing  \n',
          'tab\there\n',
          '日本\n',
          'é\u0000x',
        ]),
      );
      return `files:\n- ${chance.pick(['', 'key.txt='])}file-${index}.txt\n`;
    }),
    chance.maybe(0.25, () => {
      around.addFile(`env-${index}`, chance.pick(['# c\nA=1\n\nB="two"\n', 'X=y z\n', 'e=\n']));
      return `envs:\n- env-${index}\n`;
    }),
  ].join('');
  const kind = isSecret ? 'Secret' : 'ConfigMap';
  const joined = around.objects.filter((object) => object.kind === kind);
  const isThere = joined.length > 0 && chance.is(0.5);
  const name = isThere
    ? chance.pick(joined.map((object) => object.name) as [string, ...string[]])
    : `${chance.pick(['gen', 'settings'])}-${around.directory}-${index}`;
  const fields = [
    `name: ${name}\n`,
    chance.maybe(0.1, () => `namespace: ${chance.pick(NAMESPACES)}\n`),
    chance.maybe(isThere ? 0.95 : 0.03, () => `behavior: ${chance.pick(['merge', 'replace'])}\n`),
    isSecret ? chance.maybe(0.3, () => 'type: kubernetes.io/tls\n') : '',
    sources,
    chance.maybe(
      0.25,
      () =>
        `options:\n${chance.pick(['  disableNameSuffixHash: true\n', '  labels: {from: options}\n', '  annotations: {x: "1"}\n  immutable: true\n'])}`,
    ),
  ].join('');
  return `-${indent(fields, 2).slice(1)}`;
}

/** Paths that most objects of a kind have. */
function fieldPath(chance: Chance, kind: string): string {
  if (chance.is(0.3)) return 'metadata.name';
  if (WORKLOADS.has(kind)) {
    const template = 'spec.template.spec';
    return chance.pick([
      ...([`${template}.containers.*.image`, `${template}.containers.0.image`] as const),
      ...[`${template}.containers.[name=main].image`, `${template}.containers.0.name`],
      ...[
        'metadata.labels.app',
        'spec.replicas',
        `${template}.volumes`,
        `${template}.volumes.0.name`,
      ],
      ...[`${template}.containers.0.env.[name=E0].value`, 'metadata.annotations.[a.b/c]'],
    ]);
  }
  if (kind === 'ConfigMap') return chance.pick(['data.a', 'data.long', 'data', 'data.image']);
  if (kind === 'Service')
    return chance.pick(['spec.ports.0.port', 'spec.ports.[name=http].port', 'spec']);
  if (kind === 'Widget')
    return chance.pick([
      'spec.size',
      'spec.parts',
      'spec.parts.*.value',
      'spec.nothing',
      'spec.empty',
      'spec.ref.name',
      'spec.none',
    ]);
  return chance.pick(['metadata.labels.app', 'metadata.namespace', 'metadata.annotations.note']);
}

function replacement(chance: Chance, around: Surroundings): string {
  const source = target(chance, around);
  const goal = target(chance, around);
  const options = chance.pick([
    '',
    '      create: true\n',
    '      create: true\n',
    '      delimiter: ":"\n      index: 0\n',
    '      delimiter: ":"\n      index: 1\n',
    '      delimiter: "-"\n      index: -1\n',
    '      delimiter: "."\n      index: 9\n',
    '      delimiter: ":"\n      index: 1\n      create: true\n',
  ]);
  const sourceOptions = chance.maybe(
    0.15,
    () => `    options:\n      delimiter: "-"\n      index: 0\n`,
  );
  const reject = chance.maybe(0.15, () => `    reject:\n    - name: ${chance.pick(NAMES)}\n`);
  const paths = chance.times(1, 2, () => `    - ${fieldPath(chance, goal.kind)}\n`).join('');
  const from = chance.maybe(0.8, () => `    fieldPath: ${fieldPath(chance, source.kind)}\n`);
  return `- source:\n    kind: ${source.kind}\n    name: ${source.name}\n${from}${sourceOptions}  targets:\n  - select:\n${indent(selector(chance, goal), 6)}${reject}    fieldPaths:\n${paths}${options && `    options:\n${options}`}`;
}

function labels(chance: Chance): string {
  const kinds = chance.pick([
    '',
    '  includeSelectors: true\n',
    '  includeTemplates: true\n',
    '  fields:\n  - path: spec/extra\n    create: true\n',
    '  includeSelectors: false\n  includeTemplates: true\n',
    '  fields:\n  - path: spec/ref\n    kind: Widget\n',
  ]);
  return `- pairs:\n    ${chance.pick(['app', 'team', 'example.com/x'])}: ${text(chance)}\n${kinds}`;
}

function list(name: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${name}:\n${items.join('')}`;
}

/** Fields of a kustomization, and how often each is there. */
const FIELDS: readonly [probability: number, field: Field][] = [
  [0.4, (chance) => `namespace: ${chance.pick(NAMESPACES)}\n`],
  [0.3, (chance) => `namePrefix: ${chance.pick(['a-', 'b-', 'prod-'])}\n`],
  [0.2, (chance) => `nameSuffix: ${chance.pick(['-x', '-v2'])}\n`],
  [
    0.5,
    (chance, around) =>
      list(
        'patches',
        chance.times(1, 2, (index) => patchEntry(chance, around, index)),
      ),
  ],
  [0.15, (chance) => `commonLabels:\n  app: ${text(chance)}\n`],
  [
    0.25,
    (chance) =>
      list(
        'labels',
        chance.times(1, 2, () => labels(chance)),
      ),
  ],
  [0.2, (chance) => `commonAnnotations:\n  note: ${text(chance)}\n`],
  [
    0.3,
    (chance) =>
      `images:\n- name: ${chance.pick([...IMAGES, 'ghcr.io/.*/web'])}\n${chance.pick(['  newTag: "9.9"\n', '  newName: other/image\n', `  digest: sha256:${'c'.repeat(64)}\n`, '  newName: x\n  newTag: v1\n', '  tagSuffix: -alpine\n', '  newTag: v1.27\n'])}`,
  ],
  [
    0.3,
    (chance, { objects }) => {
      const scaled = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
      if (scaled.length === 0) return '';
      const { name } = chance.pick(scaled as [Known, ...Known[]]);
      return `replicas:\n- name: ${name}\n  count: ${chance.below(5)}\n`;
    },
  ],
  [
    0.35,
    (chance, around) =>
      list(
        'configMapGenerator',
        chance.times(1, 2, (index) => generator(chance, around, index, false)),
      ),
  ],
  [
    0.25,
    (chance, around) =>
      list(
        'secretGenerator',
        chance.times(1, 2, (index) => generator(chance, around, index + 5, true)),
      ),
  ],
  [
    0.1,
    (chance) =>
      `generatorOptions:\n${chance.pick(['  disableNameSuffixHash: true\n', '  labels: {gen: "yes"}\n', '  annotations: {gen: "1"}\n  immutable: true\n'])}`,
  ],
  [
    0.25,
    (chance, around) =>
      list(
        'replacements',
        chance.times(1, 2, () => replacement(chance, around)),
      ),
  ],
  [
    0.12,
    (chance, around) => {
      const { kind, name, apiVersion } = target(chance, around);
      return `vars:\n- name: VAR\n  objref:\n    kind: ${kind}\n    name: ${name}\n    apiVersion: ${apiVersion}\n${chance.maybe(0.5, () => `  fieldref:\n    fieldPath: ${chance.pick(['metadata.name', 'metadata.namespace', 'spec.replicas'])}\n`)}`;
    },
  ],
  [
    0.08,
    (chance, around) =>
      `patchesStrategicMerge:\n- |-\n${indent(mergePatch(chance, target(chance, around)), 2)}`,
  ],
  [
    0.06,
    (chance, around) => {
      const { kind, name } = target(chance, around);
      return `patchesJson6902:\n- target:\n    version: v1\n    kind: ${kind}\n    name: ${name}\n  patch: |-\n${indent(jsonPatch(chance, kind), 4)}`;
    },
  ],
  [0.08, (chance) => `sortOptions:\n  order: ${chance.pick(['legacy', 'fifo'])}\n`],
  [
    0.06,
    (chance) =>
      `buildMetadata: [${chance.pick(['originAnnotations', 'transformerAnnotations', 'managedByLabel', 'originAnnotations, managedByLabel'])}]\n`,
  ],
  [
    0.1,
    (chance, around) => {
      around.addFile(
        'config.yaml',
        chance.pick([
          'nameReference:\n- kind: ConfigMap\n  fieldSpecs:\n  - path: spec/ref/name\n    kind: Widget\n',
          'images:\n- path: spec/image\n  kind: Widget\n',
          'commonLabels:\n- path: spec/labels\n  create: true\n  kind: Widget\n',
          'namePrefix:\n- path: spec/ref/name\n  kind: Widget\n',
          'varReference:\n- path: data\n  kind: ConfigMap\n',
          'replicas:\n- path: spec/size\n  create: true\n  kind: Widget\n',
          'namespace:\n- path: spec/ns\n  create: true\n  kind: Widget\n',
        ]),
      );
      return 'configurations: [config.yaml]\n';
    },
  ],
  [
    0.1,
    (chance, around) => {
      around.addFile(
        'transformer.yaml',
        chance.pick([
          'apiVersion: builtin\nkind: PrefixTransformer\nmetadata: {name: x}\nprefix: t-\nfieldSpecs:\n- path: metadata/name\n',
          'apiVersion: builtin\nkind: LabelTransformer\nmetadata: {name: x}\nlabels: {t: "1"}\nfieldSpecs:\n- path: metadata/labels\n  create: true\n',
          'apiVersion: builtin\nkind: AnnotationsTransformer\nmetadata: {name: x}\nannotations: {t: "1"}\nfieldSpecs:\n- path: metadata/annotations\n  create: true\n',
          'apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: x, namespace: moved}\n' +
            'fieldSpecs:\n- path: metadata/namespace\n  create: true\n' +
            chance.pick([
              '',
              'unsetOnly: true\n',
              'setRoleBindingSubjects: allServiceAccounts\n',
              'setRoleBindingSubjects: none\n',
            ]),
          'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\ntarget: {kind: ConfigMap}\npatch: |-\n  - {op: add, path: /data, value: {t: "1"}}\n',
          'apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: x}\nimageTag: {name: nginx, newTag: t}\nfieldSpecs:\n- path: spec/image\n',
          'apiVersion: builtin\nkind: ReplicaCountTransformer\nmetadata: {name: x}\nreplica: {name: web, count: 8}\nfieldSpecs:\n- path: spec/replicas\n  create: true\n  kind: Deployment\n',
        ]),
      );
      return 'transformers: [transformer.yaml]\n';
    },
  ],
];

/** The fields of a kustomization, beside what it is made of. */
export function fieldsOf(chance: Chance, around: Surroundings, density: number): string {
  return FIELDS.map(([probability, field]) =>
    chance.maybe(probability * density, () => field(chance, around)),
  ).join('');
}
