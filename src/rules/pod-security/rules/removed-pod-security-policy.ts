import type { Fault } from '../../../model/finding.ts';
import type { ClusterObject, Surroundings } from '../../../flux/cluster.ts';
import { type FieldPath, placeOf, valueAt } from '../../../model/field-path.ts';
import type { RuleSettings } from '../../../model/rule-settings.ts';
import type { LocatedMap } from '../../../model/located.ts';
import { groupOf } from '../../../model/resource.ts';
import type { ObjectRule } from '../../rule.ts';
import { nameOfObject, subjectOf } from '../faults.ts';
import { workloadOf } from '../judged-workload.ts';
import type { Level } from '../level.ts';
import { serverOf } from '../namespace-situation.ts';

/** The release that no longer knows PodSecurityPolicy. */
const REMOVED_IN = 25;

/**
 * PodSecurityPolicy, removed in Kubernetes v1.25: objects of it, rights to use it, its annotations.
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
      'Annotations of pods: `kubernetes.io/psp`, which PodSecurityPolicy wrote, and `seccomp.security.alpha.kubernetes.io/pod` or `container.seccomp.security.alpha.kubernetes.io/NAME`, which nothing reads since v1.27.',
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
  evaluate: (object, cluster, { settings }) => ({
    faults: [...faultsOf(object, cluster), ...annotationFaults(object, cluster, settings)],
    unknowns: [],
  }),
};

function faultsOf(object: ClusterObject, { settings }: Surroundings): Fault[] {
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

/** The release whose kubelet no longer reads the annotations of seccomp. */
const SECCOMP_REMOVED_IN = 27;

/** Annotations of pods that PodSecurityPolicy wrote, or held against its lists. */
function annotationFaults(
  object: ClusterObject,
  { settings }: Surroundings,
  { podSecurity }: RuleSettings,
): Fault[] {
  const server = serverOf(settings) ?? Infinity;
  const { root } = object.resource;
  const templates = workloadOf(object, podSecurity.podTemplates)?.templates ?? [];
  return templates.flatMap(({ pod }) => {
    const path = [...pod.places.metadata, 'annotations'];
    const annotations = valueAt(root, path);
    if (annotations?.kind !== 'map') return [];
    return annotations.entries.flatMap(({ key, value }) => {
      const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
      const words = annotationWords(key, text, server);
      if (words === undefined) return [];
      const said = fault(
        object,
        [...path, key],
        `Annotation ${key} of ${nameOfObject(object)} ${words.message}`,
      );
      return { ...said, remedy: { summary: words.summary, fields: [], edits: [] } };
    });
  });
}

function annotationWords(
  key: string,
  value: string,
  server: number,
): { message: string; summary: string } | undefined {
  if (key === 'kubernetes.io/psp' && server >= REMOVED_IN) {
    const level =
      (['privileged', 'restricted'] as const).find((one) => value.includes(one)) ?? 'baseline';
    return {
      message: `names a PodSecurityPolicy, which does not exist since Kubernetes v1.25: nothing reads it. The level ${level} takes its place, in the label of the namespace.`,
      summary: 'Remove it, and label the namespace.',
    };
  }
  if (!/^(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io\//.test(key)) return undefined;
  if (server < SECCOMP_REMOVED_IN) return undefined;
  const type = value.startsWith('localhost/')
    ? 'Localhost'
    : value === 'unconfined'
      ? 'Unconfined'
      : 'RuntimeDefault';
  return {
    message: `has no effect since Kubernetes v1.27: the container runs without the profile. The levels look at securityContext.seccompProfile.type alone.`,
    summary: `Remove it and set securityContext.seccompProfile.type to ${type}.`,
  };
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
