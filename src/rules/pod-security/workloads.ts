import { isMap, type PlainMap } from '../../model/plain-map.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { Unknown } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import { CUSTOM_WORKLOADS, type CustomWorkload } from './custom-workloads.ts';
import { decodePodTemplate } from './decode-pod.ts';
import { decode, type UnknownField } from './decoding/decode.ts';
import type { DecodeError } from './decoding/decode-error.ts';
import { goType } from './decoding/go-types.ts';
import { type Match, matches, valueAt } from './field-pattern.ts';
import type { Mode } from './namespace-policy.ts';
import { type Pod, templateAt, toPod } from './pod.ts';

/** An object as plain JSON values. Attacker-controlled. */
export interface PlainObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly root: unknown;
}

/** An object that is a pod, or makes pods. */
export interface Workload {
  /**
   * - `pod`: refused itself
   * - `controller`: one of the built-in kinds. It is accepted, at most with a warning; its pods
   *   are refused.
   * - `custom`: admission never looks at it; its pods are refused.
   */
  readonly type: 'pod' | 'controller' | 'custom';
  /** What admission does with the object itself. */
  readonly modes: readonly Mode[];
  readonly templates: readonly WorkloadTemplate[];
  /** With any one of them, the API server refuses the object, and there is no template to judge. */
  readonly errors: readonly DecodeError[];
  /** Fields that the kind does not have. Not looked for in custom resources. */
  readonly unknownFields: readonly FieldPath[];
}

/** A pod, or what pods will be made from. */
export interface WorkloadTemplate {
  /** Where it stands; empty for a Pod. */
  readonly path: FieldPath;
  readonly pod: Pod;
  /** Only the fields of the pod stand here; its containers are made by a controller. */
  readonly isPartial: boolean;
}

interface BuiltIn {
  readonly group: string;
  readonly path: FieldPath;
  /** Without a template, nothing is judged; elsewhere a missing template is an empty one. */
  readonly isOptional?: true;
}

const SPEC_TEMPLATE = ['spec', 'template'];

const POD: BuiltIn = { group: '', path: [] };

/** The nine kinds that admission judges, whatever the version of their group. */
const BUILT_IN: ReadonlyMap<string, BuiltIn> = new Map([
  ['Pod', POD],
  ['PodTemplate', { group: '', path: ['template'] }],
  ['ReplicationController', { group: '', path: SPEC_TEMPLATE, isOptional: true }],
  ['ReplicaSet', { group: 'apps', path: SPEC_TEMPLATE }],
  ['Deployment', { group: 'apps', path: SPEC_TEMPLATE }],
  ['StatefulSet', { group: 'apps', path: SPEC_TEMPLATE }],
  ['DaemonSet', { group: 'apps', path: SPEC_TEMPLATE }],
  ['Job', { group: 'batch', path: SPEC_TEMPLATE }],
  ['CronJob', { group: 'batch', path: ['spec', 'jobTemplate', 'spec', 'template'] }],
]);

/**
 * The pods in an object; undefined for an object of a kind that is not known to make any.
 *
 * @param configured further custom resources, of operators that only their users know
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#workload-resources-and-pod-templates
 */
export function readWorkload(
  object: PlainObject,
  configured: readonly CustomWorkload[] = [],
): Workload | undefined {
  const group = groupOf(object.apiVersion);
  const builtIn = BUILT_IN.get(object.kind);
  if (builtIn?.group === group) return readBuiltIn(object, builtIn);
  const custom = [...configured, ...CUSTOM_WORKLOADS].find(
    (known) => known.group === group && known.kind === object.kind,
  );
  return custom && readCustom(object.root, custom);
}

function readBuiltIn({ kind, root }: PlainObject, builtIn: BuiltIn): Workload {
  const { errors, unknownFields, unknowns } = decode(root, goType(kind));
  const isPod = builtIn === POD;
  const workload: Omit<Workload, 'templates'> = {
    type: isPod ? 'pod' : 'controller',
    modes: isPod ? ['enforce', 'audit', 'warn'] : ['audit', 'warn'],
    errors,
    unknownFields,
  };
  const template = valueAt(root, builtIn.path) ?? undefined;
  const isSkipped = builtIn.isOptional === true && template === undefined;
  if (errors.length > 0 || isSkipped) return { ...workload, templates: [] };
  const pod = toPod(
    templateAt(builtIn.path),
    // Proven by decode just before.
    template,
    within(unknowns, builtIn.path),
  );
  return { ...workload, templates: [{ path: builtIn.path, pod, isPartial: false }] };
}

/** Unknown fields below a path, from there; the path itself where something above is unknown. */
function within(unknowns: readonly UnknownField[], path: FieldPath): UnknownField[] {
  return unknowns
    .filter((field) => path.every((step, at) => at >= field.path.length || step === field.path[at]))
    .map((field) => ({ ...field, path: field.path.slice(path.length) }));
}

function readCustom(root: unknown, { paths, isPartial }: CustomWorkload): Workload {
  const found = paths.flatMap((pattern) => matches(root, pattern));
  const read = isPartial ? orFirst(found, paths).map(readPodFields) : found.map(readTemplate);
  return {
    type: 'custom',
    modes: [],
    templates: read.flatMap(({ template }) => template ?? []),
    errors: read.flatMap(({ errors }) => errors),
    unknownFields: [],
  };
}

/** A controller that makes the containers makes them also where no field of the pod is set. */
function orFirst(found: readonly Match[], [pattern = '']: readonly string[]): readonly Match[] {
  return found.length > 0 ? found : [{ path: pattern.split('.'), value: {} }];
}

interface Read {
  readonly template: WorkloadTemplate | undefined;
  readonly errors: readonly DecodeError[];
}

/** Why the containers of a partial template are not known. */
export const OTHERS_MAKE_CONTAINERS = new Unknown('the containers are made by the controller');

/** A template without containers is taken to get them from its controller. */
function readTemplate({ path, value }: Match): Read {
  const places = templateAt(path);
  const isPartial = !(value instanceof Unknown) && matches(value, 'spec.containers').length === 0;
  const template = isPartial ? withUnknownContainers(value) : value;
  const { pod, errors } = decodePodTemplate(template, places);
  return { template: pod && { path, pod, isPartial }, errors };
}

function withUnknownContainers(template: unknown): unknown {
  if (!isKnownMap(template)) return template;
  const { spec = {} } = template;
  if (!isKnownMap(spec)) return template;
  return { ...template, spec: { ...spec, containers: OTHERS_MAKE_CONTAINERS } };
}

/** Fields of the pod's metadata and spec, side by side in one map. */
function readPodFields({ path, value }: Match): Read {
  const places = { metadata: [...path, 'metadata'], spec: path };
  const template = isKnownMap(value)
    ? { metadata: value.metadata, spec: { ...value, containers: OTHERS_MAKE_CONTAINERS } }
    : { spec: value };
  const { pod, errors } = decodePodTemplate(template, places);
  return { template: pod && { path, pod, isPartial: true }, errors };
}

function isKnownMap(value: unknown): value is PlainMap {
  return isMap(value) && !(value instanceof Unknown);
}
