import type { Material } from '../evidence/evidence.ts';
import { type Facts, keyOfRequest, type Known, type MergeSettings } from '../model/evidence.ts';

/** Adds what material says to what is known. Material may be attacker-controlled. */
export async function addFacts(facts: Facts, materials: readonly Material[]): Promise<Facts> {
  let known = facts;
  for (const material of materials) known = await addFact(known, material);
  return known;
}

function addFact(facts: Facts, { request, answer }: Material): Promise<Facts> {
  switch (request.kind) {
    case 'merging':
      return Promise.resolve({ ...facts, merging: answer as Known<MergeSettings> });
    case 'commits':
      return Promise.resolve({
        ...facts,
        commits: { state: 'unknown', reason: 'Commits are not judged.' },
      });
    case 'image': {
      const images = new Map(facts.images);
      images.set(keyOfRequest(request), { state: 'unknown', reason: 'Images are not judged.' });
      return Promise.resolve({ ...facts, images });
    }
  }
}
