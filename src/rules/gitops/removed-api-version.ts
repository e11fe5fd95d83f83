import { isAtLeast } from '../../flux/flux-version.ts';
import { placeOf } from '../../model/field-path.ts';
import { groupOf, versionOf } from '../../model/resource.ts';
import { NOTHING, type ObjectRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';

/** The minor version of Flux 2 from which on a version of a group is no longer served. */
const REMOVED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'source.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 8 },
  'kustomize.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 8 },
  'helm.toolkit.fluxcd.io': { v2beta1: 7, v2beta2: 8 },
  'image.toolkit.fluxcd.io': { v1beta1: 7, v1beta2: 9 },
};

/**
 * An object of Flux in an API version that the cluster's Flux no longer serves (changelogs of the
 * controllers): the API server knows no such kind, and refuses it.
 */
export const removedApiVersion: ObjectRule = {
  id: 'gitops/removed-api-version',
  area: 'gitops',
  title: 'API version that Flux no longer serves',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'An object in an API version that the cluster no longer serves is refused, and the whole Kustomization that applies it fails.',
    allows: [
      '`v1` for sources, Kustomizations and image automation, `v2` for HelmReleases.',
      'Flux 2.7 removed `v1beta1` (and `v2beta1` of HelmRelease), 2.8 `v1beta2` (and `v2beta2`), 2.9 `v1beta2` of image automation.',
    ],
    fix: 'Write the newer version; `flux migrate` does it for files and for stored objects.',
    exception:
      'A cluster with an older Flux: say so with `clusters.NAME.flux` in the configuration.',
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
    links: ['https://fluxcd.io/flux/releases/'],
  },
  evaluate({ resource, namespace }, { settings, isFlux }) {
    const { apiVersion, kind, plainName: name, root } = resource;
    const removedIn = REMOVED[groupOf(apiVersion)]?.[versionOf(apiVersion)];
    if (!isFlux || removedIn === undefined || !isAtLeast(settings.flux, removedIn)) return NOTHING;
    const fault = {
      ...{ rule: removedApiVersion.id, effect: 'denied' as const },
      subject: {
        ...{ apiVersion, kind, name, field: 'apiVersion' },
        ...(namespace !== undefined && { namespace }),
      },
      message: `${kind} ${name} is written in ${apiVersion}, which Flux 2.${removedIn} and newer no longer serve.`,
      primary: placeOf(root, ['apiVersion']),
      related: [],
    };
    return { faults: [fault], unknowns: [] };
  },
};
