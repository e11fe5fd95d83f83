/**
 * The figures of the project on this machine, with their targets:
 *
 *     npm run bench [-- NAME...]      webhook, review, yaml, kustomize, clusters, pod-security, signatures; all without a name
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

const BENCHES: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  webhook: benchWebhook,
  review: benchReview,
  yaml: benchYaml,
  kustomize: benchKustomize,
  'pod-security': async () => [...(await benchPodSecurity()), ...(await benchPodSecurityRules())],
  signatures: benchSignatures,
  clusters: benchClusters,
};

process.exitCode = await run(process.argv.slice(2));

async function run(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !(name in BENCHES));
  if (unknown !== undefined) {
    console.error(`There is no bench ${unknown}: ${Object.keys(BENCHES).join(', ')}.`);
    return 2;
  }
  let isMissed = false;
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const row of await bench()) {
      console.log(renderRow(row));
      isMissed ||= row.met === false;
    }
  }
  return isMissed ? 1 : 0;
}

function renderRow({ name, value, unit, target, met }: Row): string {
  const verdict = target === undefined ? '' : ` (${target}: ${met === true ? 'met' : 'missed'})`;
  return `${name}: ${value} ${unit}${verdict}`;
}
