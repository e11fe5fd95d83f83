import { compareText } from '../model/compare-text.ts';
import type { ClusterFinding, Effect, Finding } from '../model/finding.ts';
import { EFFECTS } from '../model/finding.ts';
import { codeCell } from './escape.ts';

/** More rows than this are no overview. */
const MAX_ROWS = 25;

const HEADS: Record<Effect, string> = {
  denied: 'Refused',
  risk: 'Risks',
  warned: 'Warnings',
  audited: 'Audit log',
  advice: 'Advice',
};

/**
 * What is new by cluster and namespace, production first; empty where no cluster is concerned.
 * A finding counts in each of its clusters.
 */
export function renderTable(introduced: readonly Finding[]): string {
  const rows = collect(introduced);
  if (rows.length === 0) return '';
  const used = EFFECTS.filter((effect) => rows.some(({ counts }) => (counts[effect] ?? 0) > 0));
  const shown = rows.slice(0, MAX_ROWS);
  const lines = [
    `| Cluster | Namespace | ${used.map((effect) => HEADS[effect]).join(' | ')} |`,
    `| --- | --- | ${used.map(() => '---:').join(' | ')} |`,
    ...shown.map(
      ({ cluster, namespace, counts }) =>
        `| ${codeCell(cluster)} | ${namespace === undefined ? '' : codeCell(namespace)} | ${used.map((effect) => counts[effect] ?? 0).join(' | ')} |`,
    ),
  ];
  const more = rows.length - shown.length;
  if (more > 0) {
    lines.push('', `and ${more} more rows: \`fluxgate review --format json\` has all of them.`);
  }
  return lines.join('\n');
}

interface Row {
  readonly cluster: string;
  readonly environment: string | undefined;
  readonly namespace: string | undefined;
  readonly counts: Partial<Record<Effect, number>>;
}

function collect(findings: readonly Finding[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { subject, clusters } of findings) {
    for (const cluster of clusters) {
      if (cluster.change !== 'introduced') continue;
      const key = JSON.stringify([cluster.name, subject.namespace]);
      const row = rows.get(key) ?? newRow(cluster, subject.namespace);
      row.counts[cluster.effect] = (row.counts[cluster.effect] ?? 0) + 1;
      rows.set(key, row);
    }
  }
  return [...rows.values()].sort(byWeight);
}

function newRow({ name, environment }: ClusterFinding, namespace: string | undefined): Row {
  return { cluster: name, environment, namespace, counts: {} };
}

function byWeight(a: Row, b: Row): number {
  const first = Number(b.environment === 'production') - Number(a.environment === 'production');
  return (
    first || compareText(a.cluster, b.cluster) || compareText(a.namespace ?? '', b.namespace ?? '')
  );
}
