import type { ClusterRule } from '../rule.ts';
import { partlyJudged } from '../unit-unknowns.ts';
import { deployment } from './signed-example.ts';

/** Parts of a cluster that could not be rendered: images and ranges in them are not judged. */
export const unjudgedSource: ClusterRule = {
  id: 'image-policy/unjudged-source',
  area: 'image-policy',
  title: 'Part that is not judged',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'Images, version ranges and verifying policies can come from parts that cannot be rendered from the repository alone. A part that was not seen is not a part that passed, so it is told instead of being left out.',
    allows: [
      'Looks at everything that is applied as one: Flux Kustomizations, overlays, folders of manifests.',
      'Told once for each of them: what could not be rendered is unknown. It is never a finding.',
    ],
    fix: 'Keep the part in the repository, such as a copy of a remote base; or review it where it comes from.',
    exception:
      'A part that another team reviews: turn the rule off, and nothing tells that it was not looked at.',
    bad: {
      'apps/kustomization.yaml':
        'resources:\n  - github.com/acme/base//web?ref=v1.4.2\n  - web.yaml\n',
      'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2'),
    },
    good: {
      'apps/kustomization.yaml': 'resources:\n  - web.yaml\n',
      'apps/web.yaml': deployment('ghcr.io/acme/web:1.4.2'),
    },
    links: ['https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/resource/'],
  },
  evaluate: (cluster) => ({
    faults: [],
    unknowns: partlyJudged(cluster, unjudgedSource.id, 'Images and version ranges'),
  }),
};
