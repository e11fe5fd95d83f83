import type { Fault, FieldEdit } from '../../../model/finding.ts';
import type { ClusterChange, ClusterChangeRule, RuleContext } from '../../rule.ts';
import { isStricter } from '../level.ts';
import { deploymentText, labelExample } from '../label-example.ts';
import {
  aboutLabel,
  labelPath,
  labelRemedy,
  labelsText,
  refusalLines,
  workloadNames,
} from '../namespace-fault.ts';
import type { Mode, NamespacePolicy } from '../namespace-policy.ts';
import { type NamespaceSituation, situationOf } from '../namespace-situation.ts';
import {
  type NamespaceInUse,
  namespacesInUse,
  refusalBy,
  unusedNamespace,
} from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';

/**
 * A change that makes a namespace enforce more than audit and warn have held there before: pods
 * are refused of which nobody has been told.
 */
export const raisedLevel: ClusterChangeRule = {
  id: 'pod-security/raised-level',
  area: 'pod-security',
  title: 'Level enforced without a warning before',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'Running pods are not touched when a level rises; they are refused when they are made again, which may be in the next night, on another node. Audit and warn tell beforehand what would be refused, also of workloads that this repository does not hold.',
    allows: [
      'Enforcing a level that audit and warn already held before the change.',
      'A namespace that the change creates.',
    ],
    fix: 'Set `audit` and `warn` to the new level first, look at the warnings and the audit log for a while, then raise `enforce`.',
    exception: 'A namespace of which you know everything that runs in it.',
    given: { before: labelExample({ enforce: 'baseline' }, { 'apps/web.yaml': deploymentText() }) },
    bad: labelExample({ enforce: 'restricted' }),
    good: labelExample({ enforce: 'baseline', audit: 'restricted', warn: 'restricted' }),
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/',
    ],
  },
  evaluate: (change, context) => ({ faults: faultsOf(change, context), unknowns: [] }),
};

function faultsOf({ before, after }: ClusterChange, { settings }: RuleContext): Fault[] {
  if (before === undefined) return [];
  const { podTemplates } = settings.podSecurity;
  const used = namespacesInUse(after, podTemplates);
  const usedBefore = namespacesInUse(before, podTemplates);
  return [...after.namespaces.keys()].flatMap((name) => {
    // A namespace that is new with all that runs in it has nothing that could stop.
    if (!before.namespaces.has(name) && !usedBefore.has(name)) return [];
    const inUse = used.get(name) ?? unusedNamespace(situationOf(after, name));
    return toFault(situationOf(before, name), inUse) ?? [];
  });
}

function toFault(
  { policy: old }: NamespaceSituation,
  { situation, workloads }: NamespaceInUse,
): Fault | undefined {
  const { enforce } = situation.policy;
  const { level, levelFrom } = enforce;
  const isRaised = levelFrom.from === 'label' && isStricter(level, old.enforce.level);
  const isInvalid = situation.policy.errors.length > 0;
  if (!isRaised || isInvalid || wasTold(old, level)) return undefined;
  const about = aboutLabel(situation, labelPath('enforce'));
  if (about === undefined) return undefined;
  const inTheWay = workloads.filter(
    (workload) => refusalBy(workload, enforce, situation) !== undefined,
  );
  const fields = stagedLabels(old, situation);
  const wait =
    inTheWay.length > 0
      ? ` In the way: ${workloadNames(inTheWay)}.`
      : ' No workload of this repository is in the way.';
  return {
    ...about,
    rule: raisedLevel.id,
    effect: 'advice',
    message: `Namespace "${situation.name}" enforces ${level} at once; audit and warn have not held ${level} there before.${wait}`,
    ...(inTheWay.length > 0 && { detail: refusalLines(inTheWay, enforce, situation) }),
    related: [],
    policy: policyText(enforce),
    remedy: labelRemedy(situation, `First only watch: ${labelsText(fields)}.`, fields),
  };
}

function wasTold(old: NamespacePolicy, level: NamespacePolicy['enforce']['level']): boolean {
  return (['audit', 'warn'] as const).every((mode) => !isStricter(level, old[mode].level));
}

function stagedLabels(old: NamespacePolicy, { policy }: NamespaceSituation): FieldEdit[] {
  const { level, version } = policy.enforce;
  const path = labelPath('enforce');
  const back: FieldEdit =
    old.enforce.levelFrom.from === 'label'
      ? { path, set: old.enforce.level }
      : { path, remove: true };
  const watch = (['audit', 'warn'] as const).flatMap((mode: Mode) => {
    const edits: FieldEdit[] = [{ path: labelPath(mode), set: level }];
    const isPinned = policy.enforce.versionFrom.from === 'label';
    return isPinned ? [...edits, { path: labelPath(mode, 'version'), set: version.text }] : edits;
  });
  return [back, ...watch];
}
