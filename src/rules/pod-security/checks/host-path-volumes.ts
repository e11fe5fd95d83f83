import type { Pod } from '../pod.ts';
import { plural, quoteAll } from '../text.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import { placeOf } from './offences.ts';
import { findInVolumes, volumeNames } from './volumes.ts';

/**
 * A hostPath volume opens the node's own file system to the pod.
 *
 * Fields: `spec.volumes[*].hostPath`
 * Allowed: unset; an empty object counts as set
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const hostPathVolumes: Check = {
  id: 'hostPathVolumes',
  control: 'hostpath-volumes',
  level: 'baseline',
  revisions: [{ since: 0, allowed: NO_VALUES, find: hostPathVolumes_1_0 }],
  word,
  explain,
};

/** Why no edit of the manifest mends a hostPath volume. */
export const HOST_PATH_CANNOT_FIX =
  'The data on the node has to come from another kind of volume (emptyDir, a persistent volume claim, a config map, a CSI driver), which only its author can choose.';

function hostPathVolumes_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInVolumes(pod, ({ hostPath }) => (hostPath ? 'hostPath' : undefined), allowed);
}

function word(offences: readonly Offence[], pod: Pod): Refusal {
  const noun = plural(offences.length, 'volume', 'volumes');
  return {
    reason: 'hostPath volumes',
    detail: `${noun} ${quoteAll(volumeNames(offences, pod))}`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  const names = volumeNames(offences, pod);
  return offences.map((offence, index) => ({
    ...placeOf(offence, pod),
    message: `Volume "${names[index] ?? ''}" mounts a path of the node; hostPath volumes are not allowed.`,
    cannotFix: HOST_PATH_CANNOT_FIX,
  }));
}
