import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const privilegedContainers = controlRule('privileged-containers', {
  title: 'Privileged containers',
  level: 'baseline',
  protects:
    'A privileged container has every capability, every device of the node and none of the masks that keep containers apart: root in it is root on the node, one command away.',
  allows: [
    'Fields: `securityContext.privileged` of containers, init containers and ephemeral containers.',
    'Allowed: `false` or unset.',
    'Every version from v1.0, at baseline and restricted.',
  ],
  fix: 'Remove `privileged: true`. Give the container what it was there for: one capability that baseline allows, a device plugin, a CSI driver, or a sysctl of the safe list.',
  exception: FOR_AGENTS,
  bad: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      privileged: true
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      privileged: false
`,
});
