import type { FileTree } from '../model/file-tree.ts';
import type { LocatedMap } from '../model/located.ts';
import type { Resource } from '../model/resource.ts';
import { keyOf, specOf } from './kinds.ts';
import { ancestorsOf, joinPath, securePath } from './paths.ts';

export interface SourceReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: LocatedMap;
}

/** The source that a Kustomization names; its own namespace where it names none. */
export function sourceRefOf(kustomization: Resource): SourceReference | undefined {
  const node = specOf(kustomization)?.map('sourceRef');
  const [namespace = ''] = keyOf(kustomization).split('/');
  return (
    node && {
      kind: node.text('kind') ?? '',
      namespace: node.text('namespace') ?? namespace,
      name: node.text('name') ?? '',
      node,
    }
  );
}

export function keyOfSource({ kind, namespace, name }: Omit<SourceReference, 'node'>): string {
  return `${kind} ${namespace}/${name}`;
}

/** Which sources of a cluster are this repository itself. */
export interface OwnSources {
  /** {@link keyOfSource} of those that start the cluster. */
  readonly keys: ReadonlySet<string>;
  /** Their addresses, normalised. */
  readonly urls: ReadonlySet<string>;
}

/** Addresses of one repository look different over SSH and HTTPS. */
export function normalUrl(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^/]*@/, '')
    .replace(/^([^/:]+):(?:\d+\/)?/, '$1/')
    .replace(/(?:\.git)?\/*$/, '');
}

export type Origin =
  | {
      readonly isOwn: true;
      /** The directory that the artifact is packed from. */
      readonly root: string;
      readonly assumption?: string;
    }
  | { readonly isOwn: false; readonly reason: string };

/**
 * Whether a Kustomization is built from this repository. An artifact that is packed by somebody
 * else (OCI, buckets) counts as this repository where its path exists here.
 *
 * @param source the source object, where the cluster has it
 * @param file the file that the Kustomization stands in
 */
export function originOf(
  tree: FileTree,
  kustomization: Resource,
  source: Resource | undefined,
  own: OwnSources,
  file: string,
): Origin {
  const reference = sourceRefOf(kustomization);
  if (reference === undefined) return { isOwn: true, root: '' };
  const isKnown = own.keys.has(keyOfSource(reference));
  if (isKnown && reference.kind === 'GitRepository') return { isOwn: true, root: '' };
  const path = securePath(specOf(kustomization)?.text('path') ?? '');
  const described = `${reference.kind} ${reference.namespace}/${reference.name}`;
  if (reference.kind === 'GitRepository') {
    const url = source && specOf(source)?.text('url');
    if (url !== undefined && own.urls.has(normalUrl(url))) return { isOwn: true, root: '' };
    if (url !== undefined) {
      return { isOwn: false, reason: `it is built from ${described}, another repository` };
    }
    if (path === '' || !tree.isDirectory(path)) {
      return { isOwn: false, reason: `${described} is not in the repository` };
    }
    return {
      isOwn: true,
      root: '',
      assumption: `${described} is taken as this repository: its address is not in the files.`,
    };
  }
  const root = packedFrom(tree, path, file);
  if (isKnown) return { isOwn: true, root: root ?? '' };
  if (root === undefined || path === '') {
    return { isOwn: false, reason: `it is built from ${described}, an artifact made elsewhere` };
  }
  const where = root === '' ? 'this repository' : `the directory ${root} of this repository`;
  return {
    isOwn: true,
    root,
    assumption: `${described} is taken as packed from ${where}, where its paths exist.`,
  };
}

/** The directory below which a path exists: the root, or one above the file that names the path. */
export function packedFrom(tree: FileTree, path: string, file: string): string | undefined {
  if (tree.isDirectory(path)) return '';
  return ancestorsOf(file).find((directory) => {
    const joined = joinPath(directory, path);
    return joined !== undefined && tree.isDirectory(joined);
  });
}
