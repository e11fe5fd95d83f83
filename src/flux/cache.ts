import { BuildCache } from '../kustomize/cache.ts';
import type { Build } from '../kustomize/build.ts';
import type { Finished } from './finish.ts';

/**
 * What earlier resolutions of one repository worked out, kept by content: the two sides of a
 * review share it, so that what did not change costs nothing. Never shared between repositories.
 */
export class FluxCache {
  readonly builds = new BuildCache();
  readonly #finished = new WeakMap<Build, Map<string, Finished>>();

  /** What is done to the objects of a build, made once for equal options. */
  finished(build: Build, key: string, make: () => Finished): Finished {
    const known = this.#finished.get(build) ?? new Map<string, Finished>();
    this.#finished.set(build, known);
    let finished = known.get(key);
    if (finished === undefined) {
      finished = make();
      known.set(key, finished);
    }
    return finished;
  }
}
