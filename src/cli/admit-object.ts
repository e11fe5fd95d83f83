import { toPlain } from '../model/located.ts';
import { groupOf, type Resource, versionOf } from '../model/resource.ts';
import { admit } from '../rules/pod-security/admission.ts';
import { denialText } from '../rules/pod-security/admission-text.ts';
import type { Violation } from '../rules/pod-security/checks/check.ts';
import { decodeRefusal, printedError } from '../rules/pod-security/decoding/decode-error.ts';
import { applyDefaults, type Defaulting } from '../rules/pod-security/defaulting.ts';
import { forbiddenBy, violationsOf } from '../rules/pod-security/evaluate.ts';
import { readNamespace } from '../rules/pod-security/namespace.ts';
import {
  type ModePolicies,
  type NamespacePolicy,
  resolveNamespacePolicy,
} from '../rules/pod-security/namespace-policy.ts';
import { namespaceInvalidText } from '../rules/pod-security/namespace-update.ts';
import { readWorkload } from '../rules/pod-security/workloads.ts';

/** What becomes of one object that is given to the API server. */
export interface ObjectAnswer {
  readonly resource: Resource;
  /** The API server takes the object. */
  readonly accepted: boolean;
  /** Its pods are let in too. The same as `accepted` where it makes none. */
  readonly allowed: boolean;
  /** The refusal of the object, or of its pods; empty when all is allowed. */
  readonly message: string;
  /** As kubectl names the kind of refusal. */
  readonly reason?: 'Forbidden' | 'BadRequest' | 'Invalid';
  readonly warnings: readonly string[];
  /** Ids of the checks that forbid, in the order of the text. */
  readonly checks: readonly string[];
  /** What keeps the pods from the level of enforce, field by field. */
  readonly violations: readonly Violation[];
}

/** Answers to a Namespace; its pods are not looked at. */
export function admitNamespace(resource: Resource, defaults?: ModePolicies): ObjectAnswer {
  const { errors, labels } = readNamespace(toPlain(resource.root));
  const error = printedError(errors);
  if (error !== undefined) return refused(resource, 'BadRequest', refusalOf(resource, error));
  const invalid = namespaceInvalidText(
    resource.name,
    resolveNamespacePolicy(labels, defaults).errors,
  );
  return invalid === undefined ? accepted(resource) : refused(resource, 'Invalid', invalid);
}

/** Answers to a pod or a workload; undefined for an object that admission does not judge. */
export function admitObject(
  resource: Resource,
  policyOf: (resource: Resource) => NamespacePolicy,
  defaulting: Defaulting,
): ObjectAnswer | undefined {
  const { apiVersion, kind, name, root } = resource;
  const workload = readWorkload({ apiVersion, kind, root: toPlain(root) });
  if (workload === undefined) return undefined;
  const { type } = workload;
  const policy = policyOf(resource);
  const error = printedError(workload.errors);
  if (error !== undefined) return refused(resource, 'BadRequest', refusalOf(resource, error));
  const answers = workload.templates.map(({ pod: written }) => {
    const object = type === 'pod' ? 'pod' : 'template';
    const pod = applyDefaults(written, defaulting, { object });
    return admit(pod, { type, name }, policy);
  });
  const enforced = answers.map(({ evaluations }) => evaluations.enforce);
  const forbidden = enforced.filter(({ verdict }) => verdict === 'forbidden');
  const results = forbidden.flatMap(forbiddenBy);
  const [denial] = answers.flatMap((answer) => answer.denial ?? []);
  return {
    resource,
    accepted: denial === undefined,
    // Containers that a controller makes are not in the manifest: no verdict is no pass.
    allowed: enforced.every(({ verdict }) => verdict === 'allowed'),
    message: denial ?? forbidden.map(denialText).join('; '),
    ...(denial !== undefined && { reason: 'Forbidden' as const }),
    warnings: answers.flatMap(({ warnings }) => warnings),
    checks: [...new Set(results.map(({ check }) => check.id))],
    violations: results.flatMap(violationsOf),
  };
}

function refusalOf(
  { kind, apiVersion }: Resource,
  error: Parameters<typeof decodeRefusal>[2],
): string {
  return decodeRefusal(kind, versionOf(apiVersion), error);
}

function accepted(resource: Resource): ObjectAnswer {
  const nothing = { message: '', warnings: [], checks: [], violations: [] };
  return { resource, accepted: true, allowed: true, ...nothing };
}

function refused(
  resource: Resource,
  reason: NonNullable<ObjectAnswer['reason']>,
  message: string,
): ObjectAnswer {
  return { ...accepted(resource), accepted: false, allowed: false, message, reason };
}

/** As kubectl names an object: `deployment.apps/web`. */
export function kubectlName({ kind, apiVersion, name }: Resource): string {
  const group = groupOf(apiVersion);
  return `${kind.toLowerCase()}${group && `.${group}`}/${name}`;
}
