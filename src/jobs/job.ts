import {
  type Base,
  type Command,
  type Group,
  type JobKind,
  type Payload,
  PAYLOADS,
  type Review,
} from './schema.ts';

/** A job as its handler sees it. */
export interface Job<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  readonly key: string;
  readonly payload: Payload<Kind>;
  /** From 1; grows with every try since the newest event. */
  readonly attempt: number;
  /** Whose newest work this is. */
  readonly subjects: readonly string[];
}

/** Says that a job is the newest work of a subject, a pull request say. */
export interface Moment {
  readonly subject: string;
  /** When the subject changed, as GitHub tells it, in ms since 1970. */
  readonly at: number;
  /** Key of a job that this one is known to come after, also when the times are equal. */
  readonly follows?: string;
}

/** A job to put, made by the functions below, which know the keys. */
export interface NewJob {
  readonly kind: JobKind;
  /** Two requests with one key are one job; the newer payload counts. */
  readonly key: string;
  readonly payload: Payload<JobKind>;
  /** The jobs of a lane wait together when GitHub limits the rate: one lane per installation. */
  readonly lane: string;
  /**
   * Once all its subjects have gone to newer jobs, a job is dropped, or marked stale if it runs.
   * One that never had a subject stays.
   */
  readonly subjects: readonly Moment[];
  /** Wait so many ms: what comes meanwhile becomes the same job. */
  readonly delay?: number;
  /** Change nothing when a job of the key waits or runs already. */
  readonly ifAbsent?: boolean;
  /** Gives way to what people wait for. */
  readonly background?: boolean;
}

/** A pull request at the time of an event. */
export interface PullRequestMoment {
  readonly number: number;
  /** `updated_at`, in ms since 1970; GitHub tells whole seconds. */
  readonly at: number;
  /** The head before this one, where the event tells it. */
  readonly previousHead?: string;
}

/** A push and the suite it opens come as two events; the second often brings the pull request. */
const SUITE_DELAY = 1_000;
/** Merges come in bursts, and each reviews every open pull request of the branch again. */
const BASE_DELAY = 5_000;

/** A review because these pull requests now have this head: replaces reviews of their old heads. */
export function reviewOf(
  review: Review,
  moments: readonly PullRequestMoment[],
  options: Pick<NewJob, 'background'> = {},
): NewJob {
  const { id } = review.repository;
  const subjects = moments.map(({ number, at, previousHead }) => ({
    subject: pullRequestSubject(id, number),
    at,
    ...(previousHead !== undefined && { follows: reviewKey(id, previousHead) }),
  }));
  return { ...bareReview(review), subjects, ...options };
}

/** A review that a person asked for: done even when the pull request has moved on. */
export function reviewOnDemand(review: Review): NewJob {
  const job = bareReview(review);
  return { ...job, subjects: [ownSubject(job.key)] };
}

/** A review unless one is under way: in case the pull request's own event never comes. */
export function reviewIfIdle(review: Review, options: Pick<NewJob, 'background'> = {}): NewJob {
  return { ...bareReview(review), delay: SUITE_DELAY, ifAbsent: true, ...options };
}

function bareReview(review: Review): NewJob {
  const key = reviewKey(review.repository.id, review.head);
  return { kind: 'review', key, payload: review, lane: laneOf(review), subjects: [] };
}

function reviewKey(repositoryId: number, head: string): string {
  return `review/${repositoryId}@${head}`;
}

/** The group is its own subject, so that `groupSubject` can drop it. */
export function groupReview(group: Group): NewJob {
  const key = groupSubject(group.repository.id, group.head);
  return { kind: 'group', key, payload: group, lane: laneOf(group), subjects: [ownSubject(key)] };
}

export function commandJob(command: Command): NewJob {
  return {
    kind: 'command',
    key: commandKey(command.request),
    payload: command,
    lane: laneOf(command),
    subjects: [],
  };
}

/** GitHub counts issue comments, review comments and check runs apart: an id alone is ambiguous. */
function commandKey(request: Command['request']): string {
  switch (request.from) {
    case 'issue-comment':
      return `command/${request.comment}`;
    case 'review-comment':
      return `command/review-${request.comment}`;
    case 'button':
      return `command/run-${request.checkRun}-${request.identifier}`;
  }
}

export function baseMoved(base: Base): NewJob {
  return {
    kind: 'base',
    key: `base/${base.repository.id}@${base.branch}`,
    payload: base,
    lane: laneOf(base),
    subjects: [],
    delay: BASE_DELAY,
    background: true,
  };
}

export function sweepJob(): NewJob {
  return { kind: 'sweep', key: 'sweep', payload: {}, lane: 'app', subjects: [], ifAbsent: true };
}

export function pullRequestSubject(repositoryId: number, number: number): string {
  return `pull/${repositoryId}/${number}`;
}

export function groupSubject(repositoryId: number, head: string): string {
  return `group/${repositoryId}@${head}`;
}

/** Every pull request that is known to have a review's head: of all its events, without doubles. */
export function pullRequestsOf(job: Job<'review'>): number[] {
  const prefix = pullRequestSubject(job.payload.repository.id, 0).slice(0, -1);
  const attached = job.subjects
    .filter((subject) => subject.startsWith(prefix))
    .map((subject) => Number(subject.slice(prefix.length)));
  return [...new Set([...attached, ...job.payload.pullRequests])].sort((a, b) => a - b);
}

/**
 * Reads a stored job. Undefined when it is not one of ours: written by another version, or damaged.
 */
export function parseJob(stored: {
  kind: string;
  key: string;
  payload: unknown;
  attempts: number;
  subjects: readonly string[];
}): Job | undefined {
  if (!Object.hasOwn(PAYLOADS, stored.kind)) return undefined;
  const kind = stored.kind as JobKind;
  const payload = PAYLOADS[kind].safeParse(stored.payload);
  if (!payload.success) return undefined;
  const { key, attempts, subjects } = stored;
  return { kind, key, payload: payload.data, attempt: attempts, subjects };
}

function ownSubject(key: string): Moment {
  return { subject: key, at: 0 };
}

function laneOf(origin: { installation: number }): string {
  return `installation/${origin.installation}`;
}
