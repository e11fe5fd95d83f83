import { borrowObjects, type GitObjects, listTree, readBlobs } from './git-objects.ts';
import { GitError, placeName, runGit } from './git-process.ts';
import type { Listing, Snapshot } from './snapshot.ts';

/** A repository on this machine. */
export interface GitSnapshot extends Snapshot {
  /** @throws GitError with what to do when the revision does not exist */
  resolve(revision: string): Promise<string>;
  /** The branch that others are merged into, as far as the clone knows; `HEAD` when it does not. */
  defaultBase(): Promise<string>;
  /** The best common ancestor; undefined when there is none. */
  mergeBase(a: string, b: string): Promise<string | undefined>;
  /** The tree that a merge makes, in memory; undefined when it conflicts. */
  mergeTree(base: string, head: string): Promise<string | undefined>;
  /** Contents that a file had at a commit and before it along first parents, newest first. */
  versionsOf(commit: string, path: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Opens a local repository for reading.
 *
 * @param repository its directory, or any directory inside
 * @throws GitError when there is none
 */
export async function openRepository(repository: string): Promise<GitSnapshot> {
  const objects = await borrowObjects(repository);
  return {
    list: (commit) => list(objects, commit),
    load: (ids) => readBlobs(objects, ids),
    resolve: (revision) => resolveRevision(repository, revision),
    defaultBase: () => defaultBase(repository),
    mergeBase: (a, b) => mergeBase(objects, a, b),
    mergeTree: (base, head) => mergeTree(objects, base, head),
    versionsOf: (commit, path) => versionsOf(objects, commit, path),
    close: () => objects.close(),
  };
}

async function list(objects: GitObjects, commit: string): Promise<Listing> {
  return { commit, tree: commit, entries: await listTree(objects, commit) };
}

async function resolveRevision(directory: string, revision: string): Promise<string> {
  const { output, exitCode } = await runGit({
    directory,
    arguments: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    accept: [1, 128],
  });
  if (exitCode === 0) return output.toString().trim();
  throw new GitError(
    'failed',
    `There is no commit ${JSON.stringify(revision)} in ${placeName(directory)}. Fetch it first, or give another revision.`,
  );
}

/** Where a clone looks for the branch that pull requests go to, best first. */
const BASES = ['refs/remotes/upstream/HEAD', 'refs/remotes/origin/HEAD'];
const BRANCHES = ['main', 'master'];

async function defaultBase(directory: string): Promise<string> {
  const candidates = [
    ...BASES,
    ...BRANCHES.flatMap((branch) => [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]),
  ];
  const { output } = await runGit({
    directory,
    arguments: ['for-each-ref', '--format=%(refname)', ...candidates],
  });
  const present = new Set(output.toString().split('\n'));
  return candidates.find((candidate) => present.has(candidate)) ?? 'HEAD';
}

async function mergeBase(objects: GitObjects, a: string, b: string): Promise<string | undefined> {
  const { output, exitCode } = await runGit({
    directory: objects.directory,
    arguments: ['merge-base', '--end-of-options', a, b],
    accept: [1],
  });
  return exitCode === 0 ? output.toString().trim() : undefined;
}

async function mergeTree(
  objects: GitObjects,
  base: string,
  head: string,
): Promise<string | undefined> {
  const { output, exitCode } = await runGit({
    directory: objects.directory,
    arguments: ['merge-tree', '--write-tree', '--no-messages', '--end-of-options', base, head],
    accept: [1],
  });
  return exitCode === 0 ? output.toString().trim() : undefined;
}

/** Nobody looks further back for how a file once was. */
const MAX_VERSIONS = 50;

/** Along first parents, where what was merged stands: branches may hold what nobody agreed to. */
async function versionsOf(objects: GitObjects, commit: string, path: string): Promise<string[]> {
  const raw = await objects.run(
    'log',
    '--first-parent',
    '--diff-merges=first-parent',
    '--no-renames',
    '--raw',
    '--no-abbrev',
    '--format=',
    `--max-count=${MAX_VERSIONS}`,
    '--end-of-options',
    commit,
    '--',
    path,
  );
  const ids = [...raw.matchAll(/^:\d{6} 100\d{3} [0-9a-f]+ ([0-9a-f]+) /gm)].map(
    ([, id = '']) => id,
  );
  const blobs = await readBlobs(objects, ids);
  return ids.flatMap((id) => {
    const bytes = blobs.get(id);
    return bytes === undefined ? [] : new TextDecoder().decode(bytes);
  });
}
