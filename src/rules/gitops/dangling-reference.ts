import { objectsOfKind } from '../../flux/objects-of-kind.ts';
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
import { groupOf, type Resource } from '../../model/resource.ts';
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
      'Counts as not evaluated where something else may make the object: a part of the cluster that is not known and may hold it (not an object of another kind or for another `targetNamespace`, nothing that goes to another cluster by `kubeConfig`), a chart or FluxInstance that installs into its namespace (of a chart in this repository only what its templates name), a ResourceSet. Secrets that are not in the repository, with keys or with credentials, always do; those that an ExternalSecret or SealedSecret makes are there. Suspended objects are not looked at, nor is the Secret of the source that starts the cluster.',
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
    const doubts = doubtsIn(cluster);
    for (const object of cluster.objects) {
      const { resource, namespace } = object;
      for (const reference of factsOfObject(object).references) {
        if (isBuiltIn(reference) || made.has(keyOf(reference))) continue;
        // Controllers make these, never a repository; the build says that it is not known.
        if (reference.kind === 'ExternalArtifact') continue;
        const { apiVersion, kind, plainName: name, root } = resource;
        const primary = placeOf(root, reference.path);
        const field = toDotted(reference.path, root);
        const message = `${kind} ${name} names ${describeReference(reference)} in ${field}, which nothing in the cluster makes.`;
        const doubt = doubtOf(reference, object, doubts);
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

/** What the rule needs of one object, worked out once. */
interface ObjectFacts {
  /** {@link keyOf} of itself and of what an operator makes of it. */
  readonly makes: readonly string[];
  readonly references: readonly ObjectReference[];
  readonly isNameless: boolean;
}

const facts = new WeakMap<ClusterObject, ObjectFacts>();

function factsOfObject(object: ClusterObject): ObjectFacts {
  let known = facts.get(object);
  if (known === undefined) {
    const { resource, namespace } = object;
    const isSuspended = isTrue(specOf(resource), 'suspend');
    known = {
      makes: keysMadeBy(object),
      references: isSuspended ? [] : referencesOf(resource, namespace),
      isNameless: ['name', 'namespace'].some((field) => isUnknown(resource.root, field)),
    };
    facts.set(object, known);
  }
  return known;
}

function keysMadeBy({ resource, namespace }: ClusterObject): string[] {
  const { apiVersion, kind, name } = resource;
  if (name === '') return [];
  const own = keyOf({ group: groupOf(apiVersion), kind, namespace, name, path: [] });
  const secret = secretMadeBy(resource);
  if (!secret) return [own];
  return [own, keyOf({ group: '', kind: 'Secret', namespace, name: secret, path: [] })];
}

/** {@link keyOf} of every object of a cluster, and of the sources that start it. */
function madeIn({ objects, units }: Cluster): Set<string> {
  const made = new Set<string>();
  for (const object of objects) for (const key of factsOfObject(object).makes) made.add(key);
  for (const { kustomization, parents = [] } of units) {
    const isEntry = !parents.some((parent) => parent.startsWith('Kustomization '));
    const source = kustomization && isEntry ? sourceRefOf(kustomization) : undefined;
    if (source === undefined) continue;
    made.add(keyOf({ ...source, group: 'source.toolkit.fluxcd.io', path: [] }));
    // Whoever starts a cluster makes the Secret of its source first.
    const { namespace, name } = source;
    made.add(keyOf({ group: '', kind: 'Secret', namespace, name, path: [] }));
  }
  return made;
}

/** The Secret that an operator makes of an object. */
function secretMadeBy({ kind, name, root }: Resource): string | undefined {
  if (kind === 'SealedSecret') return name;
  if (kind !== 'ExternalSecret') return undefined;
  return root.map('spec')?.map('target')?.text('name') ?? name;
}

/** What may make objects that are not in the files. */
interface Doubts {
  readonly unclear: readonly Unit[];
  readonly makers: readonly Maker[];
  /** Objects whose own name or namespace is not known, by group and kind. */
  readonly nameless: ReadonlySet<string>;
}

interface Maker {
  readonly object: ClusterObject;
  /** Where its namespaced objects go; undefined for anywhere. */
  readonly namespace: string | undefined;
  /** The kinds that it makes; undefined for any. */
  readonly kinds?: readonly string[] | undefined;
}

function doubtsIn(cluster: Cluster): Doubts {
  const { units, charts } = cluster;
  const nameless = cluster.objects.filter((object) => factsOfObject(object).isNameless);
  return {
    unclear: units.filter((unit) => !isWhole(unit) && !appliesElsewhere(unit.kustomization)),
    makers: objectsOfKind(cluster, ...MAKERS).flatMap((object) => makerOf(object, charts) ?? []),
    nameless: new Set(nameless.map(({ resource }) => kindOf(resource))),
  };
}

const MAKERS = ['ResourceSet', 'FluxInstance', 'HelmRelease'];

/** Whether what a Kustomization or HelmRelease makes is in another cluster. */
function appliesElsewhere(resource: Resource | undefined): boolean {
  return resource !== undefined && specOf(resource)?.get('kubeConfig') !== undefined;
}

function makerOf(object: ClusterObject, charts: Cluster['charts']): Maker | undefined {
  const { kind, root, name } = object.resource;
  if (kind === 'ResourceSet') return { object, namespace: undefined };
  if (kind === 'FluxInstance') return { object, namespace: object.namespace };
  if (kind !== 'HelmRelease' || appliesElsewhere(object.resource)) return undefined;
  const kinds = charts?.get(`${object.namespace ?? ''}/${name}`)?.kinds;
  const target = root.map('spec')?.get('targetNamespace');
  if (target?.kind === 'scalar' && target.value instanceof Unknown) {
    return { object, namespace: undefined, kinds };
  }
  const named = root.map('spec')?.text('targetNamespace');
  return { object, namespace: named ?? object.namespace, kinds };
}

function kindOf({ apiVersion, kind }: Resource): string {
  return `${groupOf(apiVersion)} ${kind}`;
}

/** Why the object may be there all the same; undefined where it cannot be. */
function doubtOf(
  reference: ObjectReference,
  object: ClusterObject,
  { unclear, makers, nameless }: Doubts,
): string | undefined {
  const { group, kind, namespace, name } = reference;
  if (typeof name !== 'string') return name.reason;
  if (kind === 'Secret') return 'Secrets are often made outside the repository';
  const unit = unclear.find((one) => !waitsFor(one, reference) && mayMake(one, reference));
  if (unit) return `${unit.title} is not known as a whole`;
  const maker = makers.find(
    (one) =>
      one.object !== object &&
      (one.kinds === undefined || one.kinds.includes(kind)) &&
      (namespace === undefined || one.namespace === undefined || one.namespace === namespace),
  );
  if (maker) return `${maker.object.resource.kind} ${maker.object.resource.name} may make it`;
  if (nameless.has(`${group} ${kind}`)) return `the name of a ${kind} is not known`;
  const isOfProvider = kind.endsWith('Role') && name.includes(':');
  return isOfProvider ? 'roles with a prefix are made by the cluster’s provider' : undefined;
}

/**
 * Whether what is not known of a unit may be an object. Of some parts all is known but the fields,
 * and these go into the namespace that the Kustomization gives. A part of which nothing is known may
 * hold a Kustomization, which applies into any namespace.
 */
function mayMake(
  { kustomization, gaps, problems = [] }: Unit,
  { group, kind, namespace }: ObjectReference,
): boolean {
  if (problems.some(({ code }) => code !== 'empty-build')) return true;
  const target = kustomization && specOf(kustomization)?.get('targetNamespace');
  const given = target?.kind === 'scalar' && typeof target.value === 'string' ? target.value : '';
  const isElsewhere = given !== '' && namespace !== undefined && namespace !== given;
  return gaps.some(
    ({ only }) =>
      only === undefined ||
      (!isElsewhere && only.kind === kind && groupOf(only.apiVersion) === group),
  );
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
