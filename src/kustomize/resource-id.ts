import type { LocatedMap } from '../model/located.ts';
import type { Schemas } from './schema/schema.ts';
import { textOf } from './scalar.ts';

/** Group, version and kind; an empty part of a selector stands for any. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What tells objects apart, as kustomize counts it (kyaml `resid`). */
export interface ResourceId extends Gvk {
  readonly name: string;
  /** As written; empty when the object has none. */
  readonly namespace: string;
  /** The namespace that counts: `default` for none, NO_NAMESPACE for cluster-scoped kinds. */
  readonly effectiveNamespace: string;
}

/** An id that an object had earlier in the build. The group and version never change. */
export interface PreviousId {
  readonly kind: string;
  readonly name: string;
  readonly effectiveNamespace: string;
}

/** Kustomize's own name for the namespace of cluster-scoped objects; shows in its errors. */
export const NO_NAMESPACE = '_non_namespaceable_';

export const DEFAULT_NAMESPACE = 'default';

/** Splits at the first slash, so `a/b/v1` has the version `b/v1` as in kustomize. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function idOf(root: LocatedMap, schemas: Schemas): ResourceId {
  const apiVersion = textOf(root.get('apiVersion'));
  const kind = textOf(root.get('kind'));
  const metadata = root.map('metadata');
  const namespace = metaText(metadata, 'namespace');
  const isClusterScoped = schemas.isClusterScoped(apiVersion, kind);
  return {
    ...parseApiVersion(apiVersion),
    kind,
    name: metaText(metadata, 'name'),
    namespace,
    effectiveNamespace: isClusterScoped ? NO_NAMESPACE : namespace || DEFAULT_NAMESPACE,
  };
}

function metaText(metadata: LocatedMap | undefined, field: string): string {
  const node = metadata?.get(field);
  return node?.kind === 'scalar' && node.value !== null ? textOf(node) : '';
}

export function isClusterScoped(id: ResourceId): boolean {
  return id.effectiveNamespace === NO_NAMESPACE;
}

/** Whether a kind is one that a selector means. */
export function isSelected(gvk: Gvk, selector: Gvk): boolean {
  return (
    (selector.group === '' || gvk.group === selector.group) &&
    (selector.version === '' || gvk.version === selector.version) &&
    (selector.kind === '' || gvk.kind === selector.kind)
  );
}

/** Equal keys are equal objects. */
export function keyOfId(id: Omit<ResourceId, 'namespace'>): string {
  return `${id.group}\0${id.version}\0${id.kind}\0${id.name}\0${id.effectiveNamespace}`;
}

/** The id as people read it: `Deployment/shop/web`. */
export function wordId({ kind, name, namespace }: Omit<ResourceId, 'effectiveNamespace'>): string {
  return namespace ? `${kind}/${namespace}/${name}` : `${kind}/${name}`;
}
