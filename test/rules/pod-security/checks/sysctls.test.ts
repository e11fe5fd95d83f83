import { expect, test } from 'vitest';

import { textOf, violationsBy } from '../judge.ts';

function setting(...names: unknown[]) {
  return { securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) } };
}

test.each([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
])('%s is allowed from v1.%i', (name, since) => {
  expect(textOf('sysctls', setting(name), `baseline:v1.${since}`)).toBe('allowed');
  expect(textOf('sysctls', setting(name), 'restricted:latest')).toBe('allowed');
  const before = since === 0 ? 'allowed' : `forbidden sysctls (${name})`;
  expect(textOf('sysctls', setting(name), `baseline:v1.${Math.max(since - 1, 0)}`)).toBe(before);
});

test('keeps order and duplicates, quotes nothing', () => {
  const spec = setting('z.b', 'kernel/shm_rmid_forced', 'z.b', null, 'a.*');
  expect(textOf('sysctls', spec, 'baseline:latest')).toBe(
    'forbidden sysctls (z.b, kernel/shm_rmid_forced, z.b, , a.*)',
  );
});

test('a null item has an empty name', () => {
  const spec = { securityContext: { sysctls: [null] } };
  // Its detail is empty, and the parentheses go with it.
  expect(textOf('sysctls', spec, 'baseline:latest')).toBe('forbidden sysctls');
});

test('is mended by the right spelling, else by leaving it out', () => {
  const path = ['spec', 'securityContext', 'sysctls'];
  const spec = setting('kernel/shm_rmid_forced', 'kernel.msgmax');
  expect(violationsBy('sysctls', spec, 'baseline:v1.0')).toEqual([
    {
      path: [...path, 0, 'name'],
      message:
        'The pod sets the sysctl "kernel/shm_rmid_forced"; it counts only when spelled kernel.shm_rmid_forced.',
      fix: [{ path: [...path, 0, 'name'], set: 'kernel.shm_rmid_forced' }],
    },
    {
      path: [...path, 1, 'name'],
      message:
        'The pod sets the sysctl "kernel.msgmax"; allowed are kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, net.ipv4.tcp_syncookies, net.ipv4.ping_group_range, net.ipv4.ip_unprivileged_port_start.',
      fix: [{ path: [...path, 1], remove: true }],
      caution:
        "The program runs with the node's own value of kernel.msgmax; set it on the nodes that run the pod, if it is needed.",
    },
  ]);
});
