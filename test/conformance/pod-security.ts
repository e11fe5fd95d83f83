import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { load } from 'js-yaml';

import {
  denialText,
  findingsText,
  reasonsText,
} from '../../src/rules/pod-security/admission-text.ts';
import { type DecodedPod, decodePod } from '../../src/rules/pod-security/decode-pod.ts';
import { applyDefaults, type Defaulting } from '../../src/rules/pod-security/defaulting.ts';
import { evaluatePod, forbiddenBy } from '../../src/rules/pod-security/evaluate.ts';
import { type Level, isLevel } from '../../src/rules/pod-security/level.ts';
import {
  type ModePolicies,
  resolveNamespacePolicy,
} from '../../src/rules/pod-security/namespace-policy.ts';
import { type Policy, policyText } from '../../src/rules/pod-security/policy.ts';
import {
  LATEST,
  parseVersion,
  type PolicyVersion,
  versionOfMinor,
} from '../../src/rules/pod-security/version.ts';
import type { CaseOutcome, ConformanceSet } from './sets.ts';

/** Answers of the admission library: pods with their verdict and text, namespaces with their policy. */
export const podSecurity: ConformanceSet = {
  name: 'pod-security',
  *run(folder) {
    yield* runFixtures(folder, 'index.jsonl');
    yield* runFixtures(folder, 'matrix.jsonl');
    yield* runEdgeCases(folder);
    yield* runRandomPods(folder);
    yield* runLabels(folder);
  },
};

interface Answer {
  /** `["v1.0", "v1.37"]` or `v1.0-v1.37`, inclusive. */
  versions: [string, string] | string;
  allowed: boolean;
  checks: string[];
  detail: string;
  reasons?: string;
}

interface Fixture {
  file: string;
  level: Level;
  expect: Answer[] | Record<string, Answer[]>;
}

interface EdgeCase {
  id: string;
  pod: unknown;
  expect: Record<string, Answer[]>;
}

interface RandomPod {
  id: string;
  level: Level;
  version: string;
  pod: unknown;
  allowed: boolean;
  checks: string[];
  message: string;
}

interface LabelSet {
  defaults: string;
  labels: Record<string, string>;
  enforce: string;
  audit: string;
  warn: string;
  errors: string[];
}

function* runFixtures(folder: string, index: string): Generator<CaseOutcome> {
  for (const fixture of readLines<Fixture>(join(folder, 'fixtures', index))) {
    const pod: unknown = load(readFileSync(join(folder, 'fixtures', fixture.file), 'utf8'));
    const expected = Array.isArray(fixture.expect)
      ? { [fixture.level]: fixture.expect }
      : fixture.expect;
    yield* runAnswers(`${index} ${fixture.file}`, pod, expected, 'volumes');
  }
}

function* runEdgeCases(folder: string): Generator<CaseOutcome> {
  for (const { id, pod, expect } of readLines<EdgeCase>(join(folder, 'edge/edge-cases.jsonl'))) {
    yield* runAnswers(`edge-cases ${id}`, pod, expect, 'none');
  }
}

/** One case for each level and version that an answer covers. */
function* runAnswers(
  name: string,
  value: unknown,
  expected: Record<string, Answer[]>,
  defaulting: Defaulting,
): Generator<CaseOutcome> {
  const decoded = read(value, defaulting);
  for (const [level, answers] of Object.entries(expected)) {
    if (!isLevel(level)) throw new Error(`${name}: no level "${level}"`);
    for (const { versions, allowed, checks, detail, reasons } of answers) {
      for (const minor of minorsOf(versions)) {
        const policy = { level, version: versionOfMinor(minor) };
        const got = judge(decoded, policy);
        yield compare(
          `${name} at ${policyText(policy)}`,
          { allowed, checks, detail, reasons: reasons ?? got.reasons },
          { allowed: got.allowed, checks: got.checks, detail: got.detail, reasons: got.reasons },
        );
      }
    }
  }
}

function* runRandomPods(folder: string): Generator<CaseOutcome> {
  for (const line of readLines<RandomPod>(join(folder, 'edge/random-golden.jsonl'))) {
    const { id, level, version, pod, allowed, checks, message } = line;
    const policy = { level, version: parsed(version) };
    const got = judge(read(pod, 'none'), policy);
    yield compare(
      `random-golden ${id} at ${policyText(policy)}`,
      { allowed, checks, message },
      { allowed: got.allowed, checks: got.checks, message: got.denial },
    );
  }
}

function* runLabels(folder: string): Generator<CaseOutcome> {
  for (const line of readLines<LabelSet>(join(folder, 'edge/labels-golden.jsonl'))) {
    const { defaults, labels, ...expected } = line;
    const { enforce, audit, warn, errors } = resolveNamespacePolicy(labels, readDefaults(defaults));
    yield compare(`labels-golden ${defaults} ${JSON.stringify(labels)}`, expected, {
      enforce: policyText(enforce),
      audit: policyText(audit),
      warn: policyText(warn),
      errors: errors.map(({ message }) => message),
    });
  }
}

function read(value: unknown, defaulting: Defaulting): DecodedPod {
  const decoded = decodePod(value);
  const pod = decoded.pod && applyDefaults(decoded.pod, defaulting, { object: 'pod' });
  return { ...decoded, pod };
}

/** What the engine says of a pod, in the words of the answers. */
function judge({ pod, errors }: DecodedPod, policy: Policy) {
  if (pod === undefined) {
    const detail = errors.map(({ message }) => message).join(', ');
    return { allowed: false, checks: [], detail, reasons: '', denial: detail };
  }
  const evaluation = evaluatePod(pod, policy);
  const allowed = evaluation.verdict === 'allowed';
  return {
    allowed,
    checks: forbiddenBy(evaluation).map(({ check }) => check.id),
    detail: findingsText(evaluation),
    reasons: reasonsText(evaluation),
    denial: allowed ? '' : denialText(evaluation),
  };
}

function compare(name: string, expected: unknown, got: unknown): CaseOutcome {
  if (isDeepStrictEqual(expected, got)) return { name };
  return { name, failure: `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}` };
}

function readLines<Line>(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

function minorsOf(versions: [string, string] | string): number[] {
  const [first = '', last = first] = typeof versions === 'string' ? versions.split('-') : versions;
  const from = parsed(first).minor;
  return Array.from({ length: parsed(last).minor - from + 1 }, (_, index) => from + index);
}

function parsed(text: string): PolicyVersion {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`no policy version: ${text}`);
  return version;
}

/** Reads `enforce baseline:v1.30, audit+warn restricted:latest` or `privileged:latest everywhere`. */
function readDefaults(text: string): ModePolicies {
  const byMode = new Map<string, Policy>();
  for (const part of text.split(', ')) {
    const [first = '', second = ''] = part.split(' ');
    const [modes, policy] =
      second === 'everywhere' ? ['enforce+audit+warn', first] : [first, second];
    const [level = '', version = ''] = policy.split(':');
    if (!isLevel(level)) throw new Error(`no defaults: ${text}`);
    for (const mode of modes.split('+')) byMode.set(mode, { level, version: parsed(version) });
  }
  const modeOf = (mode: string) => byMode.get(mode) ?? { level: 'privileged', version: LATEST };
  return {
    enforce: modeOf('enforce'),
    audit: modeOf('audit'),
    warn: modeOf('warn'),
  };
}
