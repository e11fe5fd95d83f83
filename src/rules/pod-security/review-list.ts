import type { Cluster } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { walkOf } from '../../flux/reach.ts';
import { CONFIG_PATH } from '../../model/config-path.ts';
import { find, placeOf } from '../../model/field-path.ts';
import { matchesGlob } from '../../model/glob.ts';
import type { Located, LocatedMap } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { SectionCell } from '../../model/section.ts';
import { SourceText, type Place } from '../../model/source.ts';
import { parseYaml } from '../../yaml/parse.ts';
import type { Repository, RepositoryChange } from '../rule.ts';
import { readWaiverComments } from '../waiver-comments.ts';
import { exemptionsOf } from './exempting.ts';
import { labelPath } from './namespace-fault.ts';
import { situationOf } from './namespace-situation.ts';
import { pinFor } from './namespaces-in-use.ts';
import { parseVersion } from './version.ts';
import { EXEMPT_KINDS, writtenClusters } from './written-settings.ts';
import { hasComment } from './written-reason.ts';

/** A cluster whose exceptions should be looked at again, and why now. */
export interface ReviewedCluster {
  readonly cluster: Cluster;
  /** `is new`, `goes from Kubernetes v1.33 to v1.35`. */
  readonly why: string;
  /** The minor version that it will have. */
  readonly minor: number;
}

/** Clusters that a change adds or gives a newer Kubernetes. */
export function clustersToReview({ before, after }: RepositoryChange): ReviewedCluster[] {
  if (before === undefined) return [];
  return after.clusters.flatMap((cluster) => {
    const earlier = before.clusters.find(({ name }) => name === cluster.name);
    const now = kubernetesOf(after, cluster);
    const pin = pinFor(cluster).minor;
    if (earlier === undefined) {
      // Without a cluster before, the repository itself is new; and not every folder is a cluster.
      const isFirst = before.clusters.length === 0;
      const isNamed = writtenClusters(after.tree).some(({ name }) => name === cluster.name);
      const isCluster = isNamed || cluster.isFlux === true;
      return isFirst || !isCluster ? [] : { cluster, why: 'is new', minor: now ?? pin };
    }
    const old = kubernetesOf(before, earlier);
    if (now === undefined || old === undefined || now <= old) return [];
    return { cluster, why: `goes from Kubernetes v1.${old} to v1.${now}`, minor: now };
  });
}

/** Objects that say which Kubernetes their own cluster is upgraded to, and the field that does. */
const UPGRADES: readonly (readonly [group: string, kind: string, path: readonly string[]])[] = [
  ['upgrade.cattle.io', 'Plan', ['spec', 'version']],
  ['tuppr.home-operations.com', 'KubernetesUpgrade', ['spec', 'kubernetes', 'version']],
];

/** The minor version of a cluster's Kubernetes as its settings write it, or an upgrade's object. */
function kubernetesOf({ tree }: Repository, { name, objects }: Cluster): number | undefined {
  const written = writtenClusters(tree).find((cluster) => cluster.name === name)?.kubernetes;
  const own = written === undefined ? undefined : parseVersion(written)?.minor;
  if (own !== undefined) return own;
  for (const { resource } of objectsOfKind({ objects }, ...UPGRADES.map(([, kind]) => kind))) {
    const upgrade = UPGRADES.find(
      ([group, kind]) => kind === resource.kind && group === groupOf(resource.apiVersion),
    );
    if (upgrade === undefined) continue;
    const { node, depth } = find(resource.root, upgrade[2]);
    const value = node.kind === 'scalar' && depth === upgrade[2].length ? node.value : undefined;
    const [, minor] = /^v?1\.(\d{1,2})\b/.exec(typeof value === 'string' ? value : '') ?? [];
    if (minor !== undefined) return Number(minor);
  }
  return undefined;
}

export const REVIEW_HEAD = ['What', 'Name', 'Where', 'What it says'] as const;

