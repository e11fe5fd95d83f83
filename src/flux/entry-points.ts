import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import { factsOf } from './file-facts.ts';
import { isFluxInstance, isHelmRelease, isKustomization, specOf } from './kinds.ts';
import { writtenObjects } from './loose.ts';
import { ancestorsOf, directoryOf, isWithin, securePath } from './paths.ts';
import { reachOf } from './reach.ts';
import { packedFrom, sourceRefOf } from './sources.ts';
import { syncOf } from './flux-instance.ts';
import { structureOf } from './structure.ts';

/** What starts a cluster. */
export interface EntryPoint {
  /** The directory that the cluster grows from. */
  readonly path: string;
  /** Kustomizations that nobody else applies. */
  readonly kustomizations: readonly Resource[];
  /**
   * Directories whose manifests somebody must have applied by hand, since they hold the
   * Kustomizations; empty where the Kustomizations apply themselves.
   */
  readonly folders: readonly string[];
}

export interface Discovery {
  readonly entryPoints: readonly EntryPoint[];
  /** Kustomizations that nothing applies: in hidden directories, or beside a sync that leaves them out. */
  readonly idle: readonly Resource[];
}

interface Candidate {
  readonly resource: Resource;
  readonly file: string;
  /** Undefined where nothing of this repository is known to be its content. */
  readonly directory: string | undefined;
  /** The part of its path before a variable. */
  readonly prefix: string | undefined;
  readonly isSync: boolean;
}

const starting = writtenObjects(
  (resource) => isKustomization(resource) || isFluxInstance(resource) || isHelmRelease(resource),
);

/** By what it follows from beside the objects. */
const discovered = new WeakMap<object, { from: readonly Resource[]; discovery: Discovery }>();

/** Finds what starts the clusters of a repository, from its files as they are written. */
export function discover(tree: FileTree): Discovery {
  const from = factsOf(tree, starting);
  const structure = structureOf(tree);
  const known = discovered.get(structure);
  if (known?.from === from) return known.discovery;
  const candidates = from.flatMap((resource) => toCandidate(tree, resource) ?? []);
  const appliedBy = edges(tree, candidates);
  const discovery = group(rootsOf(candidates, appliedBy), appliedBy);
  discovered.set(structure, { from, discovery });
  return discovery;
}

function toCandidate(tree: FileTree, resource: Resource): Candidate | undefined {
  const file = resource.root.source.path;
  const sync = isFluxInstance(resource) || isHelmRelease(resource) ? syncOf(resource) : undefined;
  if (sync !== undefined) {
    const path = securePath(specOf(sync)?.text('path') ?? '');
    return { resource: sync, file, directory: path, prefix: undefined, isSync: true };
  }
  if (!isKustomization(resource) || resource.name === '') return undefined;
  const text = specOf(resource)?.text('path');
  const variable = text?.indexOf('${') ?? -1;
  const path = securePath(text ?? '');
  const isEverything = path === '' && sourceRefOf(resource)?.name !== 'flux-system';
  const directory =
    text === undefined || variable !== -1 || isEverything
      ? undefined
      : locate(tree, resource, path, file);
  const prefix = variable === -1 ? undefined : securePath(text?.slice(0, variable) ?? '');
  return { resource, file, directory, prefix: prefix || undefined, isSync: false };
}

function locate(
  tree: FileTree,
  resource: Resource,
  path: string,
  file: string,
): string | undefined {
  const isGit = sourceRefOf(resource)?.kind === 'GitRepository';
  const root = isGit ? (tree.isDirectory(path) ? '' : undefined) : packedFrom(tree, path, file);
  if (root === undefined) return undefined;
  return root === '' ? path : `${root}/${path}`;
}

/** For each candidate, those whose path takes in the file that it stands in. */
function edges(
  tree: FileTree,
  candidates: readonly Candidate[],
): ReadonlyMap<Candidate, ReadonlySet<Candidate>> {
  const byFile = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const inFile = byFile.get(candidate.file);
    if (inFile) inFile.push(candidate);
    else byFile.set(candidate.file, [candidate]);
  }
  const byDirectory = new Map<string, Candidate[]>();
  const appliedBy = new Map<Candidate, Set<Candidate>>(
    candidates.map((candidate) => [candidate, new Set()]),
  );
  for (const candidate of candidates) {
    const { directory, prefix } = candidate;
    if (directory !== undefined) {
      byDirectory.set(directory, [...(byDirectory.get(directory) ?? []), candidate]);
    }
    if (prefix === undefined) continue;
    for (const [file, inFile] of byFile) {
      if (isWithin(file, prefix)) inFile.forEach((other) => appliedBy.get(other)?.add(candidate));
    }
  }
  for (const [directory, appliers] of byDirectory) {
    const reached = reachOf(tree, directory);
    for (const file of reached) {
      for (const other of byFile.get(file) ?? []) {
        appliers.forEach((by) => appliedBy.get(other)?.add(by));
      }
    }
  }
  return appliedBy;
}

