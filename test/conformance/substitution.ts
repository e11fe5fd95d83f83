import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { substitute } from '../../src/flux/substitution/substitute.ts';
import type { KnownVariable } from '../../src/flux/substitution/variables.ts';
import { type LocatedMap, toPlain } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { CaseOutcome, ConformanceSet } from './sets.ts';

interface SubstitutionCase {
  readonly yaml: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly strict: boolean;
  readonly always?: boolean;
  readonly output: string | null;
  readonly error: string | null;
}

/** Objects after Flux's post-build substitution, or its message up to what the YAML reader says. */
export const substitution: ConformanceSet = {
  name: 'substitution',
  *run(folder) {
    for (const line of readFileSync(join(folder, 'cases.jsonl'), 'utf8').split('\n')) {
      if (line !== '') yield runCase(JSON.parse(line) as SubstitutionCase);
    }
  },
};

function runCase(expected: SubstitutionCase): CaseOutcome {
  const name = JSON.stringify([expected.yaml, expected.vars, expected.strict]);
  const got = describe(expected);
  const wanted =
    expected.output === null
      ? comparable(expected.error ?? '')
      : canonical(toPlain(parse(expected.output, 'kubernetes')));
  return got === wanted ? { name } : { name, failure: `expected ${wanted}, got ${got}` };
}

function describe({ yaml, vars, strict, always = false }: SubstitutionCase): string {
  const object = parse(yaml, 'kustomize');
  const named = new Map<string, KnownVariable>();
  for (const [name, value] of Object.entries(vars)) named.set(name, { value, site: object });
  const result = substitute(object, { named }, { strict, always });
  if ('error' in result) return comparable(result.error);
  return 'object' in result ? canonical(toPlain(result.object)) : 'unknown';
}

function parse(yaml: string, dialect: 'kustomize' | 'kubernetes'): LocatedMap {
  const { documents, problems } = parseYaml(new SourceText('case.yaml', yaml), dialect);
  const [document] = documents;
  if (document?.kind !== 'map') throw new Error(problems[0]?.message ?? 'the case holds no object');
  return document;
}

function comparable(error: string): string {
  return error.replace(/(YAMLToJSON: ).*/s, '$1');
}

/** JSON with sorted keys: maps compare without order, scalars with their type and whole size. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `the number ${String(part)}`;
    return typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  });
}
