import { type Located, type LocatedMap, LocatedScalar } from '../model/located.ts';
import type { Site, SourceText } from '../model/source.ts';
import { parseManifests } from '../yaml/file-source.ts';
import type { BuildProblemCode } from './problem.ts';
import { rebuild } from './rebuild.ts';
import { isNilOrEmpty, textOf } from './scalar.ts';

/** An object of a file. */
export interface ManifestObject {
  readonly root: LocatedMap;
  /** Nodes of the object. */
  readonly size: number;
}

export interface ManifestFault {
  readonly code: BuildProblemCode;
  readonly message: string;
  readonly site: Site;
}

/** The objects of a text, or why it is no list of objects. */
export type Manifests =
  | { readonly objects: readonly ManifestObject[]; readonly fault?: undefined }
  | { readonly objects: readonly []; readonly fault: ManifestFault };

const known = new WeakMap<SourceText, Manifests>();

/** The objects of a source, read once. */
export function readManifests(source: SourceText): Manifests {
  let manifests = known.get(source);
  if (manifests === undefined) {
    manifests = read(source);
    known.set(source, manifests);
  }
  return manifests;
}

/**
 * Reads Kubernetes objects as kustomize does (api `resource/factory.go`): empty documents do not
 * count, every other one must have a kind and a name, and lists are replaced by their items.
 */
function read(source: SourceText): Manifests {
  const { documents, problems } = parseManifests(source);
  const [problem] = problems;
  if (problem) return { objects: [], fault: { ...problem, code: 'bad-yaml', site: problem } };
  const [only] = documents;
  const isList = documents.length === 1 && only !== undefined && isPlainList(only);
  const items = isList ? only.list('items')?.items : undefined;
  const objects: ManifestObject[] = [];
  // Items of a list come after everything else in the file, and may be lists again.
  const waiting: Located[] = [...(items ?? documents)];
  for (const node of waiting) {
    if (isNilOrEmpty(node)) continue;
    const fault = findFault(node);
    if (fault || node.kind !== 'map') {
      return { objects: [], fault: fault ?? notAnObject(node) };
    }
    const inner = node.entry('items')?.value;
    if (!textOf(node.get('kind')).endsWith('List') || inner === undefined) {
      objects.push({ root: node, size: countNodes(node) });
    } else if (inner.kind === 'list') {
      for (const item of inner.items) waiting.push(valuesOnly(item));
    } else if (!isNilOrEmpty(inner)) {
      const message = `The items of a ${textOf(node.get('kind'))} must be a list.`;
      return { objects: [], fault: { code: 'not-a-resource', message, site: inner } };
    }
  }
  return { objects };
}

/** The two kinds of list that the reader itself opens, where they are alone in the file. */
function isPlainList(node: Located): node is LocatedMap {
  if (node.kind !== 'map') return false;
  const kind = textOf(node.get('kind'));
  return (kind === 'List' || kind === 'ResourceList') && node.list('items') !== undefined;
}

function findFault(node: Located): ManifestFault | undefined {
  if (node.kind !== 'map') return notAnObject(node);
  const kind = textOf(node.get('kind'));
  if (kind === '' || isNilOrEmpty(node.get('kind'))) {
    const message = 'This document is no Kubernetes object: it has no kind.';
    return { code: 'not-a-resource', message, site: firstLine(node) };
  }
  const name = node.map('metadata')?.get('name');
  if (
    kind.endsWith('List') ||
    (name?.kind === 'scalar' && textOf(name) !== '' && !isNilOrEmpty(name))
  ) {
    return undefined;
  }
  const message = `This ${kind} has no metadata.name, which kustomize needs of every object.`;
  return { code: 'not-a-resource', message, site: firstLine(node) };
}

function notAnObject(node: Located): ManifestFault {
  const word = node.kind === 'list' ? 'a list' : 'a single value';
  const message = `This document is ${word}, not a Kubernetes object.`;
  return { code: 'not-a-resource', message, site: firstLine(node) };
}

function firstLine(node: Located): Site {
  const lineEnd = node.source.text.indexOf('\n', node.start);
  const end = lineEnd === -1 ? node.end : Math.min(node.end, lineEnd);
  return { source: node.source, start: node.start, end };
}

/** Items of lists pass through JSON: their numbers lose the way they were written. */
function valuesOnly(node: Located): Located {
  if (node.kind !== 'scalar') return rebuild(node, valuesOnly);
  return node.raw === undefined ? node : new LocatedScalar(node.value, node, node.trace);
}

export function countNodes(node: Located): number {
  if (node.kind === 'scalar') return 1;
  let count = 1;
  if (node.kind === 'list') for (const item of node.items) count += countNodes(item);
  else for (const { value } of node.entries) count += countNodes(value);
  return count;
}

/**
 * Nodes of a value, counted up to a bound: copies share what they copy, so that an object of a few
 * nodes in memory may have more of them than could ever be walked.
 */
export function countNodesUpTo(node: Located, bound: number): number {
  if (node.kind === 'scalar' || bound <= 1) return 1;
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  let count = 1;
  for (const child of children) {
    if (count >= bound) break;
    count += countNodesUpTo(child, bound - count);
  }
  return count;
}
