import type { Cluster, ClusterObject, Unit } from '../../flux/cluster.ts';
import { isWhole } from '../../flux/cluster.ts';
import { isTrue, specOf } from '../../flux/kinds.ts';
import {
  describeReference,
  isBuiltIn,
  type ObjectReference,
  referencesOf,
} from '../../flux/references.ts';
import { sourceRefOf } from '../../flux/sources.ts';
import { placeOf, toDotted, valueAt } from '../../model/field-path.ts';
import type { Fault, UnknownFact } from '../../model/finding.ts';
import { Unknown } from '../../model/located.ts';
import { groupOf } from '../../model/resource.ts';
import type { ClusterRule } from '../rule.ts';
import { EXAMPLE_SERVICE, exampleCluster } from './example.ts';

const REPOSITORY = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: podinfo, namespace: web}
spec: {url: https://stefanprodan.github.io/podinfo, interval: 1h}
`;

const release = (source: string) => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: web}
spec:
  interval: 1h
  chart:
    spec:
      chart: podinfo
      sourceRef: {kind: HelmRepository, name: ${source}}
`;

/** An object that names another which nothing in the cluster makes. */
export const danglingReference: ClusterRule = {
  id: 'gitops/dangling-reference',
  area: 'gitops',
  title: 'Reference to an object that does not exist',
  since: '0.1',
  on: 'cluster',
  docs: {
    protects:
      'A Kustomization, HelmRelease, HelmChart, ImagePolicy or ImageUpdateAutomation whose source does not exist is never ready: nothing of it is applied. A binding to a role that does not exist grants nothing.',
    allows: [
      'Sources (`sourceRef`, `chartRef`) and `imageRepositoryRef` that a unit of the same cluster applies; without `namespace` in that of the object itself.',
      'The source of the Kustomization that starts the cluster, which is there before Flux is.',
      '`roleRef` to a role that is applied, to `view`, `edit`, `admin`, `cluster-admin` and `system:*`; `serviceAccountName` of an account that is applied, or `default`. Another is advice.',
    ],
    fix: 'Correct the kind, name or namespace, or add the object that is missing.',
    exception: 'An object that people make by hand: better to have it in the repository as well.',
    limits:
      'Counts as not evaluated where something else may make the object: a part of the cluster that is not known, a chart, the Flux Operator. Secrets to verify with that are not in the repository always do. Suspended objects are not looked at, nor are Secrets with credentials.',
    bad: {
      ...exampleCluster('./apps'),
      'apps/service.yaml': EXAMPLE_SERVICE,
      'apps/repository.yaml': REPOSITORY,
      'apps/release.yaml': release('podinf'),
    },
    good: {
      ...exampleCluster('./apps'),
      'apps/service.yaml': EXAMPLE_SERVICE,
      'apps/repository.yaml': REPOSITORY,
      'apps/release.yaml': release('podinfo'),
    },
    links: [
      'https://fluxcd.io/flux/components/helm/helmreleases/#chart-template',
      'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
    ],
  },
  evaluate(cluster) {
    const faults: Fault[] = [];
    const unknowns: UnknownFact[] = [];
    if (!cluster.isFlux) return { faults, unknowns };
    const rule = danglingReference.id;
    const made = madeIn(cluster);
    for (const object of cluster.objects) {
      const { resource, namespace } = object;
      if (isTrue(specOf(resource), 'suspend')) continue;
      for (const reference of referencesOf(resource, namespace)) {
        if (isBuiltIn(reference) || made.has(keyOf(reference))) continue;
        // Controllers make these, never a repository; the build says that it is not known.
        if (reference.kind === 'ExternalArtifact') continue;
        const { apiVersion, kind, plainName: name, root } = resource;
        const primary = placeOf(root, reference.path);
        const field = toDotted(reference.path, root);
        const message = `${kind} ${name} names ${describeReference(reference)} in ${field}, which nothing in the cluster makes.`;
        const doubt = doubtOf(reference, object, cluster);
        if (doubt !== undefined) {
          const reason = `${message.slice(0, -1)} as far as is known: ${doubt}.`;
          const cause = reference.kind === 'Secret' ? 'environment' : 'content';
          unknowns.push({ rule, reason, place: primary, cause });
          continue;
        }
        const subject = { apiVersion, kind, name, ...(namespace && { namespace }), field };
        const effect = isNeeded(reference) ? 'denied' : 'advice';
        faults.push({ rule, effect, subject, message, primary, related: [] });
      }
    }
    return { faults, unknowns };
  },
};

/** Whether Flux does nothing without it: the API server takes roles and accounts that are not there. */
function isNeeded({ group }: ObjectReference): boolean {
  return group.endsWith('.toolkit.fluxcd.io');
}

function keyOf({ group, kind, namespace = '', name }: ObjectReference): string {
  return `${group} ${kind} ${namespace}/${typeof name === 'string' ? name : ''}`;
}

/** {@link keyOf} of every object of a cluster, and of the sources that start it. */
function madeIn({ objects, units }: Cluster): Set<string> {
  const made = new Set<string>();
  for (const { resource, namespace } of objects) {
    const { apiVersion, kind, name } = resource;
    if (name !== '')
      made.add(keyOf({ group: groupOf(apiVersion), kind, namespace, name, path: [] }));
  }
  for (const { kustomization, parents = [] } of units) {
    const isEntry = !parents.some((parent) => parent.startsWith('Kustomization '));
    const source = kustomization && isEntry ? sourceRefOf(kustomization) : undefined;
    if (source) made.add(keyOf({ ...source, group: 'source.toolkit.fluxcd.io', path: [] }));
  }
  return made;
}

/** Makes objects that are not in the files. */
const MAKERS = ['HelmRelease', 'FluxInstance', 'ResourceSet', 'ArtifactGenerator'];

/** Why the object may be there all the same; undefined where it cannot be. */
function doubtOf(
  reference: ObjectReference,
  object: ClusterObject,
  { units, objects }: Cluster,
): string | undefined {
  if (typeof reference.name !== 'string') return reference.name.reason;
  if (reference.kind === 'Secret') return 'Secrets are often made outside the repository';
  const unclear = units.find((unit) => !isWhole(unit) && !waitsFor(unit, reference));
  if (unclear) return `${unclear.title} is not known as a whole`;
  for (const { resource } of objects) {
    const { kind, apiVersion, root } = resource;
    if (resource !== object.resource && MAKERS.includes(kind)) {
      return `${kind} ${resource.name} may make it`;
    }
    const isSame = kind === reference.kind && groupOf(apiVersion) === reference.group;
    if (isSame && ['name', 'namespace'].some((field) => isUnknown(root, field))) {
      return `the name of a ${kind} is not known`;
    }
  }
  const isOfProvider = reference.kind.endsWith('Role') && reference.name.includes(':');
  return isOfProvider ? 'roles with a prefix are made by the cluster’s provider' : undefined;
}

/** Whether a unit is not built because it lacks the very object. */
function waitsFor({ kustomization }: Unit, reference: ObjectReference): boolean {
  const source = kustomization && sourceRefOf(kustomization);
  return (
    source?.kind === reference.kind &&
    source.name === reference.name &&
    source.namespace === reference.namespace
  );
}

function isUnknown(root: ClusterObject['resource']['root'], field: string): boolean {
  const value = valueAt(root, ['metadata', field]);
  return value?.kind === 'scalar' && value.value instanceof Unknown;
}
