import { inObject, type Pod, type SharedSecurityContext } from '../pod.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import { lowPortsText } from './low-ports.ts';
import {
  containersOf,
  containersText,
  contextField,
  holderName,
  holdersText,
  placeOf,
  type Refused,
} from './offences.ts';
import { inUserNamespace } from './relaxations.ts';
import { explainRequired, findRequired, wordedOffences } from './required.ts';

/**
 * The kubelet refuses to start a container as root.
 *
 * Fields: `spec.securityContext.runAsNonRoot` and the same of every container
 * Allowed: true; a container may leave it unset when the pod says true. The pod's false is refused
 * even where every container says true. From v1.35 anything when `spec.hostUsers` is false.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  control: 'running-as-non-root',
  level: 'restricted',
  revisions: [
    { since: 0, allowed: NO_VALUES, find: runAsNonRoot_1_0 },
    { since: 35, allowed: NO_VALUES, find: runAsNonRoot_1_35 },
  ],
  word,
  explain,
};

const FIELD = contextField('runAsNonRoot');

function runAsNonRoot_1_35(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return inUserNamespace(pod) ? [] : runAsNonRoot_1_0(pod, allowed);
}

function runAsNonRoot_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findRequired(pod, FIELD, refusedValue, allowed);
}

function refusedValue({ runAsNonRoot: isNonRoot }: SharedSecurityContext): Refused {
  if (isNonRoot === true) return undefined;
  return isNonRoot === false ? 'false' : null;
}

function word(offences: readonly Offence[]): Refusal {
  const { refused, missing } = wordedOffences(offences);
  return {
    reason: 'runAsNonRoot != true',
    detail:
      refused.length > 0
        ? `${holdersText(refused)} must not set securityContext.runAsNonRoot=false`
        : `pod or ${containersText(missing)} must set securityContext.runAsNonRoot=true`,
  };
}

const CAUTION =
  'A container whose image runs as root, or names its user by a word, will not start: build the image with a numeric USER other than 0, or set runAsUser to such a number; let that user own what it writes, or mount a scratch volume there.';

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return explainRequired(
    offences,
    (offence) => {
      const place = placeOf(offence, pod);
      return {
        ...place,
        message: `${holderName(offence)} allows running as root; runAsNonRoot must be true.`,
        fix: [{ path: place.path, set: true }],
        caution: CAUTION + lowPortsText(offence.container ? [offence.container] : pod.containers),
      };
    },
    (missing) => {
      const path = inObject(pod, FIELD.ofPod);
      return {
        path,
        message: `Neither the pod nor ${containersText(missing)} sets runAsNonRoot; it must be true on the pod or on every container.`,
        fix: [{ path, set: true }],
        caution: CAUTION + lowPortsText(containersOf(missing)),
      };
    },
  );
}
