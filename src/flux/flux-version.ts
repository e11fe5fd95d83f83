import type { FileTree } from '../model/file-tree.ts';
import type { Resource } from '../model/resource.ts';
import { factsOf } from './file-facts.ts';
import { distributionOf } from './flux-instance.ts';
import { isFluxInstance, isHelmRelease } from './kinds.ts';
import { writtenObjects } from './loose.ts';
import { isWithin } from './paths.ts';

const PART_OF = 'app.kubernetes.io/part-of';
const VERSION = 'app.kubernetes.io/version';

/**
 * The minor version of Flux that the files of a cluster install, `2.8`: from the labels that
 * `flux install` writes, or what a FluxInstance asks for. Undefined where it follows the newest.
 */
export function fluxVersionOf(tree: FileTree, root: string): string | undefined {
  const told = factsOf(tree, telling);
  const inRoot = told.find((resource) => isWithin(resource.root.source.path, root));
  if (inRoot !== undefined || root === '') return inRoot && versionIn(inRoot);
  // One that holds for the whole repository, as no other is told in it.
  const [version, ...others] = new Set(told.map(versionIn));
  return others.length === 0 ? version : undefined;
}

const telling = writtenObjects((resource) => versionIn(resource) !== undefined);

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
