/**
 * Reviews a generated estate in a process of its own, so that its memory is its own too: once
 * cold, then again and again with what a warm sandbox has kept.
 *
 *     node clusters-child.js MANIFESTS
 */
import process from 'node:process';

import { FluxCache } from '../../src/flux/cache.ts';
import { keyOfRequest } from '../../src/model/evidence.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import { review } from '../../src/review/review.ts';
import { resolveConfig } from '../../src/config/effective.ts';
import { rules } from '../../src/rules/index.ts';
import { blobId } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';
import { makeEstate } from './estate.ts';

/** What one estate took, in ms and MB. */
export interface ClusterFigures {
  readonly cold: number;
  readonly sharedBase: number;
  readonly oneOverlay: number;
  readonly memory: number;
}

const ROUNDS = 5;
const NOW = Date.parse('2026-01-01T00:00:00Z');

const files = makeEstate(Number(process.argv[2]));
const blobs = new Map<string, Uint8Array>();
const before = treeOf(files, 'before');
const cache = new FluxCache();
const { config } = resolveConfig(
  {},
  rules.map(({ id }) => id),
);

const deployment = 'apps/app-1/base/deployment.yaml';
const patch = 'apps/app-2/production/patch.yaml';
const cold = time(changed('apps/app-0/base/service.yaml', /port: 80,/, 'port: 81,'));
const sharedBase = warm((round) => changed(deployment, /128Mi/, `${129 + round}Mi`));
const oneOverlay = warm((round) => changed(patch, /replicas: 3/, `replicas: ${4 + round}`));
const figures: ClusterFigures = {
  ...{ cold, sharedBase, oneOverlay },
  memory: process.resourceUsage().maxRSS / 1024,
};
process.send?.(figures);

/** The best counts: what else the machine does in the meantime is not measured. */
function warm(edit: (round: number) => FileTree): number {
  return Math.min(...Array.from({ length: ROUNDS }, (_, round) => time(edit(round))));
}

function changed(path: string, from: RegExp, to: string): FileTree {
  const text = files[path]?.replace(from, to);
  if (text === undefined || text === files[path]) throw new Error(`Nothing changes in ${path}.`);
  return treeOf({ ...files, [path]: text }, `after ${to}`);
}

/** As a sandbox keeps them: contents are there once, whichever tree has them. */
function treeOf(contents: Readonly<Record<string, string>>, commit: string): FileTree {
  const entries = Object.entries(contents).map(([path, text]) => {
    const bytes = new TextEncoder().encode(text);
    const id = blobId(bytes);
    if (!blobs.has(id)) blobs.set(id, bytes);
    return { path, id, kind: 'file' as const, size: bytes.length };
  });
  return new LoadedTree(commit, entries, blobs);
}

/** As a sandbox does it: again with every answer, here that nothing is known. */
function time(after: FileTree): number {
  const asked = new Set<string>();
  const start = performance.now();
  for (;;) {
    const options = { config, rules, cache, now: NOW, asked };
    const answer = review({ before, after, head: after }, options);
    if (!('wanted' in answer)) {
      const failed = answer.findings.find(({ effect }) => effect === 'denied');
      if (failed !== undefined) throw new Error(failed.message);
      return performance.now() - start;
    }
    const { evidence } = answer.wanted;
    if (evidence.length === 0)
      throw new Error(`The review wants ${JSON.stringify(answer.wanted)}.`);
    for (const request of evidence) asked.add(keyOfRequest(request));
  }
}
