import type { Cluster } from '../../flux/cluster.ts';
import type { RepositoryChange, RuleContext } from '../rule.ts';
import { type Mode, MODES } from './namespace-policy.ts';
import { type NamespaceSituation, situationOf } from './namespace-situation.ts';
import { type ClusterWorkload, namespacesInUse, refusalBy } from './namespaces-in-use.ts';
import type { PodSecurityConfiguration } from './pod-security-configuration.ts';
import { type Policy, policyText } from './policy.ts';
import {
  admissionOf,
  EXEMPT_KINDS,
  type WrittenCluster,
  writtenClusters,
} from './written-settings.ts';

/** What a change would do to the admission of a cluster, once it is merged and rolled out. */
export interface AdmissionChange {
  readonly cluster: WrittenCluster;
  /** Undefined where the file cannot be used. */
  readonly before: PodSecurityConfiguration | undefined;
  readonly after: PodSecurityConfiguration | undefined;
}

/** Clusters whose defaults or exemptions read otherwise after a change, as both sides write them. */
export function admissionChanges({ before, after }: RepositoryChange): AdmissionChange[] {
  if (before === undefined) return [];
  const earlier = new Map(writtenClusters(before.tree).map((cluster) => [cluster.name, cluster]));
  const now = new Map(writtenClusters(after.tree).map((cluster) => [cluster.name, cluster]));
  return [...new Set([...earlier.keys(), ...now.keys()])].flatMap((name) => {
    const [old, fresh] = [earlier.get(name), now.get(name)];
    const cluster = fresh ?? old;
    if (cluster === undefined) return [];
    const change = {
      cluster,
      before: admissionOf(before.tree, old ?? NOTHING_WRITTEN),
      after: admissionOf(after.tree, fresh ?? NOTHING_WRITTEN),
    };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : change;
  });
}

const NOTHING_WRITTEN = { file: undefined, admission: undefined };

/** Its single changes: what, and its value before and after. */
export function linesOf({
  before,
  after,
}: Pick<AdmissionChange, 'before' | 'after'>): (readonly [string, string, string])[] {
  if (before === undefined || after === undefined) {
    const state = (side: unknown) => (side === undefined ? 'cannot be used' : 'can be used');
    return [['the configuration', state(before), state(after)]];
  }
  const defaults = MODES.flatMap((mode: Mode) => {
    const [old, now] = [policyText(before.defaults[mode]), policyText(after.defaults[mode])];
    return old === now ? [] : [[`default of ${mode}`, old, now] as const];
  });
  const lists = Object.keys(EXEMPT_KINDS) as (keyof typeof EXEMPT_KINDS)[];
  const exemptions = lists.flatMap((list) => {
    const [old, now] = [before.exemptions[list], after.exemptions[list]];
    return [...new Set([...old, ...now])]
      .filter((name) => old.includes(name) !== now.includes(name))
      .map((name) => {
        const state = (names: readonly string[]) => (names.includes(name) ? 'exempt' : 'judged');
        return [`${EXEMPT_KINDS[list].noun} ${name}`, state(old), state(now)] as const;
      });
  });
  return [...defaults, ...exemptions];
}

/** What becomes of a namespace that the change of admission touches. */
export interface TouchedNamespace {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly letIn: readonly ClusterWorkload[];
  readonly refused: readonly ClusterWorkload[];
}

/** Namespaces of a cluster that are held to something else under another admission. */
export function touchedNamespaces(
  cluster: Cluster,
  { before, after }: Pick<AdmissionChange, 'before' | 'after'>,
  { settings: { podSecurity } }: RuleContext,
): TouchedNamespace[] {
  if (before === undefined || after === undefined) return [];
  const [earlier, later] = [withAdmission(cluster, before), withAdmission(cluster, after)];
  const used = namespacesInUse(cluster, podSecurity.podTemplates);
  return [...new Set([...cluster.namespaces.keys(), ...used.keys()])].sort().flatMap((name) => {
    const [old, now] = [heldIn(earlier, name), heldIn(later, name)];
    if (old.text === now.text) return [];
    const workloads = used.get(name)?.workloads ?? [];
    const isRefused = (workload: ClusterWorkload, { policy, situation }: typeof old) =>
      policy !== undefined && refusalBy(workload, policy, situation) !== undefined;
    return {
      name,
      before: old.text,
      after: now.text,
      letIn: workloads.filter((one) => isRefused(one, old) && !isRefused(one, now)),
      refused: workloads.filter((one) => !isRefused(one, old) && isRefused(one, now)),
    };
  });
}

function heldIn(
  cluster: Cluster,
  name: string,
): { text: string; policy: Policy | undefined; situation: NamespaceSituation } {
  const situation = situationOf(cluster, name);
  const { policy, exemptions } = situation;
  if (exemptions.namespaces.includes(name)) return { text: 'exempt', policy: undefined, situation };
  const { enforce } = policy;
  // Privileged lets in everything, whatever its version.
  const text = enforce.level === 'privileged' ? enforce.level : policyText(enforce);
  return { text, policy: enforce, situation };
}

/** The same cluster, configured otherwise. */
function withAdmission(
  cluster: Cluster,
  { defaults, exemptions }: PodSecurityConfiguration,
): Cluster {
  const halves = MODES.flatMap((mode) => [
    [mode, defaults[mode].level],
    [`${mode}-version`, defaults[mode].version.text],
  ]);
  const podSecurity = { defaults: Object.fromEntries(halves) as Record<Mode, string>, exemptions };
  return { ...cluster, settings: { ...cluster.settings, podSecurity } };
}
