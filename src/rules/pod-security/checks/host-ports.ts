import type { Pod, PodContainer } from '../pod.ts';
import { plural } from '../text.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import { containersOf, containersText, holderName, placeOf, sortedValues } from './offences.ts';

/**
 * A host port takes a port of the node and goes round its network policies.
 *
 * Fields: `spec.{initContainers,containers,ephemeralContainers}[*].ports[*].hostPort`
 * Allowed: 0, unset
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const hostPorts: Check = {
  id: 'hostPorts',
  control: 'host-ports',
  level: 'baseline',
  revisions: [{ since: 0, allowed: NO_VALUES, find: hostPorts_1_0 }],
  word,
  explain,
};

const NONE: readonly Offence[] = [];

function hostPorts_1_0({ containers }: Pod): readonly Offence[] {
  let offences: Offence[] | undefined;
  for (const container of containers) {
    if (container.value.ports) offences = addHostPorts(container, offences);
  }
  return offences ?? NONE;
}

function addHostPorts(
  container: PodContainer,
  offences: Offence[] | undefined,
): Offence[] | undefined {
  let added = offences;
  container.value.ports?.forEach((port, index) => {
    if (!port?.hostPort) return;
    const field = ['ports', index, 'hostPort'];
    (added ??= []).push({ container, field, value: String(port.hostPort), missing: false });
  });
  return added;
}

function word(offences: readonly Offence[]): Refusal {
  const ports = sortedValues(offences);
  const uses = plural(containersOf(offences).length, 'uses', 'use');
  const noun = plural(ports.length, 'hostPort', 'hostPorts');
  return {
    reason: 'hostPort',
    detail: `${containersText(offences)} ${uses} ${noun} ${ports.join(', ')}`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    const violation = {
      ...place,
      message: `${holderName(offence)} takes port ${offence.value} of the node; hostPort must be 0 or unset.`,
    };
    if (pod.spec.hostNetwork === true) {
      const cannotFix = 'It follows from hostNetwork: every port is one of the node.';
      return { ...violation, cannotFix };
    }
    return {
      ...violation,
      fix: [{ path: place.path, remove: true }],
      caution: `What reached the node at port ${offence.value} no longer finds the pod; expose it with a Service.`,
    };
  });
}
