import type { Cluster, ClusterObject, Unit } from '../flux/cluster.ts';
import { isHelmRelease, keyOf, specOf } from '../flux/kinds.ts';
import { isSurelyNamespaced } from '../flux/scope.ts';
import type { ResolvedRepository } from '../flux/repository.ts';
import { type Place, toPlace } from '../model/source.ts';
import type { Control } from '../rules/controls.ts';
import { labelPlace } from '../rules/pod-security/faults.ts';
import { type Mode, MODES } from '../rules/pod-security/namespace-policy.ts';
import { type NamespaceSituation, situationOf } from '../rules/pod-security/namespace-situation.ts';

export interface UnitReport {
  readonly title: string;
  readonly path: string;
  readonly objects: number;
  /** Where its objects go, without those that have no namespace. */
  readonly namespaces: readonly string[];
  readonly file?: Place;
  readonly parents: readonly string[];
  readonly suspended: boolean;
  readonly problems: readonly { readonly reason: string; readonly place: Place }[];
  readonly unknowns: readonly { readonly reason: string; readonly place?: Place }[];
}

export interface NamespaceReport {
  readonly name: string;
  /** Pod Security labels as written, each with its place. */
  readonly labels: Readonly<Record<string, { readonly value: string; readonly place: Place }>>;
  readonly isInRepository: boolean;
  /** The unit that applies its manifest. */
  readonly unit?: string;
  /** What its pods are held to. */
  readonly policy: Readonly<Record<Mode, PolicyReport>>;
  /** The configuration of the cluster exempts it: no level refuses anything. */
  readonly exempt: boolean;
}

export interface PolicyReport {
  /** In place of one that is not known `restricted`, with the reason in `unknown`. */
  readonly level: string;
  readonly version: string;
  readonly from: 'label' | 'defaults' | 'unknown';
  readonly unknown?: string;
  /** Where the level is written. */
  readonly place?: Place;
}

/** A HelmRelease, whose chart is not rendered. */
export interface ReleaseReport {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version?: string;
  /** `HelmRepository flux-system/podinfo`. */
  readonly source?: string;
  readonly unit: string;
  readonly place: Place;
}

export interface ClusterReport {
  readonly name: string;
  readonly path: string;
  readonly environment?: string;
  readonly flux?: string;
  readonly kubernetes?: string;
  readonly assumptions: readonly string[];
  readonly units: readonly UnitReport[];
  readonly namespaces: readonly NamespaceReport[];
  readonly releases: readonly ReleaseReport[];
}

/** What the command tells; the pretty form is made of the same. */
export interface ClustersReport {
  readonly version: 1;
  /** Whether what everything else rests on stands. */
  readonly controls: readonly Control[];
  readonly clusters: readonly ClusterReport[];
  /** Kustomizations in the files that no cluster applies. */
  readonly idle: readonly { readonly title: string; readonly place: Place }[];
}

/** What the command tells of a repository. */
export function toReport(
  { clusters, idle }: ResolvedRepository,
  controls: readonly Control[],
): ClustersReport {
  return {
    version: 1,
    controls,
    clusters: clusters.map(toClusterReport),
    idle: idle.map((resource) => ({
      title: `Kustomization ${keyOf(resource)}`,
      place: toPlace(resource.root),
    })),
  };
}

function toClusterReport(cluster: Cluster): ClusterReport {
  const { name, settings, assumptions, units } = cluster;
  const { path, environment, flux, kubernetes } = settings;
  const objects = new Map<Unit, ClusterObject[]>();
  for (const object of cluster.objects) {
    const known = objects.get(object.unit);
    if (known) known.push(object);
    else objects.set(object.unit, [object]);
  }
  return {
    ...{ name, path, assumptions },
    ...(environment && { environment }),
    ...(flux !== undefined && { flux }),
    ...(kubernetes !== undefined && { kubernetes }),
    units: asTree(units).map((unit) => toUnitReport(unit, objects.get(unit) ?? [])),
    namespaces: namespacesOf(cluster),
    releases: cluster.objects.flatMap((object) => toReleaseReport(object) ?? []),
  };
}

/** The namespace of an object; none of one that only is taken to have one, of an unknown kind. */
function namespaceOf({ resource, namespace }: ClusterObject): string | [] {
  const { apiVersion, kind } = resource;
  const isTold = resource.namespace !== undefined || namespace !== 'default';
  return (isTold || isSurelyNamespaced(apiVersion, kind) ? namespace : undefined) ?? [];
}

