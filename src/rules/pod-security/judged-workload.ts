import type { ClusterObject } from '../../flux/cluster.ts';
import { type LocatedMap, toPlain } from '../../model/located.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import type { CustomWorkload } from './custom-workloads.ts';
import { applyDefaults } from './defaulting.ts';
import { type Evaluation, evaluatePod } from './evaluate.ts';
import type { Pod } from './pod.ts';
import { type Policy, policyText } from './policy.ts';
import { readWorkload, type Workload } from './workloads.ts';

/**
 * Workloads are read once, and each of their pods is held to a policy once, whoever asks: sixteen
 * rules do, of every cluster that shares the object, before and after.
 */

type PodTemplates = RuleSettings['podSecurity']['podTemplates'];

const workloads = new WeakMap<PodTemplates, WeakMap<LocatedMap, Workload | null>>();

/** The pods in an object; undefined where it makes none. */
export function workloadOf(
  { resource: { apiVersion, kind, root } }: ClusterObject,
  podTemplates: PodTemplates,
): Workload | undefined {
  const read = workloads.get(podTemplates) ?? new WeakMap<LocatedMap, Workload | null>();
  workloads.set(podTemplates, read);
  const done = read.get(root);
  if (done !== undefined) return done ?? undefined;
  const configured = podTemplates.map(toCustomWorkload);
  const object = {
    apiVersion,
    kind,
    // Only of kinds that make pods: most objects, and the largest, are others.
    get root() {
      return toPlain(root);
    },
  };
  const workload = readWorkload(object, configured);
  read.set(root, workload ?? null);
  return workload;
}

function toCustomWorkload({ group, kind, path }: PodTemplates[number]): CustomWorkload {
  return { group, kind, paths: [path] };
}

const evaluations = new WeakMap<Pod, Map<string, Evaluation>>();

/**
 * A pod held to a policy, as an API server fills it in and judges it.
 *
 * @param server minor version of the API server; undefined for the newest
 */
export function evaluateOnce(
  pod: Pod,
  type: Workload['type'],
  policy: Policy,
  server: number | undefined,
): Evaluation {
  const done = evaluations.get(pod) ?? new Map<string, Evaluation>();
  evaluations.set(pod, done);
  const key = `${policyText(policy)} ${server ?? ''}`;
  const evaluation = done.get(key) ?? evaluatePod(filledIn(pod, type, server), policy, server);
  done.set(key, evaluation);
  return evaluation;
}

const filled = new WeakMap<Pod, Map<number | undefined, Pod>>();

function filledIn(pod: Pod, type: Workload['type'], server: number | undefined): Pod {
  const done = filled.get(pod) ?? new Map<number | undefined, Pod>();
  filled.set(pod, done);
  const object = type === 'pod' ? 'pod' : 'template';
  const result = done.get(server) ?? applyDefaults(pod, 'server', { object, minor: server });
  done.set(server, result);
  return result;
}
