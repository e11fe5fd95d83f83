import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { inputOfSpec, inputOfValue } from '../../../flux/gap-inputs.ts';
import { objectsOfKind } from '../../../flux/objects-of-kind.ts';
import { placeOf, toDotted } from '../../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../../model/finding.ts';
import { type Located, Unknown } from '../../../model/located.ts';
import { groupOf } from '../../../model/resource.ts';
import { heldUnknowns } from '../../held-unknowns.ts';
import { partlyJudged } from '../../unit-unknowns.ts';
import type { ClusterRule, Outcome, StateContext } from '../../rule.ts';
import { nameOfObject, subjectOf } from '../faults.ts';
import { isPodMaker } from '../pod-makers.ts';
import { workloadOf } from '../judged-workload.ts';
import { MODES } from '../namespace-policy.ts';
import { isNamespace, situationOf } from '../namespace-situation.ts';

/**
 * What makes pods and is not judged: custom resources of kinds that are not known, containers that
 * a controller makes, and parts of the cluster that could not be worked out.
 */
export const unjudgedWorkload: ClusterRule = {
  id: 'pod-security/unjudged-workload',
  area: 'pod-security',
  title: 'Workload that is not judged',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Operators make pods from their own resources. Admission does not look at the resource, but refuses the pods, so that the operator fails where nobody looks. A resource of a kind that is not known here is not judged, which is not the same as passing.',
    allows: [
      'Kinds that are known: the nine of Kubernetes, and those of Argo Rollouts, Knative, Kueue, JobSet, LeaderWorkerSet, KEDA, Ray, Kubeflow, Tekton and Strimzi.',
      'Other kinds whose field is named in `podSecurity.podTemplates`.',
      'A resource counts as making pods when it holds a list `containers` of things with an `image`, or is of a kind that is known to: Prometheus, Elasticsearch, the clusters of database operators, Tasks of Tekton and others. The advice is told once a kind.',
    ],
    fix: 'Name the field that holds the pod template in `.github/fluxgate.yaml`: `podSecurity: { podTemplates: [{ group: example.org, kind: Widget, path: spec.template }] }`.',
    exception:
      'A resource that only looks as if it made pods, such as a policy: turn the rule off.',
    limits:
      'Containers that an operator adds by itself are in no manifest and cannot be judged. Of an object that Flux leaves as the cluster has it (`kustomize.toolkit.fluxcd.io/reconcile: disabled` or `…/ssa: Ignore`, as label or annotation) nothing is judged; one that it creates once (`…/ssa: IfNotPresent`) is judged as it is created. Both are told as not known.',
    bad: { 'apps/widget.yaml': widget('example.org/v1', 'Widget') },
    good: { 'apps/widget.yaml': widget('argoproj.io/v1alpha1', 'Rollout') },
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/'],
  },
  evaluate: (cluster, context) => {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [
      ...partlyJudged(cluster, unjudgedWorkload.id, 'Workloads'),
      ...objectsOfKind(cluster, 'Namespace').flatMap((object) => namelessNamespace(object) ?? []),
    ];
    unknowns.push(
      ...heldUnknowns(
        cluster,
        unjudgedWorkload.id,
        ({ object, held }) =>
          held.how === 'once' &&
          (isNamespace(object.resource) || isHeldTo(object, cluster, context)),
      ),
    );
    const seen = new Set<string>();
    for (const object of cluster.objects) {
      const { apiVersion, kind } = object.resource;
      const outcome = judge(object, cluster, context);
      if (outcome === undefined) continue;
      unknowns.push(...outcome.unknowns);
      const key = `${groupOf(apiVersion)} ${kind}`;
      if (!seen.has(key)) faults.push(...outcome.faults);
      seen.add(key);
    }
    return { faults, unknowns };
  },
};

