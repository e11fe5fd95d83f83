import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const runningAsNonRootUser = controlRule('running-as-non-root-user', {
  title: 'Running as non-root user',
  level: 'restricted',
  protects:
    '`runAsUser: 0` is root, whatever `runAsNonRoot` promises: the kubelet then refuses the container, or, where nothing forbids it, runs it as root.',
  allows: [
    'Fields: `securityContext.runAsUser` of the pod and of every container.',
    "Allowed: any number but 0, or unset. The pod's 0 is refused even where every container sets another number.",
    'From v1.35 anything where `spec.hostUsers` is false.',
    'From v1.23, at restricted only.',
  ],
  fix: 'Remove `runAsUser`, so that the user of the image counts, or set it to the number of a user who may read and write what the program needs (`fsGroup` gives it the volumes).',
  exception: FOR_APPLICATIONS,
  bad: `securityContext:
  runAsNonRoot: true
  runAsUser: 0
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
  good: `securityContext:
  runAsNonRoot: true
  runAsUser: 10001
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
