import { z } from 'zod';

/**
 * What each kind of job carries, written at the front door and read back when the job runs.
 * Repositories are told apart by GitHub's numeric id, which survives renames and transfers. Owner
 * and name are as the last event said them: good for a first request, never an identity.
 */

const Id = z.int().positive();
const Sha = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);
const Name = z.string().min(1);

export const Repository = z.object({ id: Id, owner: Name, name: Name });
export type Repository = z.infer<typeof Repository>;

/** Tells a request from earlier ones for the same; a delivery that comes again is no new request. */
const AskedBy = z.coerce.string().min(1).max(200);

const Origin = z.object({ installation: Id, repository: Repository });

/** All open pull requests of one head. */
export const Review = Origin.extend({
  head: Sha,
  /** Pull requests that the event named; others may have the same head. */
  pullRequests: z.array(Id),
  /** Why, for the log and for the words of the result. */
  cause: z.enum(['pull-request', 'suite', 'asked', 'base-moved', 'sweep']),
  /** What a person asked by: the comment, or the delivery that told of a button. */
  askedBy: AskedBy.optional(),
});
export type Review = z.infer<typeof Review>;

/** A group of a merge queue. Branches are without `refs/heads/`. */
export const Group = Origin.extend({
  head: Sha,
  /** The commit below the group; absent when the event does not tell it. */
  base: Sha.optional(),
  baseBranch: Name,
  headBranch: Name,
  /** As of a review. */
  askedBy: AskedBy.optional(),
});
export type Group = z.infer<typeof Group>;

/** Attacker-controlled: whoever may comment writes the body. */
const Comment = z.object({ comment: Id, pullRequest: Id, body: z.string() });

const Button = z.object({
  checkRun: Id,
  /** The delivery that told of it; absent in jobs of earlier versions. */
  press: Name.optional(),
  /** The run's name. */
  check: z.string(),
  identifier: Name,
  head: Sha,
  pullRequests: z.array(Id),
});

/** What a person asked for, in words or by a button on a check run. */
export const Command = Origin.extend({
  asker: z.object({ id: Id, login: Name }),
  request: z.discriminatedUnion('from', [
    Comment.extend({ from: z.literal('issue-comment') }),
    Comment.extend({ from: z.literal('review-comment') }),
    Button.extend({ from: z.literal('button') }),
  ]),
});
export type Command = z.infer<typeof Command>;

/** A branch that moved: the open pull requests into it are reviewed again. */
export const Base = Origin.extend({
  /** Without `refs/heads/`. */
  branch: Name,
});
export type Base = z.infer<typeof Base>;

export const PAYLOADS = {
  review: Review,
  group: Group,
  command: Command,
  base: Base,
  /** Looks for what GitHub could not deliver. */
  sweep: z.object({}),
} as const;

export type JobKind = keyof typeof PAYLOADS;
export type Payload<Kind extends JobKind> = z.infer<(typeof PAYLOADS)[Kind]>;