/** Those that no other applies, and one of each circle that nothing from outside applies. */
function rootsOf(
  candidates: readonly Candidate[],
  appliedBy: ReadonlyMap<Candidate, ReadonlySet<Candidate>>,
): Candidate[] {
  const applies = new Map<Candidate, Candidate[]>();
  for (const [candidate, appliers] of appliedBy) {
    for (const by of appliers) applies.set(by, [...(applies.get(by) ?? []), candidate]);
  }
  const roots = candidates.filter((candidate) => {
    const others = [...(appliedBy.get(candidate) ?? [])].filter((by) => by !== candidate);
    return candidate.isSync || others.length === 0;
  });
  const reached = new Set<Candidate>();
  roots.forEach((root) => mark(root, applies, reached));
  const shortestFirst = [...candidates].sort(
    (a, b) => (a.directory?.length ?? Infinity) - (b.directory?.length ?? Infinity),
  );
  for (const candidate of shortestFirst) {
    if (reached.has(candidate)) continue;
    roots.push(candidate);
    mark(candidate, applies, reached);
  }
  return roots;
}

function mark(
  root: Candidate,
  applies: ReadonlyMap<Candidate, readonly Candidate[]>,
  reached: Set<Candidate>,
): void {
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...(applies.get(next) ?? []));
  }
}

function group(
  roots: readonly Candidate[],
  appliedBy: ReadonlyMap<Candidate, ReadonlySet<Candidate>>,
): Discovery {
  const isSelfApplied = (root: Candidate) => root.isSync || appliedBy.get(root)?.has(root) === true;
  const syncs = new Map<string, Resource[]>();
  for (const root of roots) {
    if (!isSelfApplied(root) || root.directory === undefined) continue;
    syncs.set(root.directory, [...(syncs.get(root.directory) ?? []), root.resource]);
  }
  const idle: Resource[] = [];
  const folders = new Map<string, Candidate[]>();
  for (const root of roots) {
    if (isSelfApplied(root) && root.directory !== undefined) continue;
    const folder = clusterFolder(root.file);
    if (/(?:^|\/)\./.test(root.file) || isLeftOut(root.file, folder, [...syncs.keys()])) {
      idle.push(root.resource);
      continue;
    }
    folders.set(folder, [...(folders.get(folder) ?? []), root]);
  }
  const entryPoints = [...syncs].map(([path, kustomizations]) => ({
    ...{ path, kustomizations, folders: [] },
  }));
  const kept = withClusters(folders, idle);
  return { entryPoints: [...entryPoints, ...byTopFolder(kept)], idle };
}

/**
 * Whether the syncs of a repository leave a file out on purpose: it lies in what one of them
 * starts from, or nowhere near them. A folder beside theirs may be one more cluster.
 */
function isLeftOut(file: string, folder: string, syncs: readonly string[]): boolean {
  if (syncs.length === 0) return false;
  if (syncs.some((path) => path !== '' && isWithin(file, path))) return true;
  return !syncs.some((path) => directoryOf(path) === directoryOf(folder) && path !== '');
}

/** The directory that stands for a cluster: `clusters/NAME` where there is one, else the file's. */
function clusterFolder(file: string): string {
  const directory = directoryOf(file);
  const named = /^(?:.*\/)?clusters\/[^/]+(?=\/|$)/.exec(directory);
  if (named) return named[0];
  return directory.replace(/(?:^|\/)flux-system$/, '');
}

const CLUSTER_FOLDER = /(?:^|\/)clusters\/[^/]+$/;

/**
 * Where a repository has `clusters/NAME`, Kustomizations elsewhere that nothing applies are left
 * out of them, and are no clusters of their own.
 */
function withClusters(
  folders: ReadonlyMap<string, readonly Candidate[]>,
  idle: Resource[],
): ReadonlyMap<string, readonly Candidate[]> {
  const named = new Map([...folders].filter(([folder]) => CLUSTER_FOLDER.test(folder)));
  if (named.size === 0) return folders;
  for (const [folder, candidates] of folders) {
    if (!named.has(folder)) idle.push(...candidates.map(({ resource }) => resource));
  }
  return named;
}

/** Folders below another one belong to it. */
function byTopFolder(folders: ReadonlyMap<string, readonly Candidate[]>): EntryPoint[] {
  const tops = new Map<string, Candidate[]>();
  for (const [folder, candidates] of folders) {
    const top = ancestorsOf(folder)
      .toReversed()
      .find((ancestor) => folders.has(ancestor));
    const key = top ?? folder;
    tops.set(key, [...(tops.get(key) ?? []), ...candidates]);
  }
  return [...tops].map(([path, candidates]) => ({
    path,
    kustomizations: candidates.map(({ resource }) => resource),
    folders: [...new Set(candidates.map(({ file }) => directoryOf(file)))],
  }));
}
