import type { LocatedMap } from '../model/located.ts';
import type { Site } from '../model/source.ts';
import { idOf, type PreviousId, type ResourceId } from './resource-id.ts';
import type { Schemas } from './schema/schema.ts';

/** What a generator wants to do with an object of the same id. */
export type Behavior = 'unspecified' | 'create' | 'replace' | 'merge';

/**
 * What kustomize notes about an object in annotations while it builds, and removes at the end.
 * Here it stands beside the object.
 */
export interface Notes {
  /** Ids before renames and moves, oldest first. */
  readonly previous: readonly PreviousId[];
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
  /** Set for generated objects only. */
  readonly behavior: Behavior | undefined;
  readonly needsHash: boolean;
  /** Names of the `vars` that read this object. */
  readonly variables: readonly string[];
  /** Other internal annotations that a file or a patch brought along. */
  readonly others: Readonly<Record<string, string>>;
}

/** An object while the build works on it. Immutable: bases are shared between overlays. */
export interface Draft {
  readonly root: LocatedMap;
  readonly id: ResourceId;
  readonly notes: Notes;
  /** The file that the object came from, or that asks for it to be generated. */
  readonly file: string;
  /** Where the object was written, for problems about the whole of it. */
  readonly site: Site;
  /** Nodes at least; the bound on the size of a build adds these up. */
  readonly size: number;
}

/** Nodes of one object: copies of copies would double it with every line. */
export const MAX_OBJECT_NODES = 1_000_000;

/** Characters of one value that transformers put together. */
export const MAX_VALUE_LENGTH = 8 * 1024 * 1024;

export const NO_NOTES: Notes = {
  previous: [],
  prefixes: [],
  suffixes: [],
  behavior: undefined,
  needsHash: false,
  variables: [],
  others: {},
};

/** The draft with another root; its id is read again. */
export function withRoot(draft: Draft, root: LocatedMap, schemas: Schemas): Draft {
  if (root === draft.root) return draft;
  const hasSameId =
    root.get('metadata') === draft.root.get('metadata') &&
    root.get('kind') === draft.root.get('kind') &&
    root.get('apiVersion') === draft.root.get('apiVersion');
  return { ...draft, root, id: hasSameId ? draft.id : idOf(root, schemas) };
}

/** The draft with its present id among the previous ones. */
export function storePreviousId(draft: Draft): Draft {
  const { kind, name, effectiveNamespace } = draft.id;
  if (name === '') return draft;
  const previous = [...draft.notes.previous, { kind, name, effectiveNamespace }];
  return { ...draft, notes: { ...draft.notes, previous } };
}

/** The first id of the object. Its group and version are today's. */
export function originalId({ id, notes }: Draft): ResourceId {
  const first = notes.previous[0];
  return first === undefined ? id : { ...id, ...first, namespace: first.effectiveNamespace };
}

/** Every id that the object has or had, oldest first. */
export function allIds({ id, notes }: Draft): ResourceId[] {
  return [
    ...notes.previous.map((previous) => ({
      ...id,
      ...previous,
      namespace: previous.effectiveNamespace,
    })),
    id,
  ];
}
