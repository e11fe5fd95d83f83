import { type Located, LocatedMap, LocatedScalar } from '../model/located.ts';
import { type Behavior, NO_NOTES, type Notes } from './draft.ts';
import { replaceField } from './fields.ts';
import { textOf } from './scalar.ts';

/*
 * Kustomize keeps its notes about an object in annotations of it while it builds. Here they stand
 * beside the object; they are written into it only where something could see or lose them: a patch
 * of the annotations as a whole, say.
 */

const DOMAIN = 'internal.config.kubernetes.io/';
const NAMES = `${DOMAIN}previousNames`;
const NAMESPACES = `${DOMAIN}previousNamespaces`;
const KINDS = `${DOMAIN}previousKinds`;
const PREFIXES = `${DOMAIN}prefixes`;
const SUFFIXES = `${DOMAIN}suffixes`;
const BEHAVIOR = `${DOMAIN}generatorBehavior`;
const NEEDS_HASH = `${DOMAIN}needsHashSuffix`;

/** Annotations that are removed from every object at the end of a build. */
const REMOVED = new Set([
  ...[NAMES, NAMESPACES, KINDS, PREFIXES, SUFFIXES, BEHAVIOR, NEEDS_HASH],
  ...['allowNameChange', 'allowKindChange', 'refBy', 'path', 'index', 'seqindent', 'id'].map(
    (name) => DOMAIN + name,
  ),
  `${DOMAIN}annotations-migration-resource-id`,
  `${DOMAIN}helm-generated`,
  ...['config.kubernetes.io/path', 'config.kubernetes.io/index', 'config.k8s.io/id'],
]);

/** The object with its notes as annotations. */
export function withNotes(root: LocatedMap, notes: Notes): LocatedMap {
  const annotations = Object.entries(toAnnotations(notes));
  const metadata = root.map('metadata');
  if (metadata === undefined || annotations.length === 0) return root;
  let map = metadata.map('annotations') ?? new LocatedMap([], metadata);
  for (const [key, text] of annotations) {
    map = replaceField(map, key, new LocatedScalar(text, metadata));
  }
  return replaceField(root, 'metadata', replaceField(metadata, 'annotations', map));
}

function toAnnotations(notes: Notes): Record<string, string> {
  const { previous, prefixes, suffixes, behavior, needsHash, others } = notes;
  return {
    ...others,
    ...(previous.length > 0 && {
      [NAMES]: previous.map(({ name }) => name).join(','),
      [NAMESPACES]: previous.map(({ effectiveNamespace }) => effectiveNamespace).join(','),
      [KINDS]: previous.map(({ kind }) => kind).join(','),
    }),
    ...(prefixes.length > 0 && { [PREFIXES]: prefixes.join(',') }),
    ...(suffixes.length > 0 && { [SUFFIXES]: suffixes.join(',') }),
    ...(behavior !== undefined && { [BEHAVIOR]: behavior }),
    ...(needsHash && { [NEEDS_HASH]: 'enabled' }),
  };
}

/** Takes notes out of an object's annotations. Most objects have none and come back as they are. */
export function takeNotes(root: LocatedMap): { root: LocatedMap; notes: Notes } {
  const metadata = root.map('metadata');
  const annotations = metadata?.map('annotations');
  if (!metadata || !annotations?.entries.some(({ key }) => REMOVED.has(key))) {
    return { root, notes: NO_NOTES };
  }
  const found = new Map<string, string>();
  const kept = annotations.entries.filter(({ key, value }) => {
    if (REMOVED.has(key)) found.set(key, textOf(value));
    return !REMOVED.has(key);
  });
  const rest: Located = annotations.withEntries(kept);
  const without =
    kept.length > 0 ? replaceField(metadata, 'annotations', rest) : metadata.without('annotations');
  return { root: replaceField(root, 'metadata', without), notes: toNotes(found) };
}

function toNotes(annotations: Map<string, string>): Notes {
  const take = (key: string): string[] => {
    const text = annotations.get(key);
    annotations.delete(key);
    return text === undefined ? [] : text.split(',');
  };
  const names = take(NAMES);
  const namespaces = take(NAMESPACES);
  const kinds = take(KINDS);
  const [behavior] = take(BEHAVIOR);
  return {
    ...NO_NOTES,
    previous: names.map((name, at) => ({
      name,
      effectiveNamespace: namespaces[at] ?? '',
      kind: kinds[at] ?? '',
    })),
    prefixes: take(PREFIXES),
    suffixes: take(SUFFIXES),
    behavior: behavior === undefined ? undefined : toBehavior(behavior),
    needsHash: take(NEEDS_HASH)[0] === 'enabled',
    others: Object.fromEntries(annotations),
  };
}

export function toBehavior(text: string): Behavior {
  return text === 'create' || text === 'replace' || text === 'merge' ? text : 'unspecified';
}
