import { z } from 'zod';

import { refChanged } from '../domain/pushes.ts';
import { type CommitFields, toIdentity } from '../git/commit-object.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit, resolveCommit, setRef } from '../git/store.ts';
import { MODES, type TreeEntry, editTree, entryType, findEntry, readTree } from '../git/trees.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, notFound, ok } from '../http/answer.ts';
import { requireAccount } from '../http/authentication.ts';
import { bodyOf, mediaOf } from '../http/input.ts';
import { type Route, param } from '../http/router.ts';
import { WEB_FLOW, gitIdentityOf, renderGitCommit } from '../render/commits.ts';
import { apiUrl, htmlUrl } from '../render/repositories.ts';
import { wrapBase64 } from './git-objects.ts';
import { Person, identityOf } from './git-identity.ts';

const READ = { app: ['contents:read'] } as const;
const WRITE = { app: ['contents:write'], role: 'write' } as const;

/** Files by path, read and written one at a time. */
export const contentsRoutes: readonly Route[] = [
  repositoryRoute('GET /readme', READ, getReadme),
  repositoryRoute('GET /contents/{path+}', READ, getContents),
  repositoryRoute('GET /contents', READ, getContents),
  repositoryRoute('PUT /contents/{path+}', WRITE, putContents),
  repositoryRoute('DELETE /contents/{path+}', WRITE, deleteContents),
];

/** The commit that `ref` names, by default the default branch's. */
async function commitOf({ repository, request }: RepositoryContext): Promise<string> {
  const ref = request.query.get('ref');
  const id = await resolveCommit(repository.git, ref ?? 'HEAD', repository.defaultBranch);
  if (id !== undefined) return id;
  throw ref === null ? notFound() : new ApiError(404, `No commit found for the ref ${ref}`);
}

async function getReadme(context: RepositoryContext): Promise<Answer> {
  const tree = await treeOf(context, await commitOf(context));
  const entries = await readTree(context.repository.git.objects, tree);
  const readme = entries.find(({ name }) => /^readme(\.\w+)?$/i.test(name));
  if (readme === undefined) throw notFound();
  return getContents({ ...context, params: { ...context.params, path: readme.name } });
}

async function treeOf({ repository }: RepositoryContext, commit: string): Promise<string> {
  return (await readCommit(repository.git, commit))?.tree ?? '';
}

async function getContents(context: RepositoryContext): Promise<Answer> {
  const { repository } = context;
  const path = param(context, 'path').replace(/^\/+|\/+$/g, '');
  const commit = await commitOf(context);
  const { objects } = repository.git;
  const entry = await findEntry(objects, await treeOf(context, commit), path);
  if (entry === undefined) throw notFound();
  if (entry.mode !== MODES.directory) return answerFile(context, path, entry);
  const entries = await Promise.all(
    (await readTree(objects, entry.id)).map((child) =>
      renderListed(context, path === '' ? child.name : `${path}/${child.name}`, child),
    ),
  );
  if (mediaOf(context.request) !== 'object') return ok(entries);
  const links = linksOf(context, path, entry);
  const name = path.split('/').at(-1);
  const object = { type: 'dir', size: 0, name, path, sha: entry.id, ...links, entries };
  const type = 'application/json; charset=utf-8';
  return { status: 200, raw: { type, bytes: Buffer.from(JSON.stringify(object)) } };
}

