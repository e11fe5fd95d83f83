import type { FileTree } from '../../model/file-tree.ts';
import { manifestsAt } from '../../flux/loose.ts';
import { factsOf } from '../../flux/file-facts.ts';
import type { Subject } from '../../model/finding.ts';
import type { Repository } from '../rule.ts';
import { locateConfiguration } from './configuration-file.ts';
import {
  EXEMPT_KINDS,
  exemptionsIn,
  writtenClusters,
  type WrittenExemption,
} from './written-settings.ts';

/** An exemption as it is written, and for which clusters. */
export interface Exempting extends WrittenExemption {
  /** In words: `cluster "production"`, `clusters "a", "b"`, or the file that nobody names. */
  readonly where: string;
  readonly clusters: readonly string[];
  readonly subject: Subject;
}

/** Exemptions of the settings, of the files that they name, and of others of that kind. */
export function exemptionsOf(repository: Repository): Exempting[] {
  const { tree } = repository;
  const clusters = writtenClusters(tree);
  const inSettings = clusters
    .filter(({ file }) => file === undefined)
    .flatMap(({ name, admission }) =>
      (admission ? exemptionsIn(admission) : []).map((exemption) =>
        toExempting(exemption, [name], `clusters.${name}.podSecurity`),
      ),
    );
  const named = new Map<string, string[]>();
  for (const { name, file } of clusters) {
    if (file) named.set(file.path, [...(named.get(file.path) ?? []), name]);
  }
  const paths = [...named.keys(), ...unnamedConfigurations(repository)];
  return [...inSettings, ...paths.flatMap((path) => inFile(tree, path, named.get(path)))];
}

function inFile(tree: FileTree, path: string, clusters: readonly string[] = []): Exempting[] {
  const located = locateConfiguration(tree, path);
  if (located === undefined) return [];
  return exemptionsIn(located).map((exemption) => toExempting(exemption, clusters, path));
}

const API_VERSIONS = {
  Namespace: 'v1',
  User: 'rbac.authorization.k8s.io/v1',
  RuntimeClass: 'node.k8s.io/v1',
} as const;

/** @param field what holds the configuration: tells the same name in two of them apart */
function toExempting(
  exemption: WrittenExemption,
  clusters: readonly string[],
  field: string,
): Exempting {
  const { list, name } = exemption;
  const { kind } = EXEMPT_KINDS[list];
  const subject = {
    apiVersion: API_VERSIONS[kind],
    kind,
    name,
    field: `${field}.exemptions.${list}`,
  };
  const names = clusters.map((cluster) => `"${cluster}"`).join(', ');
  const where =
    clusters.length === 0
      ? 'a cluster that is not named'
      : `cluster${clusters.length === 1 ? '' : 's'} ${names}`;
  return { ...exemption, where, clusters, subject };
}

const KIND = /^[ \t]*(?:- )?kind:[ \t]*["']?PodSecurityConfiguration["']?[ \t]*$/m;

/**
 * Configurations that the settings name for no cluster, neither as they count nor as this tree
 * writes them, and that no named one loads, in the order of their paths.
 */
export function unnamedConfigurations(repository: Repository): string[] {
  const { tree, clusters } = repository;
  const named = [
    ...writtenClusters(tree).flatMap(({ file }) => file?.path ?? []),
    ...clusters.flatMap(({ settings }) => settings.podSecurity.configuration ?? []),
  ];
  const loaded = new Set(
    named.flatMap((path) => [path, locateConfiguration(tree, path)?.root.source.path]),
  );
  return discoveredConfigurations(repository).filter((path) => !loaded.has(path));
}

/** Files that hold nothing but such a configuration, in the order of their paths. */
function discoveredConfigurations({ tree }: Pick<Repository, 'tree'>): readonly string[] {
  return factsOf(tree, namingAt).filter((path) => locateConfiguration(tree, path) !== undefined);
}

function namingAt(tree: FileTree, path: string): string[] {
  const [file] = manifestsAt(tree, path);
  if (file === undefined || file.problems.length > 0 || file.skipped !== undefined) return [];
  const content = tree.read(path);
  // Nearly no file is one.
  return content.state === 'text' && KIND.test(content.text) ? [path] : [];
}
