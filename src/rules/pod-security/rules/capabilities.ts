import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const capabilities = controlRule('capabilities', {
  title: 'Capabilities',
  level: 'restricted',
  protects:
    "Capabilities are root's rights cut in pieces. Some of them (`SYS_ADMIN`, `SYS_PTRACE`, `NET_ADMIN`) are as good as root on the node; others let a stolen program do more harm than the program ever had to.",
  allows: [
    'Fields: `securityContext.capabilities.add` and `.drop` of containers, init containers and ephemeral containers.',
    'Baseline: `add` may hold AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD, NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID and SYS_CHROOT; `drop` is not read.',
    'Restricted from v1.22: `drop` must hold `ALL`, spelled exactly so (`all` and `CAP_ALL` do not count), and `add` may hold NET_BIND_SERVICE only. Before v1.22 restricted asks what baseline asks.',
    'From v1.25 restricted does not look at pods whose `spec.os.name` is `windows`.',
  ],
  fix: 'Set `capabilities.drop: [ALL]` on every container, and take back `NET_BIND_SERVICE` only where the program listens on a port below 1024. Better: let it listen on a high port.',
  exception: FOR_APPLICATIONS,
  bad: `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop: [all]
`,
  good: `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
      capabilities:
        drop: [ALL]
`,
});
