import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import { objectsOfKind } from '../../flux/objects-of-kind.ts';
import { isWithin, securePath } from '../../flux/paths.ts';
import { sourceRefOf } from '../../flux/sources.ts';
import { gitSourceOf } from '../../flux/watching.ts';
import { groupOf } from '../../model/resource.ts';
import type { Fault } from '../../model/finding.ts';
import type { RepositoryRule } from '../rule.ts';
import { gitRepositoryOf } from './automations.ts';
import { allowanceOf } from './environment.ts';
import { faultAt, nameOf, remedy } from './fault.ts';

const FLUX = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: 'https://github.com/acme/fleet', ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./clusters/production
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
`;

function automation(branch: string): Record<string, string> {
  return {
    'clusters/production/flux-system/gotk-sync.yaml': FLUX,
    'clusters/production/automation.yaml': `apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageUpdateAutomation
metadata: { name: web, namespace: flux-system }
spec:
  interval: 30m
  sourceRef: { kind: GitRepository, name: flux-system }
  git:
    commit: { author: { email: flux@example.org } }
    push:
      branch: ${branch}
  update: { path: ./clusters/production }
`,
  };
}

/** An automation that writes to what production is deployed from, without a pull request. */
export const automationToProduction: RepositoryRule = {
  id: 'image-policy/automation-to-production',
  area: 'image-policy',
  title: 'Automation that pushes to production',
  since: '0.1',
  on: 'repository',
  docs: {
    protects:
      'An automation that pushes to the branch which production is deployed from brings every new image to production within minutes: no review, no check and no approval stands between a pushed tag and the cluster.',
    allows: [
      'Looks at ImageUpdateAutomations whose push branch is the branch that their source follows, and at `spec.update.path`.',
      'Allowed: another push branch, whose changes come by pull request; or an update path that reaches no production cluster.',
    ],
    fix: 'Push to a branch of its own, such as `image-updates`, and open pull requests from it; or narrow `spec.update.path` to the environments that may move by themselves.',
    exception: 'A production that is meant to follow images by itself: waive it, with the reason.',
    limits:
      'The path is compared with the paths of the Kustomizations of production; bases that production uses from elsewhere are told by the rule on markers. Only sources that the cluster itself is deployed from are looked at.',
    bad: automation('main'),
    good: automation('image-updates'),
    links: ['https://fluxcd.io/flux/components/image/imageupdateautomations/#push'],
  },
  evaluate({ clusters }, { settings }) {
    const production = clusters.filter(
      (cluster) => allowanceOf(cluster, settings).environment === 'production',
    );
    if (production.length === 0) return { faults: [], unknowns: [] };
    const faults = clusters.flatMap((cluster) =>
      objectsOfKind(cluster, 'ImageUpdateAutomation').flatMap((object) =>
        judge(object, cluster, production),
      ),
    );
    return { faults, unknowns: [] };
  },
};

function judge(object: ClusterObject, cluster: Cluster, production: readonly Cluster[]): Fault[] {
  const { apiVersion, root } = object.resource;
  if (groupOf(apiVersion) !== 'image.toolkit.fluxcd.io') return [];
  const spec = root.map('spec');
  const suspend = spec?.get('suspend');
  if (suspend?.kind === 'scalar' && suspend.value === true) return [];
  const branch = pushedToItsSource(object, cluster);
  if (branch === undefined) return [];
  const path = securePath(spec?.map('update')?.text('path') ?? '');
  const reached = production.find(({ units }) =>
    units.some(
      ({ kustomization, path: applied }) =>
        kustomization !== undefined && (isWithin(applied, path) || isWithin(path, applied)),
    ),
  );
  if (reached === undefined) return [];
  return [
    faultAt(object, ['spec', 'git', 'push', 'branch'], {
      rule: automationToProduction.id,
      effect: 'risk',
      message: `${nameOf(object)} pushes to branch "${branch}", which its source follows, and its update path "${path === '' ? '.' : path}" reaches production cluster "${reached.name}": new images are deployed there without a pull request.`,
      remedy: remedy('Push to a branch of its own, or narrow `spec.update.path`.', object),
    }),
  ];
}

/** The branch pushed to, where the cluster is deployed from it. */
function pushedToItsSource(object: ClusterObject, cluster: Cluster): string | undefined {
  const spec = object.resource.root.map('spec');
  const reference = spec?.map('sourceRef');
  const name = reference?.text('name');
  const namespace = reference?.text('namespace') ?? object.namespace;
  const isDeployedFrom = cluster.units.some(({ kustomization }) => {
    const source = kustomization && sourceRefOf(kustomization);
    return (
      source?.kind === 'GitRepository' && source.name === name && source.namespace === namespace
    );
  });
  const source = gitRepositoryOf(reference, object.namespace, cluster);
  const followed = source && gitSourceOf(source)?.branch;
  if (!isDeployedFrom || followed === undefined) return undefined;
  const git = spec?.map('git');
  const checkedOut = git?.map('checkout')?.map('ref')?.text('branch') ?? followed;
  const pushed = git?.map('push')?.text('branch') ?? checkedOut;
  return pushed === followed ? pushed : undefined;
}
