import type { FileTree } from '../model/file-tree.ts';
import { objectsOfKind } from './objects-of-kind.ts';
import type { ClusterObject } from './cluster.ts';
import { isHelmRelease, specOf } from './kinds.ts';
import { isWithin, securePath } from './paths.ts';

/** Whether a GitRepository is this repository. */
export type IsOwnSource = (namespace: string, name: string) => boolean;

export interface OwnCharts {
  readonly charts: ReadonlyMap<string, string>;
  /** Directories and files that they were read from. */
  readonly paths: readonly string[];
}

/**
 * The files of charts that lie in this repository, by the release that is made of one: nothing of
 * the release itself tells that they changed.
 */
export function ownCharts(
  tree: FileTree,
  objects: readonly ClusterObject[],
  isOwn: IsOwnSource,
): OwnCharts {
  const charts = new Map<string, string>();
  const known = new Map<string, string>();
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
    const inputs = [path, ...values].map((one) => {
      const input = known.get(one) ?? inputOf(tree, one);
      known.set(one, input);
      return input;
    });
    charts.set(`${namespace}/${resource.name}`, inputs.join());
  }
  return { charts, paths: [...known.keys()] };
}

function inputOf(tree: FileTree, path: string): string {
  const below = tree.list().filter((entry) => isWithin(entry.path, path));
  return below.map((entry) => `${entry.path} ${entry.id}`).join('\n');
}
