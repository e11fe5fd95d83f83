import fc from 'fast-check';

import { Unknown } from '../../../src/model/located.ts';

/** Pods made of the values that checks look at, right and wrong, and of null wherever it may stand. */

const names = fc.constantFrom('a', 'b', 'a', 'zed', 'é', '🙂', 'we"ird', '', 'A');

function optional(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const nullable = Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }),
    ]),
  );
  return fc.record(nullable, { requiredKeys: [] });
}

function listOf(item: fc.Arbitrary<unknown>, maxLength = 3): fc.Arbitrary<unknown> {
  const nullable = fc.oneof(
    { weight: 9, arbitrary: item },
    { weight: 1, arbitrary: fc.constant(null) },
  );
  return fc.array(nullable, { maxLength });
}

const profile = optional({
  type: fc.constantFrom('RuntimeDefault', 'Localhost', 'Unconfined', '', 'x'),
  localhostProfile: fc.constant('profiles/a.json'),
});

const seLinuxOptions = optional({
  type: fc.constantFrom('container_t', 'container_engine_t', 'spc_t', '', 'zz'),
  user: fc.constantFrom('', 'u'),
  role: fc.constantFrom('', 'r'),
  level: fc.constant('s0:c1,c2'),
});

const sharedContext = {
  appArmorProfile: profile,
  runAsGroup: fc.constantFrom(0, 1000),
  runAsNonRoot: fc.boolean(),
  runAsUser: fc.constantFrom(0, 1000, -1),
  seccompProfile: profile,
  seLinuxOptions,
  windowsOptions: optional({ hostProcess: fc.boolean(), runAsUserName: fc.constant('u') }),
};

const capability = fc.constantFrom(
  'NET_BIND_SERVICE',
  'CHOWN',
  'SYS_ADMIN',
  'NET_RAW',
  'ALL',
  'all',
  'CAP_CHOWN',
  'chown',
  '',
  'é',
);

const securityContext = optional({
  ...sharedContext,
  allowPrivilegeEscalation: fc.boolean(),
  capabilities: optional({ add: listOf(capability), drop: listOf(capability) }),
  privileged: fc.boolean(),
  procMount: fc.constantFrom('Default', 'Unmasked', '', 'default'),
  readOnlyRootFilesystem: fc.boolean(),
});

const sysctl = optional({
  name: fc.constantFrom(
    'kernel.shm_rmid_forced',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_rmem',
    'net.ipv4.tcp_notsent_lowat',
    'kernel/shm_rmid_forced',
    'kernel.msgmax',
    '',
  ),
  value: fc.constant('1'),
});

const podSecurityContext = optional({
  ...sharedContext,
  fsGroup: fc.constant(1000),
  supplementalGroups: listOf(fc.constantFrom(0, 1000)),
  sysctls: listOf(sysctl),
});

const host = fc.constantFrom('', 'localhost', '127.0.0.1', 'example.org', 'é');
const action = optional({ host, port: fc.constantFrom(80, 'http'), path: fc.constant('/') });
const handler = optional({
  exec: optional({ command: listOf(fc.constant('true')) }),
  httpGet: action,
  tcpSocket: optional({ host, port: fc.constantFrom(80, 'http') }),
});

const container = optional({
  name: names,
  image: fc.constant('example.org/app:1'),
  command: listOf(fc.constant('run')),
  env: listOf(optional({ name: fc.constant('A'), value: fc.constant('1') })),
  lifecycle: optional({ postStart: handler, preStop: handler }),
  livenessProbe: handler,
  ports: listOf(
    optional({
      containerPort: fc.constantFrom(0, 80, 443, 8080),
      hostPort: fc.constantFrom(0, 9, 80, 443),
      name: fc.constant('http'),
    }),
  ),
  readinessProbe: handler,
  resources: optional({
    limits: optional({ cpu: fc.constantFrom('1', '500m', 2), memory: fc.constant('1Gi') }),
  }),
  securityContext,
  startupProbe: handler,
});

