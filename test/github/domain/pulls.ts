import { mergeBase } from '../git/history.ts';
import { setRef } from '../git/store.ts';
import { type ValidationError, invalid } from '../http/answer.ts';
import type { Account, PullIssue, Repository } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { nextNumber } from './issues.ts';
import { emitPull, openPulls, requestSuitesOfFork } from './pull-changes.ts';
import { noTestMerge, refreshTestMerge } from './test-merge.ts';

export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly base: string;
  readonly head: { readonly repository: Repository; readonly branch: string };
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
  readonly user: Account;
}

/**
 * Opens a pull request.
 *
 * @throws ApiError 422 as GitHub refuses one: unknown branches, nothing to merge, one open already
 */
export async function openPull(
  world: World,
  repository: Repository,
  wanted: NewPull,
): Promise<PullIssue> {
  const { git } = repository;
  const { head } = wanted;
  const baseSha = git.refs.get(`refs/heads/${wanted.base}`);
  const headSha = head.repository.git.refs.get(`refs/heads/${head.branch}`);
  if (baseSha === undefined) throw refused({ code: 'invalid', field: 'base' });
  if (headSha === undefined) throw refused({ code: 'invalid', field: 'head' });
  const common = await mergeBase(git, baseSha, headSha);
  const names = `${wanted.base} and ${head.repository.owner.login}:${head.branch}`;
  if (common === undefined) {
    const [one, other] = [wanted.base, head.branch];
    throw refused({
      code: 'custom',
      message: `The ${other} branch has no history in common with ${one}`,
    });
  }
  if (common === headSha) throw refused({ code: 'custom', message: `No commits between ${names}` });
  const [twin] = openPulls(
    world,
    ({ repository: target, pull }) =>
      target === repository &&
      pull.baseRef === wanted.base &&
      pull.headRef === head.branch &&
      pull.headRepository === head.repository,
  );
  if (twin !== undefined) {
    const label = `${head.repository.owner.login}:${head.branch}`;
    throw refused({ code: 'custom', message: `A pull request already exists for ${label}.` });
  }
  const issue = createPull(world, repository, wanted, { baseSha, headSha });
  setRef(git, `refs/pull/${issue.number}/head`, headSha);
  await requestSuitesOfFork(world, issue, null, wanted.user);
  await emitPull(world, issue, 'opened', wanted.user);
  refreshTestMerge(world, issue);
  return issue;
}

function refused(error: { code: string; field?: string; message?: string }) {
  const full: ValidationError = { resource: 'PullRequest', ...error };
  return invalid(full);
}

function createPull(
  world: World,
  repository: Repository,
  wanted: NewPull,
  { baseSha, headSha }: { baseSha: string; headSha: string },
): PullIssue {
  const now = timestamp(world);
  const issue: PullIssue = {
    id: world.nextId('issue'),
    repository,
    number: nextNumber(repository),
    user: wanted.user,
    title: wanted.title,
    body: wanted.body,
    state: 'open',
    locked: false,
    lockReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    comments: [],
    reactions: [],
    pull: {
      id: world.nextId('pull'),
      draft: wanted.draft,
      headRepository: wanted.head.repository,
      headOwner: wanted.head.repository.owner,
      headRef: wanted.head.branch,
      headSha,
      baseRef: wanted.base,
      baseSha,
      maintainerCanModify: wanted.maintainerCanModify,
      test: noTestMerge(),
      mergedAt: null,
      mergedBy: null,
      mergeSha: null,
      requestedReviewers: new Set(),
      reviews: [],
      threads: [],
    },
  };
  repository.issues.set(issue.number, issue);
  return issue;
}
