import { type ClusterSettings, environmentOf, UNCONFIGURED } from '../model/cluster-settings.ts';
import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import type { FluxCache } from './cache.ts';
import type { Cluster } from './cluster.ts';
import type { EntryPoint } from './entry-points.ts';
import { featureGateOf } from './feature-gates.ts';
import { factsOf } from './file-facts.ts';
import { syncUrlOf } from './flux-instance.ts';
import { fluxVersionOf, isAtLeast } from './flux-version.ts';
import { isFluxInstance, isHelmRelease, isSource, specOf } from './kinds.ts';
import { writtenObjects } from './loose.ts';
import type { ManifestFile } from './manifests.ts';
import { directoryOf, isWithin } from './paths.ts';
import { reachOf } from './reach.ts';
import { resolveCluster } from './resolve-cluster.ts';

export interface FluxRepository {
  readonly files: readonly ManifestFile[];
  readonly entryPoints: readonly EntryPoint[];
  readonly settings: readonly ClusterSettings[];
  readonly cache: FluxCache;
}

/** The gate by which a variable without a value fails. */
const STRICT = 'StrictPostBuildSubstitutions';

/** The clusters that Flux objects of a repository start, and those that the configuration names. */
export function fluxClusters(
  tree: FileTree,
  { files, entryPoints, settings, cache }: FluxRepository,
): { clusters: Cluster[]; notLoaded: string[] } {
  const configured = settings
    .filter(({ path }) => path !== '' && tree.isDirectory(path))
    .filter(({ path }) => !entryPoints.some((entry) => entry.path === path))
    .map(({ path }): EntryPoint => ({ path, kustomizations: [], folders: [path] }));
  const entries = [...entryPoints, ...configured];
  const names = namesOf(entries.map(({ path }) => path));
  const sources = factsOf(tree, writtenSources);
  const syncs = factsOf(tree, syncing);
  let reached: ReadonlySet<string> | undefined;
  const looseIn = (folder: string, isDeep: boolean) => {
    const taken = (reached ??= reachedFrom(tree, entries));
    return files
      .filter(({ path }) => (isDeep ? isWithin(path, folder) : directoryOf(path) === folder))
      .filter(({ path }) => !taken.has(path))
      .flatMap(({ resources }) => resources)
      .filter(({ apiVersion }) => !apiVersion.startsWith('kustomize.config.k8s.io/'));
  };
  const clusters: Cluster[] = [];
  const notLoaded: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const chosen = settingsOf(settings, entry.path, names[index] ?? 'cluster');
    const flux = chosen.flux ?? fluxVersionOf(tree, entry.path);
    // Of several clusters each has its own controller.
    const from = entries.length === 1 ? undefined : [entry.path, ...entry.folders];
    const assumptions = entry.folders.map(
      (folder) =>
        `The Kustomizations in ${folder === '' ? 'the top folder' : folder} are taken as applied by hand: no other applies them.`,
    );
    const resolved = resolveCluster({
      ...{ tree, cache, entry, sources, syncs, assumptions },
      loose: new Map(
        entry.folders.map((folder) => [folder, looseIn(folder, entry.kustomizations.length === 0)]),
      ),
      settings: cache.same({ ...chosen, ...(flux !== undefined && { flux }) }),
      isStrict: featureGateOf(tree, STRICT, { files, from }) ?? isAtLeast(flux, 9),
    });
    clusters.push(resolved.cluster);
    notLoaded.push(...resolved.notLoaded);
  }
  return { clusters, notLoaded };
}

function reachedFrom(tree: FileTree, entries: readonly EntryPoint[]): ReadonlySet<string> {
  return new Set(
    entries.flatMap(({ kustomizations }) => kustomizations.flatMap((one) => filesOf(tree, one))),
  );
}

function filesOf(tree: FileTree, kustomization: Resource): string[] {
  const path = specOf(kustomization)
    ?.text('path')
    ?.replace(/^\.?\/+/, '')
    .replace(/\/+$/, '');
  return path ? [...reachOf(tree, path)] : [];
}

/** Settings by path or name, else what the path tells. */
function settingsOf(
  settings: readonly ClusterSettings[],
  path: string,
  name: string,
): ClusterSettings {
  const configured =
    settings.find((one) => one.path !== '' && one.path === path) ??
    settings.find((one) => one.path === '' && one.name === name);
  const environment = configured?.environment ?? environmentOf(path) ?? environmentOf(name);
  return {
    ...(configured ?? { ...UNCONFIGURED, name }),
    path,
    ...(environment !== undefined && { environment }),
  };
}

/** Folders that say what they hold, not which cluster it is. */
const GENERIC = ['flux-system', 'flux', 'config', 'sync'];

/** The segments of a root path that name its cluster, `clusters/NAME` where there is one. */
function namingSteps(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '');
  const named = steps.lastIndexOf('clusters') + 2;
  if (named >= 2 && named <= steps.length) return steps.slice(0, named);
  while (steps.length > 1 && GENERIC.includes(steps.at(-1) ?? '')) steps.pop();
  return steps;
}

/** The last segment of each path, with as many before it as it takes to tell them apart. */
export function namesOf(paths: readonly string[]): string[] {
  const split = paths.map(namingSteps);
  const nameAt = (steps: readonly string[], length: number) =>
    steps.slice(-length).join('/') || 'cluster';
  return split.map((steps, index) => {
    for (let length = 1; length < steps.length; length += 1) {
      const name = nameAt(steps, length);
      if (split.every((other, at) => at === index || nameAt(other, length) !== name)) return name;
    }
    return nameAt(steps, steps.length);
  });
}

const writtenSources = writtenObjects(isSource);

/** What holds an address that the Flux Operator syncs from. */
const syncing = writtenObjects(
  (resource) =>
    (isFluxInstance(resource) || isHelmRelease(resource)) && syncUrlOf(resource) !== undefined,
);
