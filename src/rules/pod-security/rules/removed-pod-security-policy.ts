import type { Fault } from '../../../model/finding.ts';
import type { Cluster, ClusterObject } from '../../../flux/cluster.ts';
import { type FieldPath, placeOf } from '../../../model/field-path.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { groupOf } from '../../../model/resource.ts';
import type { ObjectRule } from '../../rule.ts';
import { subjectOf } from '../faults.ts';
import type { Level } from '../level.ts';
import { serverOf } from '../namespace-situation.ts';

/** The release that no longer knows PodSecurityPolicy. */
const REMOVED_IN = 25;

/**
 * PodSecurityPolicy, removed in Kubernetes v1.25: objects of it, rights to use it, annotations.
 */
export const removedPodSecurityPolicy: ObjectRule = {
  id: 'pod-security/removed-pod-security-policy',
  area: 'pod-security',
  title: 'PodSecurityPolicy',
  since: '0.1',
  on: 'object',
  docs: {
    protects:
      'Kubernetes v1.25 removed PodSecurityPolicy. Applying one fails, and with it everything that Flux applies beside it. Worse is to believe that it still protects: where it is gone, nothing does, until a namespace has a level.',
    allows: [
      'Objects of kind PodSecurityPolicy: only in clusters before v1.25.',
      'Rules of Roles and ClusterRoles for `podsecuritypolicies`: without effect, to be removed.',
    ],
    fix: 'Remove the object and the rules. Label the namespaces with the level that takes its place: privileged where it allowed privileged pods, restricted where it made pods run as non-root, else baseline.',
    exception: 'A cluster before v1.25; write its version into `.github/fluxgate.yaml`.',
    bad: {
      'apps/policy.yaml':
        'apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: default\nspec:\n  privileged: false\n',
    },
    good: {
      'apps/namespace.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    pod-security.kubernetes.io/enforce: baseline\n',
    },
    links: [
      'https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/',
      'https://kubernetes.io/docs/reference/using-api/deprecation-guide/#psp-v125',
    ],
  },
  evaluate: (object, cluster) => ({ faults: faultsOf(object, cluster), unknowns: [] }),
};

function faultsOf(object: ClusterObject, { settings }: Cluster): Fault[] {
  const { kind, apiVersion, root, name } = object.resource;
  if ((serverOf(settings) ?? Infinity) < REMOVED_IN) return [];
  const group = groupOf(apiVersion);
  if (kind === 'PodSecurityPolicy' && (group === 'policy' || group === 'extensions')) {
    const level = levelInPlaceOf(root);
    const message = `PodSecurityPolicy "${name}" does not exist since Kubernetes v1.25: applying it fails. The level ${level} takes its place, in the label of each namespace.`;
    const detail = `no matches for kind "PodSecurityPolicy" in version "${apiVersion}"`;
    return [{ ...fault(object, ['kind'], message), effect: 'denied', detail }];
  }
  if (group !== 'rbac.authorization.k8s.io' || !kind.endsWith('Role')) return [];
  return (root.list('rules')?.items ?? []).flatMap((rule, index) => {
    const resources = rule.kind === 'map' ? rule.list('resources')?.items : undefined;
    const isUse = resources?.some(
      (item) => item.kind === 'scalar' && item.value === 'podsecuritypolicies',
    );
    const message = `${kind} "${name}" gives rights to PodSecurityPolicies, which do not exist since Kubernetes v1.25.`;
    return isUse ? [fault(object, ['rules', index], message)] : [];
  });
}

function levelInPlaceOf(root: LocatedMap): Level {
  const spec = root.map('spec');
  const privileged = spec?.get('privileged');
  if (privileged?.kind === 'scalar' && privileged.value === true) return 'privileged';
  return spec?.map('runAsUser')?.text('rule') === 'MustRunAsNonRoot' ? 'restricted' : 'baseline';
}

function fault(object: ClusterObject, path: FieldPath, message: string): Fault {
  return {
    rule: removedPodSecurityPolicy.id,
    effect: 'advice',
    subject: subjectOf(object, { path }),
    message,
    primary: placeOf(object.resource.root, path),
    related: [],
    remedy: { summary: 'Remove it, and label the namespaces.', fields: [], edits: [] },
  };
}
