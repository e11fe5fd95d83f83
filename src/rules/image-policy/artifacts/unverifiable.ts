import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectNamed } from '../../../flux/object-named.ts';
import { type FieldPath, valueAt } from '../../../model/field-path.ts';
import { groupOf } from '../../../model/resource.ts';

/** A chart that is to be verified and comes from where Flux verifies none. */
export interface Unverifiable {
  readonly verify: FieldPath;
  /** `HTTP HelmRepository "a"`, inside a sentence. */
  readonly source: string;
  /** What Flux or the API server says. */
  readonly detail: string;
}

/** Where the chart's fields stand, by group and kind. */
const CHARTS: ReadonlyMap<string, FieldPath> = new Map([
  ['source.toolkit.fluxcd.io HelmChart', ['spec']],
  ['helm.toolkit.fluxcd.io HelmRelease', ['spec', 'chart', 'spec']],
]);

export const CHART_KINDS = ['HelmChart', 'HelmRelease'] as const;

/**
 * Only charts of OCI repositories are verified. A repository that is not here, or whose address is
 * not known, may be one.
 */
export function unverifiableOf(
  { resource, namespace }: ClusterObject,
  cluster: Cluster,
): Unverifiable | undefined {
  const at = CHARTS.get(`${groupOf(resource.apiVersion)} ${resource.kind}`);
  const chart = at && valueAt(resource.root, at);
  if (at === undefined || chart?.kind !== 'map') return undefined;
  if (!chart.map('verify')?.text('provider')) return undefined;
  const verify = [...at, 'verify'];
  const reference = chart.map('sourceRef');
  const kind = reference?.text('kind');
  const name = reference?.text('name') ?? '';
  if (kind === 'GitRepository' || kind === 'Bucket') {
    const detail = 'spec.verify is only supported when using HelmRepository source kind';
    return { verify, source: `${kind} "${name}"`, detail };
  }
  if (kind !== 'HelmRepository') return undefined;
  const repository = objectNamed(cluster, {
    group: 'source.toolkit.fluxcd.io',
    kind,
    namespace: reference?.text('namespace') ?? namespace,
    name,
  });
  const url = repository?.resource.root.map('spec')?.text('url') ?? '';
  return /^https?:\/\//.test(url)
    ? { verify, source: `HTTP HelmRepository "${name}"`, detail: 'not implemented' }
    : undefined;
}
