import type { FileTree } from '../model/file-tree.ts';
import { AREAS } from '../model/finding.ts';
import type { ReviewUnknown } from '../model/review.ts';

/**
 * What follows when not all files of a repository could be listed: no area may say that nothing is
 * wrong, since what was not seen may be anything. Always introduced: what cannot be seen cannot be
 * shown to be as before.
 */
export function unknownsOfListing(
  before: FileTree | undefined,
  after: FileTree,
): readonly ReviewUnknown[] {
  const reason = after.incomplete ?? before?.incomplete;
  if (reason === undefined) return [];
  return AREAS.map((area) => ({
    ...{ rule: area, area, reason, cause: 'environment', change: 'introduced', clusters: [] },
  }));
}
