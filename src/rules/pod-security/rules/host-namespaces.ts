import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const hostNamespaces = controlRule('host-namespaces', {
  title: 'Host namespaces',
  level: 'baseline',
  protects:
    "With the node's network a pod can listen to the traffic of its neighbours, reach services that trust the node, and walk around network policies. With the node's process table it can read other programs' environment, secrets included, and send them signals; with its IPC it can read memory that others share.",
  allows: [
    'Fields: `spec.hostNetwork`, `spec.hostPID`, `spec.hostIPC`.',
    'Allowed: `false` or unset.',
    'Every version from v1.0, at baseline and restricted.',
  ],
  fix: "Remove the field. Reach the program by a Service instead of the node's address. Only its author knows whether it works without: no edit is offered.",
  exception: FOR_AGENTS,
  bad: `hostNetwork: true
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
});
