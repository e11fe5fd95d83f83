import { z } from 'zod';

import { commandIn, CommentEvent } from './comment.ts';
import { onActions } from './event.ts';
import { Id } from './schema.ts';

const ReviewCommentEvent = CommentEvent.extend({ pull_request: z.object({ number: Id }) });

/** A comment on a line may hold a command, about the finding of its thread say. */
export const pullRequestReviewComment = onActions(
  ['created'],
  ReviewCommentEvent,
  (event, settings) => commandIn(event, 'review-comment', event.pull_request.number, settings),
);
