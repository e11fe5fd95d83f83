import { changesBetween, mergeBaseOf, pullsWith, shownPatches } from '../domain/pull-facts.ts';
import { diffText } from '../git/diff.ts';
import { commitsBetween } from '../git/history.ts';
import { gitText } from '../git/process.ts';
import { readCommit, resolveCommit } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, notFound, ok } from '../http/answer.ts';
import { mediaOf } from '../http/input.ts';
import { linkHeader, pageOf, paginate } from '../http/pagination.ts';
import { type Route, param } from '../http/router.ts';
import { renderCommit, renderFileChange } from '../render/commits.ts';
import { renderSimplePull } from '../render/pulls.ts';
import { htmlUrl } from '../render/repositories.ts';
import type { Repository } from '../state/model.ts';
import { type World, findRepository } from '../state/world.ts';

const READ = { app: ['contents:read'] } as const;

/** Commits with their changes, and comparisons of two of them. */
export const commitRoutes: readonly Route[] = [
  repositoryRoute('GET /commits', READ, listCommits),
  repositoryRoute(
    'GET /commits/{commit_sha}/pulls',
    { app: ['pull_requests:read', 'contents:read'] },
    listPulls,
  ),
  repositoryRoute('GET /commits/{ref+}', READ, getCommit),
  repositoryRoute('GET /compare/{basehead+}', READ, compare),
];

/** The commit that a route's placeholder names. */
export async function requireCommit(
  { repository }: Pick<RepositoryContext, 'repository'>,
  revision: string,
): Promise<string> {
  const id = await resolveCommit(repository.git, revision, repository.defaultBranch);
  if (id === undefined) throw new ApiError(422, `No commit found for SHA: ${revision}`);
  return id;
}

async function renderById(world: World, repository: Repository, id: string) {
  const commit = await readCommit(repository.git, id);
  if (commit === undefined) throw notFound();
  return renderCommit(world, repository, commit);
}

async function listCommits(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const revision = request.query.get('sha') ?? repository.defaultBranch;
  const path = request.query.get('path');
  if (repository.git.refs.size === 0) throw new ApiError(409, 'Git Repository is empty.');
  const head = await resolveCommit(repository.git, revision, repository.defaultBranch);
  if (head === undefined) throw notFound();
  const text = await gitText(repository.git.directory, [
    ...['rev-list', head],
    ...(path === null ? [] : ['--', `:(literal)${path}`]),
  ]);
  const ids = text === '' ? [] : text.split('\n');
  return paginate(context, ids, (id) => renderById(world, repository, id));
}

async function getCommit(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const id = await requireCommit(context, param(context, 'ref'));
  const commit = await readCommit(repository.git, id);
  const parent = commit?.parents[0];
  const media = mediaOf(request);
  if (media === 'sha') return text(id, 'sha');
  if (media === 'diff') return text(await diffText(repository.git.directory, parent, id), 'diff');
  const changes = await changesBetween(repository, parent, id);
  const additions = changes.reduce((sum, change) => sum + change.additions, 0);
  const deletions = changes.reduce((sum, change) => sum + change.deletions, 0);
  return ok({
    ...(await renderById(world, repository, id)),
    stats: { total: additions + deletions, additions, deletions },
    files: renderChanges(world, repository, changes, id).slice(0, world.limits.compareFiles),
  });
}

function text(content: string, form: string): Answer {
  const type = `application/vnd.github.${form}; charset=utf-8`;
  return { status: 200, raw: { type, bytes: Buffer.from(content) } };
}

function renderChanges(
  world: World,
  repository: Repository,
  changes: Awaited<ReturnType<typeof changesBetween>>,
  head: string,
) {
  const patches = shownPatches(changes, world.limits);
  return changes.map((change, index) =>
    renderFileChange(world, repository, change, head, patches[index]),
  );
}

async function listPulls(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const pulls = await pullsWith(repository, param(context, 'commit_sha'));
  return paginate(context, pulls, (issue) => renderSimplePull(world, issue));
}

/** One side of `base...head`: a revision, or `owner:branch` of a fork. */
async function sideOf(context: RepositoryContext, name: string): Promise<string> {
  const { world, repository } = context;
  const colon = name.indexOf(':');
  const owner = name.slice(0, Math.max(0, colon));
  const other = findRepository(world, owner, repository.name);
  const source = colon === -1 ? repository : (other ?? repository);
  const revision = name.slice(colon + 1);
  const id = await resolveCommit(source.git, revision, source.defaultBranch);
  if (id === undefined) throw notFound();
  return id;
}

async function compare(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const { git } = repository;
  const [from = '', to] = param(context, 'basehead').split('...');
  if (to === undefined) throw notFound();
  const base = await sideOf(context, from);
  const head = await sideOf(context, to);
  const middle = await mergeBaseOf(git, base, head);
  if (middle === undefined)
    throw new ApiError(404, `No common ancestor between ${from} and ${to}.`);
  if (mediaOf(request) === 'diff') return text(await diffText(git.directory, middle, head), 'diff');
  const ahead = await commitsBetween(git, base, head);
  const behind = await commitsBetween(git, head, base);
  const { page, perPage } = pagingOf(context);
  const shown = ahead.slice((page - 1) * perPage, page * perPage);
  const changes = page === 1 ? await changesBetween(repository, middle, head) : [];
  const url = `${htmlUrl(world, repository)}/compare/${from}...${to}`;
  const last = Math.max(1, Math.ceil(ahead.length / perPage));
  return {
    ...ok({
      url: `${world.urls.api}${request.path}`,
      html_url: url,
      permalink_url: url,
      diff_url: `${url}.diff`,
      patch_url: `${url}.patch`,
      base_commit: await renderById(world, repository, base),
      merge_base_commit: await renderById(world, repository, middle),
      status: statusOf(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: await Promise.all(shown.map((id) => renderById(world, repository, id))),
      // The files stand on the first page only, and never more than its limit.
      files: renderChanges(world, repository, changes.slice(0, world.limits.compareFiles), head),
    }),
    headers: linkHeader(context, page, last),
  };
}

/** Without paging a comparison answers up to 250 commits at once. */
function pagingOf(context: RepositoryContext) {
  const { query } = context.request;
  if (query.has('page') || query.has('per_page')) return pageOf(context);
  return { page: 1, perPage: context.world.limits.pullCommits };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}
