import type { Cluster, Unit } from '../flux/cluster.ts';
import { keyOf } from '../flux/kinds.ts';
import type { ResolvedRepository } from '../flux/repository.ts';
import { type Place, toPlace } from '../model/source.ts';
import { NO_FACTS } from '../model/evidence.ts';
import { toVisible } from '../report/escape.ts';
import { type Control, controlsOf } from '../rules/controls.ts';
import type { Output } from './output.ts';
import { resolveRevision } from './resolve.ts';

export const CLUSTERS_FORMATS = ['pretty', 'json'] as const;

export interface ClustersCall {
  readonly repo: string;
  readonly rev: string;
  readonly format: (typeof CLUSTERS_FORMATS)[number];
}

/** `fluxgate clusters`: what Flux would apply, and where. @returns the exit code */
export async function clustersCommand(call: ClustersCall, output: Output): Promise<number> {
  const { resolved, config, tree } = await resolveRevision(call, output);
  const context = { facts: NO_FACTS, settings: config, now: Date.now() };
  const report = toReport(resolved, controlsOf({ tree, ...resolved }, context));
  output.write(call.format === 'json' ? JSON.stringify(report, null, 2) : renderReport(report));
  return 0;
}

interface UnitReport {
  readonly title: string;
  readonly path: string;
  readonly objects: number;
  readonly file?: Place;
  readonly parents: readonly string[];
  readonly suspended: boolean;
  readonly problems: readonly { readonly reason: string; readonly place: Place }[];
  readonly unknowns: readonly { readonly reason: string; readonly place?: Place }[];
}

interface NamespaceReport {
  readonly name: string;
  /** Pod Security labels as written, each with its place. */
  readonly labels: Readonly<Record<string, { readonly value: string; readonly place: Place }>>;
  readonly isInRepository: boolean;
}

interface ClusterReport {
  readonly name: string;
  readonly path: string;
  readonly environment?: string;
  readonly flux?: string;
  readonly kubernetes?: string;
  readonly assumptions: readonly string[];
  readonly units: readonly UnitReport[];
  readonly namespaces: readonly NamespaceReport[];
}

/** What the command tells; the pretty form is made of the same. */
interface ClustersReport {
  readonly version: 1;
  /** Whether what everything else rests on stands. */
  readonly controls: readonly Control[];
  readonly clusters: readonly ClusterReport[];
  /** Kustomizations in the files that no cluster applies. */
  readonly idle: readonly { readonly title: string; readonly place: Place }[];
}

function toReport(
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
  const counts = new Map<Unit, number>();
  for (const { unit } of cluster.objects) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return {
    ...{ name, path, assumptions },
    ...(environment && { environment }),
    ...(flux !== undefined && { flux }),
    ...(kubernetes !== undefined && { kubernetes }),
    units: units.map((unit) => toUnitReport(unit, counts.get(unit) ?? 0)),
    namespaces: namespacesOf(cluster),
  };
}

function toUnitReport(unit: Unit, objects: number): UnitReport {
  const { title, path, kustomization, parents = [], problems = [], gaps, isSuspended } = unit;
  return {
    ...{ title, path, objects, parents, suspended: isSuspended === true },
    ...(kustomization && { file: toPlace(kustomization.root) }),
    problems: problems.map(({ message, place }) => ({ reason: message, place })),
    unknowns: gaps.map(({ reason, place }) => ({ reason, ...(place && { place }) })),
  };
}

const LABEL = /^pod-security\.kubernetes\.io\/(.+)$/;

function namespacesOf({ objects, namespaces }: Cluster): NamespaceReport[] {
  const names = new Set(objects.flatMap(({ namespace }) => namespace ?? []));
  for (const name of namespaces.keys()) names.add(name);
  return [...names].sort().map((name) => {
    const root = namespaces.get(name)?.resource.root;
    const labels = root?.map('metadata')?.map('labels')?.entries ?? [];
    const found = labels.flatMap(({ key, value }) => {
      const short = LABEL.exec(key)?.[1];
      if (short === undefined || value.kind !== 'scalar') return [];
      const known = typeof value.value === 'object' ? 'unknown' : String(value.value);
      return [[short, { value: known, place: toPlace(value) }] as const];
    });
    return { name, labels: Object.fromEntries(found), isInRepository: root !== undefined };
  });
}

function renderReport({ clusters, idle, controls }: ClustersReport): string {
  const lines = clusters.flatMap(renderCluster);
  if (idle.length > 0) lines.push('Applied by no cluster:');
  for (const { title, place } of idle) lines.push(`  ${title}  ${at(place)}`);
  if (lines.length === 0) return 'Nothing in this repository is applied.';
  return [...lines, 'What protects this repository', ...controls.map(renderControl)].join('\n');
}

function renderControl({ name, stands, why }: Control): string {
  return `  ${name}: ${stands}. ${toVisible(why, 600)}`;
}

function renderCluster(cluster: ClusterReport): string[] {
  const { name, path, environment, flux, kubernetes, assumptions, units, namespaces } = cluster;
  const facts = [
    environment ?? 'environment not known',
    `Flux ${flux ?? 'newest'}`,
    `Kubernetes ${kubernetes ?? 'newest'}`,
  ];
  return [
    `${toVisible(name)}  ${toVisible(path) || '.'}  (${facts.join(', ')})`,
    ...units.flatMap(renderUnit),
    '  Namespaces',
    ...namespaces.map(renderNamespace),
    ...(assumptions.length > 0 ? ['  Assumed'] : []),
    ...assumptions.map((assumption) => `    ${toVisible(assumption)}`),
    '',
  ];
}

function renderUnit(unit: UnitReport): string[] {
  const indent = '  '.repeat(1 + Math.min(unit.parents.length, 8));
  const suspended = unit.suspended ? ', suspended' : '';
  const head = `${toVisible(unit.title)}  ${toVisible(unit.path) || '.'}  (${unit.objects} objects${suspended})`;
  return [
    indent + head,
    ...unit.problems.map(
      ({ reason, place }) => `${indent}  fails: ${toVisible(reason)}  ${at(place)}`,
    ),
    ...unit.unknowns.map(
      ({ reason, place }) =>
        `${indent}  unknown: ${toVisible(reason)}${place ? `  ${at(place)}` : ''}`,
    ),
  ];
}

function renderNamespace({ name, labels, isInRepository }: NamespaceReport): string {
  const found = Object.entries(labels).map(
    ([label, { value, place }]) => `${label}=${toVisible(value)} (${at(place)})`,
  );
  const none = isInRepository
    ? 'no labels: the defaults of the cluster'
    : 'made elsewhere: the defaults of the cluster';
  return `    ${toVisible(name)}  ${found.join(', ') || none}`;
}

function at({ path, line }: Place): string {
  return `${toVisible(path)}:${line}`;
}
