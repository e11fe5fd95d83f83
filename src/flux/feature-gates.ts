import type { Located, LocatedMap } from '../model/located.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { instanceSpecOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease } from './kinds.ts';
import type { ManifestFile } from './manifests.ts';

const CONTROLLER = 'kustomize-controller';
const FLAG = '--feature-gates=';

/**
 * What the files say of a feature gate of kustomize-controller: in the arguments of its Deployment,
 * or in patches of it by a kustomization or a FluxInstance. A patch counts above the Deployment, and
 * the last word above others; undefined where nothing is said and the default holds.
 */
export function featureGateOf(files: readonly ManifestFile[], gate: string): boolean | undefined {
  let written: boolean | undefined;
  let patched: boolean | undefined;
  for (const resource of files.flatMap(({ resources }) => resources)) {
    if (resource.kind === 'Deployment' && resource.name === CONTROLLER) {
      written = gateIn(resource.root, gate) ?? written;
    }
    for (const patch of patchesOf(resource)) patched = gateIn(patch, gate) ?? patched;
  }
  return patched ?? written;
}

/** Patches of the controller's Deployment that an object holds. */
function patchesOf(resource: Resource): Located[] {
  const { apiVersion, kind, root } = resource;
  const isOverlay = kind === 'Kustomization' && groupOf(apiVersion) === 'kustomize.config.k8s.io';
  const isInstance = isFluxInstance(resource) || isHelmRelease(resource);
  const holder = isOverlay ? root : isInstance && instanceSpecOf(resource)?.map('kustomize');
  if (!holder) return [];
  return (holder.list('patches')?.items ?? []).flatMap((item) => {
    const text = item.kind === 'map' ? item.get('patch') : undefined;
    if (item.kind !== 'map' || text?.kind !== 'scalar' || typeof text.value !== 'string') return [];
    if (!text.value.includes(FLAG)) return [];
    const source = new SourceText(text.source.path, text.value, () => text);
    return parseYaml(source, 'kustomize').documents.filter((patch) =>
      isOfController(item.map('target'), patch),
    );
  });
}

/** Targets are patterns: one that names the controller among others is meant too. */
function isOfController(target: LocatedMap | undefined, patch: Located): boolean {
  if (target === undefined) {
    return patch.kind === 'map' && patch.map('metadata')?.text('name') === CONTROLLER;
  }
  if ((target.text('kind') ?? 'Deployment') !== 'Deployment') return false;
  const name = target.text('name');
  return name === undefined || name === '.*' || name.includes(CONTROLLER);
}

/** The gate's value in the arguments anywhere below a node. */
function gateIn(node: Located, gate: string): boolean | undefined {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string' || !node.value.startsWith(FLAG)) return undefined;
    const pairs = node.value.slice(FLAG.length).split(',');
    const value = pairs.findLast((pair) => pair.trim().startsWith(`${gate}=`))?.split('=')[1];
    return value === undefined ? undefined : /^(?:1|t|true)$/i.test(value.trim());
  }
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  let said: boolean | undefined;
  for (const child of children) said = gateIn(child, gate) ?? said;
  return said;
}
