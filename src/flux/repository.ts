import { type ClusterSettings, UNCONFIGURED } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import { changesOf } from '../model/tree-changes.ts';
import type { Resource } from '../model/resource.ts';
import { FluxCache } from './cache.ts';
import type { Cluster } from './cluster.ts';
import { discover } from './entry-points.ts';
import { fluxClusters } from './flux-clusters.ts';
import { looseManifests, readAll } from './loose.ts';
import type { ManifestFile } from './manifests.ts';
import { overlayClusters } from './overlays.ts';

/** What a repository at one commit holds. */
export interface ResolvedRepository {
  readonly clusters: readonly Cluster[];
  /** All YAML files that were read. */
  readonly files: readonly ManifestFile[];
  /** Flux Kustomizations in the files that no cluster applies. */
  readonly idle: readonly Resource[];
  /** Paths whose contents are needed and not here yet: load them and resolve again. */
  readonly notLoaded: readonly string[];
}

export interface ResolveOptions {
  /** What the configuration says of clusters. */
  readonly settings?: readonly ClusterSettings[];
  /** Shared by the sides of a review. */
  readonly cache?: FluxCache;
}

const READ_FIRST = /(?:\.ya?ml|(?:^|\/)(?:Kustomization|\.sourceignore))$/;

/** Trees of which all was here that is read first. */
const whole = new WeakSet<FileTree>();

function unreadOf(tree: FileTree): string[] {
  if (whole.has(tree)) return [];
  const changes = changesOf(tree);
  const isRest = changes && whole.has(changes.from) && tree.sharesContents?.(changes.from);
  const paths = isRest ? changes.paths : tree.list().map(({ path }) => path);
  const unread = paths.filter(
    (path) => READ_FIRST.test(path) && tree.read(path).state === 'not-loaded',
  );
  if (unread.length === 0) whole.add(tree);
  return unread;
}

/** Works out the clusters of a repository. Pure; grows while contents are loaded. */
export function resolveRepository(
  tree: FileTree,
  { settings = [], cache = new FluxCache() }: ResolveOptions = {},
): ResolvedRepository {
  return cache.resolved(tree, JSON.stringify(settings), () => resolve(tree, settings, cache));
}

function resolve(
  tree: FileTree,
  settings: readonly ClusterSettings[],
  cache: FluxCache,
): ResolvedRepository {
  const unread = unreadOf(tree);
  if (unread.length > 0) return { clusters: [], files: [], idle: [], notLoaded: unread };
  const files = readAll(tree);
  const { entryPoints, idle } = discover(tree);
  // A path that is not here names no cluster; what is here must not go unjudged for it.
  const isHere = ({ path }: ClusterSettings) => path !== '' && tree.isDirectory(path);
  if (entryPoints.length > 0 || settings.some(isHere)) {
    return { ...fluxClusters(tree, { files, entryPoints, settings, cache }), files, idle };
  }
  const common = settings.find(({ path }) => path === '') ?? UNCONFIGURED;
  const overlays = overlayClusters(tree, cache, common);
  const loose = looseManifests(files, overlays, common);
  const { notLoaded } = overlays;
  return { clusters: [...overlays.clusters, ...loose], files, idle, notLoaded };
}
