import { inObject, type Pod } from '../pod.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import { containersText } from './offences.ts';
import { onWindows } from './relaxations.ts';
import { explainRequired, findRequired, wordedOffences } from './required.ts';
import {
  explainRefusedProfile,
  refusedProfile,
  refusedProfilesText,
  SECCOMP_CAUTION,
  SECCOMP_TYPE,
  SECCOMP_TYPES,
} from './seccomp.ts';

const OVERRIDES = ['seccompProfile_baseline'];

/**
 * Seccomp filters what a container may ask of the kernel, and must be switched on.
 *
 * Fields: `spec.securityContext.seccompProfile.type` and the same of every container
 * Allowed: `RuntimeDefault`, `Localhost`; a container may leave it unset when the pod's is one of
 * them. From v1.19; pods on Windows are let go from v1.25.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const seccompProfileRestricted: Check = {
  id: 'seccompProfile_restricted',
  control: 'seccomp',
  level: 'restricted',
  revisions: [
    {
      since: 19,
      allowed: SECCOMP_TYPES,
      find: seccompProfileRestricted_1_19,
      overrides: OVERRIDES,
    },
    {
      since: 25,
      allowed: SECCOMP_TYPES,
      find: seccompProfileRestricted_1_25,
      overrides: OVERRIDES,
    },
  ],
  word,
  explain,
};

function seccompProfileRestricted_1_25(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return onWindows(pod) ? [] : seccompProfileRestricted_1_19(pod, allowed);
}

function seccompProfileRestricted_1_19(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findRequired(pod, SECCOMP_TYPE, refusedProfile, allowed);
}

function word(offences: readonly Offence[]): Refusal {
  const { refused, missing } = wordedOffences(offences);
  return {
    reason: 'seccompProfile',
    detail:
      refused.length > 0
        ? refusedProfilesText(refused)
        : `pod or ${containersText(missing)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return explainRequired(
    offences,
    (offence) => explainRefusedProfile(offence, pod),
    (missing) => {
      const path = inObject(pod, SECCOMP_TYPE.ofPod);
      return {
        path,
        message: `Neither the pod nor ${containersText(missing)} sets a seccomp profile; seccompProfile.type must be RuntimeDefault or Localhost.`,
        fix: [{ path, set: 'RuntimeDefault' }],
        caution: SECCOMP_CAUTION,
      };
    },
  );
}
