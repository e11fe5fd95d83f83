import type { ChangeOrigin, Known, OriginCommit, PushBranchFact } from '../model/evidence.ts';
import { parseCommit } from '../signatures/git-object.ts';
import { listBetween } from '../snapshot/git-history.ts';
import { borrowObjects, readObjects } from '../snapshot/git-objects.ts';
import { runGit } from '../snapshot/git-process.ts';
import { MOST_COMMITS } from './evidence.ts';
import type { LocalChange } from './git.ts';

/** Who made the commits of a local change, and the branch they are on. */
export async function originOf(
  { repository, base, head }: LocalChange,
  branch: string | undefined,
): Promise<Known<ChangeOrigin>> {
  const objects = await borrowObjects(repository);
  try {
    const listed = await listBetween(objects, { from: base, to: head, maximum: MOST_COMMITS + 1 });
    const ids = listed.slice(0, MOST_COMMITS).reverse();
    const read = ids.length === 0 ? new Map<string, never>() : await readObjects(objects, ids);
    const commits = ids.flatMap((id): OriginCommit[] => {
      const bytes = read.get(id)?.bytes;
      const commit = bytes && parseCommit(bytes);
      if (commit?.type !== 'commit' || commit.parents.length > 1) return [];
      const { name, email } = commit.author;
      return [{ id, author: { name, email }, message: commit.message }];
    });
    const value: ChangeOrigin = {
      ...(branch !== undefined && { branch }),
      commits,
      ...(listed.length > MOST_COMMITS && { isCut: true as const }),
    };
    return { state: 'known', value };
  } finally {
    await objects.close();
  }
}

/** How far a branch of the clone is ahead; a clone knows of no pull requests. */
export async function pushBranchOf(
  { repository, base }: LocalChange,
  branch: string,
): Promise<Known<PushBranchFact>> {
  for (const ref of [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]) {
    const { output, exitCode } = await runGit({
      directory: repository,
      arguments: ['rev-list', '--count', '--end-of-options', ref, `^${base}`],
      accept: [128],
    });
    if (exitCode === 0) {
      return { state: 'known', value: { exists: true, ahead: Number(output.toString().trim()) } };
    }
  }
  return { state: 'unknown', reason: `The clone has no branch "${branch}".` };
}
