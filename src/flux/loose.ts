import type { ClusterSettings } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import { Unknown } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import type { Cluster, ClusterObject, Unit } from './cluster.ts';
import { factsOf, type FileReader } from './file-facts.ts';
import { type ManifestFile, readManifests } from './manifests.ts';
import { isNamespaced } from './scope.ts';

/** Directories that Flux never takes into an artifact, and that hold no manifests. */
const NOT_MANIFESTS = /(?:^|\/)\.(?:git|github|circleci|gitlab|vscode|devcontainer)\//;
const YAML_FILE = /\.ya?ml$/;

/** All YAML files that may hold manifests. */
export function readAll(tree: FileTree): readonly ManifestFile[] {
  return factsOf(tree, manifestsAt);
}

/** A file of a tree, where it may hold manifests. */
export function manifestsAt(tree: FileTree, path: string): ManifestFile[] {
  if (!YAML_FILE.test(path) || NOT_MANIFESTS.test(path)) return [];
  const file = readManifests(tree, path);
  return file === undefined ? [] : [file];
}

/** A reader of the objects that are written in the files of a tree; keep it, for `factsOf`. */
export function writtenObjects(is: (resource: Resource) => boolean): FileReader<Resource> {
  return (tree, path) => manifestsAt(tree, path).flatMap(({ resources }) => resources.filter(is));
}

/**
 * A repository that holds no Flux object: each top folder of manifests stands for itself, and a
 * namespace that is not in it may come from any other.
 *
 * @param overlays what takes some of the files in, so that they do not stand for themselves
 */
export function looseManifests(
  all: readonly ManifestFile[],
  overlays: { readonly reached: ReadonlySet<string>; readonly clusters: readonly Cluster[] },
  settings: ClusterSettings,
): Cluster[] {
  const files = all.filter(({ path }) => !overlays.reached.has(path));
  const folders = new Map<string, ManifestFile[]>();
  for (const file of files) {
    const folder = file.path.includes('/') ? file.path.slice(0, file.path.indexOf('/')) : '';
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const everywhere = namespacesOf(files.flatMap((file) => file.resources));
  for (const { namespaces } of overlays.clusters) {
    for (const [name, { resource }] of namespaces) {
      if (!everywhere.has(name)) everywhere.set(name, resource);
    }
  }
  const clusters: Cluster[] = [];
  const taken = new Set(overlays.clusters.map(({ name }) => name));
  for (const [folder, members] of folders) {
    const plain = folder === '' ? 'manifests' : folder;
    // Clusters are told apart by their names.
    const name = taken.has(plain) ? `${plain} (loose files)` : plain;
    const cluster = toCluster({ name, folder }, members, everywhere, settings);
    if (cluster.objects.length > 0) clusters.push(cluster);
  }
  return clusters;
}

function toCluster(
  { name, folder }: { readonly name: string; readonly folder: string },
  files: readonly ManifestFile[],
  everywhere: ReadonlyMap<string, Resource>,
  settings: ClusterSettings,
): Cluster {
  const unit: Unit = {
    title: folder === '' ? 'the top folder' : `folder ${folder}`,
    path: folder,
    gaps: [],
  };
  const resources = files.flatMap((file) => file.resources).filter(isApplied);
  const objects = resources.map((resource) => toObject(resource, unit));
  const namespaces = new Map<string, ClusterObject>();
  for (const [name, resource] of everywhere) namespaces.set(name, toObject(resource, unit));
  for (const object of objects) {
    if (isNamespaceObject(object.resource)) namespaces.set(object.resource.name, object);
  }
  const assumption =
    'No Flux object was found: each folder of manifests is taken as applied by itself.';
  return {
    ...{ name, settings: { ...settings, name, path: folder } },
    units: [unit],
    objects,
    namespaces,
    assumptions: [assumption],
  };
}

/** Files that only tools read are no objects of a cluster. */
function isApplied({ apiVersion }: Resource): boolean {
  return !apiVersion.startsWith('kustomize.config.k8s.io/');
}

export function toObject(resource: Resource, unit: Unit): ClusterObject {
  if (!isNamespaced(resource.apiVersion, resource.kind)) {
    return { resource, unit, namespace: undefined };
  }
  return { resource, unit, namespace: resource.namespace ?? unknownName(resource) ?? 'default' };
}

/** Ends what stands for the name of a namespace that is not known; no namespace is named so. */
const NOT_KNOWN = '(not known)';

function unknownName({ root }: Resource): string | undefined {
  const written = root.map('metadata')?.get('namespace');
  if (written?.kind !== 'scalar' || !(written.value instanceof Unknown)) return undefined;
  return `${written.value.text} ${NOT_KNOWN}`.trimStart();
}

/** Whether the namespace of an object is not known. */
export function isUnknownNamespace(name: string): boolean {
  return name.endsWith(NOT_KNOWN);
}

function namespacesOf(resources: readonly Resource[]): Map<string, Resource> {
  const namespaces = new Map<string, Resource>();
  for (const resource of resources) {
    if (isNamespaceObject(resource) && !namespaces.has(resource.name)) {
      namespaces.set(resource.name, resource);
    }
  }
  return namespaces;
}

/** Whether an object is a Namespace whose name is known. */
export function isNamespaceObject({ apiVersion, kind, name }: Resource): boolean {
  return kind === 'Namespace' && apiVersion === 'v1' && name !== '';
}
