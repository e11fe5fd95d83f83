import type { ClusterObject, Surroundings } from '../../flux/cluster.ts';
import { placeOf, toDotted } from '../../model/field-path.ts';
import type { Effect, Fault, UnknownFact } from '../../model/finding.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { toJointEdits } from '../../yaml/edit.ts';
import { NOTHING, type Outcome } from '../rule.ts';
import { podForbiddenText, denialText, warningText } from './admission-text.ts';
import type { Control } from './controls.ts';
import { requesterOf } from './controller-user.ts';
import { type CheckResult, type Evaluation, violationsOf } from './evaluate.ts';
import { exemptionOf } from './exemptions.ts';
import { evaluateOnce, workloadOf } from './judged-workload.ts';
import type { Mode } from './namespace-policy.ts';
import { type NamespaceSituation, situationOf } from './namespace-situation.ts';
import { policyText } from './policy.ts';
import {
  labelPlace,
  nameOfObject,
  once,
  pathToFault,
  relatedLabel,
  subjectOf,
  withTogether,
} from './faults.ts';
import { OTHERS_MAKE_CONTAINERS, type Workload, type WorkloadTemplate } from './workloads.ts';

/** From the strongest: a field that is refused is not also warned of. */
const EFFECTS: readonly (readonly [Mode, Effect])[] = [
  ['enforce', 'denied'],
  ['warn', 'warned'],
  ['audit', 'audited'],
];

type Judgement = ReadonlyMap<Control, Outcome>;

const NO_JUDGEMENT: Judgement = new Map();
const judged = new WeakMap<NamespaceSituation, WeakMap<Workload | ClusterObject, Judgement>>();

/** What the rule of one control says of an object. The object is judged once for all of them. */
export function judgeControl(
  control: Control,
  object: ClusterObject,
  cluster: Surroundings,
  { podSecurity }: RuleSettings,
): Outcome {
  if (object.namespace === undefined) return NOTHING;
  const workload = workloadOf(object, podSecurity.podTemplates);
  if (workload === undefined) return NOTHING;
  const situation = situationOf(cluster, object.namespace);
  const done = judged.get(situation) ?? new WeakMap<Workload | ClusterObject, Judgement>();
  judged.set(situation, done);
  // Units may apply the same workload as different users.
  const key = situation.exemptions.usernames.length > 0 ? object : workload;
  const judgement = done.get(key) ?? judgeWorkload(object, workload, situation);
  done.set(key, judgement);
  return judgement.get(control) ?? NOTHING;
}

function judgeWorkload(
  object: ClusterObject,
  workload: Workload,
  situation: NamespaceSituation,
): Judgement {
  const collector = new Collector();
  for (const template of workload.templates) {
    for (const [mode, effect] of EFFECTS) {
      judgeTemplate({ object, workload, situation, template, mode, effect }, collector);
    }
  }
  return collector.outcomes.size === 0 ? NO_JUDGEMENT : mendedTogether(object, collector.outcomes);
}

/** Says beside each fix what mends the whole object: single fixes may meet on a line. */
function mendedTogether({ resource: { root } }: ClusterObject, judgement: Judgement): Judgement {
  const faults = [...judgement.values()].flatMap((outcome) => outcome.faults);
  const changes = faults.map(({ remedy }) => remedy?.fields ?? []);
  if (changes.filter((fields) => fields.length > 0).length < 2) return judgement;
  const together = once(() => toJointEdits(root, changes.flat()));
  const withAll = (fault: Fault): Fault =>
    fault.remedy && fault.remedy.fields.length > 0
      ? { ...fault, remedy: withTogether(fault.remedy, together) }
      : fault;
  return new Map(
    [...judgement].map(([control, { faults: own, unknowns }]) => [
      control,
      { faults: own.map(withAll), unknowns },
    ]),
  );
}

interface Judged {
  readonly object: ClusterObject;
  readonly workload: Workload;
  readonly situation: NamespaceSituation;
  readonly template: WorkloadTemplate;
  readonly mode: Mode;
  readonly effect: Effect;
}

function judgeTemplate(judged: Judged, collector: Collector): void {
  const { workload, situation, template, mode } = judged;
  const policy = situation.policy[mode];
  if (policy.level === 'privileged') return;
  const evaluation = evaluateOnce(template.pod, workload.type, policy, situation.server);
  if (evaluation.verdict === 'allowed') return;
  const exempt = exemptionIn(judged);
  if (exempt !== undefined && exempt !== 'unknown') return;
  const doubt = doubtOf(judged, exempt === 'unknown');
  for (const result of evaluation.results) {
    if (doubt !== undefined) collector.addUnknown(result, doubt);
    else if (result.verdict === 'inconclusive') addUnknowns(result, judged, collector);
    else addFaults(result, evaluation, judged, collector);
  }
}

