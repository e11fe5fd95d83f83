import { createHash } from 'node:crypto';

import { gitText, runGit } from '../git/process.ts';
import { resolveCommit } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, notFound } from '../http/answer.ts';
import { type Context, type Route, numberParam, param } from '../http/router.ts';
import type { Repository } from '../state/model.ts';

/**
 * Whole repositories as archives. The API answers a redirect to another service, whose address
 * carries its own short-lived token: a client must not send it the caller's.
 */
export const tarballRoutes: readonly Route[] = [
  repositoryRoute('GET /tarball/{ref+}', { app: ['contents:read'] }, redirect),
  repositoryRoute('GET /tarball', { app: ['contents:read'] }, redirect),
  { pattern: 'GET /_codeload/{id}/{commit}/{token}', handle: download },
];

function tokenFor(repository: Repository, commit: string): string {
  return createHash('sha256')
    .update(`${repository.git.directory} ${commit}`)
    .digest('hex')
    .slice(0, 32);
}

async function redirect(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const revision = param(context, 'ref') || 'HEAD';
  const commit = await resolveCommit(repository.git, revision, repository.defaultBranch);
  if (commit === undefined) throw notFound();
  const token = tokenFor(repository, commit);
  const location = `${world.urls.api}/_codeload/${repository.id}/${commit}/${token}`;
  return { status: 302, headers: { location } };
}

async function download(context: Context): Promise<Answer> {
  const repository = context.world.repositories.get(numberParam(context, 'id'));
  const commit = param(context, 'commit');
  if (repository === undefined || param(context, 'token') !== tokenFor(repository, commit)) {
    throw notFound();
  }
  const short = await gitText(repository.git.directory, ['rev-parse', '--short=7', commit]);
  const folder = `${repository.owner.login}-${repository.name}-${short}`;
  const { stdout } = await runGit(repository.git.directory, [
    ...['archive', '--format=tar.gz', `--prefix=${folder}/`, commit],
  ]);
  const disposition = `attachment; filename=${folder}.tar.gz`;
  return {
    status: 200,
    raw: { type: 'application/x-gzip', bytes: stdout },
    headers: { 'content-disposition': disposition },
  };
}
