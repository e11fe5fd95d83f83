import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import { objectWithoutNamespace } from '../../../src/rules/gitops/object-without-namespace.ts';
import { kustomization, resolved } from '../../flux/clusters.ts';

function told(object: string, more = ''): string[] {
  const { clusters } = resolved({
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/apps.yaml': kustomization('apps', './apps', more),
    'apps/object.yaml': object,
  });
  return clusters.flatMap((cluster) =>
    cluster.objects.flatMap((one) =>
      objectWithoutNamespace
        .evaluate(one, cluster, { settings: DEFAULT_CONFIG })
        .faults.map(({ effect, primary, message }) => `${effect} ${primary.line}: ${message}`),
    ),
  );
}

const DEPLOYMENT = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n';
const REFUSED = [
  'denied 3: Deployment web names no namespace, and Kustomization flux-system/apps gives it none: Flux refuses the whole Kustomization.',
];

it.each([
  ['a Deployment', DEPLOYMENT, '', REFUSED],
  ['one whose namespace is empty', DEPLOYMENT.replace('web}', "web, namespace: ''}"), '', REFUSED],
  ['one that the Kustomization puts somewhere', DEPLOYMENT, '  targetNamespace: web\n', []],
  [
    'one whose namespace is a variable from outside',
    DEPLOYMENT.replace('web}', "web, namespace: '${NS}'}"),
    '  postBuild: {substituteFrom: [{kind: ConfigMap, name: gone}]}\n',
    [],
  ],
  [
    'a ClusterRole',
    DEPLOYMENT.replace('apps/v1', 'rbac.authorization.k8s.io/v1').replace(
      'Deployment',
      'ClusterRole',
    ),
    '',
    [],
  ],
  ['a kind of which nothing is known', DEPLOYMENT.replace('apps/v1', 'example.org/v1'), '', []],
])('tells of %s', (_, object, more, lines) => {
  expect(told(object, more)).toEqual(lines);
});
