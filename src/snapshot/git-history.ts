import { type GitObjects, readObjects } from './git-objects.ts';
import { GitError, placeName, runGit } from './git-process.ts';

/** What a revision names: a commit, and the tag on the way to it where there is one. */
export interface ResolvedRevision {
  /** Id of the commit. */
  readonly commit: string;
  /** The raw annotated tag that the revision names itself. */
  readonly annotatedTag?: Uint8Array;
  /** The revision is the name of a tag without an object. */
  readonly isLightweightTag?: boolean;
}

/**
 * What a revision of a local repository names.
 *
 * @throws GitError with what to do when there is none
 */
export async function resolveSigned(
  repository: string,
  objects: GitObjects,
  revision: string,
): Promise<ResolvedRevision> {
  const named = await parseRevision(repository, revision);
  const commit = named && (await parseRevision(repository, `${named}^{commit}`));
  if (named === undefined || commit === undefined) throw toMissing(repository, revision);
  const object = (await readObjects(objects, [named])).get(named);
  if (object?.type === 'tag') return { commit, annotatedTag: object.bytes };
  const short = revision.replace(/^refs\/tags\//, '');
  const tagged = await parseRevision(repository, `refs/tags/${short}`);
  return { commit, ...(tagged === named && { isLightweightTag: true }) };
}

/** Ids of the commits that `to` has and `from` has not, newest first. */
export async function listBetween(
  objects: GitObjects,
  { from, to, maximum }: { readonly from: string; readonly to: string; readonly maximum: number },
): Promise<string[]> {
  return revList(objects, ['--topo-order', `--max-count=${maximum}`], [to, `^${from}`]);
}

/** Ids of the newest commits along first parents, newest first: heads that a branch once had. */
export async function listHeads(
  objects: GitObjects,
  { from, maximum }: { readonly from: string; readonly maximum: number },
): Promise<string[]> {
  return revList(objects, ['--first-parent', `--max-count=${maximum}`], [from]);
}

async function revList(
  objects: GitObjects,
  options: readonly string[],
  revisions: readonly string[],
): Promise<string[]> {
  const listing = await objects.run('rev-list', ...options, '--end-of-options', ...revisions);
  return listing.split('\n').filter((line) => line !== '');
}

async function parseRevision(directory: string, revision: string): Promise<string | undefined> {
  const { output, exitCode } = await runGit({
    directory,
    arguments: ['rev-parse', '--verify', '--quiet', '--end-of-options', revision],
    accept: [1, 128],
  });
  return exitCode === 0 ? output.toString().trim() : undefined;
}

function toMissing(directory: string, revision: string): GitError {
  return new GitError(
    'failed',
    `There is no commit or tag ${JSON.stringify(revision)} in ${placeName(directory)}. Fetch it first, or give another revision.`,
  );
}
