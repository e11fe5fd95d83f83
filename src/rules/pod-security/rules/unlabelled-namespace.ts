import type { Fault } from '../../../model/finding.ts';
import type { Cluster } from '../../../flux/cluster.ts';
import type { ClusterRule, StateContext } from '../../rule.ts';
import type { Level } from '../level.ts';
import { deploymentText, labelExample } from '../label-example.ts';
import {
  aboutLabel,
  creatorPlace,
  labelPath,
  labelRemedy,
  labelsText,
  sixLabels,
} from '../namespace-fault.ts';
import { MODES } from '../namespace-policy.ts';
import {
  highestLevel,
  type NamespaceInUse,
  namespacesInUse,
  pinFor,
} from '../namespaces-in-use.ts';

/**
 * A namespace that runs workloads and says nothing of their level, in a cluster whose default lets
 * everything in.
 */
export const unlabelledNamespace: ClusterRule = {
  id: 'pod-security/unlabelled-namespace',
  area: 'pod-security',
  title: 'Namespace without a level',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A namespace without labels takes the default of its cluster, which is privileged unless somebody configured the API server otherwise: every pod is let in, whatever it asks of the node. Where the API server is not yours, labels are the only way to change that.',
    allows: [
      'A label `pod-security.kubernetes.io/…` with a level on each namespace that runs workloads, be it `enforce: privileged` with a reason. `warn: privileged` and `audit: privileged` alone say nothing.',
      'No label where the cluster enforces a level by default (`clusters.NAME.podSecurity.defaults` in `.github/fluxgate.yaml`) or exempts the namespace.',
      'A namespace that has no manifest counts as unlabelled: one that a HelmRelease creates (`install.createNamespace`) or only names (`targetNamespace`), or that an object says. The finding is at that line.',
    ],
    fix: 'Add the six labels. `enforce` is the highest level that what runs there passes; `audit` and `warn` are restricted, so that the way up is seen; all are pinned to the version of the cluster.',
    exception:
      'A namespace whose labels somebody else sets, such as a cloud provider. Write the default into the configuration, or waive the rule for it.',
    bad: labelExample({}, { 'apps/web.yaml': deploymentText() }),
    good: labelExample(
      { enforce: 'baseline', 'enforce-version': 'v1.35' },
      { 'apps/web.yaml': deploymentText() },
    ),
    links: [
      'https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces',
    ],
  },
  evaluate: (cluster, context) => ({ faults: faultsOf(cluster, context), unknowns: [] }),
};

function faultsOf(cluster: Cluster, { settings }: StateContext): Fault[] {
  const inUse = namespacesInUse(cluster, settings.podSecurity.podTemplates);
  return [...inUse.values()].flatMap((namespace) => toFault(namespace, cluster) ?? []);
}

function toFault(inUse: NamespaceInUse, cluster: Cluster): Fault | undefined {
  const { situation, workloads, releases } = inUse;
  const { name, manifest, policy, exemptions, server } = situation;
  // To warn of nothing is to say nothing: only enforce can mean privileged.
  const isLabelled = MODES.some(
    (mode) =>
      policy[mode].levelFrom.from !== 'defaults' &&
      (mode === 'enforce' || policy[mode].level !== 'privileged'),
  );
  const isOpen = policy.enforce.level === 'privileged' && !exemptions.namespaces.includes(name);
  if (isLabelled || !isOpen) return undefined;
  const about = aboutLabel(situation, labelPath('enforce'), creatorPlace(inUse));
  if (about === undefined) return undefined;
  const pin = pinFor(cluster);
  const highest = highestLevel(workloads, pin, server);
  const level = releases.length > 0 ? levelWithCharts(name, highest) : highest;
  const fields = sixLabels(situation, { level, version: pin }, pin);
  const without = manifest ? 'says no Pod Security level' : 'has no manifest and so no labels';
  return {
    ...about,
    rule: unlabelledNamespace.id,
    effect: 'advice',
    message: `Namespace "${name}" runs workloads and ${without}: every pod is let in. ${passing(inUse, highest)}`,
    related: [],
    remedy: labelRemedy(
      situation,
      `${manifest ? 'Label' : 'Add a Namespace with the labels of'} Pod Security: ${labelsText(fields)}.`,
      fields,
      releases.length > 0
        ? 'What the charts bring is not rendered here: label audit and warn first, and enforce when nothing is warned of.'
        : undefined,
    ),
  };
}

/** Few charts pass restricted, most pass baseline; not those of the cluster's own parts. */
function levelWithCharts(namespace: string, highest: Level): Level {
  if (namespace === 'kube-system') return 'privileged';
  return highest === 'restricted' ? 'baseline' : highest;
}

function passing({ workloads, releases }: NamespaceInUse, highest: Level): string {
  const charts =
    releases.length > 0
      ? [
          `The charts of ${releases.length} HelmRelease${releases.length === 1 ? '' : 's'} are not judged.`,
        ]
      : [];
  if (workloads.length === 0) return charts.join('');
  const own =
    highest === 'privileged'
      ? 'Not all of its workloads pass baseline.'
      : `All of its ${releases.length > 0 ? 'other ' : ''}workloads pass ${highest}.`;
  return [own, ...charts].join(' ');
}
