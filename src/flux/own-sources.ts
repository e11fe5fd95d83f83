import type { Resource } from '../model/resource.ts';
import type { EntryPoint } from './entry-points.ts';
import { syncUrlOf } from './flux-instance.ts';
import { FLUX_NAMESPACE, specOf } from './kinds.ts';
import { keyOfSource, normalUrl, type OwnSources, sourceRefOf } from './sources.ts';

/** Sources as they are written in the files: some are there before Flux is. The first of a key counts. */
export function sourcesByKey(sources: readonly Resource[]): Map<string, Resource> {
  const byKey = new Map<string, Resource>();
  for (const resource of sources) {
    const key = keyOfSource({ ...resource, namespace: resource.namespace ?? FLUX_NAMESPACE });
    if (!byKey.has(key)) byKey.set(key, resource);
  }
  return byKey;
}

/** The sources of the entry Kustomizations are this repository: it is where they were found. */
export function ownSources(
  entry: EntryPoint,
  sources: ReadonlyMap<string, Resource>,
  syncs: readonly Resource[],
): OwnSources {
  const keys = new Set<string>();
  const urls = new Set(syncs.flatMap(urlOfSync));
  const starting =
    entry.folders.length === 0 ? entry.kustomizations : flagged(entry.kustomizations);
  for (const kustomization of starting) {
    const reference = sourceRefOf(kustomization);
    if (reference === undefined) continue;
    keys.add(keyOfSource(reference));
    const source = sources.get(keyOfSource(reference));
    const url = source && specOf(source)?.text('url');
    if (url !== undefined) urls.add(normalUrl(url));
  }
  return { keys, urls };
}

/** The address that the Flux Operator syncs from. */
function urlOfSync(resource: Resource): string[] {
  const url = syncUrlOf(resource);
  return url === undefined ? [] : [normalUrl(url)];
}

/** Of Kustomizations that somebody applied by hand, those that surely mean this repository. */
function flagged(kustomizations: readonly Resource[]): Resource[] {
  return kustomizations.filter((one) => sourceRefOf(one)?.name === FLUX_NAMESPACE);
}
