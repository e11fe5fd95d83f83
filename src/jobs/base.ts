import { reviewOf } from './job.ts';
import type { OpenPullRequest, OpenPullRequests } from './ports.ts';
import type { JobInbox } from './queue.ts';
import type { Handler } from './run-job.ts';
import type { Review } from './schema.ts';

/** Reviews the open pull requests of a branch again after the branch has moved. */
export function createBaseHandler(
  pullRequests: Pick<OpenPullRequests, 'into'>,
  inbox: Pick<JobInbox, 'apply'>,
): Handler<'base'> {
  return {
    async run({ payload }, signal) {
      const open = await pullRequests.into(payload, signal);
      const puts = open.map((pullRequest) => {
        const { number, updatedAt: at } = pullRequest;
        const review = toReview(pullRequest, 'base-moved');
        return { put: reviewOf(review, [{ number, at }], { background: true }) };
      });
      await inbox.apply({ changes: puts });
    },
    /** Nobody asked, and verdicts say which base they speak of: there is no one to tell. */
    giveUp: () => Promise.resolve(),
  };
}

export function toReview(pullRequest: OpenPullRequest, cause: Review['cause']): Review {
  const { installation, repository, head, number } = pullRequest;
  return { installation, repository, head, pullRequests: [number], cause };
}
