import { describe, expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import { review } from '../../../src/review/review.ts';
import { helmValuesPrivilege } from '../../../src/rules/pod-security/rules/helm-values-privilege.ts';
import { memoryTree } from '../../../src/snapshot/memory.ts';

const RULES = [helmValuesPrivilege];
const HEAD = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  chart: {spec: {chart: web, version: 1.2.3, sourceRef: {kind: HelmRepository, name: web}}}
  values:
`;

const release = (values: string) => `${HEAD}    ${values}\n`;

/** What is said of a change of a release's values: from nothing, where none are given. */
function said(after: string, before?: string): string[] {
  const trees = {
    ...(before !== undefined && { before: memoryTree({ 'apps/web.yaml': release(before) }) }),
    after: memoryTree({ 'apps/web.yaml': release(after) }),
  };
  const answer = review(
    { ...trees, head: trees.after },
    { config: DEFAULT_CONFIG, rules: RULES, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  // Whatever the values are, the release is not fully evaluated.
  expect(answer.unknowns.map(({ reason }) => reason)).toEqual([
    'HelmRelease web: its chart web 1.2.3 from HelmRepository web is not rendered, so its pods are not judged.',
  ]);
  return answer.findings.map(
    ({ change, effect, subject, primary, message }) =>
      `${change} ${effect} ${subject.field} :${primary.line} ${/asks for (.*)\.$/.exec(message)?.[1] ?? message}`,
  );
}

const NOT_RENDERED = '(in Helm values; chart not rendered)';

/** A form, where it stands in the values, and what is said of it. */
const FORMS: readonly (readonly [values: string, field: string, what: string])[] = [
  ['securityContext: {privileged: true}', 'securityContext.privileged', 'privileged'],
  [
    'controller: {containerSecurityContext: {privileged: true}}',
    'controller.containerSecurityContext.privileged',
    'privileged',
  ],
  [
    'a: {b: {c: [{securityContext: {privileged: true}}]}}',
    'a.b.c[0].securityContext.privileged',
    'privileged',
  ],
  ['hostNetwork: true', 'hostNetwork', 'hostNetwork'],
  ['a: {pod: {hostNetwork: true}}', 'a.pod.hostNetwork', 'hostNetwork'],
  ['hostPID: true', 'hostPID', 'hostPID'],
  ['hostIPC: true', 'hostIPC', 'hostIPC'],
  [
    'extraVolumes: [{name: run, hostPath: {path: /run}}]',
    'extraVolumes[name=run].hostPath',
    'a hostPath volume',
  ],
  [
    'persistence: {run: {type: hostPath, hostPath: /run}}',
    'persistence.run.type',
    'a hostPath volume',
  ],
  ['podSecurityContext: {runAsUser: 0}', 'podSecurityContext.runAsUser', 'user 0 (root)'],
  [
    'securityContext: {allowPrivilegeEscalation: true}',
    'securityContext.allowPrivilegeEscalation',
    'allowPrivilegeEscalation',
  ],
  [
    'securityContext: {capabilities: {add: [SYS_ADMIN]}}',
    'securityContext.capabilities.add',
    'more capabilities',
  ],
  [
    'securityContext: {pod: {runAsUser: 0}, container: {privileged: true}}',
    'securityContext.pod.runAsUser',
    'user 0 (root)',
  ],
  [
    'controllers: [{name: app, image: web, privileged: true}]',
    'controllers[name=app].privileged',
    'privileged',
  ],
  ['hostPath: {enabled: true, path: /x}', 'hostPath', 'a hostPath volume'],
];

describe('values that ask for privilege', () => {
  it.each(FORMS)('%s', (values, field, what) => {
    const [first] = said(values);
    expect(first).toBe(`existing risk spec.values.${field} :7 ${what} ${NOT_RENDERED}`);
  });

  it.each(FORMS)('are introduced by a change: %s', (values, field, what) => {
    const [first] = said(values, 'replicas: 1');
    expect(first).toBe(`introduced risk spec.values.${field} :7 ${what} ${NOT_RENDERED}`);
  });
});

it.each([
  'securityContext: {privileged: false, allowPrivilegeEscalation: false, runAsUser: 1000}',
  'securityContext: {capabilities: {drop: [ALL], add: []}}',
  'hostNetwork: false',
  'privileged: "true"',
  'hostPath: ""',
  'rbac: {runAsUser: 0}',
])('nothing asks for privilege: %s', (values) => {
  expect(said(values)).toEqual([]);
});
