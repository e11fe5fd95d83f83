import { z } from 'zod';

import { runGit } from '../git/process.ts';
import { readCommit, remember, resolveCommit } from '../git/store.ts';
import {
  EMPTY_TREE,
  MODES,
  type TreeChange,
  type TreeEntry,
  editTree,
  entryType,
  readTree,
} from '../git/trees.ts';
import { type RepositoryContext, repositoryRoute } from '../http/access.ts';
import { type Answer, ApiError, created, notFound, ok } from '../http/answer.ts';
import { bodyOf } from '../http/input.ts';
import { type Route, param } from '../http/router.ts';
import { apiUrl } from '../render/repositories.ts';
import type { Repository } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** Trees, one level or all of them. */
export const gitTreeRoutes: readonly Route[] = [
  repositoryRoute('POST /git/trees', { app: ['contents:write'], role: 'write' }, createTree),
  repositoryRoute('GET /git/trees/{tree_sha+}', { app: ['contents:read'] }, getTree),
];

const NewTree = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'),
      type: z.string().optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});

async function createTree(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const { git } = repository;
  const wanted = bodyOf(request, NewTree);
  const base =
    wanted.base_tree === undefined ? undefined : await treeOf(repository, wanted.base_tree);
  const changes = new Map<string, TreeChange>();
  for (const { path, mode, sha, content } of wanted.tree) {
    if (/^\/|\/\/|\/$|^$|(^|\/)\.\.?(\/|$)/.test(path)) {
      throw new ApiError(422, 'tree.path contains a malformed path component');
    }
    if (content !== undefined) {
      changes.set(path, { mode, id: git.objects.write('blob', Buffer.from(content)) });
    } else if (sha === null || sha === undefined) {
      changes.set(path, null);
    } else {
      if (mode !== MODES.submodule && (await git.objects.read(sha)) === undefined) {
        throw new ApiError(422, `tree.sha ${sha} is not a valid blob`);
      }
      changes.set(path, { mode, id: sha });
    }
  }
  const id = await editTree(git.objects, base, changes);
  const entries = await readTree(git.objects, id);
  return created({
    sha: id,
    url: `${apiUrl(world, repository)}/git/trees/${id}`,
    tree: (await withSizes(repository, entries.map(withPath))).map((entry) =>
      renderEntry(world, repository, entry),
    ),
    truncated: false,
  });
}

/** A tree by its own id, a commit's id or a ref. */
async function treeOf(repository: Repository, revision: string): Promise<string> {
  if (revision === EMPTY_TREE) return revision;
  const object = await repository.git.objects.read(revision);
  if (object?.type === 'tree') return revision;
  const commit = await resolveCommit(repository.git, revision, repository.defaultBranch);
  const found = commit === undefined ? undefined : await readCommit(repository.git, commit);
  if (found === undefined) throw notFound();
  return found.tree;
}

interface ListedEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  readonly size?: number | undefined;
}

function withPath({ mode, name, id }: TreeEntry): ListedEntry {
  return { path: name, mode, id };
}

function renderEntry(world: World, repository: Repository, entry: ListedEntry) {
  const type = entryType(entry.mode);
  const kind = type === 'tree' ? 'trees' : 'blobs';
  return {
    path: entry.path,
    mode: entry.mode,
    type,
    sha: entry.id,
    ...(entry.size === undefined ? {} : { size: entry.size }),
    ...(type === 'commit' ? {} : { url: `${apiUrl(world, repository)}/git/${kind}/${entry.id}` }),
  };
}

async function getTree(context: RepositoryContext): Promise<Answer> {
  const { world, repository, request } = context;
  const id = await treeOf(repository, param(context, 'tree_sha'));
  const isRecursive = request.query.has('recursive');
  const entries = isRecursive
    ? await listRecursively(repository, id)
    : await withSizes(repository, (await readTree(repository.git.objects, id)).map(withPath));
  const { treeEntries, treeBytes } = world.limits;
  const shown = [];
  let bytes = 0;
  for (const entry of entries.slice(0, isRecursive ? treeEntries : Infinity)) {
    const rendered = renderEntry(world, repository, entry);
    bytes += JSON.stringify(rendered).length;
    if (isRecursive && bytes > treeBytes) break;
    shown.push(rendered);
  }
  return ok({
    sha: id,
    url: `${apiUrl(world, repository)}/git/trees/${id}`,
    tree: shown,
    truncated: shown.length < entries.length,
  });
}

/** Every entry below a tree with its size. */
function listRecursively(repository: Repository, tree: string): Promise<ListedEntry[]> {
  const { git } = repository;
  return remember(git, `tree ${tree}`, async () => {
    if (tree === EMPTY_TREE) return [];
    const { stdout } = await runGit(git.directory, ['ls-tree', '-r', '-t', '-z', tree]);
    const lines = stdout.toString('utf8').split('\0').slice(0, -1);
    const entries = lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
      return { path: line.slice(tab + 1), mode, id };
    });
    return withSizes(repository, entries);
  });
}

/** Git opens a file for each size that it tells, however often it is the same: asked once each. */
async function withSizes(
  { git }: Repository,
  entries: readonly ListedEntry[],
): Promise<ListedEntry[]> {
  const blobs = entries.filter(({ mode }) => entryType(mode) === 'blob').map(({ id }) => id);
  const ids = [...new Set(blobs)];
  const input = ids.map((id) => `${id}\n`).join('');
  const sizes =
    ids.length <= FEW
      ? await Promise.all(ids.map(async (id) => (await git.objects.read(id))?.bytes.length))
      : (await runGit(git.directory, ['cat-file', '--batch-check=%(objectsize)'], { input })).stdout
          .toString('latin1')
          .split('\n')
          .map(Number);
  const byId = new Map(ids.map((id, index) => [id, sizes[index]]));
  return entries.map((entry) => ({ ...entry, size: byId.get(entry.id) }));
}

/** Contents that are read as fast as a process starts. */
const FEW = 500;
