import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const seccomp = controlRule('seccomp', {
  title: 'Seccomp',
  level: 'restricted',
  protects:
    'The kernel offers hundreds of system calls; a program uses a few dozen. A seccomp profile closes the rest, among them most of those that kernel exploits begin with.',
  allows: [
    'Fields: `securityContext.seccompProfile.type` of the pod and of every container.',
    'Baseline from v1.19: unset, `RuntimeDefault` or `Localhost`; `Unconfined` and a profile without a type are refused. Before v1.19: the annotations `seccomp.security.alpha.kubernetes.io/*`.',
    'Restricted from v1.19: `RuntimeDefault` or `Localhost` on the pod or on every container; unset is refused. Before v1.19 restricted asks what baseline asks.',
    'From v1.25 restricted does not look at pods whose `spec.os.name` is `windows`.',
  ],
  fix: 'Set `seccompProfile.type: RuntimeDefault` on the pod, which covers all its containers.',
  exception: FOR_APPLICATIONS,
  bad: `securityContext:
  runAsNonRoot: true
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      allowPrivilegeEscalation: false
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
