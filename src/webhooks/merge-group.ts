import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { groupReview, groupSubject } from '../jobs/job.ts';
import type { Group } from '../jobs/schema.ts';
import { onActions } from './event.ts';
import { Origin, Sha } from './schema.ts';

const Branch = z
  .string()
  .regex(/^refs\/heads\/./)
  .transform((ref) => ref.slice('refs/heads/'.length));

const MergeGroupEvent = Origin.extend({
  action: z.string(),
  merge_group: z.object({ head_sha: Sha, head_ref: Branch, base_sha: Sha, base_ref: Branch }),
});

/** A group of a merge queue asks for its checks, or is no more. */
export const mergeGroup = onActions(['checks_requested', 'destroyed'], MergeGroupEvent, toIntake);

function toIntake(event: z.infer<typeof MergeGroupEvent>): Intake {
  const { action, installation, repository, merge_group: group } = event;
  if (action === 'destroyed') {
    return { changes: [{ drop: { subject: groupSubject(repository.id, group.head_sha) } }] };
  }
  const put = groupReview({
    installation,
    repository,
    head: group.head_sha,
    base: group.base_sha,
    baseBranch: group.base_ref,
    headBranch: group.head_ref,
  });
  return { changes: [{ put }] };
}

/**
 * The base branch of a merge queue's branch, `gh-readonly-queue/BASE/pr-NUMBER-SHA`; undefined for
 * any other branch. BASE may hold slashes.
 */
export function queuedBase(branch: string): string | undefined {
  return /^gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(branch)?.[1];
}

/** The work of a merge queue's branch, when only branch and head are known. */
export function groupOf(
  origin: Pick<Group, 'installation' | 'repository'>,
  head: string,
  headBranch: string | null,
): Group | undefined {
  const baseBranch = headBranch === null ? undefined : queuedBase(headBranch);
  if (headBranch === null || baseBranch === undefined) return undefined;
  const { installation, repository } = origin;
  return { installation, repository, head, baseBranch, headBranch };
}
