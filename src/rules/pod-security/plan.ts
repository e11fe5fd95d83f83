import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { placeOf } from '../../model/field-path.ts';
import type { Plan, PlannedLevel, PlannedNamespace, PlanRequest } from '../../model/plan.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { denialText } from './admission-text.ts';
import { exemptionOf } from './exemptions.ts';
import { requesterOf } from './controller-user.ts';
import { evaluateOnce, workloadOf } from './judged-workload.ts';
import { type NamespaceSituation, situationOf } from './namespace-situation.ts';
import { policyText } from './policy.ts';
import type { Workload } from './workloads.ts';

const STRICTER = ['baseline', 'restricted'] as const;

/**
 * What each namespace would refuse if its level were raised now: the same judgement as a review's,
 * at levels that are not in force.
 */
export function planLevels(
  clusters: readonly Cluster[],
  { namespace, level, cluster: only }: PlanRequest,
  { podSecurity }: RuleSettings,
): Plan {
  const namespaces = clusters
    .filter(({ name }) => only === undefined || name === only)
    .flatMap((cluster) =>
      namesIn(cluster)
        .filter((name) => namespace === undefined || name === namespace)
        .map((name) => planNamespace(cluster, name, podSecurity.podTemplates)),
    );
  return {
    clusters: clusters.map(({ name }) => name),
    namespaces: namespaces.map((planned) => ({
      ...planned,
      levels: planned.levels.filter((one) => level === undefined || one.level === level),
    })),
  };
}

/** Namespaces that are made here or used here. */
function namesIn({ namespaces, objects }: Cluster): string[] {
  const used = objects.flatMap(({ namespace }) => namespace ?? []);
  return [...new Set([...namespaces.keys(), ...used])].sort();
}

interface Inhabitant {
  readonly object: ClusterObject;
  readonly workload: Workload;
}

function planNamespace(
  cluster: Cluster,
  name: string,
  podTemplates: RuleSettings['podSecurity']['podTemplates'],
): PlannedNamespace {
  const situation = situationOf(cluster, name);
  const inhabitants = cluster.objects.flatMap((object): Inhabitant[] => {
    const workload = object.namespace === name ? workloadOf(object, podTemplates) : undefined;
    return workload ? [{ object, workload }] : [];
  });
  const { enforce } = situation.policy;
  const levels = STRICTER.map((level) => planLevel(level, inhabitants, situation));
  const passing = levels.filter(({ verdict }) => verdict === 'passes').map(({ level }) => level);
  return {
    cluster: cluster.name,
    namespace: name,
    ...(situation.manifest && {
      place: placeOf(situation.manifest.resource.root, [
        'metadata',
        'labels',
        enforce.levelFrom.key ?? '',
      ]),
    }),
    policy: policyText(enforce),
    enforced: enforce.level,
    version: enforce.version.text,
    isLabelled: enforce.levelFrom.from === 'label',
    isExempt: situation.exemptions.namespaces.includes(name),
    workloads: inhabitants.length,
    highest: passing.includes('baseline') ? (passing.at(-1) ?? 'baseline') : 'privileged',
    levels,
  };
}

function planLevel(
  level: (typeof STRICTER)[number],
  inhabitants: readonly Inhabitant[],
  situation: NamespaceSituation,
): PlannedLevel {
  const { policy, server, exemptions, name: namespace } = situation;
  const controls = new Map<string, Set<Workload>>();
  const refusals: PlannedLevel['refusals'][number][] = [];
  const unknowns = new Set<string>();
  const asked = { level, version: policy.enforce.version };
  for (const { object, workload } of inhabitants) {
    const { kind, plainName, root } = object.resource;
    for (const { pod } of workload.templates) {
      const exempt = exemptionOf(exemptions, {
        namespace,
        username: requesterOf(object, workload, 'enforce'),
        runtimeClass: pod.spec.runtimeClassName,
      });
      if (exempt !== undefined && exempt !== 'unknown') continue;
      const evaluation = evaluateOnce(pod, workload.type, asked, server);
      if (evaluation.verdict === 'allowed') continue;
      if (exempt === 'unknown' || evaluation.verdict === 'inconclusive') {
        unknowns.add(`${kind} ${plainName} depends on values that the repository does not hold`);
        continue;
      }
      for (const { check, verdict } of evaluation.results) {
        if (verdict !== 'forbidden') continue;
        const rule = `pod-security/${check.control}`;
        controls.set(rule, (controls.get(rule) ?? new Set()).add(workload));
      }
      refusals.push({
        name: `${kind} ${plainName}`,
        detail: denialText(evaluation),
        place: placeOf(root, pod.places.spec),
      });
    }
  }
  return {
    level,
    verdict: refusals.length > 0 ? 'refuses' : unknowns.size > 0 ? 'unknown' : 'passes',
    controls: [...controls].map(([rule, { size: workloads }]) => ({ rule, workloads })),
    refusals,
    unknowns: [...unknowns],
  };
}
