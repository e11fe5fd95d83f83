import { type FieldPath, valueAt } from '../model/field-path.ts';
import type { LocatedMap } from '../model/located.ts';

/** Fields of a post renderer's kustomization that hold patches. */
export const PATCH_FIELDS = ['patches', 'patchesStrategicMerge', 'patchesJson6902'] as const;

/** What a HelmRelease lets kustomize do to what its chart renders. */
export interface PostRenderer {
  readonly kustomize: LocatedMap;
  readonly path: FieldPath;
}

/** The post renderers of a HelmRelease, in their order. @param root the whole object */
export function postRenderersOf(root: LocatedMap): PostRenderer[] {
  const renderers = valueAt(root, ['spec', 'postRenderers']);
  if (renderers?.kind !== 'list') return [];
  return renderers.items.flatMap((renderer, at) => {
    const kustomize = renderer.kind === 'map' ? renderer.map('kustomize') : undefined;
    return kustomize ? { kustomize, path: ['spec', 'postRenderers', at, 'kustomize'] } : [];
  });
}
