import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { Config } from '../../../src/config/schema.ts';
import {
  type Facts,
  keyOfRequest,
  type MergeSettings,
  NO_FACTS,
  type RawCommit,
} from '../../../src/model/evidence.ts';
import type { Review } from '../../../src/model/review.ts';
import { judgeCommits } from '../../../src/review/judge-commits.ts';
import { review } from '../../../src/review/review.ts';
import { commitSignaturesRules } from '../../../src/rules/commit-signatures/rules.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';
import { NOW } from '../../signatures/forge.ts';

export type Files = Readonly<Record<string, string>>;

/** What the world is: who committed, and how the repository lets people merge. */
export interface World {
  readonly change?: readonly Uint8Array[];
  /** Newest first. */
  readonly heads?: readonly Uint8Array[];
  readonly cut?: string;
  /** Null where GitHub does not tell. */
  readonly merging?: Partial<MergeSettings> | null;
  readonly settings?: object;
  /** Of GitHub; github.com where it is absent. */
  readonly host?: string;
}

const MERGING: MergeSettings = {
  methods: ['merge', 'squash', 'rebase'],
  requiresSignatures: false,
  requiresLinearHistory: false,
  allowsPushes: false,
};

/** What the rules of commit signatures say of a change, with real keys and real signatures. */
export async function reviewed(before: Files, after: Files, world: World = {}): Promise<Review> {
  const tree = memoryTree({ ...before, ...after });
  const trees = { before: memoryTree(before), after: tree, head: tree };
  const { merging = {}, settings = {} } = world;
  const config = Config.parse({ version: 1, commitSignatures: settings });
  let facts: Facts = NO_FACTS;
  const asked = new Set<string>();
  for (let round = 0; round < 5; round += 1) {
    const options = { config, rules: commitSignaturesRules, now: NOW.getTime(), facts, asked };
    const answer = review(trees, options);
    if (!('wanted' in answer)) return answer;
    for (const request of answer.wanted.evidence) {
      asked.add(keyOfRequest(request));
      if (request.kind === 'identity') {
        const value = {
          host: world.host ?? 'github.com',
          repository: 'acme/fleet',
          branch: 'main',
        };
        facts = { ...facts, identity: { state: 'known', value } };
      } else if (request.kind === 'merging') {
        facts = {
          ...facts,
          merging:
            merging === null
              ? { state: 'unknown', reason: 'GitHub does not tell.' }
              : { state: 'known', value: { ...MERGING, ...merging } },
        };
      } else if (request.kind === 'commits') {
        const { change = [], heads = [], cut } = world;
        const material = {
          change: change.map(toRaw),
          baseHeads: heads.map(toRaw),
          ...(cut !== undefined && { cut }),
        };
        const value = await judgeCommits(request, material, NOW.getTime());
        facts = { ...facts, commits: { state: 'known', value } };
      }
    }
  }
  throw new Error('The rules want evidence for ever.');
}

function toRaw(object: Uint8Array): RawCommit {
  const id = createHash('sha1').update(`commit ${object.length}\0`).update(object).digest('hex');
  return { id, object };
}

/** `denied refused-merge spec.verify`: what and where, a line each. */
export function lines({ findings }: Review): string[] {
  return findings.map(
    ({ effect, rule, subject }) =>
      `${effect} ${rule.replace('commit-signatures/', '')} ${subject.field}`,
  );
}

/** Rows of the table about ways of merging: `Merge commit: accepted`. */
export function ways({ sections = [] }: Review): string[] {
  return sections.flatMap(({ title, blocks }) =>
    !title.startsWith('Would Flux accept')
      ? []
      : blocks.flatMap((block) =>
          block.kind === 'table'
            ? block.rows.map((row) => `${row[0]?.text ?? ''}: ${row[2]?.text ?? ''}`)
            : [],
        ),
  );
}

export const SOURCE = 'clusters/production/source.yaml';
export const KEYRING = 'clusters/production/keyring.yaml';

/** @param verify further lines of the source's spec, indented by two */
export function source(verify: string, reference = 'branch: main', host = 'github.com'): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec:
  interval: 5m
  url: https://${host}/acme/fleet
  ref: {${reference}}
${verify}`;
}

export function verify(mode = 'HEAD', secret = 'keyring'): string {
  return `  verify:\n    mode: ${mode}\n    secretRef: {name: ${secret}}\n`;
}

export function secret(entries: Readonly<Record<string, string>>, name = 'keyring'): string {
  const data = Object.entries(entries).map(
    ([entry, text]) => `  ${entry}: ${Buffer.from(text).toString('base64')}\n`,
  );
  return `apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: flux-system}
data:
${data.join('')}`;
}

/** A repository whose source verifies with a keyring. */
export function repository(entries: Readonly<Record<string, string>>, mode = 'HEAD'): Files {
  return { [SOURCE]: source(verify(mode)), [KEYRING]: secret(entries) };
}

export function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/signatures/${name}`, import.meta.url), 'utf8');
}
