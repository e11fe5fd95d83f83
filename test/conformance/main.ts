/**
 * Holds our engines to answers printed by the upstream programs.
 *
 *     npm run conformance -- [DIR] [--if-present]
 *
 * Runs every set it finds below DIR (default ../shared/conformance), prints the failing cases and
 * one line per set. Exits 1 on any failure or when nothing ran; with --if-present a missing DIR
 * is said and passes, so that a clone without the data can run its other checks.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { type ConformanceSet, sets } from './sets.ts';

const argumentsGiven = process.argv.slice(2);
const ifPresent = argumentsGiven.includes('--if-present');
const directory =
  argumentsGiven.find((argument) => !argument.startsWith('--')) ?? '../shared/conformance';

process.exitCode = await main();

async function main(): Promise<number> {
  if (!existsSync(directory)) {
    console.error(`No conformance data at ${directory}.`);
    if (ifPresent) return 0;
    console.error('Give its folder: npm run conformance -- DIR');
    return 1;
  }
  let ran = 0;
  let failed = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const set = sets.find((candidate) => candidate.name === entry.name);
    if (set === undefined) {
      console.log(`${entry.name}: no engine`);
      continue;
    }
    const result = await runSet(set, join(directory, entry.name));
    ran += result.passed + result.failed;
    failed += result.failed;
  }
  if (ran === 0) console.error(`Nothing ran: ${directory} holds no set that has an engine.`);
  return ran === 0 || failed > 0 ? 1 : 0;
}

async function runSet(
  set: ConformanceSet,
  folder: string,
): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  for await (const outcome of set.run(folder)) {
    if (outcome.failure === undefined) {
      passed += 1;
    } else {
      failed += 1;
      console.log(`${set.name}: ${outcome.name}: ${outcome.failure}`);
    }
  }
  console.log(`${set.name}: ${passed} passed, ${failed} failed`);
  return { passed, failed };
}
