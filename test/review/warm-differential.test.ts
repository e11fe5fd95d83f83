import { describe, expect, it } from 'vitest';

import { FluxCache } from '../../src/flux/cache.ts';
import { CONFIG_PATH } from '../../src/model/config-path.ts';
import { keyOfRequest } from '../../src/model/evidence.ts';
import type { FileTree } from '../../src/model/file-tree.ts';
import type { Review } from '../../src/model/review.ts';
import { follow } from '../../src/model/tree-changes.ts';
import { reviewBySettings } from '../../src/review/settings.ts';
import { rules } from '../../src/rules/index.ts';
import { blobId, memoryTree } from '../../src/snapshot/memory.ts';
import { LoadedTree } from '../../src/snapshot/tree.ts';
import { Chance } from '../differential/random/chance.ts';
import { edited, type Files, startingFiles } from './random-estate.ts';

/** More of both find more; these take a few seconds. */
const SEEDS = Number(process.env.WARM_SEEDS ?? 2);
const ROUNDS = Number(process.env.WARM_ROUNDS ?? 8);

const NOW = Date.parse('2026-01-01T00:00:00Z');

/** By the configuration of the base, as it decides. */
function reviewed(before: FileTree, after: FileTree, cache: FluxCache): Review {
  const content = before.read(CONFIG_PATH);
  const repository =
    content.state === 'text' ? { path: CONFIG_PATH, text: content.text } : undefined;
  const files = { ...(repository && { repository }) };
  const asked = new Set<string>();
  for (;;) {
    const trees = { before, after, head: after };
    const answer = reviewBySettings(trees, { files, rules, cache, asked, now: NOW });
    if (!('wanted' in answer)) return answer;
    const { evidence } = answer.wanted;
    if (evidence.length === 0) throw new Error(JSON.stringify(answer.wanted));
    for (const request of evidence) asked.add(keyOfRequest(request));
  }
}

/** As a warm sandbox keeps it: contents once, whichever tree has them. */
class Warm {
  readonly #cache = new FluxCache();
  readonly #blobs = new Map<string, Uint8Array>();

  review(before: FileTree, after: FileTree): Review {
    return reviewed(before, after, this.#cache);
  }

  tree(files: Files): FileTree {
    const entries = Object.entries(files).map(([path, text]) => {
      const bytes = new TextEncoder().encode(text);
      const id = blobId(bytes);
      if (!this.#blobs.has(id)) this.#blobs.set(id, bytes);
      return { path, id, kind: 'file' as const, size: bytes.length };
    });
    return new LoadedTree('memory', entries, this.#blobs);
  }
}

/** A tree that nothing is known of, and that is looked at as the change of none. */
function unknownTree(files: Files): FileTree {
  const tree = memoryTree(files);
  follow(tree, memoryTree({}));
  return tree;
}

describe('a warm review says what a cold one says', () => {
  it.each(Array.from({ length: SEEDS }, (_, at) => at + 1))(
    'seed %i',
    { timeout: 600_000 },
    (seed) => {
      const chance = new Chance(seed);
      const warm = new Warm();
      let base = startingFiles();
      let before = warm.tree(base);
      const told: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const files = edited(base, chance);
        const after = warm.tree(files);
        const cold = reviewed(unknownTree(base), unknownTree(files), new FluxCache());
        expect(warm.review(before, after), `seed ${seed}, round ${round}`).toEqual(cold);
        told.push(...cold.findings.map(({ rule, change }) => `${change} ${rule}`));
        // Sometimes it is merged, and the next change starts from there.
        if (chance.below(3) === 0) [base, before] = [files, after];
      }
      // Nothing is proved by changes that do nothing.
      expect(new Set(told.filter((line) => line.startsWith('introduced'))).size).toBeGreaterThan(1);
    },
  );
});
