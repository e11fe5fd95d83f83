import { isAtLeast } from '../../flux/flux-version.ts';
import { placeOf } from '../../model/field-path.ts';
import type { ClusterSettings } from '../../model/cluster-settings.ts';
import { groupOf, type Resource, versionOf } from '../../model/resource.ts';
import { NOTHING, type ObjectRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';

/** The minor version of Flux 2 from which on a version of a group is no longer served. */
const REMOVED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'source.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 8 },
  'kustomize.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 8 },
  'helm.toolkit.fluxcd.io': { v2beta1: 7, v2beta2: 8 },
  'image.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 9 },
};

/** The minor version of Kubernetes from which on kinds are no longer served in a version. */
const REMOVED_KINDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'extensions/v1beta1': {
    ...{ Deployment: 16, DaemonSet: 16, ReplicaSet: 16, NetworkPolicy: 16, Ingress: 22 },
  },
  'apps/v1beta1': { Deployment: 16, StatefulSet: 16 },
  'apps/v1beta2': { Deployment: 16, StatefulSet: 16, DaemonSet: 16, ReplicaSet: 16 },
  'batch/v2alpha1': { CronJob: 21 },
  'batch/v1beta1': { CronJob: 25 },
  'networking.k8s.io/v1beta1': { Ingress: 22, IngressClass: 22 },
  'policy/v1beta1': { PodDisruptionBudget: 25 },
};

/**
 * An object in an API version that the cluster's Flux (changelogs of the controllers) or
 * Kubernetes (its deprecation guide) no longer serves: the API server knows no such kind, and
 * refuses it.
 */
export const removedApiVersion: ObjectRule = {
  id: 'gitops/removed-api-version',
  area: 'gitops',
  title: 'API version that is no longer served',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'An object in an API version that the cluster no longer serves is refused, and the whole Kustomization that applies it fails.',
    allows: [
      '`v1` for sources, Kustomizations and image automation, `v2` for HelmReleases.',
      'Flux 2.7 removed `v1beta1` (and `v2beta1` of HelmRelease), 2.8 `v1beta2` (and `v2beta2`), 2.9 `v1beta2` of image automation.',
      'Kubernetes 1.16 removed workloads of `extensions` and the betas of `apps`, 1.22 those of Ingress, 1.25 `batch/v1beta1` and `policy/v1beta1`.',
    ],
    fix: 'Write the newer version; `flux migrate` does it for files and for stored objects.',
    exception:
      'A cluster with an older Flux or Kubernetes: say so with `clusters.NAME.flux` and `clusters.NAME.kubernetes` in the configuration.',
    bad: {
      ...exampleCluster('./apps'),
      'apps/service.yaml': EXAMPLE_SERVICE,
      'apps/source.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: GitRepository\nmetadata: {name: web, namespace: web}\nspec: {url: https://github.com/acme/web}\n',
    },
    good: {
      ...exampleCluster('./apps'),
      'apps/service.yaml': EXAMPLE_SERVICE,
      'apps/source.yaml':
        'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: web, namespace: web}\nspec: {url: https://github.com/acme/web}\n',
    },
    links: [
      'https://fluxcd.io/flux/releases/',
      'https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
    ],
  },
  evaluate({ resource, namespace }, { settings, isFlux }) {
    const { apiVersion, kind, plainName: name, root } = resource;
    const by = removedBy(resource, settings);
    if (!isFlux || by === undefined) return NOTHING;
    const fault = {
      ...{ rule: removedApiVersion.id, effect: 'denied' as const },
      subject: {
        ...{ apiVersion, kind, name, field: 'apiVersion' },
        ...(namespace !== undefined && { namespace }),
      },
      message: `${kind} ${name} is written in ${apiVersion}, which ${by} and newer no longer serve.`,
      primary: placeOf(root, ['apiVersion']),
      related: [],
    };
    return { faults: [fault], unknowns: [] };
  },
};

/** The version of Flux or Kubernetes that took a kind away, where the cluster has it. */
function removedBy({ apiVersion, kind }: Resource, settings: ClusterSettings): string | undefined {
  const flux = REMOVED[groupOf(apiVersion)]?.[versionOf(apiVersion)];
  if (flux !== undefined) return isAtLeast(settings.flux, flux) ? `Flux 2.${flux}` : undefined;
  const minor = REMOVED_KINDS[apiVersion]?.[kind];
  const own = /^v?1\.(\d+)/.exec(settings.kubernetes ?? '')?.[1];
  if (minor === undefined || (own !== undefined && Number(own) < minor)) return undefined;
  return `Kubernetes 1.${minor}`;
}
