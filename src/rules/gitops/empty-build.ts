import type { ClusterRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';
import { unitFaults } from './unit-faults.ts';

/** A Kustomization that builds to nothing: with `prune` Flux deletes all that it applied before. */
export const emptyBuild: ClusterRule = {
  id: 'gitops/empty-build',
  area: 'gitops',
  title: 'Kustomization that applies nothing',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A Kustomization that builds to no objects succeeds, and with `prune: true` Flux then deletes everything that it applied before.',
    allows: ['At least one object.'],
    fix: 'Name the resources in the kustomization file, or remove the Kustomization when it is meant to apply nothing.',
    exception: 'While everything of an application is removed on purpose: ask for a waiver.',
    bad: { ...exampleCluster('./apps'), 'apps/kustomization.yaml': 'resources: []\n' },
    good: {
      ...exampleCluster('./apps'),
      'apps/kustomization.yaml': 'resources: [service.yaml]\n',
      'apps/service.yaml': EXAMPLE_SERVICE,
    },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#prune'],
  },
  evaluate: (cluster) => ({
    faults: unitFaults(cluster, emptyBuild.id, ['empty-build'], 'risk'),
    unknowns: [],
  }),
};
