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
 *
 * @param softened ids of the rules whose findings are advice, whatever they say
 */
export function evaluate(
  repository: Repository,
  rules: readonly Rule[],
  context: RuleContext,
  earlier?: Repository,
  softened: ReadonlySet<string> = new Set(),
): JudgedRepository {
  const whole = new Collector(softened);
  for (const rule of rules) {
    if (rule.on === 'repository') whole.add(rule, rule.evaluate(repository, context));
    if (rule.on === 'repository-change' && earlier) {
      whole.add(rule, rule.evaluate({ before: earlier, after: repository }, context));
    }
  }
  const clusters = new Map<string, Judged>();
  for (const cluster of repository.clusters) {
    const before = earlier?.clusters.find(({ name }) => name === cluster.name);
    const judged = new Collector(softened, evaluateOnce(cluster, rules, context, softened));
    addFactual(judged, cluster, rules, context);
    // Nothing happens to a cluster that is the same value before and after.
    if (earlier && before !== cluster) {
      addChange(judged, { ...(before && { before }), after: cluster }, rules, context);
    }
    clusters.set(cluster.name, judged);
  }
  return { clusters, repository: whole };
}

interface Evaluated {
  readonly rules: readonly Rule[];
  readonly judged: Judged;
}

const evaluated = new WeakMap<Cluster, WeakMap<RuleContext['settings'], Evaluated>>();

/**
 * What the rules of one state say of a cluster, asked once: of a cluster that did not change, by
 * settings that did not, they say the same again.
 */
function evaluateOnce(
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
  softened: ReadonlySet<string>,
): Judged {
  const ofCluster = evaluated.get(cluster) ?? new WeakMap<RuleContext['settings'], Evaluated>();
  evaluated.set(cluster, ofCluster);
  const known = ofCluster.get(context.settings);
  if (known?.rules.length === rules.length && known.rules.every((rule, at) => rule === rules[at])) {
    return known.judged;
  }
  const judged = evaluateCluster(cluster, rules, context, softened);
  ofCluster.set(context.settings, { rules, judged });
  return judged;
}

function evaluateCluster(
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
  softened: ReadonlySet<string>,
): Collector {
  const collector = new Collector(softened);
  for (const rule of rules) {
    if (rule.on === 'cluster') collector.add(rule, rule.evaluate(cluster, context));
    if (rule.on !== 'object') continue;
    for (const object of cluster.objects) {
      collector.add(rule, rule.evaluate(object, cluster, context));
    }
  }
  return collector;
}

function addFactual(
  judged: Collector,
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
): void {
  for (const rule of rules) {
    if (rule.on !== 'object-and-facts') continue;
    for (const object of cluster.objects) judged.add(rule, rule.evaluate(object, cluster, context));
  }
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
  readonly faults: Map<string, Fault>;
  readonly unknowns: AreaUnknown[];
  readonly #softened: ReadonlySet<string>;

  /** @param judged what is known already */
  constructor(softened: ReadonlySet<string>, judged?: Judged) {
    this.#softened = softened;
    this.faults = new Map(judged?.faults);
    this.unknowns = [...(judged?.unknowns ?? [])];
  }

  add(rule: Rule, { faults, unknowns }: Outcome): void {
    for (const said of faults) {
      const fault: Fault = this.#softened.has(said.rule) ? { ...said, effect: 'advice' } : said;
      const key = fingerprint(fault);
      const known = this.faults.get(key);
      if (known === undefined || isStronger(fault.effect, known.effect))
        this.faults.set(key, fault);
    }
    for (const unknown of unknowns) this.unknowns.push({ ...unknown, area: rule.area });
  }
}
