import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { ChangeOrigin, Known, PushBranchFact } from '../model/evidence.ts';
import type { CommitAnswer, GitHubChange } from './github.ts';

/** Who made the commits of a pull request, its branch and who opened it. */
export async function originOf(
  compared: () => Promise<{ commits: CommitAnswer[]; total: number }>,
  { headBranch, opener }: GitHubChange,
): Promise<Known<ChangeOrigin>> {
  const { commits, total } = await compared();
  const value: ChangeOrigin = {
    ...(headBranch !== undefined && { branch: headBranch }),
    ...(opener !== undefined && { opener }),
    commits: commits
      .filter(({ parents }) => parents.length < 2)
      .map(({ sha: id, commit: { author, message } }) => ({
        id,
        author: { name: author?.name ?? '', email: author?.email ?? '' },
        message,
      })),
    ...(commits.length < total && { isCut: true as const }),
  };
  return { state: 'known', value };
}

/** One page tells what matters: whether there has ever been one. */
const PAGE = 100;

/** Whether a branch is there, how far it is ahead, and whether pull requests come from it. */
export async function pushBranchOf(
  octokit: Pick<Octokit, 'request'>,
  { owner, repo, base }: GitHubChange,
  branch: string,
): Promise<Known<PushBranchFact>> {
  const at = { owner, repo };
  const { data: pulls } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
    ...at,
    state: 'all',
    head: `${owner}:${branch}`,
    per_page: PAGE,
  });
  // A server that does not know the filter would answer with all of them.
  const pullRequests = pulls.filter(({ head }) => head.ref === branch).length;
  const ahead = await aheadOf(octokit, at, base, branch);
  return {
    state: 'known',
    value: { exists: ahead !== undefined, ahead: ahead ?? 0, pullRequests },
  };
}

async function aheadOf(
  octokit: Pick<Octokit, 'request'>,
  at: { readonly owner: string; readonly repo: string },
  base: string,
  branch: string,
): Promise<number | undefined> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
      ...at,
      basehead: `${base}...${branch}`,
      per_page: 1,
    });
    return data.ahead_by;
  } catch (error) {
    const isAbsent =
      (error instanceof Permanent && error.code === 'gone') ||
      (error instanceof Error && 'status' in error && error.status === 404);
    if (!isAbsent) throw error;
    return undefined;
  }
}
