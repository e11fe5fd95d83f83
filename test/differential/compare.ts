import { isDeepStrictEqual } from 'node:util';

import { toPlain } from '../../src/model/located.ts';
import { SourceText } from '../../src/model/source.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import type { OurBuild } from './ours.ts';
import type { ProgramResult } from './program.ts';

/** How two builds compare; the first three are no fault of ours. */
export const VERDICTS = [
  ...(['agreed', 'both failed', 'incomplete'] as const),
  ...(['differed', 'only ours failed', 'only theirs failed'] as const),
] as const;

export type Verdict = (typeof VERDICTS)[number];

export interface Comparison {
  readonly verdict: Verdict;
  /** The first difference, or why one failed. */
  readonly difference?: string;
}

/** @param theirs absent where ours is incomplete */
export function compareBuilds(ours: OurBuild, theirs: ProgramResult | undefined): Comparison {
  if (theirs === undefined) return { verdict: 'incomplete' };
  if ('error' in theirs) {
    return ours.error === ''
      ? { verdict: 'only theirs failed', difference: lastLine(theirs.error) }
      : { verdict: 'both failed' };
  }
  if (ours.error !== '') return { verdict: 'only ours failed', difference: ours.error };
  const difference = firstDifference(objectsOf(ours.output), objectsOf(theirs.output));
  return difference === undefined ? { verdict: 'agreed' } : { verdict: 'differed', difference };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
}

/** Objects by what tells them apart. */
function objectsOf(text: string): Map<string, unknown> {
  const { documents, problems } = parseYaml(new SourceText('output', text), 'kubernetes');
  const [problem] = problems;
  if (problem) throw new Error(`The output cannot be read: ${problem.message}`);
  const objects = new Map<string, unknown>();
  for (const document of documents) {
    const object = toPlain(document) as {
      apiVersion?: string;
      kind?: string;
      metadata?: { name?: string; namespace?: string };
    };
    const { apiVersion = '', kind = '', metadata } = object;
    const name = `${apiVersion} ${kind} ${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
    objects.set(objects.has(name) ? `${name} (again)` : name, object);
  }
  return objects;
}

function firstDifference(
  ours: ReadonlyMap<string, unknown>,
  theirs: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const [name, object] of theirs) {
    if (!ours.has(name)) return `${name} is missing in ours`;
    const difference = compare(ours.get(name), object, '');
    if (difference !== undefined) return `${name}${difference}`;
  }
  for (const name of ours.keys()) if (!theirs.has(name)) return `${name} is in ours only`;
  return undefined;
}

function compare(ours: unknown, theirs: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(ours, theirs) || isSameMaker(ours, theirs)) return undefined;
  if (isContainer(ours) && isContainer(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
      const difference = compare(ours[key], theirs[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return `${path}: ours ${word(ours)}, theirs ${word(theirs)}`;
}

/** What `buildMetadata: [managedByLabel]` names: the release of whoever builds. */
function isSameMaker(ours: unknown, theirs: unknown): boolean {
  return [ours, theirs].every(
    (label) => typeof label === 'string' && /^kustomize-(?:v\d+\.\d+\.\d+|\(devel\))$/.test(label),
  );
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function word(value: unknown): string {
  return value === undefined ? 'has nothing' : JSON.stringify(value).slice(0, 300);
}
