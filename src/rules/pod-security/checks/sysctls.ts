import type { Pod } from '../pod.ts';
import type { Check, Offence, Refusal, Revision, Violation } from './check.ts';
import { pathOf } from './offences.ts';

/**
 * Kernel settings that are not the pod's alone change its neighbours or switch protection off.
 *
 * Fields: `spec.securityContext.sysctls[*].name`
 * Allowed: the names below, more in later versions. Names written with slashes are refused.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
export const sysctls: Check = {
  id: 'sysctls',
  control: 'sysctls',
  level: 'baseline',
  revisions: allowingMore(
    [
      0,
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
    [27, 'net.ipv4.ip_local_reserved_ports'],
    [
      29,
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
    [32, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'],
    [37, 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat'],
  ),
  word,
  explain,
};

/** A revision for each version, which allows what the one before it did and its own names. */
function allowingMore(...versions: [since: number, ...names: string[]][]): Revision[] {
  return versions.map(([since], index) => {
    const names = versions.slice(0, index + 1).flatMap(([, ...own]) => own);
    return { since, allowed: new Set(names), find: sysctls_1_0 };
  });
}

function sysctls_1_0({ spec }: Pod, allowed: ReadonlySet<string>): readonly Offence[] {
  const given = spec.securityContext?.sysctls;
  if (!given) return [];
  return given.flatMap((sysctl, index) => {
    const value = sysctl?.name ?? '';
    const field = ['spec', 'securityContext', 'sysctls', index, 'name'];
    return allowed.has(value) ? [] : [{ container: undefined, field, value, missing: false }];
  });
}

/** Order and duplicates of the manifest stay in the text. */
function word(offences: readonly Offence[]): Refusal {
  return {
    reason: 'forbidden sysctls',
    detail: offences.map(({ value: name }) => name).join(', '),
  };
}

function explain(
  offences: readonly Offence[],
  pod: Pod,
  allowed: ReadonlySet<string>,
): Violation[] {
  return offences.map((offence) => {
    const path = pathOf(offence, pod);
    const name = offence.value;
    const meant = name.replaceAll('/', '.');
    if (allowed.has(meant)) {
      const message = `The pod sets the sysctl "${name}"; it counts only when spelled ${meant}.`;
      return { path, message, fix: [{ path, set: meant }] };
    }
    return {
      path,
      message: `The pod sets the sysctl "${name}"; allowed are ${[...allowed].join(', ')}.`,
      fix: [{ path: path.slice(0, -1), remove: true }],
      caution: `The program runs with the node's own value of ${name || 'the sysctl'}; set it on the nodes that run the pod, if it is needed.`,
    };
  });
}