/** The pods of a workload are made by a controller, the workload itself by whoever applies it. */
function exemptionIn({ object, workload, situation, template, mode }: Judged) {
  return exemptionOf(situation.exemptions, {
    namespace: situation.name,
    username: requesterOf(object, workload, mode),
    runtimeClass: template.pod.spec.runtimeClassName,
  });
}

/** Why a refusal by this policy is not certain; undefined when it is. */
function doubtOf(judged: Judged, isExemptMaybe: boolean): Doubt | undefined {
  const { object, situation, mode, template } = judged;
  const { levelFrom, versionFrom } = situation.policy[mode];
  const from = [levelFrom, versionFrom].find((origin) => origin.from === 'unknown');
  const about = nameOfObject(object);
  if (from?.unknown !== undefined) {
    const reason = `The Pod Security level of namespace "${situation.name}" is not known, so ${about} is not judged by it: ${from.unknown.reason}.`;
    const place = labelPlace(situation, mode) ?? placeOf(object.resource.root, ['spec']);
    return { reason, place };
  }
  if (!isExemptMaybe) return undefined;
  const { unknown } = situation.exemptions;
  if (unknown !== undefined) {
    const reason = `Whether ${about} is exempt is not known: ${unknown}.`;
    return { reason, place: placeOf(object.resource.root, ['spec']) };
  }
  const path = [...template.pod.places.spec, 'runtimeClassName'];
  const reason = `The runtime class of ${about} is not known, and some are exempt.`;
  return { reason, place: placeOf(object.resource.root, path) };
}

type Doubt = Pick<UnknownFact, 'reason' | 'place'>;

function addUnknowns(
  result: Extract<CheckResult, { verdict: 'inconclusive' }>,
  { object }: Judged,
  collector: Collector,
): void {
  const { root } = object.resource;
  for (const { path, unknown } of result.unknowns) {
    if (unknown === OTHERS_MAKE_CONTAINERS) continue;
    const field = toDotted(path, root);
    const reason = `${field} of ${nameOfObject(object)} is not known: ${unknown.reason}.`;
    collector.addUnknown(result, { reason, place: placeOf(root, path) });
  }
}

function addFaults(
  result: Extract<CheckResult, { verdict: 'forbidden' }>,
  evaluation: Evaluation,
  { object, workload, situation, template, mode, effect }: Judged,
  collector: Collector,
): void {
  const { control } = result.check;
  const consequence = effect === 'denied' ? refusedPods(object, workload) : '';
  const related = relatedLabel(situation, mode);
  for (const violation of violationsOf(result)) {
    const fault = pathToFault(object, template.pod, violation);
    collector.addFault(control, {
      ...fault,
      rule: `pod-security/${control}`,
      effect,
      subject: subjectOf(object, violation),
      message: violation.message + consequence,
      detail: detailOf(mode, object, workload, evaluation),
      related: [...related, ...fault.related],
      policy: policyText(situation.policy[mode]),
    });
  }
}

/** The API server takes the object; what fails are its pods, later and elsewhere. */
function refusedPods({ resource: { kind } }: ClusterObject, { type }: Workload): string {
  if (type === 'pod') return '';
  const makers: Record<string, string> = { Deployment: "its ReplicaSet's", CronJob: "its Jobs'" };
  return ` The ${kind} itself is accepted, but ${makers[kind] ?? 'its'} pods will be refused.`;
}

function detailOf(
  mode: Mode,
  { resource }: ClusterObject,
  { type }: Workload,
  evaluation: Evaluation,
): string {
  if (mode !== 'enforce') return warningText(evaluation);
  return type === 'pod' ? podForbiddenText(resource.name, evaluation) : denialText(evaluation);
}

class Collector {
  readonly outcomes = new Map<Control, { faults: Fault[]; unknowns: UnknownFact[] }>();
  readonly #fields = new Set<string>();

  addFault(control: Control, fault: Fault): void {
    // Modes come from the strongest on.
    const key = `${control} ${fault.subject.field}`;
    if (this.#fields.has(key)) return;
    this.#fields.add(key);
    this.#of(control).faults.push(fault);
  }

  addUnknown({ check: { control } }: CheckResult, { reason, place }: Doubt): void {
    const { unknowns } = this.#of(control);
    if (unknowns.some((known) => known.reason === reason)) return;
    const cause = 'environment' as const;
    unknowns.push({ rule: `pod-security/${control}`, reason, cause, ...(place && { place }) });
  }

  #of(control: Control): { faults: Fault[]; unknowns: UnknownFact[] } {
    const outcome = this.outcomes.get(control) ?? { faults: [], unknowns: [] };
    this.outcomes.set(control, outcome);
    return outcome;
  }
}
