import type { LocatedMap } from '../model/located.ts';
import { groupOf, type Resource } from '../model/resource.ts';

const KUSTOMIZE_GROUP = 'kustomize.toolkit.fluxcd.io';
const SOURCE_GROUP = 'source.toolkit.fluxcd.io';

/** Kinds that a Kustomization may name as its source. */
export const SOURCE_KINDS = ['GitRepository', 'OCIRepository', 'Bucket', 'ExternalArtifact'];

/** A Flux Kustomization of any version. */
export function isKustomization({ apiVersion, kind }: Resource): boolean {
  return kind === 'Kustomization' && groupOf(apiVersion) === KUSTOMIZE_GROUP;
}

/** The object by which the Flux Operator installs Flux and its first Kustomization. */
export function isFluxInstance({ apiVersion, kind }: Resource): boolean {
  return kind === 'FluxInstance' && groupOf(apiVersion) === 'fluxcd.controlplane.io';
}

export function isSource({ apiVersion, kind }: Resource): boolean {
  return groupOf(apiVersion) === SOURCE_GROUP && SOURCE_KINDS.includes(kind);
}

export function isHelmRelease({ apiVersion, kind }: Resource): boolean {
  return kind === 'HelmRelease' && groupOf(apiVersion) === 'helm.toolkit.fluxcd.io';
}

/** The `spec` of an object, where it is a map. */
export function specOf({ root }: Resource): LocatedMap | undefined {
  return root.map('spec');
}

/** Where Flux's own objects live when nothing says otherwise. */
export const FLUX_NAMESPACE = 'flux-system';

/** Identifies an object among those of its kind: `flux-system/apps`. */
export function keyOf({ namespace, name }: Resource): string {
  return `${namespace ?? FLUX_NAMESPACE}/${name}`;
}

/** Whether a boolean field is set. */
export function isTrue(map: LocatedMap | undefined, field: string): boolean {
  const value = map?.get(field);
  return value?.kind === 'scalar' && value.value === true;
}
