import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import type { BuiltUnit, UnitOptions } from './build-unit.ts';
import type { FindObject } from './variables.ts';

interface Asked extends UnitOptions {
  readonly artifact: FileTree;
  readonly path: string;
}

interface Made {
  readonly unit: BuiltUnit;
  /** Whether what was built would come out the same from an artifact. */
  readonly isCurrent: (artifact: FileTree) => boolean;
}

interface Kept extends Made {
  readonly path: string;
  readonly isStrict: boolean;
  /** Objects that were asked for, and what was there. */
  readonly looked: readonly (readonly [...Parameters<FindObject>, Resource | undefined])[];
}

/** Forms of one unit that are kept: those before and after a change, and a few. */
const MAX_KEPT = 4;

/**
 * What Kustomizations applied in earlier reviews, by the very object: where all that it was made
 * from is the same, nothing of it is worked out again.
 */
export class KeptUnits {
  readonly #kept = new WeakMap<Resource, readonly Kept[]>();

  built(kustomization: Resource, asked: Asked, make: (find: FindObject) => Made): BuiltUnit {
    const { path, isStrict, artifact, findObject } = asked;
    const known = this.#kept.get(kustomization) ?? [];
    const same = known.find(
      (one) =>
        one.path === path &&
        one.isStrict === isStrict &&
        one.looked.every(
          ([kind, namespace, name, was]) => findObject(kind, namespace, name) === was,
        ) &&
        one.isCurrent(artifact),
    );
    if (same !== undefined) return same.unit;
    const looked: [...Parameters<FindObject>, Resource | undefined][] = [];
    const made = make((kind, namespace, name) => {
      const found = findObject(kind, namespace, name);
      looked.push([kind, namespace, name, found]);
      return found;
    });
    if (made.unit.notLoaded.length === 0) {
      const kept = [{ ...made, path, isStrict, looked }, ...known].slice(0, MAX_KEPT);
      this.#kept.set(kustomization, kept);
    }
    return made.unit;
  }
}
