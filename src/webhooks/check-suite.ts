import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { groupReview, reviewIfIdle, reviewOnDemand } from '../jobs/job.ts';
import { onActions, type Settings } from './event.ts';
import { groupOf } from './merge-group.ts';
import { Id, numbersIn, Origin, PullRequests, Sha } from './schema.ts';

const CheckSuiteEvent = Origin.extend({
  action: z.string(),
  check_suite: z.object({
    head_sha: Sha,
    /** Null for a head in a fork. */
    head_branch: z.string().nullable(),
    pull_requests: PullRequests,
    app: z.object({ id: Id }),
  }),
});

/** A push asks for its checks, or a person for all of them again. The head tells which review. */
export const checkSuite = onActions(['requested', 'rerequested'], CheckSuiteEvent, toIntake);

function toIntake(
  event: z.infer<typeof CheckSuiteEvent>,
  settings: Settings,
  delivery: string,
): Intake {
  const { action, installation, repository, check_suite: suite } = event;
  if (suite.app.id !== settings.appId) return { ignored: 'the check suite is of another App' };
  const isAsked = action === 'rerequested';
  const group = groupOf(event, suite.head_sha, suite.head_branch);
  if (group !== undefined) {
    if (isAsked) return { changes: [{ put: groupReview({ ...group, askedBy: delivery }) }] };
    return { ignored: 'the merge group has an event of its own' };
  }
  const review = {
    installation,
    repository,
    head: suite.head_sha,
    pullRequests: numbersIn(suite.pull_requests, repository.id),
  };
  const put = isAsked
    ? reviewOnDemand({ ...review, cause: 'asked', askedBy: delivery })
    : reviewIfIdle({ ...review, cause: 'suite' });
  return { changes: [{ put }] };
}
