import { z } from 'zod';

import type { WantedAnchor } from '../domain/review-anchors.ts';
import { pullCommits } from '../domain/pull-facts.ts';
import { isAncestor } from '../git/history.ts';
import { readCommit } from '../git/store.ts';
import { invalid } from '../http/answer.ts';
import type { PullIssue } from '../state/model.ts';

const SideName = z.enum(['LEFT', 'RIGHT']);

/** How requests say where a comment stands. */
export const PlaceFields = z.object({
  path: z.string(),
  position: z.number().optional(),
  side: SideName.optional(),
  line: z.number().optional(),
  start_line: z.number().optional(),
  start_side: z.union([SideName, z.literal('side')]).optional(),
  subject_type: z.enum(['line', 'file']).optional(),
});

export function wantedAnchor(fields: z.infer<typeof PlaceFields>): WantedAnchor {
  const side = fields.side ?? 'RIGHT';
  return {
    path: fields.path,
    subject: fields.subject_type ?? 'line',
    side,
    line: fields.line,
    startSide: fields.start_side === 'side' ? side : fields.start_side,
    startLine: fields.start_line,
    position: fields.line === undefined ? fields.position : undefined,
  };
}

/**
 * A commit that a comment may be made for: one of the pull request, now or before a force push.
 *
 * @throws ApiError 422 for any other
 */
export async function requireCommitOfPull(issue: PullIssue, id: string): Promise<string> {
  const { git } = issue.repository;
  const { pull } = issue;
  if (id === pull.headSha || (await pullCommits(issue)).includes(id)) return id;
  const exists = (await readCommit(git, id)) !== undefined;
  if (exists && !(await isAncestor(git, id, pull.baseSha))) return id;
  throw invalid({
    resource: 'PullRequestReviewComment',
    code: 'custom',
    field: 'commit_id',
    message: 'commit_id is not part of the pull request',
  });
}