/** What lets something in or holds it to an older version, one row each. */
export function reviewRows(repository: Repository, reviewed: ReviewedCluster): SectionCell[][] {
  return [
    ...exemptionRows(repository, reviewed.cluster),
    ...namespaceRows(reviewed),
    ...waiverRows(repository, reviewed.cluster),
    ...commentRows(repository, reviewed.cluster),
  ];
}

function exemptionRows(repository: Repository, { name }: Cluster): SectionCell[][] {
  return exemptionsOf(repository)
    .filter(({ clusters }) => clusters.includes(name))
    .map(({ list, subject, place, hasReason }) =>
      row(
        `exempt ${EXEMPT_KINDS[list].noun}`,
        subject.name,
        place,
        hasReason ? 'with a reason' : 'without a reason',
      ),
    );
}

function namespaceRows({ cluster, minor }: ReviewedCluster): SectionCell[][] {
  return [...cluster.namespaces].sort(byName).flatMap(([name, { resource }]) => {
    const { enforce } = situationOf(cluster, name).policy;
    const place = placeOf(resource.root, labelPath('enforce'));
    if (enforce.level === 'privileged') {
      if (enforce.levelFrom.from !== 'label') return [];
      const label = find(resource.root, labelPath('enforce')).node;
      const isSaid = hasComment(label) || hasComment(resource.root);
      return [
        row('privileged namespace', name, place, isSaid ? 'with a reason' : 'without a reason'),
      ];
    }
    if (enforce.versionFrom.from !== 'label' || enforce.version.minor >= minor) return [];
    const pinned = placeOf(resource.root, labelPath('enforce', 'version'));
    return [row('lagging pin', name, pinned, `${enforce.level} at ${enforce.version.text}`)];
  });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function waiverRows({ tree }: Repository, { name }: Cluster): SectionCell[][] {
  const content = tree.read(CONFIG_PATH);
  if (content.state !== 'text') return [];
  const [root] = parseYaml(new SourceText(CONFIG_PATH, content.text), 'kustomize').documents;
  const waivers = root?.kind === 'map' ? root.list('waivers')?.items : undefined;
  return (waivers ?? []).flatMap((waiver) => {
    if (waiver.kind !== 'map' || !isAbout(waiver, name)) return [];
    const says = `${waiver.text('rule') ?? ''}, until ${dayOf(waiver)}: ${waiver.text('reason') ?? ''}`;
    return [row('waiver', waiver.text('subject') ?? '', placeOf(waiver, []), says)];
  });
}

/** Waivers beside the code that the cluster is built from. */
function commentRows({ tree }: Repository, { units }: Cluster): SectionCell[][] {
  const waivers = readWaiverComments(tree).filter(({ rule }) => isOurs(rule));
  if (waivers.length === 0) return [];
  const reached = new Set(units.flatMap(({ path }) => [...walkOf(tree, path).files]));
  return waivers
    .filter(({ place }) => reached.has(place.path))
    .map(({ rule, subject, field, expires, reason, place }) => {
      const name = field === undefined ? subject : `${subject} ${field}`;
      return row('waiver', name, place, `${rule}, until ${expires}: ${reason}`);
    });
}

/** Whether a rule, or a pattern of rules, is one of Pod Security. */
function isOurs(rule: string): boolean {
  return rule.startsWith('pod-security/') || matchesGlob(rule, 'pod-security/seccomp');
}

function isAbout(waiver: LocatedMap, cluster: string): boolean {
  const clusters = waiver.list('clusters')?.items;
  const names = clusters?.map(textOf);
  return (
    isOurs(waiver.text('rule') ?? '') &&
    (names === undefined || names.some((glob) => matchesGlob(glob, cluster)))
  );
}

function dayOf(waiver: LocatedMap): string {
  const value = waiver.get('expires');
  return value === undefined ? '' : textOf(value).slice(0, 10);
}

function textOf(node: Located): string {
  return node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

function row(what: string, name: string, { path, line }: Place, says: string): SectionCell[] {
  return [
    { text: what },
    { text: name, isCode: true },
    { text: `${path}:${line}`, isCode: true },
    { text: says },
  ];
}
