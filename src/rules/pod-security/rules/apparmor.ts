import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const apparmor = controlRule('apparmor', {
  title: 'AppArmor',
  level: 'baseline',
  protects:
    'AppArmor keeps a container from files and kernel interfaces that it has no business with, also when a bug makes it root. `Unconfined` takes this net away.',
  allows: [
    'Fields: `securityContext.appArmorProfile.type` of the pod and of every container.',
    'Allowed: unset, `RuntimeDefault`, `Localhost`. A profile without a type is refused.',
    'Annotations `container.apparmor.security.beta.kubernetes.io/*`: unset, empty, `runtime/default` or `localhost/…`.',
    'Every version from v1.0, at baseline and restricted.',
  ],
  fix: 'Remove the profile or set its type to RuntimeDefault. A program that needs more than the default gets a Localhost profile that allows exactly that.',
  exception: FOR_AGENTS,
  limits: 'Whether the node has AppArmor at all is not covered.',
  bad: `securityContext:
  appArmorProfile:
    type: Unconfined
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
  good: `securityContext:
  appArmorProfile:
    type: RuntimeDefault
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
});
