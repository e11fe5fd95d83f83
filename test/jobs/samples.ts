import { type NewJob, type PullRequestMoment, reviewOf } from '../../src/jobs/job.ts';
import type { Claim, JobSource, Lease } from '../../src/jobs/queue.ts';
import type { Repository, Review } from '../../src/jobs/schema.ts';

export const REPOSITORY: Repository = { id: 7, owner: 'acme', name: 'fleet' };

/** A commit id that starts with a few telling digits. */
export function sha(start: string): string {
  return start.padEnd(40, '0');
}

export function review(head: string, more: Partial<Review> = {}): Review {
  return {
    installation: 1,
    repository: REPOSITORY,
    head: sha(head),
    pullRequests: [],
    cause: 'pull-request',
    ...more,
  };
}

/** A review of pull requests `[number, time, previous head]`. */
export function push(
  head: string,
  ...moments: (readonly [number, number] | readonly [number, number, string])[]
): NewJob {
  const pullRequests = moments.map(([number, at, previous]): PullRequestMoment => ({
    number,
    at,
    ...(previous !== undefined && { previousHead: sha(previous) }),
  }));
  return reviewOf(review(head), pullRequests);
}

export function keyOf(head: string): string {
  return `review/7@${sha(head)}`;
}

export function lease(holder = 'one', milliseconds = 1_000): Lease {
  return { holder, milliseconds };
}

/** Asserts that there is a value, for the type checker as well. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('Expected a value.');
  return value;
}

export function headOf(claim: Claim | undefined): string | undefined {
  return claim?.key.replace(/^review\/7@/, '').replace(/0+$/, '');
}

/** The next due job. */
export async function claimOne(
  source: Pick<JobSource, 'claim'>,
  given = lease(),
): Promise<Claim | undefined> {
  const [claim] = await source.claim(given, 1);
  return claim;
}
