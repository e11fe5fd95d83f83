import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { findProgram } from '../differential/program.ts';
import { compile } from './compile.ts';
import type { OverlayFigures } from './kustomize-child.ts';
import { makeOverlays, OVERLAYS } from './overlays.ts';
import type { Row } from './webhook.ts';

/** Directories that the real program builds, one process each; all would take a minute. */
const SAMPLE = 40;

const TARGET_RATIO = 25;

/** A thousand overlays over twenty bases: built and printed here, and by the real program. */
export async function benchKustomize(): Promise<Row[]> {
  const { files, directories } = makeOverlays();
  const ours = await buildAll();
  const rows: Row[] = [
    {
      name: 'kustomize: overlays built and printed',
      value: Math.round(ours.perSecond),
      unit: '/s',
    },
    {
      name: `kustomize: memory that ${OVERLAYS} overlays keep`,
      value: Math.round(ours.kept),
      unit: 'MB',
    },
    {
      name: `kustomize: peak memory for ${OVERLAYS} overlays`,
      value: Math.round(ours.peak),
      unit: 'MB',
    },
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

async function buildAll(): Promise<OverlayFigures> {
  const folder = compile('src/model', 'src/yaml', 'src/kustomize', 'src/snapshot', 'test/bench');
  try {
    const child = fork(join(folder, 'test/bench/kustomize-child.js'), [], {
      execArgv: ['--expose-gc'],
    });
    const [figures] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() =>
        Promise.reject(new Error('The builds ended without figures.')),
      ),
    ])) as [OverlayFigures];
    child.disconnect();
    return figures;
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