async function answerFile(
  context: RepositoryContext,
  path: string,
  entry: TreeEntry,
): Promise<Answer> {
  const { world, repository, request } = context;
  const links = linksOf(context, path, entry);
  const common = { name: entry.name, path, sha: entry.id, ...links };
  if (entry.mode === MODES.submodule) {
    return ok({ type: 'submodule', size: 0, ...common, submodule_git_url: null });
  }
  const bytes = (await repository.git.objects.read(entry.id))?.bytes ?? Buffer.alloc(0);
  const size = bytes.length;
  if (size > world.limits.rawBytes) {
    throw new ApiError(
      403,
      'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.',
      [{ resource: 'Blob', field: 'data', code: 'too_large' }],
    );
  }
  if (mediaOf(request) === 'raw') {
    const type = 'application/vnd.github.raw; charset=utf-8';
    return { status: 200, raw: { type, bytes } };
  }
  if (entry.mode === MODES.symlink) {
    return ok({ type: 'symlink', target: bytes.toString('utf8'), size, ...common });
  }
  // Beyond a megabyte only the raw form holds the text.
  const isLarge = size > world.limits.contentBytes;
  return ok({
    type: 'file',
    encoding: isLarge ? 'none' : 'base64',
    size,
    ...common,
    content: isLarge ? '' : wrapBase64(bytes),
  });
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function linksOf(
  { world, repository, request }: RepositoryContext,
  path: string,
  entry: TreeEntry,
) {
  const ref = request.query.get('ref') ?? repository.defaultBranch;
  const api = apiUrl(world, repository);
  const type = entryType(entry.mode);
  const kind = type === 'tree' ? 'trees' : 'blobs';
  const url = `${api}/contents/${encodePath(path)}?ref=${encodeURIComponent(ref)}`;
  const page = type === 'tree' ? 'tree' : 'blob';
  const html_url = `${htmlUrl(world, repository)}/${page}/${ref}/${encodePath(path)}`;
  const git_url = type === 'commit' ? null : `${api}/git/${kind}/${entry.id}`;
  const download_url =
    type === 'blob' ? `${htmlUrl(world, repository)}/raw/${ref}/${encodePath(path)}` : null;
  return {
    url,
    html_url,
    git_url,
    download_url,
    _links: { self: url, git: git_url, html: html_url },
  };
}

const LISTED: Record<string, string> = {
  [MODES.directory]: 'dir',
  [MODES.symlink]: 'symlink',
  // A list shows a submodule as a file: GitHub keeps an old mistake for the sake of old clients.
  [MODES.submodule]: 'file',
};

async function renderListed(context: RepositoryContext, path: string, entry: TreeEntry) {
  const isBlob = entryType(entry.mode) === 'blob';
  const object = isBlob ? await context.repository.git.objects.read(entry.id) : undefined;
  return {
    name: entry.name,
    path,
    sha: entry.id,
    size: object?.bytes.length ?? 0,
    ...linksOf(context, path, entry),
    type: LISTED[entry.mode] ?? 'file',
  };
}

const FileWrite = z.object({
  message: z.string(),
  content: z.string().optional(),
  sha: z.string().optional(),
  branch: z.string().optional(),
  author: Person.optional(),
  committer: Person.optional(),
});

interface Target {
  readonly path: string;
  readonly branch: string;
  readonly tip: string | undefined;
  readonly tree: string | undefined;
  readonly old: TreeEntry | undefined;
}

async function targetOf(context: RepositoryContext, branch: string): Promise<Target> {
  const { git } = context.repository;
  const path = param(context, 'path');
  if (/(^|\/)(\.\.?|\.git)(\/|$)|\/\/|^\/|\/$/.test(path)) {
    throw new ApiError(422, 'path contains a malformed path component');
  }
  const tip = git.refs.get(`refs/heads/${branch}`);
  if (tip === undefined && git.refs.size > 0) throw new ApiError(404, `Branch ${branch} not found`);
  const tree = tip === undefined ? undefined : (await readCommit(git, tip))?.tree;
  const old = tree === undefined ? undefined : await findEntry(git.objects, tree, path);
  return { path, branch, tip, tree, old };
}

async function putContents(context: RepositoryContext): Promise<Answer> {
  const { repository, request } = context;
  const wanted = bodyOf(request, FileWrite);
  const target = await targetOf(context, wanted.branch ?? repository.defaultBranch);
  checkSha(target, wanted.sha);
  const id = repository.git.objects.write('blob', Buffer.from(wanted.content ?? '', 'base64'));
  const mode = target.old?.mode ?? MODES.file;
  const commit = await commitChange(context, target, { mode, id }, wanted);
  const name = target.path.split('/').at(-1) ?? target.path;
  const content = await renderListed(context, target.path, { mode, name, id });
  return { status: target.old === undefined ? 201 : 200, body: { content, commit } };
}

/** What is replaced must be named, so that nobody overwrites what they have not seen. */
function checkSha({ path, old }: Target, sha: string | undefined): void {
  if (old === undefined || old.id === sha) return;
  throw sha === undefined
    ? new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`)
    : new ApiError(409, `${path} does not match ${sha}`);
}

async function deleteContents(context: RepositoryContext): Promise<Answer> {
  const wanted = bodyOf(context.request, FileWrite);
  const target = await targetOf(context, wanted.branch ?? context.repository.defaultBranch);
  if (target.old === undefined) throw notFound();
  checkSha(target, wanted.sha);
  return ok({ content: null, commit: await commitChange(context, target, null, wanted) });
}

/** A commit made over the web: GitHub commits it, and signs it unless somebody else is named. */
async function commitChange(
  { world, repository, actor }: RepositoryContext,
  { path, branch, tip, tree }: Target,
  change: { mode: string; id: string } | null,
  wanted: z.infer<typeof FileWrite>,
) {
  const { git } = repository;
  const account = requireAccount(actor);
  const now = world.now();
  const isNamed = wanted.author !== undefined || wanted.committer !== undefined;
  const self = { ...gitIdentityOf(account), ...wanted.committer };
  const fields: CommitFields = {
    tree: await editTree(git.objects, tree, new Map([[path, change]])),
    parents: tip === undefined ? [] : [tip],
    author: identityOf({ ...self, ...wanted.author }, now),
    committer: isNamed ? identityOf(self, now) : toIdentity(WEB_FLOW, now),
    message: wanted.message,
  };
  const after = await writeSignedCommit(git, fields, isNamed ? undefined : world.webFlow);
  const ref = `refs/heads/${branch}`;
  setRef(git, ref, after);
  await refChanged(world, repository, { ref, before: tip, after }, account);
  const commit = await readCommit(git, after);
  return commit && renderGitCommit(world, repository, commit);
}