function widget(apiVersion: string, kind: string): string {
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example.org/shop/web:1.4.2
`;
}

function judge(
  object: ClusterObject,
  cluster: Cluster,
  { settings }: StateContext,
): Outcome | undefined {
  const { resource, namespace } = object;
  // Kinds of Kubernetes itself that hold no pods have no dot in their group, or its own domain.
  if (namespace === undefined || !isCustom(resource.apiVersion)) return undefined;
  const workload = workloadOf(object, settings.podSecurity.podTemplates);
  const isHeld = enforcesAny(cluster, namespace);
  if (workload !== undefined) {
    const isPartial = workload.templates.some((template) => template.isPartial);
    if (!isPartial || !isHeld) return undefined;
    return { faults: [], unknowns: [madeByController(object)] };
  }
  const { root, kind, apiVersion } = resource;
  const path = containersIn(root) ?? (isPodMaker(groupOf(apiVersion), kind) ? [] : undefined);
  return path && { faults: [toFault(object, path)], unknowns: isHeld ? [notKnown(object)] : [] };
}

function enforcesAny(cluster: Cluster, namespace: string): boolean {
  const { policy } = situationOf(cluster, namespace);
  return MODES.some((mode) => policy[mode].level !== 'privileged');
}

/** Whether the pods of an object are held to anything. */
function isHeldTo(
  object: ClusterObject,
  cluster: Cluster,
  { settings: { podSecurity } }: StateContext,
): boolean {
  const { namespace } = object;
  if (namespace === undefined || !enforcesAny(cluster, namespace)) return false;
  return workloadOf(object, podSecurity.podTemplates) !== undefined;
}

function isCustom(apiVersion: string): boolean {
  if (!apiVersion.includes('.')) return false;
  const group = groupOf(apiVersion);
  return group.includes('.') && !group.endsWith('.k8s.io') && !group.endsWith('.fluxcd.io');
}

const DEEPEST = 12;

/** The first list `containers` with an `image` inside, near enough to the top to be a template. */
function containersIn(node: Located, depth = 0): (string | number)[] | undefined {
  if (depth > DEEPEST || node.kind === 'scalar') return undefined;
  const steps =
    node.kind === 'map'
      ? node.entries.map(({ key, value }) => [key, value] as const)
      : node.items.map((value, index) => [index, value] as const);
  for (const [step, value] of steps) {
    const isFound =
      step === 'containers' &&
      value.kind === 'list' &&
      value.items.some((item) => item.kind === 'map' && item.text('image') !== undefined);
    if (isFound) return [step];
    const below = containersIn(value, depth + 1);
    if (below) return [step, ...below];
  }
  return undefined;
}

function toFault(object: ClusterObject, path: readonly (string | number)[]): Fault {
  const { root, kind, apiVersion } = object.resource;
  const whose = `Objects of kind ${kind} (${groupOf(apiVersion)})`;
  const isHolding = path.length > 0;
  return {
    rule: unjudgedWorkload.id,
    effect: 'advice',
    subject: subjectOf(object, { path }),
    message: isHolding
      ? `${whose} hold containers at ${toDotted(path, root)}; their pods are not evaluated.`
      : `${whose} make pods that no field of theirs tells; they are not evaluated.`,
    primary: placeOf(root, isHolding ? path : ['kind']),
    related: [],
    remedy: {
      summary: isHolding
        ? `Name the pod template of ${kind} under podSecurity.podTemplates in .github/fluxgate.yaml.`
        : 'Look at the pods that the operator makes, with audit and warn in their namespace.',
      fields: [],
      edits: [],
    },
  };
}

function notKnown(object: ClusterObject): UnknownFact {
  const reason = `The pods of ${nameOfObject(object)} are not evaluated: how its operator makes them is not known.`;
  return unknown(object, reason);
}

function madeByController(object: ClusterObject): UnknownFact {
  const reason = `The containers of ${nameOfObject(object)} are made by its controller and not evaluated.`;
  return unknown(object, reason);
}

function unknown({ resource }: ClusterObject, reason: string): UnknownFact {
  const { root } = resource;
  const place = placeOf(root, ['kind']);
  const input = inputOfSpec(resource);
  return { rule: unjudgedWorkload.id, reason, place, cause: 'environment', input };
}

/** A Namespace that may be any: what it says may be about pods that are held to something else here. */
function namelessNamespace({ resource }: ClusterObject): UnknownFact | undefined {
  const { root } = resource;
  if (!isNamespace(resource)) return undefined;
  const name = root.map('metadata')?.get('name');
  if (name?.kind !== 'scalar' || !(name.value instanceof Unknown)) return undefined;
  const reason = `Which namespace the labels of the Namespace ${name.value.text} are of is not known: ${name.value.reason}.`;
  const place = placeOf(root, ['metadata', 'name']);
  const input = inputOfValue(root);
  return { rule: unjudgedWorkload.id, reason, place, cause: 'environment', input };
}
