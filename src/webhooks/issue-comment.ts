import { z } from 'zod';

import { commandIn, CommentEvent } from './comment.ts';
import { onActions } from './event.ts';
import { Id } from './schema.ts';

const IssueCommentEvent = CommentEvent.extend({
  /** GitHub calls pull requests issues here, and marks them. */
  issue: z.object({ number: Id, pull_request: z.object({}).nullish() }),
});

/** A comment on a pull request may hold a command. */
export const issueComment = onActions(['created'], IssueCommentEvent, (event, settings) =>
  event.issue.pull_request
    ? commandIn(event, 'issue-comment', event.issue.number, settings)
    : { ignored: 'the comment is on an issue' },
);
