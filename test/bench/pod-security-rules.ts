import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type * as schema from '../../src/config/schema.ts';
import type * as caches from '../../src/flux/cache.ts';
import type * as repositories from '../../src/flux/repository.ts';
import type * as evidence from '../../src/model/evidence.ts';
import type * as judging from '../../src/review/evaluate.ts';
import type * as lists from '../../src/rules/pod-security/rules.ts';
import type * as trees from '../../src/snapshot/memory.ts';
import { compile } from './compile.ts';
import type { Row } from './webhook.ts';

const WORKLOADS = 10_000;
const NAMESPACES = 50;

const FOLDERS = ['model', 'yaml', 'kustomize', 'versions', 'flux', 'rules', 'config', 'snapshot'];

/**
 * All rules of pod security over a repository of ten thousand Deployments that is parsed and
 * resolved already, cold: what a first review of it adds to that. Processor time of one core.
 */
export async function benchPodSecurityRules(): Promise<Row[]> {
  const folder = compile(...FOLDERS.map((name) => `src/${name}`), 'src/review');
  const load = (path: string): Promise<unknown> => import(join(folder, 'src', path));
  try {
    const { memoryTree } = (await load('snapshot/memory.js')) as typeof trees;
    const { resolveRepository } = (await load('flux/repository.js')) as typeof repositories;
    const { FluxCache } = (await load('flux/cache.js')) as typeof caches;
    const { evaluate } = (await load('review/evaluate.js')) as typeof judging;
    const { podSecurityRules } = (await load('rules/pod-security/rules.js')) as typeof lists;
    const { DEFAULT_CONFIG } = (await load('config/schema.js')) as typeof schema;
    const { NO_FACTS } = (await load('model/evidence.js')) as typeof evidence;
    const context = { facts: NO_FACTS, settings: DEFAULT_CONFIG, now: 0 };
    return [true, false].flatMap((isHardened): Row[] => {
      const tree = memoryTree(makeRepository(isHardened));
      const resolved = resolveRepository(tree, { settings: [], cache: new FluxCache() });
      const start = process.cpuUsage();
      const { clusters } = evaluate({ tree, ...resolved }, podSecurityRules, context);
      const judged = process.cpuUsage(start);
      const faults = [...clusters.values()].flatMap((judgement) => [...judgement.faults.values()]);
      const from = process.cpuUsage();
      // Fixes are worked out where they are read: as text, or to be sent.
      JSON.stringify(faults.map(({ remedy }) => remedy));
      const written = process.cpuUsage(from);
      const about = `pod security: all rules over ${WORKLOADS} parsed workloads, ${faults.length} findings`;
      return [
        { name: about, value: milliseconds(judged), unit: 'ms' },
        ...(faults.length > 0
          ? [{ name: `${about}: all their fixes`, value: milliseconds(written), unit: 'ms' }]
          : []),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return Math.round((user + system) / 1000);
}

function makeRepository(isHardened: boolean): Record<string, string> {
  const files: Record<string, string> = {};
  for (let at = 0; at < NAMESPACES; at += 1) {
    files[`apps/${at}/namespace.yaml`] = `apiVersion: v1
kind: Namespace
metadata:
  name: team-${at}
  labels:
    pod-security.kubernetes.io/enforce: baseline
    pod-security.kubernetes.io/enforce-version: v1.35
    pod-security.kubernetes.io/audit: restricted
    pod-security.kubernetes.io/audit-version: v1.35
    pod-security.kubernetes.io/warn: restricted
    pod-security.kubernetes.io/warn-version: v1.35
`;
  }
  for (let at = 0; at < WORKLOADS; at += 1) {
    files[`apps/${at % NAMESPACES}/app-${at}.yaml`] = deployment(at, isHardened);
  }
  return files;
}

const POD_CONTEXT = `      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
`;
const CONTAINER_CONTEXT = `          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
`;

function deployment(at: number, isHardened: boolean): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${at}
  namespace: team-${at % NAMESPACES}
spec:
  replicas: 2
  selector:
    matchLabels: { app: app-${at} }
  template:
    metadata:
      labels: { app: app-${at} }
    spec:
${isHardened ? POD_CONTEXT : ''}      containers:
        - name: app
          image: registry.example.org/team/app:1.2.${at % 10}
${isHardened ? CONTAINER_CONTEXT : ''}          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests: { cpu: 100m, memory: 64Mi }
            limits: { memory: 128Mi }
          livenessProbe:
            httpGet: { path: /healthz, port: http }
          volumeMounts:
            - name: scratch
              mountPath: /tmp
      volumes:
        - name: scratch
          emptyDir: {}
`;
}
