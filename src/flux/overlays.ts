import type { FileTree } from '../model/file-tree.ts';
import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { Cluster, ClusterObject, Unit } from './cluster.ts';
import { buildOverlay } from './build-unit.ts';
import type { FluxCache } from './cache.ts';
import { isNamespaceObject, toObject } from './loose.ts';
import { directoryOf, joinPath } from './paths.ts';
import { includedBy, isKustomizationFile, reachOf } from './reach.ts';

export interface Overlays {
  readonly clusters: readonly Cluster[];
  /** Files that some overlay takes in. */
  readonly reached: ReadonlySet<string>;
  readonly notLoaded: readonly string[];
}

/** Directories with a kustomization that no other kustomization includes, components left out. */
export function topOverlays(tree: FileTree): string[] {
  const directories = directoriesOf(tree);
  const inner = new Set(directories.flatMap((directory) => includedBy(tree, directory).paths));
  return [...new Set(directories)].filter(
    (directory) => !inner.has(directory) && !includedBy(tree, directory).isComponent,
  );
}

/** Each top overlay of a repository without Flux objects, taken as applied by itself. */
export function overlayClusters(
  tree: FileTree,
  cache: FluxCache,
  settings: ClusterSettings,
): Overlays {
  const clusters: Cluster[] = [];
  const reached = new Set<string>();
  const notLoaded: string[] = [];
  for (const directory of topOverlays(tree)) {
    const built = buildOverlay(directory, tree, cache);
    for (const path of built.inputs()) reached.add(path);
    for (const path of reachOf(tree, directory)) reached.add(path);
    notLoaded.push(...built.notLoaded);
    const shown = directory === '' ? '.' : directory;
    const { gaps, unmatched = [], problems } = built;
    const unit: Unit = {
      ...{ title: `overlay ${shown}`, path: directory, gaps, problems },
      ...(unmatched.length > 0 && { unmatched }),
    };
    const objects = built.resources.map((resource) => toObject(resource, unit));
    const namespaces = new Map<string, ClusterObject>();
    for (const object of objects) {
      if (isNamespaceObject(object.resource)) namespaces.set(object.resource.name, object);
    }
    clusters.push({
      name: shown,
      settings: { ...settings, name: shown, path: directory },
      ...{ units: [unit], objects, namespaces },
      assumptions: ['No Flux object was found: each top overlay is taken as applied by itself.'],
    });
  }
  for (const directory of unusedComponents(tree)) {
    for (const name of tree.children(directory)) reached.add(joinPath(directory, name) ?? name);
  }
  return { clusters: shareNamespaces(clusters), reached, notLoaded };
}

function directoriesOf(tree: FileTree): string[] {
  return tree
    .list()
    .filter(({ path, kind }) => kind === 'file' && isKustomizationFile(path))
    .map(({ path }) => directoryOf(path))
    .filter((directory) => !/(?:^|\/)\./.test(directory));
}

/** Parts of objects, which mean nothing by themselves. */
function unusedComponents(tree: FileTree): string[] {
  return directoriesOf(tree).filter((directory) => includedBy(tree, directory).isComponent);
}

/** A namespace that an overlay does not hold may come from any other. */
function shareNamespaces(clusters: readonly Cluster[]): Cluster[] {
  const everywhere = new Map<string, ClusterObject>();
  for (const { namespaces } of clusters) {
    for (const [name, object] of namespaces) {
      if (!everywhere.has(name)) everywhere.set(name, object);
    }
  }
  return clusters.map((cluster) => ({
    ...cluster,
    namespaces: new Map([...everywhere, ...cluster.namespaces]),
  }));
}
