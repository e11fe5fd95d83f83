import type { Pod, SharedSecurityContext } from '../pod.ts';
import type { Offence, Violation } from './check.ts';
import {
  contextField,
  holderName,
  holdersText,
  placeOf,
  type Refused,
  valuesText,
} from './offences.ts';

/** What both seccomp checks make of a profile that is set, from v1.19. */

export const SECCOMP_TYPE = contextField('seccompProfile', 'type');

export const SECCOMP_TYPES: ReadonlySet<string> = new Set(['RuntimeDefault', 'Localhost']);

export const SECCOMP_CAUTION =
  'A program that makes unusual system calls (debuggers, sandboxes, some databases) may fail; give it a Localhost profile that allows them.';

/** A profile without a type has the empty type, which is refused. Null where no profile is set. */
export function refusedProfile(
  { seccompProfile: profile }: SharedSecurityContext,
  allowed: ReadonlySet<string>,
): Refused {
  if (!profile) return null;
  const type = profile.type ?? '';
  return allowed.has(type) ? undefined : type;
}

export function refusedProfilesText(offences: readonly Offence[]): string {
  return `${holdersText(offences)} must not set securityContext.seccompProfile.type to ${valuesText(offences)}`;
}

export function explainRefusedProfile(offence: Offence, pod: Pod): Violation {
  const place = placeOf(offence, pod);
  const set = offence.value
    ? `the seccomp profile type "${offence.value}"`
    : 'a seccomp profile without a type';
  return {
    ...place,
    message: `${holderName(offence)} sets ${set}; it must be RuntimeDefault or Localhost.`,
    fix: [{ path: place.path, set: 'RuntimeDefault' }],
    caution: SECCOMP_CAUTION,
  };
}
