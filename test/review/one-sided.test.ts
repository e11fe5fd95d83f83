import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../src/config/schema.ts';
import { review } from '../../src/review/review.ts';
import { rules } from '../../src/rules/index.ts';
import { memoryTree } from '../../src/snapshot/memory.ts';
import { kustomization } from '../flux/clusters.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: web}
spec: {hostNetwork: true, containers: [{name: a, image: a}]}
`;
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {pod-security.kubernetes.io/enforce: baseline}}
`;

const BEFORE = {
  'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
  'clusters/a/apps.yaml': kustomization('apps', './apps'),
  'apps/kustomization.yaml': 'resources: [namespace.yaml, pod.yaml]\n',
  'apps/namespace.yaml': NAMESPACE,
  'apps/pod.yaml': POD,
};

it.each([
  ['the build fails', { 'apps/kustomization.yaml': 'resources: [gone.yaml]\n' }, 'existing'],
  ['the object goes', { 'apps/kustomization.yaml': 'resources: [namespace.yaml]\n' }, 'fixed'],
])('what was wrong with an object, when %s', (_, edits, change) => {
  const after = memoryTree({ ...BEFORE, ...edits });
  const answer = review(
    { before: memoryTree(BEFORE), after, head: after },
    { config: DEFAULT_CONFIG, rules, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  const ofPod = answer.findings.filter(({ subject }) => subject.name === 'agent');
  expect(ofPod.map((finding) => [finding.rule, finding.change])).toContainEqual([
    'pod-security/host-namespaces',
    change,
  ]);
});

it('introduces what was wrong in a Kustomization that is resumed', () => {
  const suspended = {
    ...BEFORE,
    'clusters/a/apps.yaml': kustomization('apps', './apps', '  suspend: true\n'),
  };
  const after = memoryTree(BEFORE);
  const answer = review(
    { before: memoryTree(suspended), after, head: after },
    { config: DEFAULT_CONFIG, rules, now: 0 },
  );
  if ('wanted' in answer) throw new Error('Everything is loaded.');
  const found = answer.findings.filter(({ rule }) => rule === 'pod-security/host-namespaces');
  expect(found.map(({ change }) => change)).toEqual(['introduced']);
});
