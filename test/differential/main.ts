/**
 * Compares our overlays with the real program's, for every directory with a kustomization file:
 *
 *     npm run differential -- [--program PATH] DIR...
 *
 * The real program is `kustomize build`, else `kubectl kustomize`, without load restrictions.
 * Objects are compared by identity, since kubectl sorts them. Prints the first difference of every
 * directory that differs. Exits 1 on any difference, 2 where no real program is found.
 *
 *     npm run differential -- --random N [--seed SEED]
 *
 * compares random overlays instead, N from SEED on, and leaves those that differ on disk.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';

import { BuildCache } from '../../src/kustomize/cache.ts';
import { compareBuilds, type Verdict, VERDICTS } from './compare.ts';
import { buildOurs } from './ours.ts';
import { findProgram, type Program } from './program.ts';
import { compareRandom } from './random/run.ts';
import { readRepository, type Repository } from './repository.ts';

/** Programs that run at once; each takes a processor. */
const CONCURRENCY = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      program: { type: 'string' },
      random: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
    allowPositionals: true,
  });
  if (positionals.length === 0 && values.random === undefined) {
    console.error('Give directories, or a number: npm run differential -- DIR... | --random N');
    return 2;
  }
  const program = await findProgram(values.program);
  if (program === undefined) {
    console.error('There is no kustomize and no kubectl on this machine to compare with.');
    return 2;
  }
  console.log(`Comparing with ${program.name}.`);
  const total = new Map<Verdict, number>();
  if (values.random !== undefined) {
    await compareSeeds(program, Number(values.seed), Number(values.random), total);
  }
  for (const directory of positionals) {
    const counts = await compareRepository(program, readRepository(directory));
    console.log(`${directory}: ${wordCounts(counts)}`);
    for (const [verdict, count] of counts) total.set(verdict, (total.get(verdict) ?? 0) + count);
  }
  console.log(`Together: ${wordCounts(total)}`);
  const agreed = total.get('agreed') ?? 0;
  const rendered = agreed + (total.get('differed') ?? 0) + (total.get('only ours failed') ?? 0);
  if (rendered > 0)
    console.log(`${((100 * agreed) / rendered).toFixed(2)} % of ${rendered} agree.`);
  const isEqual = VERDICTS.slice(3).every((verdict) => (total.get(verdict) ?? 0) === 0);
  return isEqual ? 0 : 1;
}

async function compareSeeds(
  program: Program,
  from: number,
  count: number,
  counts: Map<Verdict, number>,
): Promise<void> {
  let seed = from;
  async function work(): Promise<void> {
    while (seed < from + count) {
      const { verdict, difference } = await compareRandom(program, seed++);
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (difference !== undefined) console.log(`${verdict}: ${difference}`);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

async function compareRepository(
  program: Program,
  repository: Repository,
): Promise<Map<Verdict, number>> {
  const counts = new Map<Verdict, number>();
  const cache = new BuildCache();
  const waiting = repository.directories.values();
  async function work(): Promise<void> {
    for (const directory of waiting) {
      const ours = buildOurs(repository, directory, cache);
      const theirs = ours.isIncomplete
        ? undefined
        : await program.build(repository.root, directory);
      const { verdict, difference } = compareBuilds(ours, theirs);
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (difference !== undefined) {
        console.log(`${directory || '.'}: ${verdict}: ${difference}`);
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return counts;
}

function wordCounts(counts: ReadonlyMap<Verdict, number>): string {
  return VERDICTS.map((verdict) => `${counts.get(verdict) ?? 0} ${verdict}`).join(', ');
}
