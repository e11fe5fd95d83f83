import { BuildCache } from '../kustomize/cache.ts';
import type { Build } from '../kustomize/build.ts';
import type { FileTree } from '../model/file-tree.ts';
import { follow } from '../model/tree-changes.ts';
import type { LocatedMap } from '../model/located.ts';
import type { Finished } from './finish.ts';
import type { ResolvedRepository } from './repository.ts';
import type { Substituted } from './substitution/substitute.ts';
import { KeptClusters } from './kept-clusters.ts';
import { KeptUnits } from './kept-units.ts';
import { Versions } from './versions.ts';

/**
 * What earlier resolutions of one repository worked out, kept by content: the two sides of a
 * review share it, and the reviews after it, so that what did not change costs nothing. Never
 * shared between repositories.
 */
export class FluxCache {
  readonly builds = new BuildCache();
  /** Units and clusters as they came out before. */
  readonly versions = new Versions();
  readonly clusters = new KeptClusters();
  readonly units = new KeptUnits();
  readonly #finished = new WeakMap<Build, Map<string, Finished>>();
  readonly #substituted = new WeakMap<LocatedMap, Map<string, Substituted>>();
  readonly #resolved = new WeakMap<FileTree, Map<string, ResolvedRepository>>();
  #latest: FileTree | undefined;
  readonly #equal = new Map<string, object>();

  /** Says which base is reviewed; that of the next review is looked at as a change of it. */
  see(base: FileTree): void {
    if (this.#latest) follow(base, this.#latest);
    this.#latest = base;
  }

  /** What is done to the objects of a build, made once for equal options. */
  finished(build: Build, key: string, make: () => Finished): Finished {
    return once(this.#finished, build, key, make);
  }

  /** An object after substitution, made once for equal variables. */
  substituted(object: LocatedMap, key: string, make: () => Substituted): Substituted {
    return once(this.#substituted, object, key, make);
  }

  /** The clusters of a tree, worked out once for equal settings, when all of it is loaded. */
  resolved(tree: FileTree, key: string, make: () => ResolvedRepository): ResolvedRepository {
    const known = this.#resolved.get(tree)?.get(key);
    if (known !== undefined) return known;
    const resolved = make();
    return resolved.notLoaded.length > 0
      ? resolved
      : once(this.#resolved, tree, key, () => resolved);
  }

  /** The first of equal plain values, so that what is kept for a value is found for its equals. */
  same<T extends object>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.#equal.get(key);
    if (known !== undefined) return known as T;
    if (this.#equal.size >= MAX_EQUAL) this.#equal.clear();
    this.#equal.set(key, value);
    return value;
  }
}

/** Configurations and settings of clusters that a warm process sees. */
const MAX_EQUAL = 1_000;

function once<K extends object, V>(
  cache: WeakMap<K, Map<string, V>>,
  owner: K,
  key: string,
  make: () => V,
): V {
  const known = cache.get(owner) ?? new Map<string, V>();
  cache.set(owner, known);
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
