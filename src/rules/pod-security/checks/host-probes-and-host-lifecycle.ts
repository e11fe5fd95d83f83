import type { FieldPath } from '../../../model/field-path.ts';
import type { Handler, Maybe, Pod, PodContainer } from '../pod.ts';
import { plural, quoteAll, sortedBytewise } from '../text.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import { holderName, placeOf, sortedValues } from './offences.ts';

/**
 * A probe or hook with a host makes the kubelet send requests where the pod itself may not.
 *
 * Fields, in every container: `livenessProbe`, `readinessProbe`, `startupProbe`,
 * `lifecycle.postStart`, `lifecycle.preStop`, of each `httpGet.host` and `tcpSocket.host`
 * Allowed: unset, empty. From v1.34; `localhost` and `127.0.0.1` are refused too.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const hostProbesAndHostLifecycle: Check = {
  id: 'hostProbesAndHostLifecycle',
  control: 'host-probes-lifecycle-hooks',
  level: 'baseline',
  revisions: [{ since: 34, allowed: NO_VALUES, find: hostProbesAndHostLifecycle_1_34 }],
  word,
  explain,
};

function hostProbesAndHostLifecycle_1_34({ containers }: Pod): readonly Offence[] {
  const offences: Offence[] = [];
  for (const container of containers) {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container.value;
    if (livenessProbe) add(offences, container, livenessProbe, ['livenessProbe']);
    if (readinessProbe) add(offences, container, readinessProbe, ['readinessProbe']);
    if (startupProbe) add(offences, container, startupProbe, ['startupProbe']);
    if (lifecycle) addHooks(offences, container, lifecycle.postStart, lifecycle.preStop);
  }
  return offences;
}

function addHooks(
  offences: Offence[],
  container: PodContainer,
  postStart: Maybe<Handler>,
  preStop: Maybe<Handler>,
): void {
  if (postStart) add(offences, container, postStart, ['lifecycle', 'postStart']);
  if (preStop) add(offences, container, preStop, ['lifecycle', 'preStop']);
}

function add(
  offences: Offence[],
  container: PodContainer,
  { httpGet, tcpSocket }: Handler,
  path: FieldPath,
): void {
  if (httpGet?.host) {
    const field = [...path, 'httpGet', 'host'];
    offences.push({ container, field, value: httpGet.host, missing: false });
  }
  if (tcpSocket?.host) {
    const field = [...path, 'tcpSocket', 'host'];
    offences.push({ container, field, value: tcpSocket.host, missing: false });
  }
}

function word(offences: readonly Offence[]): Refusal {
  // Only this check sorts the names of containers and counts equal ones once.
  const names = sortedBytewise(offences.map(({ container }) => container?.name ?? ''));
  const containers = `${plural(names.length, 'container', 'containers')} ${quoteAll(names)}`;
  const uses = plural(names.length, 'uses', 'use');
  const hosts = sortedValues(offences);
  const noun = plural(hosts.length, 'host', 'hosts');
  return {
    reason: 'probe or lifecycle host',
    detail: `${containers} ${uses} probe or lifecycle ${noun} ${quoteAll(hosts)}`,
  };
}

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    const handler = offence.field.slice(0, -2).join('.');
    const host = offence.field.slice(-2).join('.');
    return {
      ...place,
      message: `${holderName(offence)} sends its ${handler} to host "${offence.value}"; ${host} must be unset, which reaches the pod itself.`,
      fix: [{ path: place.path, remove: true }],
      caution:
        'The kubelet then asks the address of the pod; the program must listen there, not on localhost only.',
    };
  });
}
