import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import { changesOf } from '../model/tree-changes.ts';
import { isIgnoreFile } from './artifact.ts';
import type { EntryPoint } from './entry-points.ts';
import { isWithin } from './paths.ts';
import type { ClusterInput, ResolvedCluster } from './resolve-cluster.ts';

interface Kept {
  readonly input: ClusterInput;
  readonly resolved: ResolvedCluster;
}

/**
 * Clusters that were worked out for a tree. They hold for one that follows it where all that they
 * were made from is the same: then a change costs nothing for the clusters that it does not reach.
 */
export class KeptClusters {
  readonly #ofTree = new WeakMap<FileTree, Map<string, Kept>>();

  resolved(input: ClusterInput, make: () => ResolvedCluster): ResolvedCluster {
    const resolved = this.#inherited(input) ?? make();
    if (resolved.notLoaded.length > 0) return resolved;
    const kept = this.#ofTree.get(input.tree) ?? new Map<string, Kept>();
    this.#ofTree.set(input.tree, kept.set(input.entry.path, { input, resolved }));
    return resolved;
  }

  #inherited(input: ClusterInput): ResolvedCluster | undefined {
    const changes = changesOf(input.tree);
    // Which paths there are is asked in many places, and decides what an artifact holds.
    if (!changes?.isSameShape || changes.paths.some(isIgnoreFile)) {
      return undefined;
    }
    const kept = this.#ofTree.get(changes.from)?.get(input.entry.path);
    if (kept === undefined || !isSameInput(kept.input, input)) return undefined;
    const { read, charts } = kept.resolved;
    const isReached = changes.paths.some(
      (path) =>
        read.some((inputs) => inputs().has(path)) || charts.some((chart) => isWithin(path, chart)),
    );
    return isReached ? undefined : kept.resolved;
  }
}

function isSameInput(a: ClusterInput, b: ClusterInput): boolean {
  return (
    isSameEntry(a.entry, b.entry) &&
    a.settings === b.settings &&
    a.sources === b.sources &&
    a.syncs === b.syncs &&
    a.isStrict === b.isStrict &&
    isSameList(a.assumptions, b.assumptions) &&
    [...a.loose].every(([folder, resources]) => isSameList(resources, b.loose.get(folder)))
  );
}

function isSameEntry(a: EntryPoint, b: EntryPoint): boolean {
  if (a === b) return true;
  return (
    a.path === b.path &&
    isSameList(a.kustomizations, b.kustomizations) &&
    isSameList(a.folders, b.folders)
  );
}

function isSameList(
  a: readonly (Resource | string)[],
  b: readonly (Resource | string)[] = [],
): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
