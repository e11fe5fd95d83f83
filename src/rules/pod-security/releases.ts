import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { type FieldPath, placeOf } from '../../model/field-path.ts';
import { groupOf } from '../../model/resource.ts';
import type { Place } from '../../model/source.ts';

/** A HelmRelease: its chart is not rendered here, and makes pods all the same. */
export interface Release {
  readonly object: ClusterObject;
  /** Where it says which namespace, or that the namespace is to be created. */
  readonly place: Place;
}

/** HelmReleases by the namespace that their charts are installed in. */
export function releasesByNamespace({ objects }: Cluster): ReadonlyMap<string, readonly Release[]> {
  const found = new Map<string, Release[]>();
  for (const object of objects) {
    const { kind, apiVersion, root } = object.resource;
    if (kind !== 'HelmRelease' || groupOf(apiVersion) !== 'helm.toolkit.fluxcd.io') continue;
    const target = targetOf(object);
    if (target === undefined) continue;
    const release = { object, place: placeOf(root, target.path) };
    found.set(target.namespace, [...(found.get(target.namespace) ?? []), release]);
  }
  return found;
}

function targetOf({
  resource: { root, namespace: written },
  namespace,
}: ClusterObject): { namespace: string; path: FieldPath } | undefined {
  const spec = root.map('spec');
  const target = spec?.get('targetNamespace');
  const creates = spec?.map('install')?.get('createNamespace');
  const isCreated = creates?.kind === 'scalar' && creates.value === true;
  const path = isCreated ? ['spec', 'install', 'createNamespace'] : undefined;
  if (target !== undefined) {
    // A value that comes from outside is no name.
    if (target.kind !== 'scalar' || typeof target.value !== 'string') return undefined;
    return { namespace: target.value, path: path ?? ['spec', 'targetNamespace'] };
  }
  if (namespace === undefined || written === undefined) return undefined;
  return { namespace, path: path ?? ['metadata', 'namespace'] };
}
