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

/**
 * Privileged containers switch off most of what separates a container from its node.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.privileged`
 * Allowed: false, unset
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const privileged: Check = {
  id: 'privileged',
  control: 'privileged-containers',
  level: 'baseline',
  revisions: [{ since: 0, allowed: NO_VALUES, find: privileged_1_0 }],
  word,
  explain,
};

const FIELD = contextField('privileged');

function privileged_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return findInContainers(pod, FIELD, refusedValue, allowed);
}

function refusedValue(context: SecurityContext | undefined): Refused {
  return context?.privileged === true ? 'true' : undefined;
}

function word(offences: readonly Offence[]): Refusal {
  return {
    reason: 'privileged',
    detail: `${containersText(offences)} must not set securityContext.privileged=true`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    return {
      ...place,
      message: `${holderName(offence)} is privileged; securityContext.privileged must be false or unset.`,
      fix: [{ path: place.path, set: false }],
      caution:
        'A program that changes the node or reads its devices stops working without privileges; give it the one capability, device plugin or CSI driver it needs, or run it in a namespace of its own that allows it.',
    };
  });
}
