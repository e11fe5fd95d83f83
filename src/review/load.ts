import { type EvidenceSource, gather, noEvidence } from '../evidence/evidence.ts';
import { FluxCache } from '../flux/cache.ts';
import { type Facts, keyOfRequest, NO_FACTS } from '../model/evidence.ts';
import type { Review } from '../model/review.ts';
import { isReviewed, type SnapshotTree } from '../snapshot/snapshot.ts';
import { addFacts } from './facts.ts';
import type { Wanted } from './review.ts';
import { reviewBySettings, type SettledOptions } from './settings.ts';

/** The sides of a review, with the means to load what is missing. */
export interface ReviewSides {
  readonly before?: SnapshotTree;
  readonly after: SnapshotTree;
  readonly head: SnapshotTree;
}

/** Rounds of loading; each finds files that only the ones before could name. */
const MAX_ROUNDS = 12;

/**
 * Loads what a review reads, and reviews in this process.
 *
 * @param source where facts from outside come from
 * @param gathered told what the review was told, for whoever reviews the same again
 */
export async function loadAndReview(
  sides: ReviewSides,
  options: Omit<SettledOptions, 'facts' | 'asked'>,
  source: EvidenceSource = noEvidence('This command asks nobody outside the repository.'),
  gathered?: (known: Pick<SettledOptions, 'facts' | 'asked'>) => void,
): Promise<Review> {
  await loadManifests(sides);
  const asked = new Set<string>();
  const cache = options.cache ?? new FluxCache();
  let facts: Facts = NO_FACTS;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const trees = {
      ...(sides.before && { before: sides.before.tree }),
      after: sides.after.tree,
      head: sides.head.tree,
    };
    const answer = reviewBySettings(trees, { ...options, cache, facts, asked });
    if (!('wanted' in answer)) {
      gathered?.({ facts, asked });
      return answer;
    }
    await loadWanted(sides, answer.wanted);
    facts = await addFacts(facts, await gather(source, answer.wanted.evidence), options.now);
    for (const request of answer.wanted.evidence) asked.add(keyOfRequest(request));
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
