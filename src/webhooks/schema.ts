import { z } from 'zod';

/** The parts of GitHub's payloads that several events share; only the fields we use. */

export const Id = z.int().positive();
export const Sha = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** ISO 8601 to ms since 1970. */
export const Time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const User = z.object({ id: Id, login: z.string().min(1), type: z.string() });
export type User = z.infer<typeof User>;

const Repository = z
  .object({ id: Id, name: z.string().min(1), owner: z.object({ login: z.string().min(1) }) })
  .transform(({ id, name, owner }) => ({ id, name, owner: owner.login }));

/** Where an event comes from. Every event of an installed App names its installation. */
export const Origin = z.object({
  installation: z.object({ id: Id }).transform(({ id }) => id),
  repository: Repository,
});

/**
 * The pull requests that GitHub knows for a check suite or run. Empty for those from forks, and it
 * may name those that the commit has in other repositories.
 */
export const PullRequests = z.array(
  z.object({ number: Id, base: z.object({ repo: z.object({ id: Id }) }).optional() }),
);

export function numbersIn(
  pullRequests: z.infer<typeof PullRequests>,
  repositoryId: number,
): number[] {
  return pullRequests
    .filter(({ base }) => base === undefined || base.repo.id === repositoryId)
    .map(({ number }) => number);
}
