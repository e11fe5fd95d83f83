import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { BuildCache } from '../../../src/kustomize/cache.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { compareBuilds, type Comparison } from '../compare.ts';
import { buildOurs } from '../ours.ts';
import type { Program } from '../program.ts';
import { randomTree } from './tree.ts';

/**
 * Builds the random repository of a seed both ways. Its files stay on disk where the two differ.
 *
 * @returns the comparison, whose difference names the directory
 */
export async function compareRandom(program: Program, seed: number): Promise<Comparison> {
  const { files, directory } = randomTree(seed);
  const root = mkdtempSync(join(tmpdir(), `overlay-${seed}-`));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const repository = { root, tree: memoryTree(files), directories: [directory] };
  const ours = buildOurs(repository, directory, new BuildCache());
  const theirs = ours.isIncomplete ? undefined : await program.build(root, directory);
  const { verdict, difference } = compareBuilds(ours, theirs);
  if (difference !== undefined) return { verdict, difference: `${root}: ${difference}` };
  rmSync(root, { recursive: true });
  return { verdict };
}
