import type { FileTree } from '../model/file-tree.ts';
import type { ClusterObject, OwnChart } from './cluster.ts';
import { objectsOfKind } from './objects-of-kind.ts';
import { isHelmRelease, specOf } from './kinds.ts';
import { isWithin, securePath } from './paths.ts';

/** Whether a GitRepository is this repository. */
export type IsOwnSource = (namespace: string, name: string) => boolean;

export interface OwnCharts {
  readonly charts: ReadonlyMap<string, OwnChart>;
  /** Directories and files that they were read from. */
  readonly paths: readonly string[];
}

/**
 * Charts that lie in this repository, by the release that is made of one: nothing of the release
 * itself tells that they changed.
 */
export function ownCharts(
  tree: FileTree,
  objects: readonly ClusterObject[],
  isOwn: IsOwnSource,
): OwnCharts {
  const charts = new Map<string, OwnChart>();
  const known = new Map<string, OwnChart>();
  const paths = new Set<string>();
  for (const { resource, namespace = '' } of objectsOfKind({ objects }, 'HelmRelease')) {
    if (!isHelmRelease(resource)) continue;
    const chart = specOf(resource)?.map('chart')?.map('spec');
    const source = chart?.map('sourceRef');
    const path = securePath(chart?.text('chart') ?? '');
    if (source?.text('kind') !== 'GitRepository' || path === '' || !tree.isDirectory(path))
      continue;
    if (!isOwn(source.text('namespace') ?? namespace, source.text('name') ?? '')) continue;
    const values = (chart?.list('valuesFiles')?.items ?? []).flatMap((item) =>
      item.kind === 'scalar' && typeof item.value === 'string' ? securePath(item.value) : [],
    );
    for (const one of [path, ...values]) paths.add(one);
    const key = [path, ...values].join('\n');
    const made = known.get(key) ?? readChart(tree, path, values);
    known.set(key, made);
    charts.set(`${namespace}/${resource.name}`, made);
  }
  return { charts, paths: [...paths] };
}

function readChart(tree: FileTree, path: string, values: readonly string[]): OwnChart {
  const below = tree.list().filter((entry) => isWithin(entry.path, path));
  const extra = values.flatMap((file) => tree.entry(file) ?? []);
  const input = [...below, ...extra].map((entry) => `${entry.path} ${entry.id}`).join('\n');
  const kinds = kindsIn(
    tree,
    below.map((entry) => entry.path),
    path,
  );
  return { input, ...(kinds && { kinds: [...kinds] }) };
}

/** The kinds in templates; undefined where others may come of them, or from charts inside. */
function kindsIn(
  tree: FileTree,
  files: readonly string[],
  chart: string,
): ReadonlySet<string> | undefined {
  const kinds = new Set<string>();
  for (const file of files) {
    const inside = file.slice(chart.length + 1);
    if (inside.startsWith('charts/')) return undefined;
    const isDescription = inside === 'Chart.yaml' || inside === 'requirements.yaml';
    if (!isDescription && !/^(?:templates|crds)\//.test(inside)) continue;
    const content = tree.read(file);
    if (content.state !== 'text') return undefined;
    if (isDescription && /^dependencies:/m.test(content.text)) return undefined;
    // Values as text, and objects as text from values, may be of any kind.
    if (
      /^[ \t-]*kind:[ \t]*(?:\{\{|$)|\btpl\b|toYaml \.Values|^\{\{[^}]*\.Values/m.test(content.text)
    ) {
      return undefined;
    }
    for (const [, kind = ''] of content.text.matchAll(/\bkind["']?:[ \t]*["']?([A-Za-z]+)/g)) {
      kinds.add(kind);
    }
  }
  return kinds;
}
