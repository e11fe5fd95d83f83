import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const hostpathVolumes = controlRule('hostpath-volumes', {
  title: 'HostPath volumes',
  level: 'baseline',
  protects:
    'A hostPath volume hands the pod files of its node: a writable one can change what the node runs, a read-only one can still read the credentials of the kubelet and the secrets of other pods.',
  allows: [
    'Fields: `spec.volumes[*].hostPath`.',
    'Allowed: unset; `hostPath: {}` counts as set.',
    'Every version from v1.0 at baseline. At restricted the control Volume Types says the same and more.',
  ],
  fix: 'Take the data from another kind of volume: emptyDir for scratch, a persistent volume claim for what must last, a config map or secret for settings, a CSI driver for sockets and devices. Only its author can choose: no edit is offered.',
  exception: FOR_AGENTS,
  limits:
    'A local persistent volume is a path of the node too, and is not covered: who may create persistent volumes is a matter of RBAC.',
  bad: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
volumes:
  - name: logs
    hostPath:
      path: /var/log
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
volumes:
  - name: logs
    emptyDir: {}
`,
});
