import type { Pod, SecurityContext } from '../pod.ts';
import { addedText, explainAdded, findAdded } from './capabilities.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import { lowPortsText } from './low-ports.ts';
import {
  containersText,
  contextField,
  findInContainers,
  holderName,
  placeOf,
  type Refused,
} from './offences.ts';
import { onWindows } from './relaxations.ts';

const ALLOWED: ReadonlySet<string> = new Set(['NET_BIND_SERVICE']);
const OVERRIDES = ['capabilities_baseline'];

/**
 * Containers give up every capability and may take back the one for low ports.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.capabilities`
 * Allowed: `drop` with `ALL` in it, exactly; `add` with `NET_BIND_SERVICE`, empty or unset.
 * From v1.22; pods on Windows are let go from v1.25.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  control: 'capabilities',
  level: 'restricted',
  revisions: [
    { since: 22, allowed: ALLOWED, find: capabilitiesRestricted_1_22, overrides: OVERRIDES },
    { since: 25, allowed: ALLOWED, find: capabilitiesRestricted_1_25, overrides: OVERRIDES },
  ],
  word,
  explain,
};

const DROP = contextField('capabilities', 'drop');

function capabilitiesRestricted_1_25(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  return onWindows(pod) ? [] : capabilitiesRestricted_1_22(pod, allowed);
}

function capabilitiesRestricted_1_22(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  const keeping = findInContainers(pod, DROP, keepsCapabilities, allowed);
  const adding = findAdded(pod, allowed);
  return adding.length === 0 ? keeping : [...keeping, ...adding];
}

function keepsCapabilities(context: SecurityContext | undefined): Refused {
  return context?.capabilities?.drop?.includes('ALL') === true ? undefined : null;
}

function word(offences: readonly Offence[]): Refusal {
  const keeping = offences.filter(({ field }) => field === DROP.ofContainer);
  const adding = offences.filter(({ field }) => field !== DROP.ofContainer);
  const details: string[] = [];
  if (keeping.length > 0) {
    details.push(`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  }
  if (adding.length > 0) details.push(addedText(adding));
  return { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function explain(
  offences: readonly Offence[],
  pod: Pod,
  allowed: ReadonlySet<string>,
): Violation[] {
  return offences.map((offence) =>
    offence.field === DROP.ofContainer
      ? explainKeeping(offence, pod)
      : explainAdded(offence, pod, allowed),
  );
}

function explainKeeping(offence: Offence, pod: Pod): Violation {
  const place = placeOf(offence, pod);
  const dropped = offence.container?.value.securityContext?.capabilities?.drop ?? [];
  const misspelt = dropped.findIndex((capability) => /^(CAP_)?ALL$/i.test(capability ?? ''));
  if (misspelt !== -1) {
    const path = [...place.path, misspelt];
    return {
      ...place,
      path,
      message: `${holderName(offence)} drops "${dropped[misspelt] ?? ''}"; every capability is dropped only by ALL, spelled so.`,
      fix: [{ path, set: 'ALL' }],
    };
  }
  return {
    ...place,
    message: `${holderName(offence)} keeps capabilities; securityContext.capabilities.drop must hold ALL.`,
    fix: [{ path: place.path, set: ['ALL'] }],
    caution: `A program that changes owners or users, or listens on a port below 1024, fails without capabilities: run it as the right user from the start, listen on a high port, or add NET_BIND_SERVICE.${lowPortsText(offence.container ? [offence.container] : [])}`,
  };
}
