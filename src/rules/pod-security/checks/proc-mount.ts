import type { Pod, SecurityContext } from '../pod.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import {
  containersText,
  contextField,
  findInContainers,
  holderName,
  placeOf,
  type Refused,
  valuesText,
} from './offences.ts';
import { inUserNamespace } from './relaxations.ts';

/** What both checks of this control let pass. */
export const PROC_MOUNTS: ReadonlySet<string> = new Set(['Default']);

/**
 * The default masks over /proc keep a container from what the kernel tells there.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.procMount`
 * Allowed: unset, `Default`; from v1.35 anything when `spec.hostUsers` is false
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const procMount: Check = {
  id: 'procMount',
  control: 'proc-mount-type',
  level: 'baseline',
  revisions: [
    { since: 0, allowed: PROC_MOUNTS, find: procMount_1_0 },
    { since: 35, allowed: PROC_MOUNTS, find: procMount_1_35 },
  ],
  word: wordProcMount,
  explain: explainProcMount,
};

const FIELD = contextField('procMount');

function procMount_1_35(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return inUserNamespace(pod) ? [] : procMount_1_0(pod, allowed);
}

/** Also what restricted asks since v1.35, without the relaxation. */
export function procMount_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContainers(pod, FIELD, refusedValue, allowed);
}

function refusedValue(context: SecurityContext | undefined, allowed: ReadonlySet<string>): Refused {
  const type = context?.procMount ?? undefined;
  return type === undefined || allowed.has(type) ? undefined : type;
}

export function wordProcMount(offences: readonly Offence[]): Refusal {
  return {
    reason: 'procMount',
    detail: `${containersText(offences)} must not set securityContext.procMount to ${valuesText(offences)}`,
  };
}

export function explainProcMount(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    return {
      ...place,
      message: `${holderName(offence)} sets procMount to "${offence.value}"; it must be Default or unset.`,
      fix: [{ path: place.path, set: 'Default' }],
      caution:
        'A program that starts containers of its own, or writes below /proc, stops working with the default masks.',
    };
  });
}
