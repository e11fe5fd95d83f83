import type { Pod, SeLinuxOptions, SharedSecurityContext } from '../pod.ts';
import { plural, quoteAll } from '../text.ts';
import type { Check, Offence, Refusal, Violation } from './check.ts';
import { contextField, holderName, holdersText, placeOf, sortedValues } from './offences.ts';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

/**
 * SELinux keeps containers apart by type; another type, user or role may let them out.
 *
 * Fields: `spec.securityContext.seLinuxOptions` and the same of every container, of it `type`,
 * `user` and `role`; `level` is free
 * Allowed types: unset and those below, one more from v1.31. Allowed user and role: empty, unset.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  control: 'selinux',
  level: 'baseline',
  revisions: [
    { since: 0, allowed: new Set(TYPES), find: seLinuxOptions_1_0 },
    { since: 31, allowed: new Set([...TYPES, 'container_engine_t']), find: seLinuxOptions_1_0 },
  ],
  word,
  explain,
};

const FIELDS = {
  type: contextField('seLinuxOptions', 'type'),
  user: contextField('seLinuxOptions', 'user'),
  role: contextField('seLinuxOptions', 'role'),
};

function seLinuxOptions_1_0(pod: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  const offences: Offence[] = [];
  addRefused(offences, undefined, pod.spec.securityContext, allowed);
  for (const container of pod.containers) {
    addRefused(offences, container, container.value.securityContext, allowed);
  }
  return offences;
}

function addRefused(
  offences: Offence[],
  container: Offence['container'],
  context: SharedSecurityContext | null | undefined,
  allowed: ReadonlySet<string>,
): void {
  const options = context?.seLinuxOptions;
  if (!options) return;
  if (!allowed.has(options.type ?? '')) add(offences, container, 'type', options);
  if (options.user) add(offences, container, 'user', options);
  if (options.role) add(offences, container, 'role', options);
}

function add(
  offences: Offence[],
  container: Offence['container'],
  name: 'type' | 'user' | 'role',
  options: SeLinuxOptions,
): void {
  const field = container ? FIELDS[name].ofContainer : FIELDS[name].ofPod;
  offences.push({ container, field, value: options[name] ?? '', missing: false });
}

function word(offences: readonly Offence[]): Refusal {
  const types = sortedValues(offences.filter((offence) => isOf(offence, 'type')));
  const parts: string[] = [];
  if (types.length > 0) parts.push(`${plural(types.length, 'type', 'types')} ${quoteAll(types)}`);
  if (offences.some((offence) => isOf(offence, 'user'))) parts.push('user may not be set');
  if (offences.some((offence) => isOf(offence, 'role'))) parts.push('role may not be set');
  return {
    reason: 'seLinuxOptions',
    detail: `${holdersText(offences)} set forbidden securityContext.seLinuxOptions: ${parts.join('; ')}`,
  };
}

function isOf({ field }: Offence, name: string): boolean {
  return field.at(-1) === name;
}

function explain(
  offences: readonly Offence[],
  pod: Pod,
  allowed: ReadonlySet<string>,
): Violation[] {
  return offences.map((offence) => {
    const place = placeOf(offence, pod);
    const name = String(offence.field.at(-1));
    const types = [...allowed].filter((type) => type !== '').join(', ');
    const rule = name === 'type' ? `be one of ${types}, or unset` : 'be unset';
    return {
      ...place,
      message: `${holderName(offence)} sets the SELinux ${name} "${offence.value}"; seLinuxOptions.${name} must ${rule}.`,
      fix: [{ path: place.path, remove: true }],
      caution: `On nodes with SELinux the program gets the usual ${name} of containers and may be denied files that it reached before; label them for containers.`,
    };
  });
}
