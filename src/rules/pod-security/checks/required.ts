import type { Pod, SharedSecurityContext } from '../pod.ts';
import type { Offence, Violation } from './check.ts';
import type { ContextField, Refused } from './offences.ts';

/**
 * Values that every container must have: its own, or the pod's where it sets none. A refused value
 * counts by itself, be it covered or not.
 */

const NONE: readonly Offence[] = [];

/**
 * First what is refused, the pod before its containers, then the containers without a value.
 *
 * @param valueOf a refused value; null where none is set; undefined for one that is allowed
 */
export function findRequired(
  pod: Pod,
  { ofPod, ofContainer }: ContextField,
  valueOf: (context: SharedSecurityContext, allowed: ReadonlySet<string>) => Refused,
  allowed: ReadonlySet<string>,
): readonly Offence[] {
  let refused: Offence[] | undefined;
  let missing: Offence[] | undefined;
  const context = pod.spec.securityContext;
  const podValue = context ? valueOf(context, allowed) : null;
  if (typeof podValue === 'string') {
    refused = [{ container: undefined, field: ofPod, value: podValue, missing: false }];
  }
  for (const container of pod.containers) {
    const own = container.value.securityContext;
    const value = own ? valueOf(own, allowed) : null;
    if (typeof value === 'string') {
      (refused ??= []).push({ container, field: ofContainer, value, missing: false });
    } else if (value === null && podValue !== undefined) {
      (missing ??= []).push({ container, field: ofContainer, value: '', missing: true });
    }
  }
  if (refused === undefined) return missing ?? NONE;
  return missing === undefined ? refused : [...refused, ...missing];
}

/** Admission tells of missing values only where nothing is refused. */
export function wordedOffences(offences: readonly Offence[]): {
  readonly refused: readonly Offence[];
  readonly missing: readonly Offence[];
} {
  const refused = offences.filter((offence) => !offence.missing);
  return { refused, missing: refused.length > 0 ? NONE : offences };
}

/**
 * A violation for each refused value, and one for all containers without: the pod's value mends
 * them together. None of those where the pod's own refused value is mended anyway.
 */
export function explainRequired(
  offences: readonly Offence[],
  explainRefused: (offence: Offence) => Violation,
  explainMissing: (missing: readonly Offence[]) => Violation,
): Violation[] {
  const refused = offences.filter((offence) => !offence.missing);
  const missing = offences.filter((offence) => offence.missing);
  const violations = refused.map(explainRefused);
  const isPodMended = refused.some(({ container }) => container === undefined);
  if (missing.length > 0 && !isPodMended) violations.push(explainMissing(missing));
  return violations;
}
