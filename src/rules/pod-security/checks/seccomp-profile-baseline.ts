import { goQuote } from '../go-quote.ts';
import type { Pod, SharedSecurityContext } from '../pod.ts';
import { plural } from '../text.ts';
import { annotationPath, annotationTexts, findInAnnotations } from './annotations.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import { findInContexts, type Refused } from './offences.ts';
import {
  explainRefusedProfile,
  refusedProfile,
  refusedProfilesText,
  SECCOMP_CAUTION,
  SECCOMP_TYPE,
  SECCOMP_TYPES,
} from './seccomp.ts';

/**
 * Seccomp filters what a container may ask of the kernel, and must not be switched off.
 *
 * v1.0 to v1.18
 * Fields: the annotations `seccomp.security.alpha.kubernetes.io/pod` and
 * `container.seccomp.security.alpha.kubernetes.io/NAME` for each container's name
 * Allowed: `runtime/default`, `docker/default`, `localhost/…`; unset. Empty is refused.
 *
 * From v1.19
 * Fields: `spec.securityContext.seccompProfile.type` and the same of every container
 * Allowed: `RuntimeDefault`, `Localhost`; no profile. A profile without a type is refused.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const seccompProfileBaseline: Check = {
  id: 'seccompProfile_baseline',
  control: 'seccomp',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      allowed: new Set(['runtime/default', 'docker/default']),
      find: seccompProfileBaseline_1_0,
    },
    { since: 19, allowed: SECCOMP_TYPES, find: seccompProfileBaseline_1_19 },
  ],
  word,
  explain,
};

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** Annotations for containers that do not exist count for nothing. */
function seccompProfileBaseline_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  if (!pod.annotations) return [];
  const keys = new Set([POD_ANNOTATION]);
  for (const { name } of pod.containers) keys.add(CONTAINER_ANNOTATION + name);
  return findInAnnotations(
    pod.annotations,
    (key) => keys.has(key),
    (value) => allowed.has(value) || value.startsWith('localhost/'),
  );
}

function seccompProfileBaseline_1_19(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContexts(pod, SECCOMP_TYPE, refusedWhereSet, allowed);
}

function refusedWhereSet(context: SharedSecurityContext, allowed: ReadonlySet<string>): Refused {
  return refusedProfile(context, allowed) ?? undefined;
}

function isAnnotation({ field }: Offence): boolean {
  return field[0] === 'metadata';
}

function word(offences: readonly Offence[]): Refusal {
  const annotations = annotationTexts(offences.filter(isAnnotation));
  if (annotations.length === 0) {
    return { reason: 'seccompProfile', detail: refusedProfilesText(offences) };
  }
  const noun = plural(annotations.length, 'annotation', 'annotations');
  return { reason: 'seccompProfile', detail: `forbidden ${noun} ${annotations.join(', ')}` };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) =>
    isAnnotation(offence) ? explainAnnotation(offence, pod) : explainRefusedProfile(offence, pod),
  );
}

function explainAnnotation(offence: Offence, pod: Pod): Violation {
  const { path, key } = annotationPath(offence, pod);
  return {
    path,
    message: `Annotation ${key} is ${goQuote(offence.value)}; it must be runtime/default, docker/default or localhost/….`,
    fix: [{ path, set: 'runtime/default' }],
    caution: SECCOMP_CAUTION,
  };
}
