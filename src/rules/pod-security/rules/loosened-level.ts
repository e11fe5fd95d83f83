import type { Fault, UnknownFact } from '../../../model/finding.ts';
import type { ClusterChange, ClusterChangeRule, RuleContext } from '../../rule.ts';
import { labelPlace } from '../faults.ts';
import { isStricter } from '../level.ts';
import { deploymentText, labelExample } from '../label-example.ts';
import {
  aboutLabel,
  creatorPlace,
  labelPath,
  labelRemedy,
  refusalLines,
  workloadNames,
} from '../namespace-fault.ts';
import { labelKey } from '../namespace-policy.ts';
import { situationOf } from '../namespace-situation.ts';
import {
  type ClusterWorkload,
  type NamespaceInUse,
  namespacesInUse,
  refusalBy,
  unusedNamespace,
} from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';

/**
 * A change that makes a namespace enforce less than before: by a lower level, an older version
 * that lets more in, or a label or Namespace that is gone.
 */
export const loosenedLevel: ClusterChangeRule = {
  id: 'pod-security/loosened-level',
  area: 'pod-security',
  title: 'Namespace that enforces less than before',
  since: '0.1',
  fails: true,
  loosens: true,
  on: 'cluster-change',
  docs: {
    protects:
      'The label of a namespace is the one line that keeps dangerous pods out of it. Lowering it lets in everything that the old level held back, today and later, by whoever may change workloads there; in a large pull request the line is easily overlooked.',
    allows: [
      'Raising a level, or leaving it as it is.',
      'Lowered is: a less strict `pod-security.kubernetes.io/enforce`; a label or Namespace that is taken away while workloads stay and the default of the cluster is less strict; a namespace that is gone and whose workloads go on in a new one that enforces less; another version by which workloads of the namespace are newly let in.',
    ],
    fix: 'Keep the level and change the workload. What cannot be changed goes into a namespace of its own, with a lower level and the reason beside it.',
    exception:
      'An incident, or a workload that the whole namespace depends on. Ask for a waiver for `Namespace//NAME` in `.github/fluxgate.yaml`, with an owner and an end, in a pull request before this one.',
    given: {
      before: labelExample({ enforce: 'restricted' }, { 'apps/web.yaml': deploymentText() }),
    },
    bad: labelExample({ enforce: 'baseline' }),
    good: labelExample({ enforce: 'restricted' }),
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/'],
  },
  evaluate: (change, context) => ({
    faults: faultsOf(change, context),
    unknowns: unknownsOf(change),
  }),
};

function faultsOf({ before, after }: ClusterChange, { settings }: RuleContext): Fault[] {
  if (before === undefined) return [];
  const { podTemplates } = settings.podSecurity;
  const [usedBefore, used] = [before, after].map((c) => namespacesInUse(c, podTemplates));
  const names = new Set([...before.namespaces.keys(), ...(usedBefore?.keys() ?? [])]);
  return [...names].flatMap((name) => {
    const inUse = used?.get(name) ?? unusedNamespace(situationOf(after, name));
    const { situation, workloads, releases } = inUse;
    // Gone with all that ran in it.
    if (situation.manifest === undefined && workloads.length + releases.length === 0) {
      return movedFaults(
        usedBefore?.get(name),
        (namespace) => {
          const isOld = before.namespaces.has(namespace) || usedBefore?.has(namespace);
          return isOld ? undefined : used?.get(namespace);
        },
        [...(used?.keys() ?? [])],
      );
    }
    return toFault(situationOf(before, name), inUse) ?? [];
  });
}

