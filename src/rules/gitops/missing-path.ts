import type { ClusterRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';
import { unitFaults } from './unit-faults.ts';

/** A Kustomization whose `spec.path` is no directory of its artifact: Flux cannot build it. */
export const missingPath: ClusterRule = {
  id: 'gitops/missing-path',
  area: 'gitops',
  title: 'Path that does not exist',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A Kustomization whose path does not exist is never applied: everything it used to apply stays as it was, and nothing new arrives.',
    allows: [
      'A directory of the source, after `.sourceignore` and the default exclusions.',
      'Symbolic links are not in an artifact, so a path through one does not exist.',
    ],
    fix: 'Write the path of the directory from the root of the source, or remove the Kustomization together with the directory.',
    exception: 'None: Flux reports the path as not found.',
    bad: { ...exampleCluster('./app'), 'apps/service.yaml': EXAMPLE_SERVICE },
    good: { ...exampleCluster('./apps'), 'apps/service.yaml': EXAMPLE_SERVICE },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/#path'],
  },
  evaluate: (cluster) => ({
    faults: unitFaults(cluster, missingPath.id, ['missing-path'], 'denied'),
    unknowns: [],
  }),
};
