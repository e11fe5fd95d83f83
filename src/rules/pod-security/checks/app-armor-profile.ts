import { goQuote } from '../go-quote.ts';
import type { Pod, Profile, SharedSecurityContext } from '../pod.ts';
import { plural, quoteAll } from '../text.ts';
import { annotationPath, annotationTexts, findInAnnotations } from './annotations.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import {
  contextField,
  findInContexts,
  holderName,
  holdersText,
  placeOf,
  type Refused,
  sortedValues,
} from './offences.ts';

/**
 * AppArmor limits what programs may touch on the node, and must not be switched off.
 *
 * Fields: `spec.securityContext.appArmorProfile.type` and the same of every container
 * Allowed: `RuntimeDefault`, `Localhost`; no profile. A profile without a type is refused.
 *
 * Fields: annotations whose key starts with `container.apparmor.security.beta.kubernetes.io/`,
 * for whatever container
 * Allowed: `runtime/default`, `localhost/…`; empty, unset
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const appArmorProfile: Check = {
  id: 'appArmorProfile',
  control: 'apparmor',
  level: 'baseline',
  revisions: [
    { since: 0, allowed: new Set(['RuntimeDefault', 'Localhost']), find: appArmorProfile_1_0 },
  ],
  word,
  explain,
};

export const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** What the API server makes of the annotation `unconfined`. Told from a written one by identity. */
export const COPIED_FROM_ANNOTATION: Profile = Object.freeze({ type: 'Unconfined' });

const FIELD = contextField('appArmorProfile', 'type');

function appArmorProfile_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  const profiles = findInContexts(pod, FIELD, refusedProfile, allowed);
  if (!pod.annotations) return profiles;
  const annotations = findInAnnotations(pod.annotations, isAppArmor, isAllowedAnnotation);
  return annotations.length === 0 ? profiles : [...profiles, ...annotations];
}

function refusedProfile(
  { appArmorProfile: profile }: SharedSecurityContext,
  allowed: ReadonlySet<string>,
): Refused {
  if (!profile) return undefined;
  const type = profile.type ?? '';
  return allowed.has(type) ? undefined : type;
}

function isAppArmor(key: string): boolean {
  return key.startsWith(APP_ARMOR_ANNOTATION);
}

function isAllowedAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}

function isAnnotation({ field }: Offence): boolean {
  return field[0] === 'metadata';
}

function word(offences: readonly Offence[]): Refusal {
  const profiles = offences.filter((offence) => !isAnnotation(offence));
  const annotations = annotationTexts(offences.filter(isAnnotation));
  const values = [...sortedValues(profiles), ...annotations];
  const setters: string[] = [];
  if (profiles.length > 0) setters.push(holdersText(profiles));
  if (annotations.length > 0) setters.push(plural(annotations.length, 'annotation', 'annotations'));
  return {
    reason: plural(values.length, 'forbidden AppArmor profile', 'forbidden AppArmor profiles'),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoteAll(values)}`,
  };
}

const CAUTION =
  'The program gets the default profile of the container runtime, which denies mounting and writing to /proc and /sys; give it a localhost profile where it needs more.';

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences
    .filter((offence) => isWritten(offence, pod))
    .map((offence) =>
      isAnnotation(offence) ? explainAnnotation(offence, pod) : explainProfile(offence, pod),
    );
}

/**
 * Whether it stands in the manifest. Of a profile and an annotation that the API server keeps
 * alike, the written one is the fault, and mending it mends both.
 */
function isWritten(offence: Offence, pod: Pod): boolean {
  if (!isAnnotation(offence)) {
    const profile = offence.container?.value.securityContext?.appArmorProfile;
    return profile !== COPIED_FROM_ANNOTATION;
  }
  const { key } = annotationPath(offence, pod);
  return Boolean(pod.writtenAnnotations && Object.hasOwn(pod.writtenAnnotations, key));
}

function explainProfile(offence: Offence, pod: Pod): Violation {
  const place = placeOf(offence, pod);
  const set = offence.value
    ? `the AppArmor profile type "${offence.value}"`
    : 'an AppArmor profile without a type';
  return {
    ...place,
    message: `${holderName(offence)} sets ${set}; it must be RuntimeDefault or Localhost, or the profile unset.`,
    fix: [{ path: place.path, set: 'RuntimeDefault' }],
    caution: CAUTION,
  };
}

function explainAnnotation(offence: Offence, pod: Pod): Violation {
  const { path, key } = annotationPath(offence, pod);
  return {
    path,
    message: `Annotation ${key} is ${goQuote(offence.value)}; it must be runtime/default, localhost/… or unset.`,
    fix: [{ path, remove: true }],
    caution: CAUTION,
  };
}
