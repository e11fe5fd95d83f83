import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const hostPorts = controlRule('host-ports', {
  title: 'Host ports',
  level: 'baseline',
  protects:
    'A host port opens a port of the node to the outside, past Services and often past network policies, can take traffic that was meant for the node, and lets only one such pod run on a node.',
  allows: [
    'Fields: `ports[*].hostPort` of containers, init containers and ephemeral containers.',
    'Allowed: 0 or unset.',
    'Every version from v1.0, at baseline and restricted. For a Pod with `hostNetwork: true` the API server fills in `hostPort` for every port before it judges.',
  ],
  fix: 'Remove `hostPort` and expose the program with a Service, an Ingress or a Gateway.',
  exception: FOR_AGENTS,
  bad: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    ports:
      - containerPort: 8080
        hostPort: 8080
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    ports:
      - containerPort: 8080
`,
});
