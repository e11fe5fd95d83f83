import type { Material } from '../evidence/evidence.ts';
import {
  type ChangeOrigin,
  type CommitMaterial,
  type Facts,
  keyOfRequest,
  type Known,
  type MergeSettings,
  type PushBranchFact,
  type RepositoryIdentity,
} from '../model/evidence.ts';
import type { ImageMaterial } from '../model/image.ts';
import { judgeImage } from '../signatures/image/verify.ts';
import { judgeCommits } from './judge-commits.ts';

/**
 * Adds what material says to what is known. Material may be attacker-controlled.
 *
 * @param now when the review takes place, milliseconds since 1970
 */
export async function addFacts(
  facts: Facts,
  materials: readonly Material[],
  now: number,
): Promise<Facts> {
  let known = facts;
  for (const material of materials) known = await addFact(known, material, now);
  return known;
}

async function addFact(facts: Facts, { request, answer }: Material, now: number): Promise<Facts> {
  switch (request.kind) {
    case 'identity':
      return { ...facts, identity: answer as Known<RepositoryIdentity> };
    case 'merging':
      return { ...facts, merging: answer as Known<MergeSettings> };
    case 'origin':
      return { ...facts, origin: answer as Known<ChangeOrigin> };
    case 'push-branch': {
      const pushBranches = new Map(facts.pushBranches);
      pushBranches.set(request.branch, answer as Known<PushBranchFact>);
      return { ...facts, pushBranches };
    }
    case 'commits': {
      const material = answer as Known<CommitMaterial>;
      if (material.state === 'unknown') return { ...facts, commits: material };
      const value = await judgeCommits(request, material.value, now);
      return { ...facts, commits: { state: 'known', value } };
    }
    case 'tags': {
      const tags = new Map(facts.tags);
      tags.set(request.repository, answer as Known<readonly string[]>);
      return { ...facts, tags };
    }
    case 'image': {
      const images = new Map(facts.images);
      const material = answer as Known<ImageMaterial>;
      images.set(
        keyOfRequest(request),
        material.state === 'unknown'
          ? material
          : { state: 'known', value: judgeImage(material.value, request.attestors) },
      );
      return { ...facts, images };
    }
  }
}
