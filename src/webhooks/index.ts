import type { Intake, VerifiedEvent } from '../jobs/intake.ts';
import { checkRun } from './check-run.ts';
import { checkSuite } from './check-suite.ts';
import type { EventReader, Settings } from './event.ts';
import { installationRepositories } from './installation-repositories.ts';
import { installation } from './installation.ts';
import { issueComment } from './issue-comment.ts';
import { mergeGroup } from './merge-group.ts';
import { ping } from './ping.ts';
import { pullRequestReviewComment } from './pull-request-review-comment.ts';
import { pullRequest } from './pull-request.ts';
import { push } from './push.ts';

/** The events that the App subscribes to (app.yml), and those that every App gets. */
export const EVENTS: ReadonlyMap<string, EventReader> = new Map([
  ['check_run', checkRun],
  ['check_suite', checkSuite],
  ['installation', installation],
  ['installation_repositories', installationRepositories],
  ['issue_comment', issueComment],
  ['merge_group', mergeGroup],
  ['ping', ping],
  ['pull_request', pullRequest],
  ['pull_request_review_comment', pullRequestReviewComment],
  ['push', push],
]);

/** What follows from an event. Pure: it neither asks nor writes anything. */
export function createWebhooks(settings: Settings): (event: VerifiedEvent) => Intake {
  return ({ id, name, payload }) => {
    const read = EVENTS.get(name);
    if (read === undefined) return { ignored: 'the App does not work with this event' };
    // A webhook of a single repository or organisation may share the App's secret.
    if (payload.installation === undefined && read !== ping) {
      return { ignored: 'not sent to an installation of the App' };
    }
    return read(payload, settings, id);
  };
}
