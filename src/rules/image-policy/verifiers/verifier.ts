import type { ClusterObject } from '../../../flux/cluster.ts';
import type { Attestor } from '../../../model/image.ts';
import type { ImageReference } from '../../../model/image-reference.ts';
import type { WorkloadImage } from '../workload-images.ts';

/** What a policy of the cluster demands of the images that it matches. */
export interface ImageVerifier {
  /** Absent for what the configuration asks for. */
  readonly object?: ClusterObject;
  /** The rule of the policy that it stands in, where rules have names. */
  readonly rule?: string;
  /** Whether it refuses what is unsigned, and does not only report it. */
  readonly enforces: boolean;
  readonly covers: (image: WorkloadImage) => boolean;
  /** Whether it covers an image of this name where it runs in the right place. */
  readonly names: (image: ImageReference, text: string) => boolean;
  /** Each set must be satisfied. */
  readonly sets: readonly AttestorSet[];
  /** Why an exception may let this image past it, inside a sentence; absent where none names it. */
  readonly exempts?: (image: WorkloadImage) => string | undefined;
  /** Why it may demand more or apply to less than is known here. */
  readonly unclear?: string;
}

export interface AttestorSet {
  readonly attestors: readonly Attestor[];
  /** Why nothing satisfies it, inside a sentence. */
  readonly refusal?: string;
  /** How many of them must have signed. */
  readonly count: number;
}
