import type { LocatedMap } from './located.ts';

/** A Kubernetes object as written or rendered. Every field knows its place. */
export interface Resource {
  readonly root: LocatedMap;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when the object has none (`generateName`). */
  readonly name: string;
  /** As written in the object; absent when it has none. */
  readonly namespace: string | undefined;
  /** The name without a generated hash suffix: what people know the object by. */
  readonly plainName: string;
}

/** The group of an apiVersion: `apps` of `apps/v1`, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.lastIndexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The version of an apiVersion: `v1` of `apps/v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
}

/**
 * A map as a resource; undefined when it has no string `kind` or `apiVersion`, which Kubernetes
 * needs to know what it is.
 */
export function toResource(root: LocatedMap, plainName?: string): Resource | undefined {
  const apiVersion = root.text('apiVersion');
  const kind = root.text('kind');
  if (!apiVersion || !kind) return undefined;
  const metadata = root.map('metadata');
  const name = metadata?.text('name') ?? '';
  const namespace = metadata?.text('namespace');
  return {
    root,
    apiVersion,
    kind,
    name,
    namespace: namespace || undefined,
    plainName: plainName ?? name,
  };
}
