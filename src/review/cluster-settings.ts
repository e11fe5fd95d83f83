import { toClusterSettings } from '../config/clusters.ts';
import type { Config } from '../config/schema.ts';
import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import { withConfigurationFile } from '../rules/pod-security/configuration-file.ts';
import { defaultPlaces, writtenClusters } from '../rules/pod-security/written-settings.ts';

/**
 * What the configuration and the files that it names say of clusters.
 *
 * @param trusted the tree whose files count: the base of a change, which must not exempt itself
 */
export function settingsIn(trusted: FileTree, config: Config): ClusterSettings[] {
  const written = new Map(writtenClusters(trusted).map((cluster) => [cluster.name, cluster]));
  return toClusterSettings(config).map((settings) => {
    const read = withConfigurationFile(settings, trusted);
    const cluster = written.get(settings.name);
    const places = cluster && defaultPlaces(cluster);
    return places ? { ...read, podSecurity: { ...read.podSecurity, places } } : read;
  });
}

/**
 * Admission configurations, which need not end in `.yaml`, that are not here yet: those that count,
 * and those that the tree's own settings name, which are only told.
 */
export function configurationsNotLoaded(tree: FileTree, config: Config): string[] {
  const paths = [
    ...toClusterSettings(config).flatMap(({ podSecurity }) => podSecurity.configuration ?? []),
    ...writtenClusters(tree).flatMap(({ file }) => file?.path ?? []),
  ];
  return [...new Set(paths)].filter((path) => tree.read(path).state === 'not-loaded');
}
