import { z } from 'zod';

import { refChanged } from '../domain/pushes.ts';
import { isAncestor } from '../git/history.ts';
import { isRefName, setRef } from '../git/store.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, noContent, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf } from '../http/input.ts';
import { paginate } from '../http/pagination.ts';
import { type Route, param } from '../http/router.ts';
import { apiUrl } from '../render/repositories.ts';
import { nodeId } from '../state/world.ts';

const READ = { app: ['contents:read'] } as const;
const WRITE = { app: ['contents:write'], role: 'write' } as const;

/** Branches and tags as git knows them. */
export const gitRefRoutes: readonly Route[] = [
  repositoryRoute('GET /git/ref/{ref+}', READ, getRef),
  repositoryRoute('GET /git/matching-refs/{ref+}', READ, listMatchingRefs),
  repositoryRoute('POST /git/refs', WRITE, createRef),
  repositoryRoute('PATCH /git/refs/{ref+}', WRITE, updateRef),
  repositoryRoute('DELETE /git/refs/{ref+}', WRITE, deleteRef),
];

async function renderRef({ world, repository }: RepositoryContext, ref: string, id: string) {
  const type = (await repository.git.objects.read(id))?.type ?? 'commit';
  const api = apiUrl(world, repository);
  return {
    ref,
    node_id: nodeId('REF', `${repository.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { sha: id, type, url: `${api}/git/${type}s/${id}` },
  };
}

async function getRef(context: RepositoryContext): Promise<Answer> {
  const ref = `refs/${param(context, 'ref')}`;
  const id = context.repository.git.refs.get(ref);
  if (id === undefined) throw notFound();
  return ok(await renderRef(context, ref, id));
}

function listMatchingRefs(context: RepositoryContext): Promise<Answer> {
  const prefix = `refs/${param(context, 'ref')}`;
  const refs = [...context.repository.git.refs].filter(([ref]) => ref.startsWith(prefix));
  refs.sort(([a], [b]) => (a < b ? -1 : 1));
  return paginate(context, refs, ([ref, id]) => renderRef(context, ref, id));
}

const NewRef = z.object({ ref: z.string(), sha: z.string() });

/** People may make branches and tags; other refs are GitHub's own. */
function checkRefName(ref: string): void {
  if (!isRefName(ref) || !/^refs\/(heads|tags)\//.test(ref)) {
    throw new ApiError(422, `Reference name is not valid: ${ref}`);
  }
}

async function createRef(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const { ref, sha } = bodyOf(request, NewRef);
  checkRefName(ref);
  if (repository.git.refs.has(ref)) throw new ApiError(422, 'Reference already exists');
  if ((await repository.git.objects.read(sha)) === undefined) {
    throw new ApiError(422, 'Object does not exist');
  }
  if (!setRef(repository.git, ref, sha)) throw new ApiError(422, 'Reference update failed');
  const change = { ref, before: undefined, after: sha };
  await refChanged(world, repository, change, requireAccount(actor));
  return created(await renderRef(context, ref, sha));
}

const RefUpdate = z.object({ sha: z.string(), force: z.boolean().optional() });

async function updateRef(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor, request } = context;
  const { git } = repository;
  const ref = `refs/${param(context, 'ref')}`;
  const { sha, force = false } = bodyOf(request, RefUpdate);
  const before = git.refs.get(ref);
  if (before === undefined) throw new ApiError(422, 'Reference does not exist');
  checkRefName(ref);
  if ((await git.objects.read(sha)) === undefined) throw new ApiError(422, 'Object does not exist');
  if (!force && !(await isAncestor(git, before, sha))) {
    throw new ApiError(422, 'Update is not a fast forward');
  }
  setRef(git, ref, sha);
  if (before !== sha) {
    await refChanged(world, repository, { ref, before, after: sha }, requireAccount(actor));
  }
  return ok(await renderRef(context, ref, sha));
}

async function deleteRef(context: RepositoryContext): Promise<Answer> {
  const { world, repository, actor } = context;
  const ref = `refs/${param(context, 'ref')}`;
  const before = repository.git.refs.get(ref);
  if (before === undefined) throw new ApiError(422, 'Reference does not exist');
  checkRefName(ref);
  if (ref === `refs/heads/${repository.defaultBranch}`) {
    throw new ApiError(422, 'Cannot delete the default branch');
  }
  setRef(repository.git, ref, undefined);
  await refChanged(world, repository, { ref, before, after: undefined }, requireAccount(actor));
  return noContent;
}
