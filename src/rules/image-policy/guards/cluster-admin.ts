import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectsOfKind } from '../../../flux/objects-of-kind.ts';
import { isHelmRelease } from '../../../flux/kinds.ts';
import type { Located, LocatedMap } from '../../../model/located.ts';
import { groupOf, type Resource } from '../../../model/resource.ts';
import { mapsOf, textsOf } from '../verifiers/nodes.ts';

/** How deep a chart's values name its service account. */
const DEEPEST = 6;

/** A HelmRelease that acts, or whose pods act, with all rights over the cluster. */
export interface AdminRelease {
  readonly release: ClusterObject;
  /** The ClusterRoleBinding that says so. */
  readonly binding: ClusterObject;
}

const known = new WeakMap<Cluster, readonly AdminRelease[]>();

/** The releases of a cluster that manifests bind to cluster-admin; others may be by their chart. */
export function adminReleasesOf(cluster: Cluster): readonly AdminRelease[] {
  const last = known.get(cluster);
  if (last !== undefined) return last;
  const bound = boundAccounts(cluster);
  const found =
    bound.size === 0
      ? []
      : objectsOfKind(cluster, 'HelmRelease').flatMap((release): AdminRelease[] => {
          if (!isHelmRelease(release.resource)) return [];
          const names = accountsOf(release);
          const binding = names.map((name) => bound.get(name)).find((each) => each !== undefined);
          return binding === undefined ? [] : [{ release, binding }];
        });
  known.set(cluster, found);
  return found;
}

/** Service accounts with all rights, as `namespace/name`, or `namespace/` for all of one. */
function boundAccounts(cluster: Cluster): Map<string, ClusterObject> {
  const rbac = (kind: string) =>
    objectsOfKind(cluster, kind).filter(
      ({ resource }) => groupOf(resource.apiVersion) === 'rbac.authorization.k8s.io',
    );
  const roles = new Set(['cluster-admin']);
  for (const { resource } of rbac('ClusterRole')) {
    if (allowsEverything(resource)) roles.add(resource.name);
  }
  const bound = new Map<string, ClusterObject>();
  for (const binding of rbac('ClusterRoleBinding')) {
    const { root } = binding.resource;
    const role = root.map('roleRef');
    if (role?.text('kind') !== 'ClusterRole' || !roles.has(role.text('name') ?? '')) continue;
    for (const subject of mapsOf(root.get('subjects'))) {
      const account = accountOf(subject);
      if (account !== undefined) bound.set(account, binding);
    }
  }
  return bound;
}

function allowsEverything({ root }: Resource): boolean {
  return mapsOf(root.get('rules')).some((rule) =>
    ['apiGroups', 'resources', 'verbs'].every((field) => textsOf(rule.get(field)).includes('*')),
  );
}

function accountOf(subject: LocatedMap): string | undefined {
  const name = subject.text('name') ?? '';
  switch (subject.text('kind')) {
    case 'ServiceAccount':
      return `${subject.text('namespace') ?? ''}/${name}`;
    case 'Group': {
      const [, namespace] = /^system:serviceaccounts:([^:]+)$/.exec(name) ?? [];
      return namespace === undefined ? undefined : `${namespace}/`;
    }
    default:
      return undefined;
  }
}

/**
 * Service accounts of a release: the one that Flux installs it as, and those of its pods as far as
 * its values name them or charts usually do, by the release.
 */
function accountsOf({ resource, namespace = '' }: ClusterObject): string[] {
  const spec = resource.root.map('spec');
  const target = spec?.text('targetNamespace');
  const own = spec?.text('serviceAccountName');
  const title =
    spec?.text('releaseName') ?? (target ? `${target}-${resource.name}` : resource.name);
  const named = new Set([title]);
  const values = spec?.map('values');
  if (values !== undefined) collectNames(values, named, 0);
  const where = target ?? namespace;
  return [
    ...(own === undefined ? [] : [`${namespace}/${own}`, `${namespace}/`]),
    ...[...named].map((name) => `${where}/${name}`),
    `${where}/`,
  ];
}

function collectNames(node: Located, found: Set<string>, depth: number): void {
  if (node.kind !== 'map' || depth > DEEPEST) return;
  for (const { key, value } of node.entries) {
    if (value.kind !== 'map') continue;
    const name = key === 'serviceAccount' ? value.text('name') : undefined;
    if (name !== undefined && name !== '') found.add(name);
    collectNames(value, found, depth + 1);
  }
}
