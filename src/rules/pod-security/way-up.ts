import type { Cluster } from '../../flux/cluster.ts';
import { newObjects } from '../../flux/new-objects.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { MODES } from './namespace-policy.ts';
import { namespacesInUse, refusalBy } from './namespaces-in-use.ts';
import { policyText } from './policy.ts';

/**
 * What restricted would refuse in namespaces that enforce baseline and whose workloads a change
 * touches, one quiet line each. Where a namespace is audited or warned by restricted, its findings
 * say so themselves.
 */
export function wayUpLines(
  { before, after }: RepositoryChange,
  { settings: { podSecurity } }: RuleContext,
): string[] {
  if (before === undefined) return [];
  return after.clusters.flatMap((cluster) => {
    const earlier = before.clusters.find(({ name }) => name === cluster.name);
    return [...touchedBy(cluster, earlier)].sort().flatMap((name) => {
      const inUse = namespacesInUse(cluster, podSecurity.podTemplates);
      const { situation, workloads } = inUse.get(name) ?? {};
      if (situation === undefined || workloads === undefined) return [];
      const { policy, exemptions } = situation;
      const isTold = MODES.some((mode) => policy[mode].level === 'restricted');
      const isExempt = exemptions.namespaces.includes(name);
      if (policy.enforce.level !== 'baseline' || isTold || isExempt) return [];
      const next = { level: 'restricted' as const, version: policy.enforce.version };
      const refused = workloads.filter((one) => refusalBy(one, next, situation) !== undefined);
      if (refused.length === 0) return [];
      return `At ${policyText(next)}, the next stricter level, ${refused.length} of ${workloads.length} workload${workloads.length === 1 ? '' : 's'} of namespace ${name} in ${cluster.name} would be refused. The way up is to audit and warn first; fluxgate plan ${name} restricted lists them.`;
    });
  });
}

/** Namespaces with an object that is not the same as before. */
function touchedBy(after: Cluster, before: Cluster | undefined): Set<string> {
  return new Set(newObjects(after, before).flatMap(({ namespace }) => namespace ?? []));
}
