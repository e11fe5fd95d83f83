import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type * as admission from '../../src/rules/pod-security/admission.ts';
import type * as texts from '../../src/rules/pod-security/admission-text.ts';
import type * as decoding from '../../src/rules/pod-security/decode-pod.ts';
import type * as evaluation from '../../src/rules/pod-security/evaluate.ts';
import type * as namespaces from '../../src/rules/pod-security/namespace-policy.ts';
import type * as versions from '../../src/rules/pod-security/version.ts';
import type * as workloads from '../../src/rules/pod-security/workloads.ts';
import { compile } from './compile.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The modules that are measured, compiled. */
interface Engine {
  readonly admission: typeof admission;
  readonly decoding: typeof decoding;
  readonly evaluation: typeof evaluation;
  readonly namespaces: typeof namespaces;
  readonly texts: typeof texts;
  readonly versions: typeof versions;
  readonly workloads: typeof workloads;
}

/** How fast pods and workloads are judged on one core, from parsed manifests. */
export async function benchPodSecurity(): Promise<Row[]> {
  const folder = compile('src/model', 'src/rules/pod-security');
  try {
    return rows(await load(join(folder, 'src/rules/pod-security')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function load(folder: string): Promise<Engine> {
  async function module(name: string): Promise<unknown> {
    return import(join(folder, `${name}.js`));
  }
  return {
    admission: await module('admission'),
    decoding: await module('decode-pod'),
    evaluation: await module('evaluate'),
    namespaces: await module('namespace-policy'),
    texts: await module('admission-text'),
    versions: await module('version'),
    workloads: await module('workloads'),
  } as Engine;
}

function rows(engine: Engine): Row[] {
  const { decodePod } = engine.decoding;
  const { evaluatePod } = engine.evaluation;
  const policy = { level: 'restricted', version: engine.versions.LATEST } as const;
  const pods = randomPods();
  const hardened = Array.from({ length: 1000 }, (_, index) => hardenedPod(index));
  const deployments = Array.from({ length: 10_000 }, (_, index) => deployment(index));
  const labelled = engine.namespaces.resolveNamespacePolicy({
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/warn': 'restricted',
  });

  function judgeAll(values: readonly unknown[]): void {
    for (const value of values) {
      const { pod } = decodePod(value);
      if (pod) evaluatePod(pod, policy);
    }
  }
  function wordAll(values: readonly unknown[]): void {
    for (const value of values) {
      const { pod } = decodePod(value);
      if (pod) engine.texts.denialText(evaluatePod(pod, policy));
    }
  }
  function admitAll(values: readonly unknown[]): void {
    for (const root of values) {
      const object = { apiVersion: 'apps/v1', kind: 'Deployment', root };
      for (const { pod } of engine.workloads.readWorkload(object)?.templates ?? []) {
        engine.admission.admit(pod, { type: 'controller', name: 'app' }, labelled);
      }
    }
  }
  return [
    perSecond('pod security: random pods judged at restricted:latest', pods, judgeAll),
    perSecond('pod security: the same with the text of the refusal', pods, wordAll),
    perSecond('pod security: pods that pass restricted:latest', hardened, judgeAll),
    {
      name: 'pod security: 10,000 workloads, warned and enforced',
      value: Math.round(best(() => admitAll(deployments), 5)),
      unit: 'ms',
    },
  ];
}

function perSecond(
  name: string,
  values: readonly unknown[],
  run: (values: readonly unknown[]) => void,
): Row {
  const milliseconds = best(() => run(values), 200);
  return { name, value: Math.round((values.length / milliseconds) * 1000), unit: '1/s' };
}

/** The shortest of some runs: what is left when nobody else wants the core. */
function best(run: () => void, times: number): number {
  let shortest = Infinity;
  for (let count = 0; count < times; count += 1) {
    const start = performance.now();
    run();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

function randomPods(): unknown[] {
  const lines = readFileSync('fixtures/pod-security/edge/random-golden.jsonl', 'utf8').trim();
  return lines.split('\n').map((line) => (JSON.parse(line) as { pod: unknown }).pod);
}

/** Through JSON, as it comes from a parser. */
function parsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function hardenedPod(index: number): unknown {
  const containers = Array.from({ length: 1 + (index % 3) }, (_, at) => ({
    ...container(at),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }));
  return parsed({
    metadata: { name: `pod-${index}`, labels: { app: 'example' } },
    spec: {
      serviceAccountName: 'example',
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers,
      volumes: [{ name: 'scratch', emptyDir: {} }],
    },
  });
}

function deployment(index: number): unknown {
  return parsed({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `app-${index}`, labels: { app: 'example' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'example' } },
      template: {
        metadata: { labels: { app: 'example' } },
        spec: { containers: [container(0), container(1)], volumes: [{ name: 'scratch' }] },
      },
    },
  });
}

function container(index: number): object {
  return {
    name: `container-${index}`,
    image: 'registry.example.org/team/app:1.2.3',
    ports: [{ name: 'http', containerPort: 8080 }],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10 },
    volumeMounts: [{ name: 'scratch', mountPath: '/tmp' }],
  };
}
