/**
 * The figures of the project on this machine, with their targets:
 *
 *     npm run bench [-- NAME...]      all without a name; `-- --help` lists them
 *
 * Exit code 1 when a target is missed, 2 when there is no such bench.
 */
import process from 'node:process';

import { benchClusters } from './clusters.ts';
import { benchKustomize } from './kustomize.ts';
import { benchPodSecurity } from './pod-security.ts';
import { benchPodSecurityRules } from './pod-security-rules.ts';
import { benchSignatures } from './signatures.ts';
import { benchReview } from './review.ts';
import { benchWebhook, type Row } from './webhook.ts';
import { benchYaml } from './yaml.ts';

interface Bench {
  readonly measures: string;
  readonly run: () => Promise<readonly Row[]>;
}

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['webhook', { measures: 'the answer to a webhook under load', run: benchWebhook }],
  ['review', { measures: 'a whole review, from the event to its check', run: benchReview }],
  ['yaml', { measures: 'reading YAML with the place of every field', run: benchYaml }],
  ['kustomize', { measures: 'building overlays, beside the real program', run: benchKustomize }],
  [
    'pod-security',
    {
      measures: 'judging pods, and all rules over a large cluster',
      run: async () => [...(await benchPodSecurity()), ...(await benchPodSecurityRules())],
    },
  ],
  ['signatures', { measures: 'verifying signatures of commits', run: benchSignatures }],
  [
    'clusters',
    {
      measures: 'reviews of estates of 100 to 10,000 manifests, cold and warm',
      run: benchClusters,
    },
  ],
]);

process.exitCode = await run(process.argv.slice(2));

async function run(names: readonly string[]): Promise<number> {
  if (names.includes('--help') || names.includes('-h')) {
    console.log(help());
    return 0;
  }
  const unknown = names.find((name) => !BENCHES.has(name));
  if (unknown !== undefined) {
    console.error(`There is no bench ${unknown}: ${[...BENCHES.keys()].join(', ')}.`);
    return 2;
  }
  let isMissed = false;
  for (const [name, bench] of BENCHES) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const row of await bench.run()) {
      console.log(renderRow(row));
      isMissed ||= row.met === false;
    }
  }
  return isMissed ? 1 : 0;
}

function help(): string {
  const width = Math.max(...[...BENCHES.keys()].map(({ length }) => length));
  const lines = [...BENCHES].map(([name, { measures }]) => `  ${name.padEnd(width)}  ${measures}`);
  return [
    'npm run bench [-- NAME...]: figures of this machine, with their targets; all without a name.',
    '',
    ...lines,
    '',
    'Exit code 1 when a target is missed, 2 when there is no such bench.',
  ].join('\n');
}

function renderRow({ name, value, unit, target, met }: Row): string {
  const verdict = target === undefined ? '' : ` (${target}: ${met === true ? 'met' : 'missed'})`;
  return `${name}: ${value} ${unit}${verdict}`;
}
