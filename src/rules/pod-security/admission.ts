import { podForbiddenText, warningText } from './admission-text.ts';
import { type Evaluation, evaluatePod } from './evaluate.ts';
import { exemptionOf, type Exemptions, NO_EXEMPTIONS } from './exemptions.ts';
import { type Mode, MODES, type NamespacePolicy } from './namespace-policy.ts';
import type { Pod } from './pod.ts';
import { isSamePolicy, type Policy, policyText } from './policy.ts';
import type { Workload } from './workloads.ts';

/** Who creates what, where. */
export interface AdmissionRequest {
  readonly type: Workload['type'];
  /** Empty for a pod that gets its name only later (`generateName`). */
  readonly name: string;
  readonly namespace?: string;
  /** Empty or absent where the user is not known: then no user is exempt. */
  readonly username?: string;
}

/** What admission answers to the creation of an object. */
export interface AdmissionAnswer {
  /** The pod, or the template's pods, held to the policy of each mode, exempt or not. */
  readonly evaluations: Readonly<Record<Mode, Evaluation>>;
  /** Why nothing is judged. `unknown` where that hangs on a value that is not known. */
  readonly exempt: ReturnType<typeof exemptionOf>;
  /** The refusal; only pods are refused. */
  readonly denial: string | undefined;
  readonly warnings: readonly string[];
  /** By their keys in the audit log. */
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

export interface AdmissionSettings {
  readonly exemptions?: Exemptions;
  /** The server's minor version; undefined for the newest. */
  readonly server?: number | undefined;
}

/**
 * What the API server answers when an object with this pod or template is created.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function admit(
  pod: Pod,
  request: AdmissionRequest,
  policy: NamespacePolicy,
  { exemptions = NO_EXEMPTIONS, server }: AdmissionSettings = {},
): AdmissionAnswer {
  const runtimeClass = pod.spec.runtimeClassName;
  const exempt = exemptionOf(exemptions, { ...request, runtimeClass });
  const evaluations = evaluateModes(pod, policy, server);
  const answer = { evaluations, exempt, denial: undefined, warnings: [] };
  const shortcut = shortcutAnnotations(request.type, exempt, policy);
  if (shortcut) return { ...answer, auditAnnotations: shortcut };
  const { enforce, audit, warn } = evaluations;
  const isDenied = request.type === 'pod' && enforce.verdict === 'forbidden';
  return {
    ...answer,
    denial: isDenied ? podForbiddenText(request.name, enforce) : undefined,
    // Whoever is refused is not warned too.
    warnings: !isDenied && warn.verdict === 'forbidden' ? [warningText(warn)] : [],
    auditAnnotations: auditAnnotations(request.type, policy, audit),
  };
}

function evaluateModes(
  pod: Pod,
  policy: NamespacePolicy,
  server: number | undefined,
): Record<Mode, Evaluation> {
  const done: Evaluation[] = [];
  function evaluate(asked: Policy): Evaluation {
    const same = done.find((evaluation) => isSamePolicy(evaluation.policy, asked));
    if (same) return same;
    const evaluation = evaluatePod(pod, asked, server);
    done.push(evaluation);
    return evaluation;
  }
  const [enforce, audit, warn] = MODES.map((mode) => evaluate(policy[mode]));
  return { enforce, audit, warn } as Record<Mode, Evaluation>;
}

const PREFIX = 'pod-security.kubernetes.io/';

/** The annotations of a request that is let through unseen; undefined when it is judged. */
function shortcutAnnotations(
  type: Workload['type'],
  exempt: AdmissionAnswer['exempt'],
  { enforce, audit, warn, errors }: NamespacePolicy,
): Record<string, string> | undefined {
  if (type === 'custom') return {};
  if (exempt === 'namespace' || exempt === 'user') return { [`${PREFIX}exempt`]: exempt };
  const isOpen = errors.length === 0 && audit.level === 'privileged' && warn.level === 'privileged';
  if (isOpen && type === 'controller') return {};
  if (isOpen && enforce.level === 'privileged') {
    return { [`${PREFIX}enforce-policy`]: 'privileged:latest' };
  }
  return exempt === 'runtimeClass' ? { [`${PREFIX}exempt`]: exempt } : undefined;
}

function auditAnnotations(
  type: Workload['type'],
  { enforce, errors }: NamespacePolicy,
  audit: Evaluation,
): Record<string, string> {
  const annotations: Record<string, string> = {};
  if (errors.length > 0) {
    const messages = errors.map(({ message }) => message).join(', ');
    const text = errors.length === 1 ? messages : `[${messages}]`;
    annotations[`${PREFIX}error`] = `Failed to parse policy: ${text}`;
  }
  if (type === 'pod') annotations[`${PREFIX}enforce-policy`] = policyText(enforce);
  if (audit.verdict === 'forbidden') annotations[`${PREFIX}audit-violations`] = warningText(audit);
  return annotations;
}
