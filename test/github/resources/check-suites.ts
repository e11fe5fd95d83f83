import { z } from 'zod';

import { createSuite, findSuite, rerequestSuite } from '../domain/checks.ts';
import { readCommit } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, notFound, ok } from '../http/answer.ts';
import { appOf, requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, numberParam, param } from '../http/router.ts';
import { renderCheckSuite } from '../render/checks.ts';
import type { CheckSuite } from '../state/model.ts';
import { requireCommit } from './commits.ts';

const READ = { app: ['checks:read'] } as const;
const WRITE = { app: ['checks:write'], appOnly: true } as const;

/** Check suites: what one App has to say of one commit. */
export const checkSuiteRoutes: readonly Route[] = [
  repositoryRoute('POST /check-suites', WRITE, postSuite),
  repositoryRoute('GET /check-suites/{check_suite_id}', READ, getSuite),
  repositoryRoute('POST /check-suites/{check_suite_id}/rerequest', WRITE, rerequest),
  repositoryRoute('GET /commits/{ref+}/check-suites', READ, listSuites),
];

async function render(context: RepositoryContext, suite: CheckSuite) {
  const commit = await readCommit(context.repository.git, suite.headSha);
  return renderCheckSuite(context.world, suite, commit);
}

/** The suite that a route names. */
export function suiteOf(context: RepositoryContext): CheckSuite {
  const suite = context.repository.checkSuites.get(numberParam(context, 'check_suite_id'));
  if (suite === undefined) throw notFound();
  return suite;
}

const NewSuite = z.object({ head_sha: z.string() });

async function postSuite(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const { head_sha: sha } = bodyOf(request, NewSuite);
  const app = appOf(actor);
  if (app === undefined) throw notFound();
  if ((await readCommit(repository.git, sha)) === undefined) {
    throw new ApiError(422, `No commit found for SHA: ${sha}`);
  }
  const old = findSuite(repository, app, sha);
  if (old !== undefined) return ok(await render(context, old));
  const suite = createSuite(world, repository, app, { sha, branch: null, before: null });
  return created(await render(context, suite));
}

async function getSuite(context: RepositoryContext): Promise<Answer> {
  return ok(await render(context, suiteOf(context)));
}

async function rerequest(context: RepositoryContext): Promise<Answer> {
  await rerequestSuite(context.world, suiteOf(context), requireAccount(context.actor));
  return created({});
}

async function listSuites(context: RepositoryContext): Promise<Answer> {
  const sha = await requireCommit(context, param(context, 'ref'));
  const app = context.request.query.get('app_id');
  const suites = [...context.repository.checkSuites.values()].filter(
    (suite) => suite.headSha === sha && (app === null || String(suite.app.id) === app),
  );
  return paginate(
    context,
    suites,
    (suite) => render(context, suite),
    (page) => ({ total_count: suites.length, check_suites: page }),
  );
}
