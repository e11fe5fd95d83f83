/**
 * Looks for pods on which the engine contradicts itself, many more than a test has time for.
 *
 *     npm run fuzz -- [RUNS] [SEED]
 */
import process from 'node:process';

import { fuzz } from './fuzz.ts';

const [runs = '25000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
process.stdout.write(`pod security: 5 properties, ${runs} pods each, seed ${seed}\n`);
fuzz(Number(runs), Number(seed));
process.stdout.write('pod security: no contradiction\n');
