import type { Pod, SharedSecurityContext } from '../pod.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import {
  contextField,
  findInContexts,
  holderName,
  holdersText,
  placeOf,
  type Refused,
} from './offences.ts';
import { inUserNamespace } from './relaxations.ts';

/**
 * User 0 is root, on the node too when a container is broken out of.
 *
 * Fields: `spec.securityContext.runAsUser` and the same of every container
 * Allowed: any number but 0; unset. From v1.23; from v1.35 anything when `spec.hostUsers` is false.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const runAsUser: Check = {
  id: 'runAsUser',
  control: 'running-as-non-root-user',
  level: 'restricted',
  revisions: [
    { since: 23, allowed: NO_VALUES, find: runAsUser_1_23 },
    { since: 35, allowed: NO_VALUES, find: runAsUser_1_35 },
  ],
  word,
  explain,
};

const FIELD = contextField('runAsUser');

function runAsUser_1_35(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return inUserNamespace(pod) ? [] : runAsUser_1_23(pod, allowed);
}

function runAsUser_1_23(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContexts(pod, FIELD, refusedValue, allowed);
}

/** A whole number of YAML may be a bigint. */
function refusedValue({ runAsUser: user }: SharedSecurityContext): Refused {
  return user === 0 || user === 0n ? '0' : undefined;
}

function word(offences: readonly Offence[]): Refusal {
  return { reason: 'runAsUser=0', detail: `${holdersText(offences)} must not set runAsUser=0` };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    return {
      ...place,
      message: `${holderName(offence)} runs as user 0, which is root; runAsUser must be another number or unset.`,
      fix: [{ path: place.path, remove: true }],
      caution:
        'Without runAsUser the user of the image counts: build the image with a numeric USER other than 0 and give that user the files it writes, or set runAsUser to its number.',
    };
  });
}
