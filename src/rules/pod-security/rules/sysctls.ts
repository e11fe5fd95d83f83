import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const sysctls = controlRule('sysctls', {
  title: 'Sysctls',
  level: 'baseline',
  protects:
    "Sysctls are settings of the kernel. Most are the node's, not the pod's: changing them disturbs every neighbour, or switches a protection off.",
  allows: [
    'Fields: `spec.securityContext.sysctls[*].name`.',
    'v1.0: kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, net.ipv4.tcp_syncookies, net.ipv4.ping_group_range, net.ipv4.ip_unprivileged_port_start.',
    'v1.27 adds net.ipv4.ip_local_reserved_ports. v1.29 adds net.ipv4.tcp_keepalive_time, tcp_fin_timeout, tcp_keepalive_intvl, tcp_keepalive_probes. v1.32 adds net.ipv4.tcp_rmem, tcp_wmem. v1.37 adds net.ipv4.tcp_slow_start_after_idle, tcp_notsent_lowat.',
    'Names spelled with slashes are refused.',
  ],
  fix: "Remove the sysctl, or set it on the nodes that run the pod. A newer policy version may allow it: raise the version in the namespace's label where the cluster is that new.",
  exception: FOR_AGENTS,
  bad: `securityContext:
  sysctls:
    - name: kernel.msgmax
      value: '65536'
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
  good: `securityContext:
  sysctls:
    - name: net.ipv4.tcp_syncookies
      value: '1'
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
});
