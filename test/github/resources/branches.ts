import { z } from 'zod';

import { refChanged } from '../domain/pushes.ts';
import { requirementsOf } from '../domain/requirements.ts';
import { toIdentity } from '../git/commit-object.ts';
import { isAncestor } from '../git/history.ts';
import { mergeTrees } from '../git/merge.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit, resolveCommit, setRef } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, param } from '../http/router.ts';
import { WEB_FLOW, gitIdentityOf, renderCommit } from '../render/commits.ts';
import { apiUrl, htmlUrl } from '../render/repositories.ts';

const READ = { app: ['contents:read'] } as const;

/** Branches and tags as people see them, and merges of one branch into another. */
export const branchRoutes: readonly Route[] = [
  repositoryRoute('GET /branches', READ, listBranches),
  repositoryRoute('GET /branches/{branch+}', READ, getBranch),
  repositoryRoute('GET /tags', READ, listTags),
  repositoryRoute('POST /merges', { app: ['contents:write'], role: 'write' }, mergeBranch),
];

function isProtected({ repository }: RepositoryContext, branch: string): boolean {
  const { checks, reviews, queue, signatures } = requirementsOf(repository, branch);
  const has = checks.length > 0 || reviews > 0 || queue || signatures;
  return has || repository.protections.has(branch);
}

function refsBelow({ repository }: RepositoryContext, prefix: string): [string, string][] {
  return [...repository.git.refs]
    .filter(([ref]) => ref.startsWith(prefix))
    .map(([ref, id]): [string, string] => [ref.slice(prefix.length), id])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function listBranches(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const wanted = context.request.query.get('protected');
  const branches = refsBelow(context, 'refs/heads/').filter(
    ([name]) => wanted === null || String(isProtected(context, name)) === wanted,
  );
  return paginate(context, branches, ([name, sha]) => ({
    name,
    commit: { sha, url: `${apiUrl(world, repository)}/commits/${sha}` },
    protected: isProtected(context, name),
  }));
}

async function getBranch(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const name = param(context, 'branch');
  const sha = repository.git.refs.get(`refs/heads/${name}`);
  const commit = sha === undefined ? undefined : await readCommit(repository.git, sha);
  if (commit === undefined) throw new ApiError(404, 'Branch not found');
  const protection_url = `${apiUrl(world, repository)}/branches/${name}/protection`;
  const { checks } = requirementsOf(repository, name);
  return ok({
    name,
    commit: await renderCommit(world, repository, commit),
    _links: {
      self: `${apiUrl(world, repository)}/branches/${name}`,
      html: `${htmlUrl(world, repository)}/tree/${name}`,
    },
    protected: isProtected(context, name),
    protection: {
      enabled: isProtected(context, name),
      required_status_checks: {
        enforcement_level: checks.length === 0 ? 'off' : 'non_admins',
        contexts: checks.map(({ context: check }) => check),
        checks: checks.map(({ context: check, appId }) => ({ context: check, app_id: appId })),
      },
    },
    protection_url,
  });
}

function listTags(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const api = apiUrl(world, repository);
  return paginate(context, refsBelow(context, 'refs/tags/'), async ([name, id]) => {
    const sha = (await resolveCommit(repository.git, `refs/tags/${name}`, '')) ?? id;
    return {
      name,
      commit: { sha, url: `${api}/commits/${sha}` },
      zipball_url: `${api}/zipball/refs/tags/${name}`,
      tarball_url: `${api}/tarball/refs/tags/${name}`,
      node_id: `REF_${name}`,
    };
  });
}

const BranchMerge = z.object({
  base: z.string(),
  head: z.string(),
  commit_message: z.string().optional(),
});

async function mergeBranch(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const { git } = repository;
  const wanted = bodyOf(request, BranchMerge);
  const ref = `refs/heads/${wanted.base}`;
  const before = git.refs.get(ref);
  const head = await resolveCommit(git, wanted.head, repository.defaultBranch);
  if (before === undefined) throw new ApiError(404, 'Base does not exist');
  if (head === undefined) throw new ApiError(404, 'Head does not exist');
  if (await isAncestor(git, head, before)) return noContent;
  const tree = await mergeTrees(git, before, head);
  if (tree === undefined) throw new ApiError(409, 'Merge conflict');
  const account = requireAccount(actor);
  const now = world.now();
  const after = await writeSignedCommit(
    git,
    {
      tree,
      parents: [before, head],
      author: toIdentity(gitIdentityOf(account), now),
      committer: toIdentity(WEB_FLOW, now),
      message: wanted.commit_message ?? `Merge ${wanted.head} into ${wanted.base}`,
    },
    world.webFlow,
  );
  setRef(git, ref, after);
  await refChanged(world, repository, { ref, before, after }, account);
  const commit = await readCommit(git, after);
  if (commit === undefined) throw notFound();
  return created(await renderCommit(world, repository, commit));
}
