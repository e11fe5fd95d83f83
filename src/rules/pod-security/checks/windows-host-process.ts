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

/**
 * A HostProcess container runs on a Windows node as if it were not a container.
 *
 * Fields: `spec.securityContext.windowsOptions.hostProcess` and the same of every container
 * Allowed: false, unset; a container's false does not cancel the pod's true
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  control: 'host-process',
  level: 'baseline',
  revisions: [{ since: 0, allowed: NO_VALUES, find: windowsHostProcess_1_0 }],
  word,
  explain,
};

const FIELD = contextField('windowsOptions', 'hostProcess');

function windowsHostProcess_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContexts(pod, FIELD, refusedValue, allowed);
}

function refusedValue({ windowsOptions }: SharedSecurityContext): Refused {
  return windowsOptions?.hostProcess === true ? 'true' : undefined;
}

function word(offences: readonly Offence[]): Refusal {
  return {
    reason: 'hostProcess',
    detail: `${holdersText(offences)} must not set securityContext.windowsOptions.hostProcess=true`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    return {
      ...place,
      message: `${holderName(offence)} runs as a process of the Windows node; windowsOptions.hostProcess must be false or unset.`,
      fix: [{ path: place.path, set: false }],
      caution:
        'A program that manages the node stops working in an ordinary container; run it in a namespace of its own that allows host processes.',
    };
  });
}
