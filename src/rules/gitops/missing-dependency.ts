import { type Cluster, isWhole } from '../../flux/cluster.ts';
import { keyOf, specOf } from '../../flux/kinds.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import type { ClusterRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';
import { subjectOf } from './unit-faults.ts';

/** A `spec.dependsOn` that is never fulfilled: it names nothing, or leads back to itself. */
export const missingDependency: ClusterRule = {
  id: 'gitops/missing-dependency',
  area: 'gitops',
  title: 'Dependency that is never ready',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A Kustomization waits for those in its `spec.dependsOn`. When one of them does not exist, or the order goes in a circle, it waits for ever and nothing of it is applied.',
    allows: [
      'Names of Kustomizations of the same cluster; without `namespace` that of the Kustomization itself.',
      'No circle.',
    ],
    fix: 'Correct the name or namespace, or take the dependency out that closes the circle.',
    exception: 'None: Flux does not apply a Kustomization whose dependency is not ready.',
    limits:
      'Where a part of the cluster is not known, a dependency that is not found counts as not evaluated.',
    bad: {
      ...exampleCluster('./apps', '  dependsOn: [{name: infrastructure}]\n'),
      'apps/service.yaml': EXAMPLE_SERVICE,
    },
    good: {
      ...exampleCluster('./apps', '  dependsOn: [{name: flux-system}]\n'),
      'apps/service.yaml': EXAMPLE_SERVICE,
    },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies'],
  },
  evaluate(cluster) {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    const isKnown = cluster.units.every(isWhole);
    const graph = dependenciesOf(cluster);
    const circles = circlesOf(graph);
    for (const { kustomization, unit, dependencies } of graph.values()) {
      for (const { key, index } of dependencies) {
        const isMissing = !graph.has(key);
        if (!isMissing && !isInCircle(circles, keyOf(kustomization), key)) continue;
        const path = ['spec', 'dependsOn', index];
        const primary = placeOf(kustomization.root, path);
        const message = isMissing
          ? `Kustomization ${kustomization.name} depends on Kustomization ${key}, which does not exist.`
          : `Kustomization ${kustomization.name} depends on Kustomization ${key}, which depends on it.`;
        if (isMissing && !isKnown) {
          const reason = `${message.slice(0, -1)} in the known part of the cluster.`;
          unknowns.push({ rule: missingDependency.id, reason, place: primary, cause: 'content' });
          continue;
        }
        const subject = subjectOf(unit, `spec.dependsOn[name=${key}]`);
        const rule = missingDependency.id;
        faults.push({ rule, effect: 'denied', subject, message, primary, related: [] });
      }
    }
    return { faults, unknowns };
  },
};

interface Node {
  readonly kustomization: NonNullable<Cluster['units'][number]['kustomization']>;
  readonly unit: Cluster['units'][number];
  readonly dependencies: readonly { readonly key: string; readonly index: number }[];
}

function dependenciesOf({ units }: Cluster): Map<string, Node> {
  const graph = new Map<string, Node>();
  for (const unit of units) {
    const { kustomization } = unit;
    if (kustomization === undefined) continue;
    const [namespace = ''] = keyOf(kustomization).split('/');
    const items = specOf(kustomization)?.list('dependsOn')?.items ?? [];
    const dependencies = items.flatMap((item, index) => {
      const name = item.kind === 'map' ? item.text('name') : undefined;
      if (item.kind !== 'map' || name === undefined) return [];
      return [{ key: `${item.text('namespace') ?? namespace}/${name}`, index }];
    });
    graph.set(keyOf(kustomization), { kustomization, unit, dependencies });
  }
  return graph;
}

/**
 * Which circle each Kustomization is in, by a number that all of a circle share; one in no circle
 * has a number of its own (Tarjan's strongly connected components, without recursion: the order is
 * the pull request's).
 */
function circlesOf(graph: ReadonlyMap<string, Node>): ReadonlyMap<string, number> {
  const circles = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  for (const [start, { dependencies }] of graph) {
    // Whoever has none is in no circle; what others depend on is entered from there.
    if (dependencies.length === 0) continue;
    const path: { key: string; index: number; next: number }[] = [];
    const enter = (key: string) => {
      path.push({ key, index: low.size, next: 0 });
      low.set(key, low.size);
      open.push(key);
    };
    if (!low.has(start)) enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const own = low.get(at.key) ?? 0;
      const to = graph.get(at.key)?.dependencies[at.next]?.key;
      at.next += 1;
      if (to !== undefined) {
        if (!graph.has(to) || circles.has(to)) continue;
        if (low.has(to)) low.set(at.key, Math.min(own, low.get(to) ?? own));
        else enter(to);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above) low.set(above.key, Math.min(low.get(above.key) ?? own, own));
      if (own !== at.index) continue;
      for (const key of open.splice(open.lastIndexOf(at.key))) circles.set(key, at.index);
    }
  }
  return circles;
}

/** Whether a dependency comes back to whoever has it: on itself, or around a circle. */
function isInCircle(circles: ReadonlyMap<string, number>, key: string, on: string): boolean {
  return key === on || circles.get(key) === circles.get(on);
}
