import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { findProgram } from '../differential/program.ts';
import type { ClusterFigures } from './clusters-child.ts';
import { compile } from './compile.ts';
import { makeEstate } from './estate.ts';
import type { Row } from './webhook.ts';

const SIZES = [100, 1_000, 10_000];

/** Ms that a cold review may take for a thousand manifests. */
const LONGEST_COLD = 1_000;

/** Ms of a warm review of one overlay's change, in the largest estate. */
const LONGEST_OVERLAY = 150;

/** Directories that the real program builds; where there are more, its time is scaled. */
const SAMPLE = 300;

/**
 * A review of a change in estates of three clusters, cold and warm, beside what a team does today
 * for the same answer: the real kustomize over every entry point, before and after.
 */
export async function benchClusters(): Promise<Row[]> {
  const folder = compile('src', 'test/bench');
  try {
    const rows: Row[] = [];
    for (const size of SIZES) {
      const figures = await measure(folder, size);
      rows.push(...toRows(size, figures), ...(await programRows(size, figures)));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(folder: string, size: number): Promise<ClusterFigures> {
  const child = fork(join(folder, 'test/bench/clusters-child.js'), [String(size)], {
    execArgv: [],
  });
  const [figures] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('The review ended without figures.'))),
  ])) as [ClusterFigures];
  child.disconnect();
  return figures;
}

function toRows(size: number, { cold, sharedBase, oneOverlay, memory }: ClusterFigures): Row[] {
  const name = `clusters: ${size} manifests,`;
  const limit = (LONGEST_COLD * size) / 1_000;
  // A small estate takes the time that the code needs to get warm.
  const isHeld = size >= 1_000;
  return [
    {
      ...{ name: `${name} cold`, value: Math.round(cold), unit: 'ms' },
      ...(isHeld && { target: `at most ${limit}`, met: cold <= limit }),
    },
    { name: `${name} warm, one line of a shared base`, value: round(sharedBase), unit: 'ms' },
    {
      ...{ name: `${name} warm, one line of one overlay`, value: round(oneOverlay), unit: 'ms' },
      target: `at most ${LONGEST_OVERLAY}`,
      met: oneOverlay <= LONGEST_OVERLAY,
    },
    { name: `${name} peak memory`, value: Math.round(memory), unit: 'MB' },
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function programRows(size: number, figures: ClusterFigures): Promise<Row[]> {
  const program = await findProgram();
  if (program === undefined) {
    console.error('NOT COMPARED: neither kustomize nor kubectl is here.');
    return [];
  }
  const files = makeEstate(size);
  const root = mkdtempSync(join(tmpdir(), 'fluxgate-bench-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const entries = Object.keys(files)
      .filter((path) => path.endsWith('/kustomization.yaml') && !path.includes('/base/'))
      .map((path) => dirname(path));
    const step = Math.max(1, Math.floor(entries.length / SAMPLE));
    const sample = entries.filter((_, at) => at % step === 0);
    const start = performance.now();
    for (const directory of sample) {
      const result = await program.build(root, directory);
      if ('error' in result) throw new Error(result.error);
    }
    const each = (performance.now() - start) / sample.length;
    const how = step === 1 ? '' : `, from ${sample.length} of them`;
    const whole = each * entries.length * 2;
    const ratio = (what: string, milliseconds: number) => ({
      name: `clusters: ${size} manifests, ${what} against that`,
      value: Math.round(whole / milliseconds),
      unit: 'times',
    });
    return [
      {
        name: `clusters: ${size} manifests, ${program.name} of ${entries.length} entry points before and after${how}`,
        value: Math.round(whole),
        unit: 'ms',
      },
      ratio('cold', figures.cold),
      ratio('warm, one line of one overlay,', figures.oneOverlay),
    ];
  } finally {
    rmSync(root, { recursive: true });
  }
}
