import { z } from 'zod';

import type { Intake } from '../jobs/intake.ts';
import { commandJob } from '../jobs/job.ts';
import type { Command } from '../jobs/schema.ts';
import type { Settings } from './event.ts';
import { Id, Origin, User } from './schema.ts';

/** What both events of comments share. The author is null when the account is gone. */
export const CommentEvent = Origin.extend({
  comment: z.object({ id: Id, body: z.string().nullable(), user: User.nullable() }),
});

/**
 * A comment's work: a command if it may hold one. Bots ask for nothing, so that two Apps can never
 * answer each other without end. Edits are no events here: what was asked stays what was answered.
 */
export function commandIn(
  event: z.infer<typeof CommentEvent>,
  from: 'issue-comment' | 'review-comment',
  pullRequest: number,
  settings: Settings,
): Intake {
  const { installation, repository, comment } = event;
  const { user, body } = comment;
  if (user === null) return { ignored: 'the comment has no author' };
  if (user.type === 'Bot') return { ignored: 'the comment is of a bot' };
  if (body === null || !settings.mayHoldCommand(body)) {
    return { ignored: 'the comment holds no command' };
  }
  const asker = { id: user.id, login: user.login };
  const request: Command['request'] = { from, comment: comment.id, pullRequest, body };
  return { changes: [{ put: commandJob({ installation, repository, asker, request }) }] };
}
