import { isOfFlux } from '../../flux/held-back.ts';
import type { ClusterRule } from '../rule.ts';
import { heldUnknowns } from '../held-unknowns.ts';
import { unitUnknowns } from '../unit-unknowns.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';
import { unitFaults } from './unit-faults.ts';

/**
 * A Kustomization that cannot be built: Flux applies nothing of it. Parts of a cluster that cannot
 * be known are told here as well, as this rule is the one that builds.
 */
export const failedBuild: ClusterRule = {
  id: 'gitops/failed-build',
  area: 'gitops',
  title: 'Kustomization that does not build',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'When a Flux Kustomization fails to build, Flux applies nothing of it: the cluster silently keeps the last state that worked, and every later change waits behind the fault.',
    allows: [
      'What kustomize 5.8 builds in the way that kustomize-controller runs it: no Helm charts, no plugins, nothing outside the artifact.',
      'In a directory without a kustomization file every YAML file must hold Kubernetes objects.',
      'Variables of `postBuild` need a value or a default from Flux 2.9 on (strict substitution); before, they are empty.',
    ],
    fix: 'Mend the line that is named; `fluxgate build DIR` shows the same build locally.',
    exception: 'None: Flux refuses the whole Kustomization.',
    limits:
      'Remote bases are not fetched. A Kustomization that has one, or that is built from another repository or artifact, is told as not evaluated, and so is an object of Flux itself that Flux leaves as the cluster has it (`kustomize.toolkit.fluxcd.io/reconcile: disabled`, `…/ssa: Ignore` or `IfNotPresent`).',
    bad: {
      ...exampleCluster('./apps'),
      'apps/kustomization.yaml': 'resources: [service.yml]\n',
      'apps/service.yaml': EXAMPLE_SERVICE,
    },
    good: {
      ...exampleCluster('./apps'),
      'apps/kustomization.yaml': 'resources: [service.yaml]\n',
      'apps/service.yaml': EXAMPLE_SERVICE,
    },
    links: ['https://fluxcd.io/flux/components/kustomize/kustomizations/'],
  },
  evaluate(cluster) {
    const unknowns = [
      ...unitUnknowns(cluster, failedBuild.id),
      ...heldUnknowns(cluster, failedBuild.id, ({ object }) =>
        isOfFlux(object.resource.apiVersion),
      ),
    ];
    const codes = ['failed-build', 'failed-substitution'] as const;
    return { faults: unitFaults(cluster, failedBuild.id, codes, 'denied'), unknowns };
  },
};
