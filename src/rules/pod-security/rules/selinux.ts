import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const selinux = controlRule('selinux', {
  title: 'SELinux',
  level: 'baseline',
  protects:
    'On nodes with SELinux the label of a process decides what it may touch, whoever it runs as. A label of another type, user or role walks out of what containers are confined to.',
  allows: [
    'Fields: `securityContext.seLinuxOptions.type`, `.user` and `.role` of the pod and of every container; `level` is free.',
    'Allowed types: unset or empty, container_t, container_init_t, container_kvm_t, and from v1.31 container_engine_t.',
    'Allowed users and roles: unset or empty.',
    'Every version from v1.0, at baseline and restricted.',
  ],
  fix: 'Remove type, user and role. Label the files that the program needs for containers, on the node.',
  exception: FOR_AGENTS,
  bad: `securityContext:
  seLinuxOptions:
    type: spc_t
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
  good: `securityContext:
  seLinuxOptions:
    type: container_t
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
});
