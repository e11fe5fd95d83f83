import type { Place } from '../model/source.ts';
import { toVisible } from '../report/escape.ts';
import type { Control } from '../rules/controls.ts';
import { MODES } from '../rules/pod-security/namespace-policy.ts';
import type {
  ClusterReport,
  ClustersReport,
  NamespaceReport,
  PolicyReport,
  ReleaseReport,
  UnitReport,
} from './clusters-report.ts';

/** The report for people. */
export function renderReport({ clusters, idle, controls }: ClustersReport): string {
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
  const { name, path, environment, flux, kubernetes, assumptions } = cluster;
  const { units, namespaces, releases } = cluster;
  const facts = [
    environment ?? 'environment not known',
    `Flux ${flux ?? 'newest'}`,
    `Kubernetes ${kubernetes ?? 'newest'}`,
  ];
  return [
    `${toVisible(name)}  ${toVisible(path) || '.'}  (${facts.join(', ')})`,
    ...renderUnits(units),
    '  Namespaces',
    ...namespaces.map(renderNamespace),
    ...(releases.length > 0 ? ['  Helm releases, whose charts are not rendered'] : []),
    ...releases.map(renderRelease),
    ...(assumptions.length > 0 ? ['  Assumed'] : []),
    ...assumptions.map((assumption) => `    ${toVisible(assumption)}`),
    '',
  ];
}

/** Each below the one that applies it. */
function renderUnits(units: readonly UnitReport[]): string[] {
  const depths = new Map<string, number>();
  return units.flatMap((unit) => {
    const [parent] = unit.parents;
    const depth = parent === undefined ? 0 : (depths.get(parent) ?? -1) + 1;
    depths.set(unit.title, depth);
    return renderUnit(unit, '  '.repeat(1 + Math.min(depth, 8)));
  });
}

const MOST_NAMESPACES = 4;

function renderUnit(unit: UnitReport, indent: string): string[] {
  const { objects, namespaces } = unit;
  const suspended = unit.suspended ? ', suspended' : '';
  const count = objects === 1 ? '1 object' : `${objects} objects`;
  const named = namespaces.slice(0, MOST_NAMESPACES).map((name) => toVisible(name));
  const rest = namespaces.length - named.length;
  const into =
    named.length > 0 ? `  into ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}` : '';
  const head = `${toVisible(unit.title)}  ${toVisible(unit.path) || '.'}  (${count}${suspended})${into}`;
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

function renderNamespace(namespace: NamespaceReport): string {
  const { name, labels, policy, exempt, isInRepository } = namespace;
  if (exempt) return `    ${toVisible(name)}  exempt: no level refuses anything`;
  const found = Object.entries(labels).map(([label, { value, place }]) => {
    const mode = MODES.find((one) => one === label);
    const level = mode && policy[mode].from === 'label' ? policy[mode].level : value;
    const read = level === value ? '' : `, read as ${level}`;
    return `${label}=${toVisible(value)} (${at(place)}${read})`;
  });
  // What no label says holds by default; that nothing is refused is worth a word for enforce only.
  const others = MODES.filter((mode) => labels[mode] === undefined)
    .filter((mode) => mode === 'enforce' || policy[mode].level !== 'privileged')
    .map((mode) => `${mode}=${withoutLabel(policy[mode])}`);
  const origin = isInRepository ? '' : 'made elsewhere: ';
  return `    ${toVisible(name)}  ${origin}${[...found, ...others].join(', ')}`;
}

function withoutLabel({ level, version, from, unknown, place }: PolicyReport): string {
  if (from === 'unknown') return `unknown (${toVisible(unknown ?? '')})`;
  const held = version === 'latest' ? level : `${level}:${version}`;
  if (from === 'label') return `${held} (raised to that of enforce)`;
  return `${held} (default of the cluster${place ? `, ${at(place)}` : ''})`;
}

function renderRelease({ name, namespace, chart, version, source, place }: ReleaseReport): string {
  const what = [chart, version, source && `from ${source}`].filter(Boolean).join(' ');
  return `    ${toVisible(`${namespace}/${name}`)}  ${toVisible(what)}  ${at(place)}`;
}

function at({ path, line }: Place): string {
  return `${toVisible(path)}:${line}`;
}
