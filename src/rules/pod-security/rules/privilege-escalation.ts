import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const privilegeEscalation = controlRule('privilege-escalation', {
  title: 'Privilege escalation',
  level: 'restricted',
  protects:
    'A program may gain rights that whoever started it does not have, by a setuid file or file capabilities. `allowPrivilegeEscalation: false` (no_new_privs) ends that: a bug in `sudo` inside the image is then no way to root.',
  allows: [
    'Fields: `securityContext.allowPrivilegeEscalation` of containers, init containers and ephemeral containers; there is no such field on the pod.',
    'Allowed: exactly `false`; unset is refused.',
    'From v1.8, at restricted only. From v1.25 not for pods whose `spec.os.name` is `windows`.',
  ],
  fix: 'Set `allowPrivilegeEscalation: false` on every container. A program that calls sudo, su or ping starts as the user it needs instead.',
  exception: FOR_APPLICATIONS,
  bad: `securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      capabilities:
        drop: [ALL]
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
