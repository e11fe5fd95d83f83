import type { Review } from '../model/review.ts';
import { isReviewed, type SnapshotTree } from '../snapshot/snapshot.ts';
import { review, type ReviewOptions, type Wanted } from './review.ts';

/** The sides of a review, with the means to load what is missing. */
export interface ReviewSides {
  readonly before?: SnapshotTree;
  readonly after: SnapshotTree;
  readonly head: SnapshotTree;
}

/** Rounds of loading; each finds files that only the ones before could name. */
const MAX_ROUNDS = 12;

/** Loads what a review reads, and reviews in this process. */
export async function loadAndReview(sides: ReviewSides, options: ReviewOptions): Promise<Review> {
  await loadManifests(sides);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const trees = {
      ...(sides.before && { before: sides.before.tree }),
      after: sides.after.tree,
      head: sides.head.tree,
    };
    const answer = review(trees, options);
    if (!('wanted' in answer)) return answer;
    await loadWanted(sides, answer.wanted);
  }
  throw new Error(`The review still asked for files after ${MAX_ROUNDS} rounds.`);
}

/** Loads every file that a review reads from the start. */
export async function loadManifests({ before, after }: ReviewSides): Promise<void> {
  for (const side of [after, before]) {
    const paths = side?.tree.list().map(({ path }) => path) ?? [];
    await side?.load(paths.filter(isReviewed));
  }
}

export async function loadWanted(sides: ReviewSides, wanted: Wanted): Promise<void> {
  await sides.before?.load(wanted.before);
  await sides.after.load(wanted.after);
  await sides.head.load(wanted.head);
}
