import { controlRule } from '../control-rule.ts';
import { FOR_AGENTS } from '../exceptions.ts';

export const hostProcess = controlRule('host-process', {
  title: 'HostProcess containers',
  level: 'baseline',
  protects:
    "A HostProcess container on Windows is no container: it runs as a process of the node, with the node's users, files and network. Whoever controls it controls the node and every pod on it.",
  allows: [
    'Fields: `securityContext.windowsOptions.hostProcess` of the pod, of containers, init containers and ephemeral containers.',
    "Allowed: `false` or unset. A container's `false` does not cancel the pod's `true`.",
    'Every version from v1.0, at baseline and restricted.',
  ],
  fix: 'Remove `hostProcess` or set it to false, and `hostNetwork` with it, which HostProcess pods must set.',
  exception: FOR_AGENTS,
  bad: `os:
  name: windows
hostNetwork: true
securityContext:
  windowsOptions:
    hostProcess: true
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
  good: `os:
  name: windows
containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
`,
});
