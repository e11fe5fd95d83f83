import type { Pod, SecurityContext } from '../pod.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import {
  containersText,
  contextField,
  findInContainers,
  holderName,
  placeOf,
  type Refused,
} from './offences.ts';
import { onWindows } from './relaxations.ts';

/**
 * Without escalation no program in the container gets more rights than it started with.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.allowPrivilegeEscalation`
 * Allowed: false; unset counts as true. From v1.8; pods on Windows are let go from v1.25.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  control: 'privilege-escalation',
  level: 'restricted',
  revisions: [
    { since: 8, allowed: NO_VALUES, find: allowPrivilegeEscalation_1_8 },
    { since: 25, allowed: NO_VALUES, find: allowPrivilegeEscalation_1_25 },
  ],
  word,
  explain,
};

const FIELD = contextField('allowPrivilegeEscalation');

function allowPrivilegeEscalation_1_25(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return onWindows(pod) ? [] : allowPrivilegeEscalation_1_8(pod, allowed);
}

function allowPrivilegeEscalation_1_8(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContainers(pod, FIELD, refusedValue, allowed);
}

function refusedValue(context: SecurityContext | undefined): Refused {
  const value = context?.allowPrivilegeEscalation ?? null;
  if (value === false) return undefined;
  return value === null ? null : 'true';
}

function word(offences: readonly Offence[]): Refusal {
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(offences)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    const unset = offence.missing ? ', and unset counts as true' : '';
    return {
      ...place,
      message: `${holderName(offence)} may gain rights after it started; securityContext.allowPrivilegeEscalation must be false${unset}.`,
      fix: [{ path: place.path, set: false }],
      caution:
        'Programs with the setuid bit, such as sudo, su or ping, keep the rights of the user that starts them; start the container as the user it needs.',
    };
  });
}
