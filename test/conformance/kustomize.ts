import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { build } from '../../src/kustomize/build.ts';
import { BuildCache } from '../../src/kustomize/cache.ts';
import { renderYaml } from '../../src/kustomize/print/render.ts';
import { toPlain } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { CaseOutcome, ConformanceSet } from './sets.ts';

interface KustomizeCase {
  readonly name: string;
  /** The folder to build, relative to the case's own; always in `in/`, which is the repository. */
  readonly build: string;
}

/** Whole overlays against Flux's own build: documents in order, or only that it fails. */
export const kustomize: ConformanceSet = {
  name: 'kustomize',
  *run(folder) {
    const cases = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as KustomizeCase[];
    for (const each of cases) yield runCase(join(folder, each.name), each);
  },
};

function runCase(folder: string, { name, build: directory }: KustomizeCase): CaseOutcome {
  const got = describe(folder, directory.replace(/^in\/?/, ''));
  const wanted = expectedOf(folder);
  if (wanted === undefined || got.documents === undefined) {
    if (wanted === got.documents) return { name };
    const failure = wanted === undefined ? 'expected a failure' : `expected no failure: ${got.why}`;
    return { name, failure };
  }
  if (wanted.length !== got.documents.length) {
    return { name, failure: `expected ${wanted.length} documents, got ${got.documents.length}` };
  }
  for (const [at, document] of wanted.entries()) {
    const other = got.documents[at] ?? '';
    if (document !== other) return { name, failure: `expected ${document}, got ${other}` };
  }
  return { name };
}

/** Documents as comparable texts; undefined where the build fails. */
function describe(
  folder: string,
  directory: string,
): { documents: readonly string[] | undefined; why: string } {
  const root = join(folder, 'in');
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[relative(root, path)] = readFileSync(path);
  }
  const { resources, problems } = build(memoryTree(files), directory, new BuildCache());
  const why = problems.map(({ message, place }) => `${place.path}:${place.line}: ${message}`);
  return {
    documents: problems.length > 0 ? undefined : documentsOf(renderYaml(resources)),
    why: why.join(' '),
  };
}

/** Flux's answer, which is kubectl's where it has none of its own. */
function expectedOf(folder: string): readonly string[] | undefined {
  for (const [answer, error] of [
    ['flux.yaml', 'flux-error.txt'],
    ['expected.yaml', 'error.txt'],
  ] as const) {
    if (existsSync(join(folder, answer))) {
      return documentsOf(readFileSync(join(folder, answer), 'utf8'));
    }
    if (existsSync(join(folder, error))) return undefined;
  }
  throw new Error(`${folder} holds no answer.`);
}

function documentsOf(text: string): readonly string[] {
  const { documents, problems } = parseYaml(new SourceText('output.yaml', text), 'kubernetes');
  const [problem] = problems;
  if (problem) throw new Error(problem.message);
  return documents.map((document) => canonical(toPlain(document)));
}

/** JSON with sorted keys: maps compare without order, scalars with their type. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
