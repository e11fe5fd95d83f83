import type { Cluster, ClusterObject } from '../../flux/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type { ImageRequest } from '../../model/evidence.ts';
import type { ClusterChange, RepositoryChange } from '../rule.ts';
import type { RuleSettings } from '../../model/rule-settings.ts';
import { imageVerifiersOf } from './image-verifiers.ts';
import { configuredVerifiers } from './verifiers/configured.ts';
import { takesValues, wholeReleaseOf } from './values/whole-release.ts';
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
export function coverageOf(change: ClusterChange, settings: RuleSettings): Coverages {
  const { before, after } = change;
  if (before === after) return { hasPolicies: false, covered: [], doubtful: [], unread: [] };
  const last = known.get(after);
  if (last !== undefined && last.before === before && last.settings === settings) {
    return last.coverages;
  }
  const coverages = workOut(change, settings);
  known.set(after, { before, settings, coverages });
  return coverages;
}

interface Coverages {
  readonly hasPolicies: boolean;
  readonly covered: readonly Coverage[];
  /** Values of which only their chart tells what image they name, where policies ask for more. */
  readonly doubtful: readonly WorkloadImage[];
  /** Values of releases that are not read, where policies ask for more. */
  readonly unread: readonly UnreadValues[];
}

/** Values of a release that may name images, and why they are not read. */
export interface UnreadValues {
  readonly object: ClusterObject;
  readonly path: FieldPath;
  readonly reason: string;
}

/** Several rules ask of the same change. */
const known = new WeakMap<
  Cluster,
  {
    readonly before: Cluster | undefined;
    readonly settings: RuleSettings;
    readonly coverages: Coverages;
  }
>();

function workOut({ before, after }: ClusterChange, settings: RuleSettings): Coverages {
  const verifiers = [
    ...(before === undefined ? [] : imageVerifiersOf(before)),
    ...configuredVerifiers(settings),
  ];
  const images = newImages(after, before);
  const covered = images.flatMap((image): Coverage[] => {
    if (image.image === undefined || image.doubt !== undefined) return [];
    const matching = verifiers.filter(({ covers }) => placesOf(image).some(covers));
    const sets = matching.flatMap((verifier) => verifier.sets);
    const attestors = sets.flatMap((set) => set.attestors);
    const request = { kind: 'image', reference: image.text, attestors } as const;
    return [{ image, verifiers: matching, request }];
  });
  const hasPolicies = verifiers.length > 0;
  const doubtful = hasPolicies ? images.filter(({ doubt }) => doubt !== undefined) : [];
  const unread = hasPolicies ? unreadIn(after, before) : [];
  return { hasPolicies, covered, doubtful, unread };
}

/** Of releases that are new, or take values from elsewhere than before. */
function unreadIn(after: Cluster, before: Cluster | undefined): UnreadValues[] {
  const known = new Set((before === undefined ? [] : allUnreadIn(before)).map(keyOf));
  return allUnreadIn(after).filter((each) => !known.has(keyOf(each)));
}

function allUnreadIn(cluster: Cluster): UnreadValues[] {
  return cluster.objects
    .filter(takesValues)
    .flatMap((object) =>
      wholeReleaseOf(object, cluster).unread.map((each) => ({ object, ...each })),
    );
}

function keyOf({ object: { resource, namespace }, reason }: UnreadValues): string {
  return JSON.stringify([namespace, resource.plainName, reason]);
}

/** In which list of containers a chart puts an image is not known: any may be covered. */
function placesOf(image: WorkloadImage): WorkloadImage[] {
  if (!image.isValue) return [image];
  return ['containers', 'initContainers'].map((list) => ({ ...image, path: [list] }));
}

/** The clusters of a change, each with its earlier state. */
export function clusterChanges({ before, after }: RepositoryChange): ClusterChange[] {
  return after.clusters.map((cluster) => {
    const earlier = before?.clusters.find(({ name }) => name === cluster.name);
    return { ...(earlier && { before: earlier }), after: cluster };
  });
}
