/**
 * Builds and prints the overlays of a generated repository in a process of its own, so that its
 * memory is its own too.
 *
 *     node --expose-gc kustomize-child.js
 */
import process from 'node:process';

import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import { renderYaml } from '../../src/kustomize/print/render.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { makeOverlays } from './overlays.ts';

/** What all overlays took; memory in MB. */
export interface OverlayFigures {
  readonly perSecond: number;
  /** What is kept of them afterwards, in the cache of builds and by the callers. */
  readonly kept: number;
  /** The largest size of the whole process. */
  readonly peak: number;
}

const WARM_UP = 100;

const { files, directories } = makeOverlays();
const tree = memoryTree(files);
for (const directory of directories.slice(0, WARM_UP)) build(tree, directory, new BuildCache());

const cache = new BuildCache();
const before = collectedHeap();
const start = performance.now();
const results = directories.map((directory) => {
  const result = build(tree, directory, cache);
  const [problem] = result.problems;
  if (problem) throw new Error(problem.message);
  renderYaml(result.resources);
  return result;
});
const seconds = (performance.now() - start) / 1000;
const figures: OverlayFigures = {
  perSecond: results.length / seconds,
  kept: (collectedHeap() - before) / 1024 / 1024,
  peak: process.resourceUsage().maxRSS / 1024,
};
// After the heap was read: the results must not be collected before.
if (results.length !== directories.length) throw new Error('Results are missing.');
process.send?.(figures);

/** Bytes in use once nothing is left that could be collected. */
function collectedHeap(): number {
  if (globalThis.gc === undefined) throw new Error('Start this with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
