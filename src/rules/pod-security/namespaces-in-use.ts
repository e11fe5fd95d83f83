import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { reasonsText } from './admission-text.ts';
import { requesterOf } from './controller-user.ts';
import { exemptionOf } from './exemptions.ts';
import { evaluateOnce, workloadOf } from './judged-workload.ts';
import { type Level, LEVELS } from './level.ts';
import { type NamespaceSituation, situationOf } from './namespace-situation.ts';
import type { Policy } from './policy.ts';
import { type Release, releasesByNamespace } from './releases.ts';
import { NEWEST_MINOR } from './registry.ts';
import { parseVersion, type PolicyVersion, versionOfMinor } from './version.ts';
import type { Workload } from './workloads.ts';

/** An object that makes pods, in its cluster. */
export interface ClusterWorkload {
  readonly object: ClusterObject;
  readonly workload: Workload;
}

/** A namespace that runs workloads. */
export interface NamespaceInUse {
  readonly situation: NamespaceSituation;
  /** Those that the repository holds itself. */
  readonly workloads: readonly ClusterWorkload[];
  /** HelmReleases, of whose pods nothing is known here. */
  readonly releases: readonly Release[];
}

/** A namespace in which nothing runs. */
export function unusedNamespace(situation: NamespaceSituation): NamespaceInUse {
  return { situation, workloads: [], releases: [] };
}

type PodTemplates = RuleSettings['podSecurity']['podTemplates'];

const known = new WeakMap<Cluster, Map<PodTemplates, ReadonlyMap<string, NamespaceInUse>>>();

/**
 * The namespaces that run workloads, by name. Objects that say no namespace, and to which none is
 * given, are left out: nobody knows where they are applied.
 */
export function namespacesInUse(
  cluster: Cluster,
  podTemplates: PodTemplates,
): ReadonlyMap<string, NamespaceInUse> {
  const ofCluster =
    known.get(cluster) ?? new Map<PodTemplates, ReadonlyMap<string, NamespaceInUse>>();
  known.set(cluster, ofCluster);
  const done = ofCluster.get(podTemplates) ?? find(cluster, podTemplates);
  ofCluster.set(podTemplates, done);
  return done;
}

function find(cluster: Cluster, podTemplates: PodTemplates): Map<string, NamespaceInUse> {
  const workloads = new Map<string, ClusterWorkload[]>();
  for (const object of cluster.objects) {
    const { namespace, resource } = object;
    if (namespace === undefined || resource.namespace === undefined) continue;
    const workload = workloadOf(object, podTemplates);
    if (workload === undefined) continue;
    const others = workloads.get(namespace);
    if (others) others.push({ object, workload });
    else workloads.set(namespace, [{ object, workload }]);
  }
  const releases = releasesByNamespace(cluster);
  return new Map(
    [...new Set([...workloads.keys(), ...releases.keys()])].map((name) => [
      name,
      {
        situation: situationOf(cluster, name),
        workloads: workloads.get(name) ?? [],
        releases: releases.get(name) ?? [],
      },
    ]),
  );
}

/**
 * Why a policy refuses pods of a workload, in admission's reasons; undefined where it does not, or
 * where their runtime class or who makes them is exempt.
 */
export function refusalBy(
  { object, workload }: ClusterWorkload,
  policy: Policy,
  { server, exemptions }: Pick<NamespaceSituation, 'server' | 'exemptions'>,
): string | undefined {
  const username = requesterOf(object, workload, 'enforce');
  const reasons = workload.templates
    .filter(({ pod: { spec } }) => {
      const exempt = exemptionOf(exemptions, { username, runtimeClass: spec.runtimeClassName });
      return exempt === undefined || exempt === 'unknown';
    })
    .map(({ pod }) => evaluateOnce(pod, workload.type, policy, server))
    .filter(({ verdict }) => verdict === 'forbidden')
    .map(reasonsText);
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join(', ');
}

/** Whether every pod of a workload is let in for certain. */
export function passes({ workload }: ClusterWorkload, policy: Policy, server: number | undefined) {
  return (
    workload.errors.length === 0 &&
    workload.templates.every(
      ({ pod }) => evaluateOnce(pod, workload.type, policy, server).verdict === 'allowed',
    )
  );
}

/** The highest level that all of these workloads pass. */
export function highestLevel(
  workloads: readonly ClusterWorkload[],
  version: PolicyVersion,
  server: number | undefined,
): Level {
  const level = LEVELS.findLast((candidate) =>
    workloads.every((workload) => passes(workload, { level: candidate, version }, server)),
  );
  return level ?? 'privileged';
}

/**
 * The version to pin labels to: the cluster's; where it is not known, what most of its namespaces
 * are pinned to, else the newest.
 */
export function pinFor({
  settings,
  namespaces,
}: Pick<Cluster, 'settings' | 'namespaces'>): PolicyVersion {
  const own = settings.kubernetes === undefined ? undefined : parseVersion(settings.kubernetes);
  if (own !== undefined) return own;
  const counts = new Map<string, number>();
  for (const { resource } of namespaces.values()) {
    const labels = resource.root.map('metadata')?.map('labels');
    const text = labels?.text('pod-security.kubernetes.io/enforce-version') ?? 'latest';
    if (text !== 'latest') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return (most && parseVersion(most[0])) ?? versionOfMinor(NEWEST_MINOR);
}
