import { describe, expect, it } from 'vitest';

import { controlLines, namespace, scanned } from './reviewed.ts';

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: app
          image: registry.example.org/web:1
          securityContext:
            privileged: true # for the kernel module
`;

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: debug
  namespace: shop
spec:
  containers:
    - name: shell
      image: registry.example.org/shell:1
      securityContext:
        privileged: true
`;

const BASELINE = namespace('shop', { enforce: 'baseline', 'enforce-version': 'v1.30' });

function finding(files: Record<string, string>, field: RegExp) {
  const found = scanned(files).findings.find(({ subject }) => field.test(subject.field));
  if (found === undefined) throw new Error('not found');
  return found;
}

describe('a workload in a namespace', () => {
  it('is denied what the level forbids, each field once', () => {
    expect(controlLines(scanned({ 'a/ns.yaml': BASELINE, 'a/web.yaml': WEB }))).toEqual([
      'denied pod-security/host-namespaces a/web.yaml:9 spec.template.spec.hostNetwork',
      'denied pod-security/privileged-containers a/web.yaml:14 spec.template.spec.containers[name=app].securityContext.privileged',
    ]);
  });

  it('is told what becomes of its pods, where the level comes from and how to mend it', () => {
    expect(finding({ 'a/ns.yaml': BASELINE, 'a/web.yaml': WEB }, /privileged$/)).toMatchObject({
      message:
        'Container "app" is privileged; securityContext.privileged must be false or unset. The Deployment itself is accepted, but its ReplicaSet\'s pods will be refused.',
      detail:
        'violates PodSecurity "baseline:v1.30": host namespaces (hostNetwork=true), privileged (container "app" must not set securityContext.privileged=true)',
      policy: 'baseline:v1.30',
      subject: { kind: 'Deployment', namespace: 'shop', name: 'web', container: 'app' },
      primary: { path: 'a/web.yaml', line: 14, endLine: 14, column: 13, endColumn: 29 },
      related: [
        {
          path: 'a/ns.yaml',
          line: 6,
          why: 'this label says that namespace "shop" enforces the level baseline',
        },
      ],
      remedy: {
        summary: 'Set securityContext.privileged of container "app" to false.',
        edits: [
          {
            path: 'a/web.yaml',
            line: 14,
            endLine: 14,
            lines: ['            privileged: false # for the kernel module'],
          },
        ],
      },
    });
  });

  it('is told what no edit can mend', () => {
    const { remedy } = finding({ 'a/ns.yaml': BASELINE, 'a/web.yaml': WEB }, /hostNetwork$/);
    expect(remedy).toEqual({
      summary: 'Only its author knows whether the program works without the network of the node.',
      fields: [],
      edits: [],
    });
  });

  it('is warned and audited where the namespace does so', () => {
    const ns = namespace('shop', { audit: 'restricted', warn: 'baseline' });
    const lines = controlLines(scanned({ 'a/ns.yaml': ns, 'a/debug.yaml': POD }));
    expect(lines).toEqual([
      'warned pod-security/privileged-containers a/debug.yaml:11 spec.containers[name=shell].securityContext.privileged',
      'audited pod-security/running-as-non-root a/debug.yaml:6 spec.securityContext.runAsNonRoot',
      'audited pod-security/seccomp a/debug.yaml:6 spec.securityContext.seccompProfile.type',
      'audited pod-security/capabilities a/debug.yaml:10 spec.containers[name=shell].securityContext.capabilities.drop',
      'audited pod-security/privilege-escalation a/debug.yaml:10 spec.containers[name=shell].securityContext.allowPrivilegeEscalation',
    ]);
  });

  it('is refused itself where it is a pod', () => {
    const { message, detail } = finding({ 'a/ns.yaml': BASELINE, 'a/debug.yaml': POD }, /d$/);
    expect(message).toBe(
      'Container "shell" is privileged; securityContext.privileged must be false or unset.',
    );
    expect(detail).toBe(
      'pods "debug" is forbidden: violates PodSecurity "baseline:v1.30": privileged (container "shell" must not set securityContext.privileged=true)',
    );
  });

  it('may do as it likes where nobody chose a level', () => {
    expect(controlLines(scanned({ 'a/ns.yaml': namespace('shop'), 'a/web.yaml': WEB }))).toEqual(
      [],
    );
  });
});

describe('other objects', () => {
  it('are judged where their kind is known or configured to hold pods', () => {
    const widget = `apiVersion: example.org/v1
kind: Widget
metadata: {name: w, namespace: shop}
spec:
  pod:
    spec: {hostPID: true, containers: [{name: a}]}
`;
    const files = { 'a/ns.yaml': BASELINE, 'a/w.yaml': widget };
    const settings = {
      podSecurity: { podTemplates: [{ group: 'example.org', kind: 'Widget', path: 'spec.pod' }] },
    };
    expect(controlLines(scanned(files))).toEqual([]);
    expect(controlLines(scanned(files, settings))).toEqual([
      'denied pod-security/host-namespaces a/w.yaml:6 spec.pod.spec.hostPID',
    ]);
  });

  it('are read out of lists', () => {
    const item = POD.replace(/^/gm, '    ').replace('    apiVersion', '  - apiVersion').trimEnd();
    const list = `apiVersion: v1\nkind: List\nitems:\n${item}\n`;
    expect(controlLines(scanned({ 'a/ns.yaml': BASELINE, 'a/list.yaml': list }))).toEqual([
      'denied pod-security/privileged-containers a/list.yaml:14 spec.containers[name=shell].securityContext.privileged',
    ]);
  });
});
