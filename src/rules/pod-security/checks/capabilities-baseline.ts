import type { Pod } from '../pod.ts';
import { addedText, explainAdded, findAdded } from './capabilities.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';

/**
 * Capabilities beyond the usual set of a container runtime hand out parts of root's power.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].securityContext.capabilities.add`
 * Allowed: those below, exactly as spelled; empty, unset
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  control: 'capabilities',
  level: 'baseline',
  revisions: [
    {
      since: 0,
      allowed: new Set([
        'AUDIT_WRITE',
        'CHOWN',
        'DAC_OVERRIDE',
        'FOWNER',
        'FSETID',
        'KILL',
        'MKNOD',
        'NET_BIND_SERVICE',
        'SETFCAP',
        'SETGID',
        'SETPCAP',
        'SETUID',
        'SYS_CHROOT',
      ]),
      find: findAdded,
    },
  ],
  word,
  explain,
};

function word(offences: readonly Offence[]): Refusal {
  return { reason: 'non-default capabilities', detail: addedText(offences) };
}

function explain(
  offences: readonly Offence[],
  pod: Pod,
  allowed: ReadonlySet<string>,
): Violation[] {
  return offences.map((offence) => explainAdded(offence, pod, allowed));
}
