import { gitText, runGit } from './process.ts';
import { type GitStore, readCommit } from './store.ts';

/** Most branches are shorter, and are walked without a process. */
const WALKED_COMMITS = 64;

/** Commits from one back through its only parents; a merge, the root or the limit ends the walk. */
async function walkBack(store: GitStore, from: string): Promise<string[]> {
  const walked: string[] = [];
  let id: string | undefined = from;
  while (id !== undefined && walked.length < WALKED_COMMITS) {
    walked.push(id);
    const parents: readonly string[] = (await readCommit(store, id))?.parents ?? [];
    id = parents.length === 1 ? parents[0] : undefined;
  }
  return walked;
}

/** A commit and all before it, newest first. */
export async function commitsFrom(store: GitStore, from: string): Promise<string[]> {
  const walked = await walkBack(store, from);
  const last = await readCommit(store, walked.at(-1) ?? from);
  if (last?.parents.length === 0) return walked;
  return (await gitText(store.directory, ['rev-list', from])).split('\n');
}

/**
 * Where two histories meet, and what the second has beyond that, oldest first; undefined when that
 * cannot be told by walking, as when one of them holds a merge on the way.
 */
async function walkToMeeting(
  store: GitStore,
  a: string,
  b: string,
): Promise<{ meeting: string; beyond: string[] } | undefined> {
  const known = new Set(await walkBack(store, a));
  const walked = await walkBack(store, b);
  const length = walked.findIndex((id) => known.has(id));
  const meeting = walked[length];
  if (meeting === undefined) return undefined;
  return { meeting, beyond: walked.slice(0, length).reverse() };
}

/** The best common ancestor; undefined for histories without one. */
export async function mergeBase(
  store: GitStore,
  a: string,
  b: string,
): Promise<string | undefined> {
  const walked = await walkToMeeting(store, a, b);
  if (walked !== undefined) return walked.meeting;
  const { stdout } = await runGit(store.directory, ['merge-base', a, b], { expected: [0, 1] });
  return stdout.toString('latin1').trim() || undefined;
}

/** Commits reachable from `head` and not from `base`, oldest first. */
export async function commitsBetween(
  store: GitStore,
  base: string,
  head: string,
): Promise<string[]> {
  const walked = await walkToMeeting(store, base, head);
  if (walked !== undefined) return walked.beyond;
  const text = await gitText(store.directory, [
    ...['rev-list', '--reverse', '--topo-order', head, `^${base}`],
  ]);
  return text === '' ? [] : text.split('\n');
}

/** Whether everything in `ancestor` is in `descendant`. */
export async function isAncestor(
  store: GitStore,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const walked = await walkToMeeting(store, ancestor, descendant);
  if (walked !== undefined) return walked.meeting === ancestor;
  const args = ['merge-base', '--is-ancestor', ancestor, descendant];
  const { code } = await runGit(store.directory, args, { expected: [0, 1] });
  return code === 0;
}
