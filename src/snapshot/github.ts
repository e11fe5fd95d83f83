import type { Octokit } from '@octokit/rest';

import type { TreeEntry } from '../model/file-tree.ts';
import { readArchive } from './archive.ts';
import type { BlobCache } from './blob-cache.ts';
import type { ListingCache } from './listing-cache.ts';
import type { Listing, Snapshot } from './snapshot.ts';
import { MAX_FILE_BYTES } from './tree.ts';

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** From this many contents on, the whole archive is one request and cheaper. */
const ARCHIVE_FROM = 60;
/** From this many on where the whole archive is small: bytes, unpacked. */
const SMALL_ARCHIVE_FROM = 16;
const SMALL_ARCHIVE = 8 * 1024 * 1024;
/** What an archive holds for each file beside its content: a header, and blanks up to a block. */
const ARCHIVED_BYTES = 768;
const PARALLEL = 8;

/** A repository on GitHub. */
export function githubSnapshot(
  octokit: Pick<Octokit, 'request'>,
  name: RepositoryName,
  cache: BlobCache,
  listings?: ListingCache,
): Snapshot {
  const trees: Trees = new Map();
  const listed = new Map<string, Promise<Listing>>();

  /** The sides of one change are often asked for at once, and hold the same. */
  function listOnce(tree: string): Promise<Listing> {
    const known = listed.get(tree) ?? list(octokit, name, tree, trees);
    listed.set(tree, known);
    known.catch(() => undefined).finally(() => listed.delete(tree));
    return known;
  }

  return {
    async list(commit, tree = commit) {
      const known = listings?.get(commit, tree);
      if (known) return known;
      const listing = { ...(await listOnce(tree)), commit };
      listings?.set(listing);
      return listing;
    },
    async load(ids, at) {
      const blobs = new Map<string, Uint8Array>();
      for (const id of ids) {
        const bytes = cache.get(id);
        if (bytes !== undefined) blobs.set(id, bytes);
      }
      const missing = ids.filter((id) => !blobs.has(id));
      for (const [id, bytes] of await fetchBlobs(octokit, name, missing, at)) {
        cache.set(id, bytes);
        blobs.set(id, bytes);
      }
      return blobs;
    },
  };
}

/** Trees that are walked when GitHub cuts the recursive listing; a bound on requests. */
const MAX_WALKED = 300;

/**
 * Directories by id, while one snapshot is in use: the sides of a change have nearly all of them
 * in common.
 */
type Trees = Map<string, Promise<TreePart>>;

async function list(
  octokit: Pick<Octokit, 'request'>,
  name: RepositoryName,
  tree: string,
  trees: Trees,
): Promise<Listing> {
  const whole = await getTree(octokit, name, tree, true);
  if (!whole.truncated) {
    return { commit: tree, tree, entries: toEntries(whole.items, '') };
  }
  const { entries, isComplete } = await walk(octokit, name, tree, trees);
  return {
    commit: tree,
    tree,
    entries,
    ...(!isComplete && {
      incomplete: `GitHub does not list all of the repository: only ${entries.length} files were seen.`,
    }),
  };
}

/** Lists directory by directory, each recursively where GitHub lists it whole. */
async function walk(
  octokit: Pick<Octokit, 'request'>,
  name: RepositoryName,
  tree: string,
  trees: Trees,
): Promise<{ entries: TreeEntry[]; isComplete: boolean }> {
  const entries: TreeEntry[] = [];
  const root = await getTree(octokit, name, tree, false);
  let isComplete = !root.truncated;
  for (const entry of toEntries(root.items, '')) entries.push(entry);
  const open = directoriesIn(root, '');
  for (let walked = 0; open.length > 0 && walked < MAX_WALKED;) {
    const some = open.splice(0, Math.min(PARALLEL, MAX_WALKED - walked));
    walked += some.length;
    const parts = await Promise.all(some.map(({ id }) => listDirectory(octokit, name, id, trees)));
    parts.forEach((part, index) => {
      const path = some[index]?.path ?? '';
      for (const entry of toEntries(part.items, path)) entries.push(entry);
      if (part.isRecursive) return;
      if (part.truncated) isComplete = false;
      open.push(...directoriesIn(part, path));
    });
  }
  return { entries, isComplete: isComplete && open.length === 0 };
}

