import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const runningAsNonRoot = controlRule('running-as-non-root', {
  title: 'Running as non-root',
  level: 'restricted',
  protects:
    "Root in a container is root in the kernel's eyes, held by namespaces and capabilities alone: an escape is then an escape as root. `runAsNonRoot` makes the kubelet refuse to start such a container.",
  allows: [
    'Fields: `securityContext.runAsNonRoot` of the pod and of every container.',
    "Allowed: `true` on the pod or on every container. The pod's `false` is refused even where every container says true.",
    'From v1.35 anything where `spec.hostUsers` is false.',
    'Every version from v1.0, at restricted only.',
  ],
  fix: 'Set `runAsNonRoot: true` on the pod. The image must then have a numeric USER other than 0, or the pod a `runAsUser`: a user by name cannot be checked, and the container does not start.',
  exception: FOR_APPLICATIONS,
  limits:
    'Admission does not look into images: a pod that passes still does not start where its image runs as root.',
  bad: `securityContext:
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
