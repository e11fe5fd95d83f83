import { controlRule } from '../control-rule.ts';

export const hostProbesLifecycleHooks = controlRule('host-probes-lifecycle-hooks', {
  title: 'Host probes and lifecycle hooks',
  level: 'baseline',
  protects:
    "Probes and hooks are sent by the kubelet, from the node. With a `host` of its own choice a pod makes the kubelet call addresses that the pod cannot reach itself: the node's own services, a cloud's metadata, other networks.",
  allows: [
    'Fields: `httpGet.host` and `tcpSocket.host` of livenessProbe, readinessProbe, startupProbe, lifecycle.postStart and lifecycle.preStop of every container.',
    'Allowed: unset or empty. `localhost` and `127.0.0.1` are refused too: they mean the node.',
    'From v1.34, at baseline and restricted.',
  ],
  fix: "Remove `host`: the kubelet then asks the pod's own address. The program must listen there and not on localhost only. To set the Host header, use `httpHeaders`.",
  exception:
    'With hostNetwork a probe of `127.0.0.1` reaches the pod itself, but so does one without a host where the program listens on all addresses. Where neither is possible, ask for a waiver in `.github/fluxgate.yaml`.',
  bad: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    livenessProbe:
      httpGet:
        host: 169.254.169.254
        port: 80
`,
  good: `containers:
  - name: web
    image: registry.example.org/shop/web:1.4.2
    livenessProbe:
      httpGet:
        path: /healthz
        port: 8080
`,
});