/** Each unit behind the one that applies it, and before its own. */
function asTree(units: readonly Unit[]): Unit[] {
  const titles = new Set(units.map(({ title }) => title));
  const below = new Map<string, Unit[]>();
  const tops: Unit[] = [];
  for (const unit of units) {
    const [parent] = unit.parents ?? [];
    if (parent === undefined || !titles.has(parent)) tops.push(unit);
    else below.set(parent, [...(below.get(parent) ?? []), unit]);
  }
  // Of a circle none is at the top: what is not reached stands at the end.
  const ordered = new Set<Unit>();
  for (const top of [...tops, ...units]) {
    const waiting = [top];
    for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
      if (ordered.has(unit)) continue;
      ordered.add(unit);
      waiting.push(...(below.get(unit.title) ?? []).toReversed());
    }
  }
  return [...ordered];
}

function toUnitReport(unit: Unit, objects: readonly ClusterObject[]): UnitReport {
  const { title, path, kustomization, parents = [], problems = [], gaps, isSuspended } = unit;
  const namespaces = [...new Set(objects.flatMap(namespaceOf))].sort();
  return {
    ...{ title, path, objects: objects.length, namespaces },
    ...{ parents, suspended: isSuspended === true },
    ...(kustomization && { file: toPlace(kustomization.root) }),
    problems: problems.map(({ message, place }) => ({ reason: message, place })),
    unknowns: gaps.map(({ reason, place }) => ({ reason, ...(place && { place }) })),
  };
}

function toReleaseReport({ resource, namespace, unit }: ClusterObject): ReleaseReport | undefined {
  if (!isHelmRelease(resource)) return undefined;
  const spec = specOf(resource);
  const chart = spec?.map('chart')?.map('spec');
  const source = spec?.map('chartRef') ?? chart?.map('sourceRef');
  const version = chart?.text('version');
  const own = source?.text('namespace') ?? namespace ?? '';
  return {
    ...{ name: resource.name, namespace: namespace ?? '', unit: unit.title },
    chart: chart?.text('chart') ?? source?.text('name') ?? 'unknown',
    ...(version !== undefined && { version }),
    ...(source && { source: `${source.text('kind') ?? ''} ${own}/${source.text('name') ?? ''}` }),
    place: toPlace(resource.root),
  };
}

const LABEL = /^pod-security\.kubernetes\.io\/(.+)$/;

function namespacesOf(cluster: Cluster): NamespaceReport[] {
  const { objects, namespaces } = cluster;
  const names = new Set(objects.flatMap(namespaceOf));
  for (const name of namespaces.keys()) names.add(name);
  return [...names].sort().map((name) => {
    const manifest = namespaces.get(name);
    const labels = manifest?.resource.root.map('metadata')?.map('labels')?.entries ?? [];
    const found = labels.flatMap(({ key, value }) => {
      const short = LABEL.exec(key)?.[1];
      if (short === undefined || value.kind !== 'scalar') return [];
      const known = typeof value.value === 'object' ? 'unknown' : String(value.value);
      return [[short, { value: known, place: toPlace(value) }] as const];
    });
    const situation = situationOf(cluster, name);
    const policies = MODES.map((mode) => [mode, policyOf(situation, mode)] as const);
    return {
      ...{ name, labels: Object.fromEntries(found), isInRepository: manifest !== undefined },
      ...(manifest && { unit: manifest.unit.title }),
      policy: Object.fromEntries(policies) as Record<Mode, PolicyReport>,
      exempt: situation.exemptions.namespaces.includes(name),
    };
  });
}

function policyOf(situation: NamespaceSituation, mode: Mode): PolicyReport {
  const { level, version, levelFrom, versionFrom } = situation.policy[mode];
  const { from } = versionFrom.from === 'unknown' ? versionFrom : levelFrom;
  const unknown = levelFrom.unknown ?? versionFrom.unknown;
  const place =
    labelPlace(situation, mode) ??
    (levelFrom.from === 'defaults' ? situation.defaultPlaces[mode] : undefined);
  return {
    ...{ level, version: version.text, from },
    ...(unknown && { unknown: unknown.reason }),
    ...(place && { place }),
  };
}
