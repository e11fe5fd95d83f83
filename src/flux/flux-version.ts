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
  for (const { resources } of files) {
    for (const resource of resources) {
      const version = versionIn(resource);
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

/** A version that holds for the whole repository, as no other one is told in it. */
function singleVersion(files: readonly ManifestFile[]): string | undefined {
  const versions = new Set(
    files.flatMap(({ resources }) => resources.flatMap((resource) => versionIn(resource) ?? [])),
  );
  return versions.size === 1 ? [...versions][0] : undefined;
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
