import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { commandJob, groupReview, reviewOnDemand } from '../jobs/job.ts';
import { onActions, type Settings } from './event.ts';
import { groupOf } from './merge-group.ts';
import { Id, numbersIn, Origin, PullRequests, Sha, User } from './schema.ts';

const CheckRunEvent = Origin.extend({
  action: z.string(),
  check_run: z.object({
    id: Id,
    name: z.string(),
    head_sha: Sha,
    pull_requests: PullRequests,
    app: z.object({ id: Id }).nullable(),
    /** Its branch is null for a head in a fork. */
    check_suite: z.object({ head_branch: z.string().nullable() }),
  }),
  requested_action: z.object({ identifier: z.string().min(1) }).optional(),
  sender: User.optional(),
});
type CheckRunEvent = z.infer<typeof CheckRunEvent>;

/** A person asks for a check again, or presses one of its buttons. */
export const checkRun = onActions(['rerequested', 'requested_action'], CheckRunEvent, toIntake);

function toIntake(event: CheckRunEvent, settings: Settings, delivery: string): Intake {
  if (event.check_run.app?.id !== settings.appId) {
    return { ignored: 'the check run is of another App' };
  }
  return event.action === 'rerequested' ? again(event, delivery) : button(event, delivery);
}

function again(event: CheckRunEvent, askedBy: string): Intake {
  const { installation, repository, check_run: run } = event;
  const group = groupOf(event, run.head_sha, run.check_suite.head_branch);
  if (group !== undefined) return { changes: [{ put: groupReview({ ...group, askedBy }) }] };
  const pullRequests = numbersIn(run.pull_requests, repository.id);
  const review = { installation, repository, head: run.head_sha, pullRequests };
  return { changes: [{ put: reviewOnDemand({ ...review, cause: 'asked', askedBy }) }] };
}

function button(event: CheckRunEvent, press: string): Intake {
  const { installation, repository, check_run: run, requested_action: action, sender } = event;
  if (action === undefined || sender === undefined) {
    return { malformed: 'a button press without its identifier or its sender' };
  }
  const put = commandJob({
    installation,
    repository,
    asker: { id: sender.id, login: sender.login },
    request: {
      from: 'button',
      checkRun: run.id,
      press,
      check: run.name,
      identifier: action.identifier,
      head: run.head_sha,
      pullRequests: numbersIn(run.pull_requests, repository.id),
    },
  });
  return { changes: [{ put }] };
}
