import { expect, it } from 'vitest';

import { DEFAULT_CONFIG } from '../../../src/config/schema.ts';
import type { ClusterSettings } from '../../../src/model/cluster-settings.ts';
import { UNCONFIGURED } from '../../../src/model/cluster-settings.ts';
import { removedApiVersion } from '../../../src/rules/gitops/removed-api-version.ts';
import { kustomization, resolved } from '../../flux/clusters.ts';

function told(apiVersion: string, kind: string, settings: Partial<ClusterSettings> = {}): string[] {
  const files = {
    'clusters/a/sync.yaml': kustomization('flux-system', './clusters/a'),
    'clusters/a/object.yaml': `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: web}\n`,
  };
  const { clusters } = resolved(files, [
    { ...UNCONFIGURED, name: 'a', path: 'clusters/a', ...settings },
  ]);
  return clusters.flatMap((cluster) =>
    cluster.objects.flatMap((one) =>
      removedApiVersion
        .evaluate(one, cluster, { settings: DEFAULT_CONFIG })
        .faults.map(({ effect, primary, message }) => `${effect} ${primary.line}: ${message}`),
    ),
  );
}

it.each<[string, string, Partial<ClusterSettings>, string | undefined]>([
  ['extensions/v1beta1', 'Deployment', {}, 'Kubernetes 1.16'],
  ['extensions/v1beta1', 'Deployment', { kubernetes: 'v1.15' }, undefined],
  ['extensions/v1beta1', 'Ingress', { kubernetes: 'v1.21.3' }, undefined],
  ['extensions/v1beta1', 'Ingress', { kubernetes: '1.22' }, 'Kubernetes 1.22'],
  ['apps/v1beta2', 'StatefulSet', {}, 'Kubernetes 1.16'],
  ['batch/v1beta1', 'CronJob', { kubernetes: 'v1.35' }, 'Kubernetes 1.25'],
  ['batch/v1', 'CronJob', {}, undefined],
  ['apps/v1beta2', 'ControllerRevision', {}, undefined],
  ['source.toolkit.fluxcd.io/v1beta2', 'GitRepository', {}, 'Flux 2.8'],
  ['source.toolkit.fluxcd.io/v1beta2', 'GitRepository', { flux: '2.7' }, undefined],
  ['image.toolkit.fluxcd.io/v1beta2', 'ImagePolicy', { flux: '2.8' }, undefined],
  ['image.toolkit.fluxcd.io/v1beta2', 'ImagePolicy', { flux: '2.9' }, 'Flux 2.9'],
])('%s %s in %j', (apiVersion, kind, settings, by) => {
  expect(told(apiVersion, kind, settings)).toEqual(
    by
      ? [
          `denied 1: ${kind} web is written in ${apiVersion}, which ${by} and newer no longer serve.`,
        ]
      : [],
  );
});