const volume = fc
  .tuple(
    names,
    fc.array(
      fc.constantFrom(
        'configMap',
        'csi',
        'downwardAPI',
        'emptyDir',
        'ephemeral',
        'hostPath',
        'image',
        'nfs',
        'persistentVolumeClaim',
        'photonPersistentDisk',
        'projected',
        'scaleIO',
        'secret',
        'storageos',
      ),
      { maxLength: 2 },
    ),
    fc.constantFrom<unknown>({}, {}, {}, null),
  )
  .map(([name, sources, source]) => ({
    name,
    ...Object.fromEntries(sources.map((key) => [key, source])),
  }));

const annotations = fc.dictionary(
  fc.constantFrom(
    'container.apparmor.security.beta.kubernetes.io/a',
    'container.apparmor.security.beta.kubernetes.io/gone',
    'container.seccomp.security.alpha.kubernetes.io/a',
    'container.seccomp.security.alpha.kubernetes.io/gone',
    'seccomp.security.alpha.kubernetes.io/pod',
    'example.org/note',
  ),
  fc.constantFrom(
    'runtime/default',
    'docker/default',
    'localhost/',
    'localhost/x',
    'unconfined',
    '',
    'bad"q\u00a0\u2028🙂\n\\',
    null,
  ),
  { maxKeys: 3 },
);

/** A pod that the API server decodes. */
export const pods: fc.Arbitrary<unknown> = fc.record(
  {
    metadata: optional({ annotations, name: fc.constant('p') }),
    spec: optional({
      containers: listOf(container),
      ephemeralContainers: listOf(container, 1),
      hostIPC: fc.boolean(),
      hostNetwork: fc.boolean(),
      hostPID: fc.boolean(),
      hostUsers: fc.boolean(),
      initContainers: listOf(container, 2),
      os: optional({ name: fc.constantFrom('linux', 'windows', 'Windows') }),
      securityContext: podSecurityContext,
      volumes: listOf(volume),
    }),
  },
  { requiredKeys: ['spec'] },
);

/** The same, with hardly anything to refuse: so that passes are seen as often as refusals. */
export const hardenedPods: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom('linux', 'windows'), fc.nat({ max: 3 }), fc.boolean(), fc.boolean())
  .map(([os, count, hostUsers, isUserSet]) => ({
    spec: {
      os: { name: os },
      hostUsers,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: Array.from({ length: count }, (_, index) => ({
        name: `c${index}`,
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          ...(isUserSet && { runAsUser: 1000 }),
        },
      })),
      volumes: [{ name: 'scratch', emptyDir: {} }],
    },
  }));

/** Any JSON value in place of some value of a pod. */
export const brokenPods: fc.Arbitrary<unknown> = fc
  .tuple(fc.oneof(pods, hardenedPods), fc.jsonValue({ maxDepth: 2 }), fc.nat(), fc.nat({ max: 8 }))
  .map(([pod, value, seed, depth]) => replaced(pod, value, seed, depth));

/** A copy of `value` with one of its parts, at most `depth` levels down, replaced. */
export function replaced(value: unknown, part: unknown, seed: number, depth: number): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null) return part;
  const keys = Object.keys(value);
  const key = keys[seed % keys.length];
  if (key === undefined) return part;
  const inner = (value as Record<string, unknown>)[key];
  const copy = replaced(inner, part, Math.floor(seed / keys.length), depth - 1);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? copy : item))
    : { ...value, [key]: copy };
}

/** A copy in which about one value of ten is not known, chosen by the seed. */
export function withUnknowns(value: unknown, seed: number): unknown {
  let state = seed;
  function isChosen(): boolean {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8 < 0x1000000 / 10;
  }
  function copy(part: unknown): unknown {
    if (isChosen()) return new Unknown('comes from outside', '${X}');
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, copy(item)]));
  }
  return copy(value);
}
