import type { Pod } from '../pod.ts';
import { type Check, NO_VALUES, type Offence, type Refusal, type Violation } from './check.ts';
import { placeOf } from './offences.ts';

/**
 * Sharing a namespace of the node lets a pod see and disturb what runs there.
 *
 * Fields: `spec.hostNetwork`, `spec.hostPID`, `spec.hostIPC`
 * Allowed: false, unset
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const hostNamespaces: Check = {
  id: 'hostNamespaces',
  control: 'host-namespaces',
  level: 'baseline',
  revisions: [{ since: 0, allowed: NO_VALUES, find: hostNamespaces_1_0 }],
  word,
  explain,
};

function hostNamespaces_1_0({ spec }: Pod): readonly Offence[] {
  if (spec.hostNetwork !== true && spec.hostPID !== true && spec.hostIPC !== true) return [];
  return (['hostNetwork', 'hostPID', 'hostIPC'] as const)
    .filter((field) => spec[field] === true)
    .map((field) => ({
      container: undefined,
      field: ['spec', field],
      value: field,
      missing: false,
    }));
}

function word(offences: readonly Offence[]): Refusal {
  return {
    reason: 'host namespaces',
    detail: offences.map(({ value: field }) => `${field}=true`).join(', '),
  };
}

const SHARED = new Map([
  ['hostNetwork', 'network'],
  ['hostPID', 'processes'],
  ['hostIPC', 'interprocess communication'],
]);

function explain(offences: readonly Offence[], pod: Pod): Violation[] {
  return offences.map((offence) => {
    const field = offence.value;
    const shared = SHARED.get(field) ?? field;
    return {
      ...placeOf(offence, pod),
      message: `The pod shares the ${shared} of its node; spec.${field} must be false or unset.`,
      cannotFix: `Only its author knows whether the program works without the ${shared} of the node.`,
    };
  });
}
