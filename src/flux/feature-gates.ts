import type { FileTree } from '../model/file-tree.ts';
import type { Located, LocatedMap } from '../model/located.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import { SourceText } from '../model/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { instanceSpecOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease } from './kinds.ts';
import type { ManifestFile } from './manifests.ts';
import { directoryOf, joinPath } from './paths.ts';

const CONTROLLER = 'kustomize-controller';
const FLAG = '--feature-gates=';

/**
 * What the files say of a feature gate of kustomize-controller: in the arguments of its Deployment,
 * or in patches of it, in place or in
 * files, by a kustomization or a FluxInstance. A patch counts above the Deployment, and
 * the last word above others; undefined where nothing is said and the default holds.
 */
export function featureGateOf(
  tree: FileTree,
  files: readonly ManifestFile[],
  gate: string,
): boolean | undefined {
  let written: boolean | undefined;
  let patched: boolean | undefined;
  for (const resource of files.flatMap(({ resources }) => resources)) {
    if (resource.kind === 'Deployment' && resource.name === CONTROLLER) {
      written = gateIn(resource.root, gate) ?? written;
    }
    for (const patch of patchesOf(tree, resource)) patched = gateIn(patch, gate) ?? patched;
  }
  return patched ?? written;
}

/** Where kustomizations hold patches; a FluxInstance knows the first only. */
const PATCH_FIELDS = ['patches', 'patchesJson6902', 'patchesStrategicMerge'];

/** Patches of the controller's Deployment that an object holds, or that stand in files it names. */
function patchesOf(tree: FileTree, resource: Resource): Located[] {
  const { apiVersion, kind, root } = resource;
  const isOverlay = kind === 'Kustomization' && groupOf(apiVersion) === 'kustomize.config.k8s.io';
  const isInstance = isFluxInstance(resource) || isHelmRelease(resource);
  const holder = isOverlay ? root : isInstance && instanceSpecOf(resource)?.map('kustomize');
  if (!holder) return [];
  const items = PATCH_FIELDS.flatMap((field) => holder.list(field)?.items ?? []);
  return items.flatMap((item) => {
    const target = item.kind === 'map' ? item.map('target') : undefined;
    const node = item.kind === 'map' ? item.get('patch') : item;
    const text = node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
    const file = item.kind === 'map' ? item.text('path') : text;
    const source =
      (isOverlay && file !== undefined ? fileSource(tree, root.source.path, file) : undefined) ??
      (node && text !== undefined ? new SourceText(node.source.path, text, () => node) : undefined);
    if (!source?.text.includes(FLAG)) return [];
    return parseYaml(source, 'kustomize').documents.filter((patch) =>
      isOfController(target, patch),
    );
  });
}

/** A file that a kustomization names, where it is one. */
function fileSource(tree: FileTree, kustomization: string, name: string): SourceText | undefined {
  if (name.includes('\n')) return undefined;
  const path = joinPath(directoryOf(kustomization), name);
  const content = path === undefined ? undefined : tree.read(path);
  if (path === undefined || content?.state !== 'text') return undefined;
  return new SourceText(path, content.text);
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
