import type { Cluster } from '../../../flux/cluster.ts';
import { placeOf } from '../../../model/field-path.ts';
import type { Fault } from '../../../model/finding.ts';
import { find } from '../../../model/field-path.ts';
import type { ClusterRule, RuleContext } from '../../rule.ts';
import { deploymentText, namespaceText } from '../label-example.ts';
import { isStricter, type Level } from '../level.ts';
import { aboutLabel, labelPath, labelRemedy, workloadNames } from '../namespace-fault.ts';
import {
  type ClusterWorkload,
  highestLevel,
  type NamespaceInUse,
  namespacesInUse,
  passes,
  pinFor,
} from '../namespaces-in-use.ts';
import { policyText } from '../policy.ts';
import type { PolicyVersion } from '../version.ts';
import { hasComment } from '../written-reason.ts';

const OPEN = `# node-exporter reads /proc of its node.\n${namespaceText({ enforce: 'privileged' })}`;

/** An exception that is larger than what needs it. */
export const needlessException: ClusterRule = {
  id: 'pod-security/needless-exception',
  area: 'pod-security',
  title: 'Namespace that lets in more than it needs',
  since: '0.1',
  lapsesWith: 'anything',
  on: 'cluster',
  docs: {
    protects:
      'An exception is for one workload; a privileged or exempt namespace is one for everything in it. What runs there and would pass anywhere is held to nothing: when it is taken over, it may make pods that take over the node. And a level that nothing needs is an open door for what comes next.',
    allows: [
      'A namespace with `enforce: privileged`, or one that the cluster exempts, in which every workload needs it: none passes baseline.',
      'A namespace with `enforce: baseline` in which some workload does not pass restricted.',
      'Namespaces with HelmReleases are not told that all passes: their charts are not rendered here.',
    ],
    fix: 'Move what passes into a namespace of its own with a stricter level. Where all passes, raise the level: `audit` and `warn` first, then `enforce`.',
    exception:
      'A workload that must share the namespace, for its Secrets say. Turn the rule off, or waive it for `Namespace//NAME`.',
    bad: { 'apps/namespace.yaml': OPEN, 'apps/web.yaml': deploymentText() },
    good: {
      'apps/namespace.yaml': namespaceText({ enforce: 'baseline' }),
      'apps/web.yaml': deploymentText(),
    },
    links: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#policy-instantiation',
    ],
  },
  evaluate: (cluster, { settings }: RuleContext) => ({
    faults: [...namespacesInUse(cluster, settings.podSecurity.podTemplates).values()].flatMap(
      (inUse) => toFault(inUse, cluster) ?? [],
    ),
    unknowns: [],
  }),
};

function toFault(inUse: NamespaceInUse, cluster: Cluster): Fault | undefined {
  const { situation, workloads, releases } = inUse;
  const { name, policy, exemptions, server } = situation;
  const isExempt = exemptions.namespaces.includes(name);
  const isLabelled = policy.enforce.levelFrom.from === 'label' && policy.errors.length === 0;
  if (workloads.length === 0 || (!isExempt && !isLabelled)) return undefined;
  const version = isExempt ? pinFor(cluster) : policy.enforce.version;
  const level: Level = isExempt ? 'privileged' : policy.enforce.level;
  const highest = highestLevel(workloads, version, server);
  if (releases.length === 0 && isStricter(highest, level)) {
    return isSaidWithoutReason(inUse, isExempt)
      ? undefined
      : fault(inUse, isExempt, {
          message: `Namespace "${name}" ${isExempt ? 'is exempt from Pod Security' : `enforces ${level}`}, and all of its workloads pass ${highest}.`,
          summary: isExempt
            ? `Take the exemption out and enforce ${highest}.`
            : `Watch ${highest} with audit and warn, then enforce it.`,
        });
  }
  if (level !== 'privileged') return undefined;
  const movable = movableOf(workloads, version, server);
  if (movable.length === 0 || movable.length === workloads.length) return undefined;
  const target = highestLevel(movable, version, server);

  return fault(inUse, isExempt, {
    message: `Namespace "${name}" is ${isExempt ? 'exempt from Pod Security' : 'privileged'}, and ${movable.length} of its ${workloads.length} workloads need not be: ${workloadNames(movable)} pass${movable.length === 1 ? 'es' : ''} ${target}.`,
    summary: `Move ${movable.length === 1 ? 'it' : 'them'} into a namespace of ${movable.length === 1 ? 'its' : 'their'} own that enforces ${target}, and keep the exception small.`,
  });
}

function movableOf(
  workloads: readonly ClusterWorkload[],
  version: PolicyVersion,
  server: number | undefined,
): ClusterWorkload[] {
  return workloads.filter((one) => passes(one, { level: 'baseline', version }, server));
}

/** Another rule says the same of a privileged namespace that gives no reason. */
function isSaidWithoutReason({ situation }: NamespaceInUse, isExempt: boolean): boolean {
  const root = situation.manifest?.resource.root;
  if (isExempt || root === undefined || situation.policy.enforce.level !== 'privileged')
    return false;
  return !hasComment(find(root, labelPath('enforce')).node) && !hasComment(root);
}

function fault(
  { situation, workloads: [first] }: NamespaceInUse,
  isExempt: boolean,
  { message, summary }: { readonly message: string; readonly summary: string },
): Fault | undefined {
  const path = isExempt ? ['metadata', 'name'] : labelPath('enforce');
  const elsewhere = first && placeOf(first.object.resource.root, ['metadata', 'namespace']);
  const about = aboutLabel(situation, path, elsewhere);
  return (
    about && {
      ...about,
      rule: needlessException.id,
      effect: 'advice',
      message,
      related: [],
      policy: isExempt ? 'exempt' : policyText(situation.policy.enforce),
      remedy: labelRemedy(situation, summary, []),
    }
  );
}
