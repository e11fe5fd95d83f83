import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { pullRequestSubject, reviewOf } from '../jobs/job.ts';
import { onActions } from './event.ts';
import { Id, Origin, Sha, Time } from './schema.ts';

const PullRequestEvent = Origin.extend({
  action: z.string(),
  pull_request: z.object({
    number: Id,
    state: z.string(),
    head: z.object({ sha: Sha }),
    updated_at: Time,
  }),
  /** The head before a push; only of `synchronize`. */
  before: Sha.optional(),
  /** What an edit changed. */
  changes: z.object({ base: z.unknown() }).partial().optional(),
});

/** Opened, pushed to or given another base: review. Closed: no review. Drafts count as well. */
export const pullRequest = onActions(
  ['opened', 'synchronize', 'reopened', 'ready_for_review', 'edited', 'closed'],
  PullRequestEvent,
  toIntake,
);

function toIntake(event: z.infer<typeof PullRequestEvent>): Intake {
  const { action, installation, repository, before, changes } = event;
  const { number, state, head, updated_at: at } = event.pull_request;
  if (action === 'closed') {
    return { changes: [{ drop: { subject: pullRequestSubject(repository.id, number), at } }] };
  }
  if (state !== 'open') return { ignored: 'the pull request is not open' };
  if (action === 'edited' && changes?.base === undefined) {
    return { ignored: 'the edit leaves the base branch as it was' };
  }
  const review = {
    installation,
    repository,
    head: head.sha,
    pullRequests: [number],
    cause: 'pull-request' as const,
  };
  const moment = { number, at, ...(before !== undefined && { previousHead: before }) };
  return { changes: [{ put: reviewOf(review, [moment]) }] };
}
