import type { FieldPath } from '../model/field-path.ts';
import { type LocatedMap, Unknown } from '../model/located.ts';
import { groupOf, type Resource } from '../model/resource.ts';
import { FLUX_NAMESPACE, isHelmRelease, isKustomization } from './kinds.ts';

const SOURCE = 'source.toolkit.fluxcd.io';
const HELM = 'helm.toolkit.fluxcd.io';
const IMAGE = 'image.toolkit.fluxcd.io';
const RBAC = 'rbac.authorization.k8s.io';

/** One object naming another. */
export interface ObjectReference {
  /** Group of the object that is named; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Undefined for a kind that has no namespace. */
  readonly namespace: string | undefined;
  /** Not known where a variable of the build is not. */
  readonly name: string | Unknown;
  /** The field that names it. */
  readonly path: FieldPath;
}

/** Where an object of a kind names others. `kind` where the field itself tells none. */
interface Field {
  readonly path: readonly string[];
  readonly group: string;
  readonly kind?: string;
  /** Whether the reference may name another namespace. */
  readonly isAcross?: true;
}

const SECRET = { group: '', kind: 'Secret' };

/** Secrets that a source is fetched with. */
const CREDENTIALS: readonly Field[] = ['secretRef', 'certSecretRef', 'proxySecretRef'].map(
  (field) => ({ path: [field], ...SECRET }),
);

/** The fields by the group and kind of the object that has them (CRDs of Flux 2.9). */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  'kustomize.toolkit.fluxcd.io Kustomization': [
    { path: ['sourceRef'], group: SOURCE, isAcross: true },
  ],
  [`${HELM} HelmRelease`]: [
    { path: ['chart', 'spec', 'sourceRef'], group: SOURCE, isAcross: true },
    { path: ['chartRef'], group: SOURCE, isAcross: true },
    { path: ['chart', 'spec', 'verify', 'secretRef'], ...SECRET },
    { path: ['kubeConfig', 'secretRef'], ...SECRET },
  ],
  [`${SOURCE} HelmChart`]: [
    { path: ['sourceRef'], group: SOURCE },
    { path: ['verify', 'secretRef'], ...SECRET },
  ],
  [`${SOURCE} GitRepository`]: [{ path: ['verify', 'secretRef'], ...SECRET }, ...CREDENTIALS],
  [`${SOURCE} OCIRepository`]: [{ path: ['verify', 'secretRef'], ...SECRET }, ...CREDENTIALS],
  [`${SOURCE} HelmRepository`]: CREDENTIALS,
  [`${SOURCE} Bucket`]: CREDENTIALS,
  [`${IMAGE} ImageRepository`]: CREDENTIALS,
  [`${IMAGE} ImagePolicy`]: [
    { path: ['imageRepositoryRef'], group: IMAGE, kind: 'ImageRepository', isAcross: true },
  ],
  [`${IMAGE} ImageUpdateAutomation`]: [
    { path: ['sourceRef'], group: SOURCE, kind: 'GitRepository', isAcross: true },
  ],
};

/** The objects that another one names and cannot do without. */
export function referencesOf(
  resource: Resource,
  namespace: string | undefined,
): readonly ObjectReference[] {
  const { apiVersion, kind, root } = resource;
  const spec = root.map('spec');
  const fields = FIELDS[`${groupOf(apiVersion)} ${kind}`] ?? [];
  const found = fields.flatMap((field) => {
    const at = field.path.reduce<LocatedMap | undefined>((map, step) => map?.map(step), spec);
    const named = at?.text('kind') ?? field.kind;
    const name = nameIn(at, 'name');
    if (at === undefined || name === undefined || named === undefined) return [];
    const own = (field.isAcross && at.text('namespace')) || namespace;
    const path = ['spec', ...field.path, 'name'];
    return [{ group: field.group, kind: named, namespace: own, name, path }];
  });
  if (isKustomization(resource) || isHelmRelease(resource)) {
    const name = nameIn(spec, 'serviceAccountName');
    const path = ['spec', 'serviceAccountName'];
    if (name !== undefined)
      found.push({ group: '', kind: 'ServiceAccount', namespace, name, path });
  }
  return groupOf(apiVersion) === RBAC && kind.endsWith('RoleBinding')
    ? [...found, ...roleRefOf(root, namespace)]
    : found;
}

function roleRefOf(root: LocatedMap, namespace: string | undefined): ObjectReference[] {
  const roleRef = root.map('roleRef');
  const kind = roleRef?.text('kind');
  const name = nameIn(roleRef, 'name');
  if (name === undefined || (kind !== 'Role' && kind !== 'ClusterRole')) return [];
  const path = ['roleRef', 'name'];
  return [{ group: RBAC, kind, namespace: kind === 'Role' ? namespace : undefined, name, path }];
}

function nameIn(map: LocatedMap | undefined, field: string): string | Unknown | undefined {
  const value = map?.get(field);
  if (value?.kind !== 'scalar') return undefined;
  if (value.value instanceof Unknown) return value.value;
  return typeof value.value === 'string' && value.value !== '' ? value.value : undefined;
}

/** `GitRepository flux-system/apps`, `ClusterRole view`. */
export function describeReference({ kind, namespace, name }: ObjectReference): string {
  const shown = typeof name === 'string' ? name : name.text;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${shown}`;
}

/** Accounts that Flux is installed with. */
const CONTROLLERS =
  /^(?:kustomize|helm|source|notification|image-reflector|image-automation)-controller$/;

/** Whether every cluster that Flux runs in has the object, whatever a repository says. */
export function isBuiltIn({ kind, namespace, name }: ObjectReference): boolean {
  if (typeof name !== 'string') return false;
  if (kind === 'ServiceAccount') {
    return name === 'default' || (namespace === FLUX_NAMESPACE && CONTROLLERS.test(name));
  }
  if (kind === 'ClusterRole') {
    return name.startsWith('system:') || ['cluster-admin', 'admin', 'edit', 'view'].includes(name);
  }
  const isSystem = namespace === 'kube-system' || namespace === 'kube-public';
  return (
    kind === 'Role' &&
    isSystem &&
    (name.startsWith('system:') || name === 'extension-apiserver-authentication-reader')
  );
}
