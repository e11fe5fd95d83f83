import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Verdict } from '../../src/model/commit.ts';
import { type SecretEntry, openKeyring } from '../../src/signatures/keyring.ts';
import { verifyCommit, verifyTag } from '../../src/signatures/verify.ts';
import type { CaseOutcome, ConformanceSet } from './sets.ts';

/** The time of the answers. They hold for any time between September 2026 and 2097. */
const NOW = new Date('2026-11-21T00:00:00Z');

interface Expectation {
  readonly ok: boolean;
  readonly key: string | null;
  readonly error: string | null;
  /** Where Flux's random order of entries lets it report either key. */
  readonly key_any_of?: readonly string[];
}

interface Case {
  readonly name: string;
  readonly kind: 'commit' | 'tag';
  readonly object?: string;
  readonly object_base64?: string;
  readonly secret?: Readonly<Record<string, string>>;
  readonly secret_base64?: Readonly<Record<string, string>>;
  readonly signature_type: string | null;
  readonly expect: Expectation;
}

interface Pair {
  readonly kind: 'commit' | 'tag';
  readonly object_file: string;
  readonly secret_entry: string;
  readonly key_file: string;
  readonly expect: Expectation;
}

/** Verdicts of Flux's own verifier: `cases.jsonl`, and upstream's fixtures in `fluxcd-pkg/`. */
export const signatures: ConformanceSet = {
  name: 'signatures',
  async *run(folder) {
    for (const line of readLines(join(folder, 'cases.jsonl')))
      yield runCase(JSON.parse(line) as Case);
    const upstream = join(folder, 'fluxcd-pkg');
    for (const line of readLines(join(upstream, 'expect.jsonl'))) {
      yield runPair(upstream, JSON.parse(line) as Pair);
    }
  },
};

async function runCase(given: Case): Promise<CaseOutcome> {
  const object =
    given.object_base64 === undefined
      ? Buffer.from(given.object ?? '')
      : Buffer.from(given.object_base64, 'base64');
  const entries: SecretEntry[] = [
    ...Object.entries(given.secret ?? {}).map(([name, content]) => ({ name, content })),
    ...Object.entries(given.secret_base64 ?? {}).map(([name, content]) => ({
      name,
      content: Buffer.from(content, 'base64'),
    })),
  ];
  const verdict = await judge(given.kind, object, entries);
  const kind = verdict.signatureKind ?? null;
  const differences = compare(verdict, given.expect);
  if (kind !== given.signature_type) {
    differences.unshift(`signature type ${String(given.signature_type)}, got ${String(kind)}`);
  }
  return toOutcome(given.name, differences);
}

async function runPair(folder: string, pair: Pair): Promise<CaseOutcome> {
  const object = readFileSync(join(folder, pair.object_file));
  const content = readFileSync(join(folder, pair.key_file));
  const verdict = await judge(pair.kind, object, [{ name: pair.secret_entry, content }]);
  return toOutcome(`${pair.object_file} with ${pair.key_file}`, compare(verdict, pair.expect));
}

async function judge(
  kind: 'commit' | 'tag',
  object: Uint8Array,
  entries: readonly SecretEntry[],
): Promise<Verdict> {
  const keyring = await openKeyring(entries);
  return kind === 'tag' ? verifyTag(object, keyring, NOW) : verifyCommit(object, keyring, NOW);
}

function compare(verdict: Verdict, expected: Expectation): string[] {
  if (verdict.accepted !== expected.ok) {
    return [verdict.accepted ? 'refused, got accepted' : `accepted, got ${verdict.error}`];
  }
  if (!verdict.accepted) {
    if (expected.error === null || isSameError(verdict.error, expected.error)) return [];
    return [`${JSON.stringify(expected.error)}, got ${JSON.stringify(verdict.error)}`];
  }
  const keys = expected.key_any_of ?? [expected.key];
  return keys.includes(verdict.key.id) ? [] : [`key ${keys.join(' or ')}, got ${verdict.key.id}`];
}

/** What Go's parsers say beyond these words is theirs: only that they failed is compared. */
const GO_PARSERS = [
  'unable to read armored key ring: ',
  'unable to unarmor SSH signature: ',
  'unable to parse authorized key: ',
];

function isSameError(got: string, expected: string): boolean {
  const parser = GO_PARSERS.find((text) => expected.includes(text));
  if (parser === undefined) return got === expected;
  const end = expected.indexOf(parser) + parser.length;
  return got.slice(0, end) === expected.slice(0, end);
}

function toOutcome(name: string, differences: readonly string[]): CaseOutcome {
  return differences.length === 0
    ? { name }
    : { name, failure: `expected ${differences.join('; ')}` };
}

function readLines(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
