import type { Cluster, ClusterObject } from '../flux/cluster.ts';
import { verifiesAnything } from '../flux/watching.ts';
import type { EvidenceRequest, Facts } from '../model/evidence.ts';
import { valueAt } from '../model/field-path.ts';
import { groupOf } from '../model/resource.ts';
import type { Section } from '../model/section.ts';
import { trustOf } from './commit-signatures/trust.ts';
import { imageVerifiersOf } from './image-policy/image-verifiers.ts';
import type { Repository, RuleContext } from './rule.ts';

/** One of the controls that everything else rests on, and whether it stands. */
export interface Control {
  readonly name: string;
  readonly stands: 'yes' | 'in part' | 'no' | 'not known';
  /** Why, one sentence; quotes the repository, not escaped. */
  readonly why: string;
}

/** What is asked of the world to tell of the branch. */
export const CONTROL_REQUESTS: readonly EvidenceRequest[] = [
  { kind: 'identity' },
  { kind: 'merging' },
];

/**
 * Whether the three controls stand: nobody reaches the branch unseen and Flux verifies it, tenants
 * act with service accounts of their own, images are verified on their way in. Facts, no findings.
 *
 * @param repository what is deployed now
 */
export function controlsOf(repository: Repository, context: RuleContext): Control[] {
  return [
    branchControl(repository, context),
    tenantControl(repository.clusters),
    imageControl(repository.clusters),
  ];
}

/** The controls as a part of the page of the check. */
export function controlsSection(controls: readonly Control[]): Section {
  return {
    area: 'gitops',
    title: 'What protects this repository now',
    blocks: [
      {
        kind: 'table',
        head: ['Control', 'Stands', 'Because'],
        rows: controls.map(({ name, stands, why }) => [
          { text: name },
          { text: stands },
          { text: why },
        ]),
      },
      {
        kind: 'text',
        text: 'Said once, at the first review of this repository; fluxgate clusters says it at any time. It fails nothing.',
      },
    ],
  };
}

function branchControl(repository: Repository, context: RuleContext): Control {
  const name = 'Protected and verified branch';
  const { facts } = context;
  const isVerified =
    facts.identity?.state === 'known'
      ? trustOf(repository, context).verifying.length > 0
      : repository.clusters.some(verifiesAnything);
  const [isProtected, rule] = protection(facts);
  const verified = isVerified
    ? 'Flux verifies signatures'
    : 'no source asks Flux to verify signatures';
  const why = `${rule}, and ${verified}.`;
  if (isProtected === undefined) return { name, stands: isVerified ? 'not known' : 'no', why };
  if (isProtected && isVerified) return { name, stands: 'yes', why };
  return { name, stands: isProtected || isVerified ? 'in part' : 'no', why };
}

/** Protections of the older kind are told only to administrators. */
function protection({ merging }: Facts): [boolean | undefined, string] {
  if (merging?.state !== 'known')
    return [undefined, 'Nobody was asked how the branch is protected'];
  return merging.value.allowsPushes
    ? [undefined, 'No ruleset asks for pull requests (branch protection rules are not told)']
    : [true, 'Changes go through pull requests'];
}

/** Applied with the rights of the controller unless they name a service account. */
const IMPERSONATING = new Set(['kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io']);

function tenantControl(clusters: readonly Cluster[]): Control {
  const name = 'Scoped service accounts of tenants';
  const guarded = clusters.filter(hasDefaultAccount);
  const tenants = clusters
    .filter((cluster) => !guarded.includes(cluster))
    .flatMap(({ objects }) => objects.filter(isOfTenant));
  const bare = tenants.filter((object) => !namesAccount(object));
  if (guarded.length > 0 && guarded.length === clusters.length) {
    const why = 'The controllers of Flux run with --default-service-account.';
    return { name, stands: 'yes', why };
  }
  if (tenants.length === 0) {
    const why = 'No Kustomization or HelmRelease outside the namespaces of Flux itself was found.';
    return { name, stands: 'not known', why };
  }
  const [first] = bare;
  if (first === undefined) {
    const why = `Each of ${tenants.length} Kustomizations and HelmReleases outside the namespaces of Flux names one.`;
    return { name, stands: 'yes', why };
  }
  const { kind, name: called } = first.resource;
  const why = `${bare.length} of ${tenants.length} Kustomizations and HelmReleases outside the namespaces of Flux name none and act with the rights of the controller: ${kind} ${first.namespace ?? ''}/${called} is one.`;
  return { name, stands: bare.length === tenants.length ? 'no' : 'in part', why };
}

/** Where platforms keep Flux; what stands beside it is not a tenant's. */
const OWN_NAMESPACE = 'flux-system';

function isOfTenant({ resource, namespace }: ClusterObject): boolean {
  const { apiVersion, kind } = resource;
  return (
    IMPERSONATING.has(groupOf(apiVersion)) &&
    /^(?:Kustomization|HelmRelease)$/.test(kind) &&
    namespace !== OWN_NAMESPACE
  );
}

function namesAccount({ resource: { root } }: ClusterObject): boolean {
  return (
    valueAt(root, ['spec', 'serviceAccountName']) !== undefined ||
    valueAt(root, ['spec', 'kubeConfig']) !== undefined
  );
}

function hasDefaultAccount({ objects }: Cluster): boolean {
  return objects.some(({ resource: { kind, name, root } }) => {
    if (kind !== 'Deployment' || name !== 'kustomize-controller') return false;
    const containers = valueAt(root, ['spec', 'template', 'spec', 'containers']);
    if (containers?.kind !== 'list') return false;
    return containers.items.some((container) => {
      const args = container.kind === 'map' ? container.get('args') : undefined;
      return (
        args?.kind === 'list' &&
        args.items.some(
          (item) =>
            item.kind === 'scalar' &&
            typeof item.value === 'string' &&
            item.value.startsWith('--default-service-account='),
        )
      );
    });
  });
}

function imageControl(clusters: readonly Cluster[]): Control {
  const name = 'Verified images';
  const running = clusters.filter(({ objects }) => objects.length > 0);
  const enforcing = running.filter((cluster) =>
    imageVerifiersOf(cluster).some(({ enforces }) => enforces),
  );
  const auditing = running.filter(
    (cluster) => !enforcing.includes(cluster) && imageVerifiersOf(cluster).length > 0,
  );
  const names = (list: readonly Cluster[]) => list.map((cluster) => cluster.name).join(', ');
  if (enforcing.length > 0 && enforcing.length === running.length) {
    return {
      name,
      stands: 'yes',
      why: 'Policies of every cluster refuse images without signature.',
    };
  }
  if (enforcing.length > 0) {
    const why = `Policies refuse images without signature in ${names(enforcing)} only.`;
    return { name, stands: 'in part', why };
  }
  if (auditing.length > 0) {
    const why = `Policies look for signatures in ${names(auditing)}, and refuse nothing.`;
    return { name, stands: 'in part', why };
  }
  return { name, stands: 'no', why: 'No policy in this repository verifies signatures of images.' };
}
