import type { ClusterChangeRule } from '../rule.ts';
import { placeOf } from '../../model/field-path.ts';
import type { UnknownFact } from '../../model/finding.ts';
import { faultAt, remedy } from './fault.ts';
import { deployment } from './signed-example.ts';
import { isWithin } from './verifiers/within.ts';
import { containerOf, newImages, userOf } from './workload-images.ts';

/** A new image from a registry that the configuration does not allow. */
export const unlistedRegistry: ClusterChangeRule = {
  id: 'image-policy/unlisted-registry',
  area: 'image-policy',
  title: 'Image from a registry that is not allowed',
  since: '0.1',
  on: 'cluster-change',
  docs: {
    protects:
      'A list of registries is a decision about whom to trust. An image from elsewhere goes round that decision, be it by mistake or by a name that looks like the right one.',
    allows: [
      'Looks at images that the change brings, in workloads and in values of HelmReleases. `nginx` is `docker.io/nginx`.',
      'Allowed are the patterns of `imagePolicy.registries` in `.github/fluxgate.yaml` of the base branch, such as `ghcr.io/acme/*`; `*` also crosses slashes. Without a list every registry is allowed.',
    ],
    fix: 'Use the image from an allowed registry, or add the registry to the list in a pull request of its own.',
    exception: 'A single image from elsewhere: waive it, with the reason.',
    given: {
      before: {
        '.github/fluxgate.yaml': 'version: 1\nimagePolicy:\n  registries: [ghcr.io/acme/*]\n',
        'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.0'),
      },
    },
    bad: { 'apps/web.yaml': deployment('ghcr.io.evil.example/acme/web:1.0.1') },
    good: { 'apps/web.yaml': deployment('ghcr.io/acme/web:1.0.1') },
    links: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  evaluate({ before, after }, { settings }) {
    const { registries } = settings.imagePolicy;
    if (registries.length === 0) return { faults: [], unknowns: [] };
    const images = newImages(after, before);
    const unknowns = images.flatMap(({ doubt, text, object, path }): UnknownFact[] => {
      if (doubt === undefined) return [];
      const reason = `Whether image ${text} comes from an allowed registry is not known. Only its chart tells ${doubt}.`;
      const place = placeOf(object.resource.root, path);
      return [{ rule: unlistedRegistry.id, reason, place, cause: 'environment' }];
    });
    const faults = images.flatMap((found) => {
      const { image, object, path, text, doubt } = found;
      if (image === undefined || doubt !== undefined) return [];
      const name = `${image.registry}/${image.repository}`;
      if (registries.some((pattern) => isWithin(pattern, name))) return [];
      return [
        faultAt(object, path, {
          rule: unlistedRegistry.id,
          effect: 'risk',
          message: `${userOf(found)} image ${text}, which comes from none of the registries that imagePolicy.registries allows.`,
          ...containerOf(found),
          remedy: remedy('Use the image from an allowed registry.', object),
        }),
      ];
    });
    return { faults, unknowns };
  },
};
