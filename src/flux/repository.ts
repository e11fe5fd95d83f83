import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Cluster } from './cluster.ts';
import { looseManifests } from './loose.ts';
import type { ManifestFile } from './manifests.ts';

/** What a repository at one commit holds. */
export interface ResolvedRepository {
  readonly clusters: readonly Cluster[];
  /** All YAML files that were read. */
  readonly files: readonly ManifestFile[];
  /** Paths whose contents are needed and not here yet: load them and resolve again. */
  readonly notLoaded: readonly string[];
}

const UNCONFIGURED: ClusterSettings = {
  name: '',
  path: '',
  podSecurity: {
    defaults: {},
    exemptions: { usernames: [], namespaces: [], runtimeClasses: [] },
  },
  tenants: [],
};

/** Works out the clusters of a repository. Pure; grows while contents are loaded. */
export function resolveRepository(tree: FileTree): ResolvedRepository {
  const notLoaded = tree
    .list()
    .filter(({ path, kind }) => kind === 'file' && /\.ya?ml$/.test(path))
    .map(({ path }) => path)
    .filter((path) => tree.read(path).state === 'not-loaded');
  if (notLoaded.length > 0) return { clusters: [], files: [], notLoaded };
  return { ...looseManifests(tree, UNCONFIGURED), notLoaded };
}
