import { z } from 'zod';

import { mergePull } from '../domain/merging.ts';
import { pullCommits, pullFiles, shownPatches } from '../domain/pull-facts.ts';
import { refChanged } from '../domain/pushes.ts';
import { toIdentity } from '../git/commit-object.ts';
import { isAncestor } from '../git/history.ts';
import { mergeTrees } from '../git/merge.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit, setRef } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import type { Route } from '../http/router.ts';
import { WEB_FLOW, gitIdentityOf, renderCommit, renderFileChange } from '../render/commits.ts';
import { issuePage } from '../render/issues.ts';
import { pullOf } from './pulls.ts';

const READ = { app: ['pull_requests:read'] } as const;

/** What a pull request consists of, and its end. */
export const pullPartRoutes: readonly Route[] = [
  repositoryRoute('GET /pulls/{pull_number}/files', READ, listFiles),
  repositoryRoute('GET /pulls/{pull_number}/commits', READ, listCommits),
  repositoryRoute('GET /pulls/{pull_number}/merge', READ, checkMerged),
  repositoryRoute(
    'PUT /pulls/{pull_number}/merge',
    { app: ['contents:write'], role: 'write' },
    merge,
  ),
  repositoryRoute(
    'PUT /pulls/{pull_number}/update-branch',
    { app: ['pull_requests:write'] },
    updateBranch,
  ),
];

/** At most 3,000 files; of the larger ones no patch. */
async function listFiles(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const issue = pullOf(context);
  const changes = (await pullFiles(issue)).slice(0, world.limits.pullFiles);
  const patches = shownPatches(changes, world.limits);
  const files = changes.map((change, index) => ({ change, patch: patches[index] }));
  return paginate(context, files, ({ change, patch }) =>
    renderFileChange(world, repository, change, issue.pull.headSha, patch),
  );
}

/** At most 250 commits, oldest first. */
async function listCommits(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const ids = (await pullCommits(pullOf(context))).slice(0, world.limits.pullCommits);
  return paginate(context, ids, async (id) => {
    const commit = await readCommit(repository.git, id);
    if (commit === undefined) throw notFound();
    return renderCommit(world, repository, commit);
  });
}

function checkMerged(context: RepositoryContext): Answer {
  if (pullOf(context).pull.mergedAt === null) throw notFound();
  return noContent;
}

const MergeRequest = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
});

async function merge(context: RepositoryContext): Promise<Answer> {
  const { world, actor, request } = context;
  const issue = pullOf(context);
  const wanted = bodyOf(request, MergeRequest);
  const sha = await mergePull(world, issue, {
    method: wanted.merge_method,
    title: wanted.commit_title,
    message: wanted.commit_message,
    sha: wanted.sha,
    by: requireAccount(actor),
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

const BranchUpdate = z.object({ expected_head_sha: z.string().optional() });

/** Merges the base into the head, as the button "Update branch" does. */
async function updateBranch(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const issue = pullOf(context);
  const { pull } = issue;
  const { expected_head_sha: expected } = bodyOf(request, BranchUpdate);
  if (expected !== undefined && expected !== pull.headSha) {
    throw new ApiError(422, 'expected head sha didn’t match current head ref.');
  }
  const tip = repository.git.refs.get(`refs/heads/${pull.baseRef}`);
  if (tip === undefined || pull.headRepository === null) throw notFound();
  if (await isAncestor(repository.git, tip, pull.headSha)) {
    throw new ApiError(422, 'There are no new commits on the base branch.');
  }
  const tree = await mergeTrees(repository.git, pull.headSha, tip);
  if (tree === undefined) throw new ApiError(422, 'merge conflict between base and head');
  const account = requireAccount(actor);
  const now = world.now();
  const after = await writeSignedCommit(
    repository.git,
    {
      tree,
      parents: [pull.headSha, tip],
      author: toIdentity(gitIdentityOf(account), now),
      committer: toIdentity(WEB_FLOW, now),
      message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    },
    world.webFlow,
  );
  const ref = `refs/heads/${pull.headRef}`;
  const before = pull.headSha;
  setRef(pull.headRepository.git, ref, after);
  await refChanged(world, pull.headRepository, { ref, before, after }, account);
  const url = issuePage(world, issue);
  return { status: 202, body: { message: 'Updating pull request branch.', url } };
}