function directoriesIn({ items }: TreePart, prefix: string): { id: string; path: string }[] {
  return items
    .filter(({ type }) => type === 'tree')
    .map(({ sha, path }) => ({ id: sha, path: `${prefix}${path}/` }));
}

/** All that is below a directory where GitHub lists it whole, else what is in it. */
function listDirectory(
  octokit: Pick<Octokit, 'request'>,
  name: RepositoryName,
  id: string,
  trees: Trees,
): Promise<TreePart> {
  const known = trees.get(id);
  if (known) return known;
  const asked = getTree(octokit, name, id, true).then((part) =>
    part.truncated ? getTree(octokit, name, id, false) : part,
  );
  trees.set(id, asked);
  asked.catch(() => trees.delete(id));
  return asked;
}

/** What one answer of GitHub lists. */
interface TreePart {
  readonly items: readonly TreeItem[];
  readonly isRecursive: boolean;
  /** Some of it is missing. */
  readonly truncated: boolean;
}

interface TreeItem {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size?: number;
}

async function getTree(
  octokit: Pick<Octokit, 'request'>,
  { owner, repo }: RepositoryName,
  id: string,
  isRecursive: boolean,
): Promise<TreePart> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
    owner,
    repo,
    tree_sha: id,
    ...(isRecursive && { recursive: '1' }),
    // The library looks for large integers: 100,000 entries would hold up the process for seconds.
    request: { parseSuccessResponseBody: false },
  });
  const text = await new Response(data as unknown as ReadableStream<Uint8Array>).text();
  const { tree, truncated } = JSON.parse(text) as typeof data;
  return { items: tree, isRecursive, truncated };
}

function toEntries(items: readonly TreeItem[], prefix: string): TreeEntry[] {
  return items.flatMap(({ path, mode, type, sha, size }): TreeEntry[] => {
    if (type === 'tree') return [];
    const kind = type === 'commit' ? 'submodule' : mode === '120000' ? 'symlink' : 'file';
    return [{ path: prefix + path, id: sha, kind, ...(size !== undefined && { size }) }];
  });
}

async function fetchBlobs(
  octokit: Pick<Octokit, 'request'>,
  name: RepositoryName,
  ids: readonly string[],
  at: Listing,
): Promise<Map<string, Uint8Array>> {
  const sizes = new Map(at.entries.map(({ id, size = 0 }) => [id, size]));
  const wanted = new Set(ids.filter((id) => (sizes.get(id) ?? 0) <= MAX_FILE_BYTES));
  const total = at.entries.reduce((sum, { size = 0 }) => sum + size + ARCHIVED_BYTES, 0);
  const blobs =
    wanted.size >= (total <= SMALL_ARCHIVE ? SMALL_ARCHIVE_FROM : ARCHIVE_FROM)
      ? await fetchArchive(octokit, name, at.commit, wanted)
      : new Map<string, Uint8Array>();
  // What the archive leaves out (export-ignore, text conversion) is asked for one by one.
  const rest = [...wanted].filter((id) => !blobs.has(id));
  for (let at = 0; at < rest.length; at += PARALLEL) {
    const some = rest.slice(at, at + PARALLEL);
    const arrived = await Promise.all(some.map((id) => fetchBlob(octokit, name, id)));
    some.forEach((id, index) => blobs.set(id, arrived[index] ?? new Uint8Array()));
  }
  return blobs;
}

async function fetchBlob(
  octokit: Pick<Octokit, 'request'>,
  { owner, repo }: RepositoryName,
  id: string,
): Promise<Uint8Array> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    owner,
    repo,
    file_sha: id,
  });
  return Buffer.from(data.content, data.encoding === 'base64' ? 'base64' : 'utf8');
}

async function fetchArchive(
  octokit: Pick<Octokit, 'request'>,
  { owner, repo }: RepositoryName,
  ref: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Uint8Array>> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/tarball/{ref}', {
    owner,
    repo,
    ref,
    request: { parseSuccessResponseBody: false },
  });
  return readArchive(data as ReadableStream<Uint8Array>, wanted);
}
