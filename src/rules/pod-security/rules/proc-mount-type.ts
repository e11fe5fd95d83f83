import { controlRule } from '../control-rule.ts';
import { FOR_APPLICATIONS } from '../exceptions.ts';

export const procMountType = controlRule('proc-mount-type', {
  title: '/proc mount type',
  level: 'baseline',
  protects:
    'The runtime hides parts of /proc from containers, since the kernel tells and takes too much there. `Unmasked` shows them, which is safe only inside a user namespace.',
  allows: [
    'Fields: `securityContext.procMount` of containers, init containers and ephemeral containers.',
    'Allowed: unset or `Default`.',
    'Baseline from v1.35 allows anything where `spec.hostUsers` is false; restricted never does.',
  ],
  fix: 'Remove `procMount`. A program that builds or runs containers itself sets `hostUsers: false` beside it, in a baseline namespace.',
  exception: FOR_APPLICATIONS,
  bad: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      procMount: Unmasked
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    securityContext:
      procMount: Default
`,
});