/** Namespaces that enforced something and of which it is not known any more what they enforce. */
function unknownsOf({ before, after }: ClusterChange): UnknownFact[] {
  return [...(before?.namespaces.keys() ?? [])].flatMap((name): UnknownFact[] => {
    if (before === undefined || !after.namespaces.has(name)) return [];
    const [old, situation] = [before, after].map((c) => situationOf(c, name).policy.enforce);
    const now = situation?.levelFrom.unknown;
    const wasHeld = old?.levelFrom.from !== 'unknown' && old?.level !== 'privileged';
    if (now === undefined || !wasHeld) return [];
    const place = labelPlace(situationOf(after, name), 'enforce');
    const reason = `Whether namespace "${name}" enforces less than before is not known: ${now.reason}.`;
    return [{ rule: loosenedLevel.id, reason, cause: 'environment', ...(place && { place }) }];
  });
}

/** Workloads of a namespace that is gone which go on in a new one that enforces less. */
function movedFaults(
  gone: NamespaceInUse | undefined,
  findNew: (namespace: string) => NamespaceInUse | undefined,
  names: readonly string[],
): Fault[] {
  if (gone === undefined) return [];
  const were = new Set(gone.workloads.map(identityOf));
  const old = gone.situation.policy.enforce;
  return names.flatMap((name) => {
    const inUse = findNew(name);
    const moved = inUse?.workloads.filter((workload) => were.has(identityOf(workload))) ?? [];
    if (inUse === undefined || moved.length === 0) return [];
    const { situation } = inUse;
    const now = situation.policy.enforce;
    const isKnown = [old, now].every(({ levelFrom }) => levelFrom.from !== 'unknown');
    const about = aboutLabel(situation, labelPath('enforce'), creatorPlace(inUse));
    if (!isKnown || !isStricter(old.level, now.level) || about === undefined) return [];
    const letIn = moved.filter(
      (workload) => refusalBy(workload, old, gone.situation) !== undefined,
    );
    const from = gone.situation.name;
    return {
      ...about,
      rule: loosenedLevel.id,
      effect: 'risk' as const,
      message: `Namespace "${situation.name}" takes the place of "${from}" and enforces ${policyText(now)}; "${from}" enforced ${policyText(old)}.${newlyLetIn(letIn)}`,
      ...(letIn.length > 0 && { detail: refusalLines(letIn, old, gone.situation) }),
      related: [],
      policy: policyText(now),
      remedy: labelRemedy(situation, `Keep ${labelKey('enforce')}: ${old.level}.`, [
        { path: labelPath('enforce'), set: old.level },
      ]),
    };
  });
}

function identityOf({ object: { resource } }: ClusterWorkload): string {
  return `${resource.kind} ${resource.plainName}`;
}

function newlyLetIn(workloads: readonly ClusterWorkload[]): string {
  return workloads.length > 0
    ? ` Newly let in: ${workloadNames(workloads)}.`
    : ' No workload of this repository needs it.';
}

function toFault(earlier: NamespaceInUse['situation'], inUse: NamespaceInUse): Fault | undefined {
  const { situation, workloads } = inUse;
  const [old, now] = [earlier.policy.enforce, situation.policy.enforce];
  if ([old, now].some(({ levelFrom }) => levelFrom.from === 'unknown')) return undefined;
  const letIn = workloads.filter(
    (workload) =>
      refusalBy(workload, old, earlier) !== undefined &&
      refusalBy(workload, now, situation) === undefined,
  );
  const isLower = isStricter(old.level, now.level);
  if (!isLower && (letIn.length === 0 || old.level !== now.level)) return undefined;
  const path = labelPath('enforce', isLower ? 'level' : 'version');
  const about = aboutLabel(situation, path, creatorPlace(inUse));
  if (about === undefined) return undefined;
  const newly = newlyLetIn(letIn);
  const key = labelKey('enforce', isLower ? 'level' : 'version');
  const set = isLower ? old.level : old.version.text;
  return {
    ...about,
    rule: loosenedLevel.id,
    effect: 'risk',
    message: `Namespace "${situation.name}" enforces ${policyText(now)}; before this change it enforced ${policyText(old)}.${newly}`,
    ...(letIn.length > 0 && { detail: refusalLines(letIn, old, earlier) }),
    related: [],
    policy: policyText(now),
    remedy: labelRemedy(situation, `Keep ${key}: ${set}.`, [{ path, set }]),
  };
}
