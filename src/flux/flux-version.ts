import type { Resource } from '../model/resource.ts';
import type { ManifestFile } from './manifests.ts';
import { distributionOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease } from './kinds.ts';
import { isWithin } from './paths.ts';

const PART_OF = 'app.kubernetes.io/part-of';
const VERSION = 'app.kubernetes.io/version';

/**
 * The minor version of Flux that the files of a cluster install, `2.8`: from the labels that
 * `flux install` writes, or what a FluxInstance asks for. Undefined where it follows the newest.
 */
export function fluxVersionOf(files: readonly ManifestFile[], root: string): string | undefined {
  const inRoot = files.filter(({ path }) => isWithin(path, root));
  return firstVersion(inRoot) ?? (root === '' ? undefined : singleVersion(files));
}

function firstVersion(files: readonly ManifestFile[]): string | undefined {
  for (const file of files) {
    const [version] = versionsIn(file);
    if (version !== undefined) return version;
  }
  return undefined;
}

const versions = new WeakMap<ManifestFile, readonly string[]>();

/** Of the objects of a file, which is the same value as long as its content is. */
function versionsIn(file: ManifestFile): readonly string[] {
  const known = versions.get(file) ?? file.resources.flatMap((one) => versionIn(one) ?? []);
  versions.set(file, known);
  return known;
}

/** A version that holds for the whole repository, as no other one is told in it. */
function singleVersion(files: readonly ManifestFile[]): string | undefined {
  const told = new Set<string>();
  for (const file of files) for (const version of versionsIn(file)) told.add(version);
  return told.size === 1 ? [...told][0] : undefined;
}

function versionIn(resource: Resource): string | undefined {
  if (resource.kind === 'Namespace' || resource.kind === 'Deployment') {
    const labels = resource.root.map('metadata')?.map('labels');
    return labels?.text(PART_OF) === 'flux' ? minorOf(labels.text(VERSION)) : undefined;
  }
  return isFluxInstance(resource) || isHelmRelease(resource)
    ? minorOf(distributionOf(resource))
    : undefined;
}

function minorOf(version: string | undefined): string | undefined {
  return /^v?(2\.\d{1,3})(?:\.|$)/.exec(version ?? '')?.[1];
}

/** Whether a version of Flux is at least another; the newest where it is not told. */
export function isAtLeast(version: string | undefined, minor: number): boolean {
  const told = /^2\.(\d+)$/.exec(version ?? '')?.[1];
  return told === undefined || Number(told) >= minor;
}
