import type { Cluster } from '../flux/cluster.ts';
import { type Area, type Fault, isStronger, type UnknownFact } from '../model/finding.ts';
import type { ClusterChange, Outcome, Repository, Rule, RuleContext } from '../rules/rule.ts';
import { fingerprint } from './fingerprint.ts';

/** Faults of one cluster by fingerprint, and what could not be told there. */
export interface Judged {
  readonly faults: ReadonlyMap<string, Fault>;
  readonly unknowns: readonly AreaUnknown[];
}

export interface AreaUnknown extends UnknownFact {
  readonly area: Area;
}

/** A repository at one commit, judged. */
export interface JudgedRepository {
  readonly clusters: ReadonlyMap<string, Judged>;
  /** What concerns the repository itself and no cluster. */
  readonly repository: Judged;
}

/**
 * Runs every rule over everything it looks at. Rules about a change run where there is an earlier
 * state; what they find has no counterpart before, so it is introduced.
 */
export function evaluate(
  repository: Repository,
  rules: readonly Rule[],
  context: RuleContext,
  earlier?: Repository,
): JudgedRepository {
  const whole = new Collector();
  for (const rule of rules) {
    if (rule.on === 'repository') whole.add(rule, rule.evaluate(repository, context));
    if (rule.on === 'repository-change' && earlier) {
      whole.add(rule, rule.evaluate({ before: earlier, after: repository }, context));
    }
  }
  const clusters = new Map<string, Judged>();
  for (const cluster of repository.clusters) {
    const before = earlier?.clusters.find(({ name }) => name === cluster.name);
    const judged = evaluateCluster(cluster, rules, context);
    if (earlier) addChange(judged, { ...(before && { before }), after: cluster }, rules, context);
    clusters.set(cluster.name, judged);
  }
  return { clusters, repository: whole };
}

function evaluateCluster(
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
): Collector {
  const collector = new Collector();
  for (const rule of rules) {
    if (rule.on === 'cluster') collector.add(rule, rule.evaluate(cluster, context));
    if (rule.on !== 'object') continue;
    for (const object of cluster.objects) {
      collector.add(rule, rule.evaluate(object, cluster, context));
    }
  }
  return collector;
}

function addChange(
  judged: Collector,
  change: ClusterChange,
  rules: readonly Rule[],
  context: RuleContext,
): void {
  for (const rule of rules) {
    if (rule.on === 'cluster-change') judged.add(rule, rule.evaluate(change, context));
  }
}

class Collector implements Judged {
  readonly faults = new Map<string, Fault>();
  readonly unknowns: AreaUnknown[] = [];

  add(rule: Rule, { faults, unknowns }: Outcome): void {
    for (const fault of faults) {
      const key = fingerprint(fault);
      const known = this.faults.get(key);
      if (known === undefined || isStronger(fault.effect, known.effect))
        this.faults.set(key, fault);
    }
    for (const unknown of unknowns) this.unknowns.push({ ...unknown, area: rule.area });
  }
}
