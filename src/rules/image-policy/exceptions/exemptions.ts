import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { objectsOfKind } from '../../../flux/objects-of-kind.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { groupOf } from '../../../model/resource.ts';
import type { ImageVerifier } from '../verifiers/verifier.ts';
import { type Excepted, exceptionOf, type PolicyException } from './exception.ts';

/** What an exception lets past one policy. */
export interface Exemption {
  readonly exception: PolicyException;
  /** Where the exception names the policy. */
  readonly path: FieldPath;
  /** `ClusterPolicy "signed"`; tells exemptions of an exception apart. */
  readonly policy: string;
  /** Rules of the policy, or none where it has no rules with names. */
  readonly rules: readonly string[];
  /** Whether the policy refuses what is unsigned. Unknown where it is not in the repository. */
  readonly enforces: boolean;
  /** Only rules that Kyverno makes for controllers: their pods are still verified. */
  readonly isOfControllers: boolean;
}

/** The exceptions of a cluster, except those that hold for nothing. */
export function exceptionsOf(cluster: Cluster): PolicyException[] {
  return objectsOfKind(cluster, 'PolicyException').flatMap((object) => exceptionOf(object) ?? []);
}

/** What the exceptions of a cluster let past the policies that verify images. */
export function exemptionsOf(cluster: Cluster, verifiers: readonly ImageVerifier[]): Exemption[] {
  const policies = byPolicy(verifiers);
  return exceptionsOf(cluster).flatMap((exception) =>
    [
      ...policies.flatMap((each) => exemptionOf(exception, each) ?? []),
      ...unseenOf(exception, policies),
    ].slice(0, MOST_POLICIES),
  );
}

/** Of one exception: it is told often enough then. */
const MOST_POLICIES = 50;

interface VerifyingPolicy {
  readonly object: ClusterObject;
  readonly verifiers: readonly ImageVerifier[];
}

function byPolicy(verifiers: readonly ImageVerifier[]): VerifyingPolicy[] {
  const found = new Map<ClusterObject, ImageVerifier[]>();
  for (const verifier of verifiers) {
    if (verifier.object === undefined) continue;
    const known = found.get(verifier.object);
    if (known) known.push(verifier);
    else found.set(verifier.object, [verifier]);
  }
  return [...found].map(([object, own]) => ({ object, verifiers: own }));
}

function exemptionOf(
  exception: PolicyException,
  { object, verifiers }: VerifyingPolicy,
): Exemption | undefined {
  for (const [isOfControllers, variants] of [
    [false, itself],
    [true, forControllers],
  ] as const) {
    const reached = verifiers.flatMap((verifier) => {
      const asked = variants(object, verifier);
      const by = exception.references.find(({ names }) => asked.some(names));
      return by === undefined ? [] : [{ ...verifier, path: by.path }];
    });
    const [first] = reached;
    if (first === undefined) continue;
    const rules = reached.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
    return {
      exception,
      path: first.path,
      policy: titleOf(object.resource.kind, nameFor(object)),
      rules: [...new Set(rules)],
      enforces: reached.some((each) => each.enforces),
      isOfControllers,
    };
  }
  return undefined;
}

/** Whether an exception names the policy of a verifier, and the rule that it stands in. */
export function namesVerifier({ references }: PolicyException, verifier: ImageVerifier): boolean {
  const { object } = verifier;
  return (
    object !== undefined && references.some(({ names }) => itself(object, verifier).some(names))
  );
}

function itself(object: ClusterObject, { rule }: ImageVerifier): Excepted[] {
  const { apiVersion, kind } = object.resource;
  return [{ group: groupOf(apiVersion), kind, name: nameFor(object), rule }];
}

/** Kyverno makes rules for controllers of one for pods, with the first 63 characters of these names. */
function forControllers(object: ClusterObject, verifier: ImageVerifier): Excepted[] {
  const { rule } = verifier;
  if (rule === undefined) return [];
  return ['autogen-', 'autogen-cronjob-'].flatMap((prefix) =>
    itself(object, { ...verifier, rule: `${prefix}${rule}`.slice(0, 63) }),
  );
}

/** A namespaced policy of the newer kinds is named without its namespace. */
function nameFor({ resource, namespace }: ClusterObject): string {
  return resource.kind === 'Policy' ? `${namespace ?? ''}/${resource.name}` : resource.name;
}

function titleOf(kind: string, name: string): string {
  return `${kind} "${name}"`;
}

const VERIFYING = ['ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'];

/** Of policies that are not in the repository, where their kind alone tells that they verify. */
function unseenOf(exception: PolicyException, policies: readonly VerifyingPolicy[]): Exemption[] {
  const seen = new Set(
    policies.map(({ object }) => titleOf(object.resource.kind, nameFor(object))),
  );
  return exception.references.flatMap(({ path, only }) => {
    if (only?.kind === undefined || !VERIFYING.includes(only.kind)) return [];
    const policy = titleOf(only.kind, only.name);
    if (seen.has(policy)) return [];
    seen.add(policy);
    return [{ exception, path, policy, rules: [], enforces: true, isOfControllers: false }];
  });
}
