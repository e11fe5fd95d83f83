import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { baseMoved } from '../jobs/job.ts';
import { onAny, type Settings } from './event.ts';
import { queuedBase } from './merge-group.ts';
import { Origin, User } from './schema.ts';

const PushEvent = Origin.extend({
  ref: z.string().min(1),
  created: z.boolean().default(false),
  deleted: z.boolean().default(false),
  sender: User.optional(),
});

/** A branch moved: pull requests into it, if there are any, have another base now. */
export const push = onAny(PushEvent, toIntake);

function toIntake(event: z.infer<typeof PushEvent>, settings: Settings): Intake {
  const { installation, repository, ref, created, deleted, sender } = event;
  const branch = /^refs\/heads\/(.+)$/s.exec(ref)?.[1];
  if (branch === undefined) return { ignored: 'not a branch' };
  if (deleted) return { ignored: 'the branch was deleted' };
  if (created) return { ignored: 'a new branch is the base of nothing yet' };
  if (queuedBase(branch) !== undefined) return { ignored: 'a branch of the merge queue' };
  if (sender?.type === 'Bot' && sender.login === settings.ownLogin) {
    return { ignored: 'pushed by this App' };
  }
  return { changes: [{ put: baseMoved({ installation, repository, branch }) }] };
}
