import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type * as builds from '../../src/kustomize/build.ts';
import type * as caches from '../../src/kustomize/cache.ts';
import type * as printing from '../../src/kustomize/print/render.ts';
import type * as trees from '../../src/snapshot/memory.ts';
import { findProgram } from '../differential/program.ts';
import { compile } from './compile.ts';
import type { Row } from './webhook.ts';

const BASES = 20;
const OVERLAYS = 1000;

/** Directories that the real program builds, one process each; all would take a minute. */
const SAMPLE = 40;

const TARGET_RATIO = 25;

/** A thousand overlays over twenty bases: built and printed here, and by the real program. */
export async function benchKustomize(): Promise<Row[]> {
  const files = makeRepository();
  const directories = Array.from({ length: OVERLAYS }, (_, at) => `overlays/${at}`);
  const ours = await buildAll(files, directories);
  const rows: Row[] = [
    {
      name: 'kustomize: overlays built and printed',
      value: Math.round(ours.perSecond),
      unit: '/s',
    },
    { name: `kustomize: memory for ${OVERLAYS} overlays`, value: ours.megabytes, unit: 'MB' },
  ];
  const theirs = await runProgram(files, directories);
  if (theirs === undefined) return rows;
  const ratio = Math.round(ours.perSecond / theirs.perSecond);
  return [
    ...rows,
    {
      name: `kustomize: ${theirs.name}, a process each`,
      value: Math.round(theirs.perSecond),
      unit: '/s',
    },
    {
      name: 'kustomize: against the real program',
      value: ratio,
      unit: 'times',
      target: `at least ${TARGET_RATIO}`,
      met: ratio >= TARGET_RATIO,
    },
  ];
}

async function buildAll(
  files: Record<string, string>,
  directories: readonly string[],
): Promise<{ perSecond: number; megabytes: number }> {
  const folder = compile('src/model', 'src/yaml', 'src/kustomize', 'src/snapshot');
  try {
    const load = (path: string): Promise<unknown> => import(join(folder, 'src', path));
    const { build } = (await load('kustomize/build.js')) as typeof builds;
    const { BuildCache } = (await load('kustomize/cache.js')) as typeof caches;
    const { renderYaml } = (await load('kustomize/print/render.js')) as typeof printing;
    const { memoryTree } = (await load('snapshot/memory.js')) as typeof trees;
    const tree = memoryTree(files);
    for (const directory of directories.slice(0, 100)) build(tree, directory, new BuildCache());
    const cache = new BuildCache();
    const heapBefore = process.memoryUsage().heapUsed;
    const start = performance.now();
    for (const directory of directories) {
      const { resources, problems } = build(tree, directory, cache);
      const [problem] = problems;
      if (problem) throw new Error(problem.message);
      renderYaml(resources);
    }
    const seconds = (performance.now() - start) / 1000;
    const heap = process.memoryUsage().heapUsed - heapBefore;
    return {
      perSecond: directories.length / seconds,
      megabytes: Math.max(0, Math.round(heap / 1024 / 1024)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runProgram(
  files: Record<string, string>,
  directories: readonly string[],
): Promise<{ name: string; perSecond: number } | undefined> {
  const program = await findProgram();
  if (program === undefined) return undefined;
  const root = mkdtempSync(join(tmpdir(), 'fluxgate-bench-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const sample = directories.filter((_, at) => at % (OVERLAYS / SAMPLE) === 0);
    const start = performance.now();
    for (const directory of sample) {
      const result = await program.build(root, directory);
      if ('error' in result) throw new Error(result.error);
    }
    return { name: program.name, perSecond: (sample.length * 1000) / (performance.now() - start) };
  } finally {
    rmSync(root, { recursive: true });
  }
}

function makeRepository(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let base = 0; base < BASES; base += 1) {
    files[`bases/${base}/kustomization.yaml`] = 'resources:\n- app.yaml\n';
    files[`bases/${base}/app.yaml`] = manifests(`app-${base}`);
  }
  for (let at = 0; at < OVERLAYS; at += 1) {
    files[`overlays/${at}/settings.env`] = `LEVEL=${at}\nMODE=fast\n`;
    files[`overlays/${at}/kustomization.yaml`] = `resources:
- ../../bases/${at % BASES}
namespace: team-${at}
nameSuffix: "-${at}"
labels:
- pairs: {team: "${at}"}
  includeSelectors: true
images:
- name: registry.example.com/app
  newTag: v1.${at}.0
configMapGenerator:
- name: settings
  envs: [settings.env]
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: app-${at % BASES}
    spec:
      replicas: ${at % 5}
      template:
        spec:
          containers:
          - name: app
            envFrom:
            - configMapRef: {name: settings}
`;
  }
  return files;
}

function manifests(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
      - name: app
        image: registry.example.com/app:1.0.0
        ports:
        - containerPort: 8080
        resources:
          limits: {memory: 128Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector: {app: ${name}}
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
`;
}
