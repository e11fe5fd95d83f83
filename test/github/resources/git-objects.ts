import { z } from 'zod';

import {
  type CommitFields,
  identityDate,
  parseTag,
  serializeTag,
  toIdentity,
} from '../git/commit-object.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit } from '../git/store.ts';
import { EMPTY_TREE } from '../git/trees.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf, mediaOf } from '../http/input.ts';
import { type Route, param } from '../http/router.ts';
import { WEB_FLOW, gitIdentityOf, renderGitCommit } from '../render/commits.ts';
import { apiUrl } from '../render/repositories.ts';
import { nodeId } from '../state/world.ts';
import { Person, identityOf } from './git-identity.ts';

const READ = { app: ['contents:read'] } as const;
const WRITE = { app: ['contents:write'], role: 'write' } as const;

/** Blobs, commits and annotated tags. */
export const gitObjectRoutes: readonly Route[] = [
  repositoryRoute('POST /git/blobs', WRITE, createBlob),
  repositoryRoute('GET /git/blobs/{file_sha}', READ, getBlob),
  repositoryRoute('POST /git/commits', WRITE, createCommit),
  repositoryRoute('GET /git/commits/{commit_sha}', READ, getCommit),
  repositoryRoute('POST /git/tags', WRITE, createTag),
  repositoryRoute('GET /git/tags/{tag_sha}', READ, getTag),
];

const NewBlob = z.object({ content: z.string(), encoding: z.string().optional() });

function createBlob(context: RepositoryContext): Answer {
  const { world, repository, request } = context;
  const { content, encoding } = bodyOf(request, NewBlob);
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  const sha = repository.git.objects.write('blob', bytes);
  return created({ sha, url: `${apiUrl(world, repository)}/git/blobs/${sha}` });
}

async function getBlob(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const sha = param(context, 'file_sha');
  const object = await repository.git.objects.read(sha);
  if (object?.type !== 'blob') throw notFound();
  if (object.bytes.length > world.limits.rawBytes) {
    throw new ApiError(403, 'This API returns blobs up to 100 MB in size.');
  }
  if (mediaOf(request) === 'raw') {
    return {
      status: 200,
      raw: { type: 'application/vnd.github.raw; charset=utf-8', bytes: object.bytes },
    };
  }
  return ok({
    sha,
    node_id: nodeId('B', `${repository.id}:${sha}`),
    size: object.bytes.length,
    url: `${apiUrl(world, repository)}/git/blobs/${sha}`,
    content: wrapBase64(object.bytes),
    encoding: 'base64',
  });
}

/** GitHub breaks base64 into lines of sixty characters. */
export function wrapBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,60}/g, '$&\n');
}

const NewCommit = z.object({
  message: z.string(),
  tree: z.string(),
  parents: z.array(z.string()).default([]),
  author: Person.optional(),
  committer: Person.partial().optional(),
  signature: z.string().optional(),
});

/** A commit that an App makes without naming anybody is signed in GitHub's name. */
async function createCommit(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request, actor } = context;
  const { git } = repository;
  const wanted = bodyOf(request, NewCommit);
  if ((await git.objects.read(wanted.tree))?.type !== 'tree' && wanted.tree !== EMPTY_TREE) {
    throw new ApiError(422, 'Tree SHA does not exist');
  }
  for (const parent of wanted.parents) {
    if ((await readCommit(git, parent)) === undefined) {
      throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
    }
  }
  const now = world.now();
  const self = gitIdentityOf(requireAccount(actor));
  const isUnnamed = wanted.author === undefined && wanted.committer === undefined;
  const byGithub = actor.kind === 'installation' && isUnnamed && wanted.signature === undefined;
  const author = identityOf({ ...self, ...wanted.author }, now);
  const fields: CommitFields = {
    tree: wanted.tree,
    parents: wanted.parents,
    author,
    committer: byGithub
      ? toIdentity(WEB_FLOW, now)
      : wanted.committer === undefined
        ? author
        : identityOf({ ...self, ...wanted.author, ...wanted.committer }, now),
    message: wanted.message,
    signature: wanted.signature,
  };
  const id = await writeSignedCommit(git, fields, byGithub ? world.webFlow : undefined);
  const commit = await readCommit(git, id);
  return created(commit && (await renderGitCommit(world, repository, commit)));
}

async function getCommit(context: RepositoryContext): Promise<Answer> {
  const { world, repository } = context;
  const commit = await readCommit(repository.git, param(context, 'commit_sha'));
  if (commit === undefined) throw notFound();
  return ok(await renderGitCommit(world, repository, commit));
}

const NewTag = z.object({
  tag: z.string(),
  message: z.string(),
  object: z.string(),
  type: z.enum(['commit', 'tree', 'blob']),
  tagger: Person.optional(),
});

async function createTag(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request, actor } = context;
  const wanted = bodyOf(request, NewTag);
  const self = gitIdentityOf(requireAccount(actor));
  const tagger = identityOf({ ...self, ...wanted.tagger }, world.now());
  const { tag: name, object, type } = wanted;
  const message = `${wanted.message.trimEnd()}\n`;
  const id = repository.git.objects.write(
    'tag',
    serializeTag({ name, object, type, tagger, message }),
  );
  return created(await renderTag(context, id));
}

async function getTag(context: RepositoryContext): Promise<Answer> {
  return ok(await renderTag(context, param(context, 'tag_sha')));
}

async function renderTag({ world, repository }: RepositoryContext, id: string) {
  const object = await repository.git.objects.read(id);
  if (object?.type !== 'tag') throw notFound();
  const tag = parseTag(id, object.bytes);
  const api = apiUrl(world, repository);
  return {
    node_id: nodeId('T', `${repository.id}:${id}`),
    sha: id,
    url: `${api}/git/tags/${id}`,
    tag: tag.name,
    message: tag.message.trimEnd(),
    tagger: { name: tag.tagger.name, email: tag.tagger.email, date: identityDate(tag.tagger) },
    object: { sha: tag.object, type: tag.type, url: `${api}/git/${tag.type}s/${tag.object}` },
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}
