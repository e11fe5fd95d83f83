import type { Cluster, ClusterObject, Surroundings } from '../flux/cluster.ts';
import { objectsOfKind } from '../flux/objects-of-kind.ts';
import { type Area, type Fault, isStronger, type UnknownFact } from '../model/finding.ts';
import type {
  ClusterChange,
  ObjectRule,
  Outcome,
  Repository,
  Rule,
  RuleContext,
} from '../rules/rule.ts';
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
  const ofObjects = judgeObjects(cluster, rules, context);
  for (const rule of rules) {
    if (rule.on === 'cluster') collector.add(rule, rule.evaluate(cluster, context));
    for (const outcome of ofObjects.get(rule) ?? []) collector.add(rule, outcome);
  }
  return collector;
}

/** What the rules say of objects, as long as all that they look at beside them stays. */
interface Verdicts {
  readonly rules: readonly ObjectRule[];
  readonly settings: RuleContext['settings'];
  readonly cluster: Surroundings;
  readonly byObject: WeakMap<ClusterObject, readonly Said[]>;
}

interface Said {
  readonly rule: Rule;
  readonly outcome: Outcome;
}

const verdicts = new WeakMap<Surroundings['namespaces'], Verdicts[]>();

/** Verdicts that are kept for one set of namespaces: configurations change seldom. */
const MAX_VERDICTS = 4;

/** Outcomes by rule; of an object that stays, in surroundings that stay, nothing is asked again. */
function judgeObjects(
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
): Map<Rule, Outcome[]> {
  const asked = rules.filter((rule) => rule.on === 'object');
  const { byObject } = verdictsFor(cluster, asked, context.settings);
  const outcomes = new Map<Rule, Outcome[]>();
  for (const object of cluster.objects) {
    let known = byObject.get(object);
    if (known === undefined) {
      known = judgeObject(object, cluster, asked, context);
      byObject.set(object, known);
    }
    for (const { rule, outcome } of known) {
      const ofRule = outcomes.get(rule);
      if (ofRule) ofRule.push(outcome);
      else outcomes.set(rule, [outcome]);
    }
  }
  return outcomes;
}

const NOTHING_SAID: readonly Said[] = [];

function judgeObject(
  object: ClusterObject,
  cluster: Surroundings,
  rules: readonly ObjectRule[],
  context: RuleContext,
): readonly Said[] {
  const said: Said[] = [];
  for (const rule of rules) {
    const outcome = rule.evaluate(object, cluster, context);
    if (outcome.faults.length > 0 || outcome.unknowns.length > 0) said.push({ rule, outcome });
  }
  return said.length === 0 ? NOTHING_SAID : said;
}

function verdictsFor(
  cluster: Surroundings,
  rules: readonly ObjectRule[],
  settings: RuleContext['settings'],
): Verdicts {
  const known = verdicts.get(cluster.namespaces) ?? [];
  const same = known.find(
    (one) =>
      one.settings === settings &&
      one.cluster.settings === cluster.settings &&
      one.cluster.name === cluster.name &&
      one.cluster.isFlux === cluster.isFlux &&
      one.rules.length === rules.length &&
      one.rules.every((rule, at) => rule === rules[at]),
  );
  if (same !== undefined) return same;
  const { name, namespaces, isFlux } = cluster;
  const kept = { name, namespaces, settings: cluster.settings, ...(isFlux && { isFlux }) };
  const made: Verdicts = { rules, settings, cluster: kept, byObject: new WeakMap() };
  verdicts.set(namespaces, [made, ...known].slice(0, MAX_VERDICTS));
  return made;
}

function addFactual(
  judged: Collector,
  cluster: Cluster,
  rules: readonly Rule[],
  context: RuleContext,
): void {
  for (const rule of rules) {
    if (rule.on !== 'object-and-facts') continue;
    for (const object of objectsOfKind(cluster, ...rule.kinds)) {
      judged.add(rule, rule.evaluate(object, cluster, context));
    }
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
