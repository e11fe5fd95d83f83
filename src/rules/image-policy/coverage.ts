import type { Cluster } from '../../flux/cluster.ts';
import type { ImageRequest } from '../../model/evidence.ts';
import type { ClusterChange, RepositoryChange } from '../rule.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import type { ImageVerifier } from './verifiers/verifier.ts';
import { newImages, type WorkloadImage } from './workload-images.ts';

/** A new image, with the policies of the base branch that demand a signature of it. */
export interface Coverage {
  readonly image: WorkloadImage;
  readonly verifiers: readonly ImageVerifier[];
  /** What to ask the registry, be it only whether the image exists. */
  readonly request: ImageRequest;
}

/**
 * Whose signature counts is told by the policies as they are before the change: a pull request
 * cannot bring its own.
 */
export function coverageOf(change: ClusterChange): Coverages {
  const { before, after } = change;
  if (before === after) return { hasPolicies: false, covered: [] };
  const last = known.get(after);
  if (last !== undefined && last.before === before) return last.coverages;
  const coverages = workOut(change);
  known.set(after, { before, coverages });
  return coverages;
}

interface Coverages {
  readonly hasPolicies: boolean;
  readonly covered: readonly Coverage[];
}

/** Several rules ask of the same change. */
const known = new WeakMap<
  Cluster,
  { readonly before: Cluster | undefined; readonly coverages: Coverages }
>();

function workOut({ before, after }: ClusterChange): Coverages {
  const verifiers = before === undefined ? [] : imageVerifiersOf(before);
  const covered = newImages(after, before).flatMap((image): Coverage[] => {
    if (image.image === undefined) return [];
    const matching = verifiers.filter(({ covers }) => covers(image));
    const sets = matching.flatMap((verifier) => verifier.sets);
    const attestors = sets.flatMap((set) => set.attestors);
    const request = { kind: 'image', reference: image.text, attestors } as const;
    return [{ image, verifiers: matching, request }];
  });
  return { hasPolicies: verifiers.length > 0, covered };
}

/** The clusters of a change, each with its earlier state. */
export function clusterChanges({ before, after }: RepositoryChange): ClusterChange[] {
  return after.clusters.map((cluster) => {
    const earlier = before?.clusters.find(({ name }) => name === cluster.name);
    return { ...(earlier && { before: earlier }), after: cluster };
  });
}
