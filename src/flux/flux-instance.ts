import { type Located, LocatedMap, LocatedScalar, toPlain } from '../model/located.ts';
import { type Resource, toResource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { FLUX_NAMESPACE, isHelmRelease, specOf } from './kinds.ts';

/**
 * The Kustomization that the Flux Operator makes of a FluxInstance's `spec.sync`, or of the values
 * of its chart `flux-instance`; undefined where there is no sync.
 */
export function syncOf(resource: Resource): Resource | undefined {
  const instance = instanceSpecOf(resource);
  const sync = instance?.map('sync');
  const path = sync?.get('path');
  if (sync === undefined || path === undefined) return undefined;
  const namespace = resource.namespace ?? FLUX_NAMESPACE;
  const name = sync.text('name') ?? namespace;
  const text = (value: string): Located => new LocatedScalar(value, sync);
  const map = (fields: Record<string, Located | undefined>): LocatedMap =>
    new LocatedMap(
      Object.entries(fields).flatMap(([key, value]) =>
        value ? [{ key, keyStart: value.start, keyEnd: value.start, value }] : [],
      ),
      sync,
    );
  const root = map({
    apiVersion: text('kustomize.toolkit.fluxcd.io/v1'),
    kind: text('Kustomization'),
    metadata: map({ name: text(name), namespace: text(namespace) }),
    spec: patched(
      map({
        path,
        prune: new LocatedScalar(true, sync),
        sourceRef: map({ kind: sync.get('kind') ?? text('GitRepository'), name: text(name) }),
      }),
      instance?.map('kustomize'),
    ),
  });
  return toResource(root);
}

/**
 * The spec of the GitRepository that the Flux Operator makes of a FluxInstance's `spec.sync`, with
 * what its patches say of it: there is no other way to have it verify. Undefined where it syncs from
 * something else.
 */
export function syncSourceSpecOf(resource: Resource): LocatedMap | undefined {
  const instance = instanceSpecOf(resource);
  const sync = instance?.map('sync');
  if (sync?.text('kind') !== 'GitRepository') return undefined;
  return patched(sync, instance?.map('kustomize'), 'GitRepository');
}

/** The address that a FluxInstance syncs from. */
export function syncUrlOf(resource: Resource): string | undefined {
  return instanceSpecOf(resource)?.map('sync')?.text('url');
}

/** The version of Flux that a FluxInstance asks for, as a range: `2.8.x`. */
export function distributionOf(resource: Resource): string | undefined {
  return instanceSpecOf(resource)?.map('distribution')?.text('version');
}

/** The spec of a FluxInstance, or what its chart makes it of. */
export function instanceSpecOf(resource: Resource): LocatedMap | undefined {
  const spec = specOf(resource);
  return isHelmRelease(resource) ? spec?.map('values')?.map('instance') : spec;
}

/**
 * The sync's spec with what `spec.kustomize.patches` say of the kind: fields right below `spec`, as
 * such patches set decryption, variables and verification.
 */
function patched(
  spec: LocatedMap,
  kustomize: LocatedMap | undefined,
  kind = 'Kustomization',
): LocatedMap {
  let result = spec;
  for (const item of kustomize?.list('patches')?.items ?? []) {
    if (item.kind !== 'map') continue;
    const text = item.get('patch');
    if (text?.kind !== 'scalar' || typeof text.value !== 'string') continue;
    const source = new SourceText(text.source.path, text.value, () => text);
    const [patch] = parseYaml(source, 'kustomize').documents;
    const targetKind = item.map('target')?.text('kind');
    if (patch?.kind === 'map' && (targetKind ?? patch.text('kind')) === kind) {
      for (const { key, value } of patch.map('spec')?.entries ?? []) {
        result = result.with(key, value);
      }
    }
    if (patch?.kind !== 'list' || targetKind !== kind) continue;
    for (const operation of patch.items) result = applyOperation(result, operation);
  }
  return result;
}

function applyOperation(spec: LocatedMap, operation: Located): LocatedMap {
  if (operation.kind !== 'map') return spec;
  const field = /^\/spec\/([A-Za-z]+)$/.exec(operation.text('path') ?? '')?.[1];
  const value = operation.get('value');
  const isSet = ['add', 'replace'].includes(String(toPlain(operation.get('op') ?? operation)));
  return field !== undefined && value !== undefined && isSet ? spec.with(field, value) : spec;
}
