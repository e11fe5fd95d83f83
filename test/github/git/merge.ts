import { type CommitFields, type Identity, serializeCommit } from './commit-object.ts';
import { runGit } from './process.ts';
import { type GitStore, readCommit } from './store.ts';

/** The tree of a three-way merge of two commits; undefined when they conflict. */
export async function mergeTrees(
  store: GitStore,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const { code, stdout } = await runGit(
    store.directory,
    ['merge-tree', '--write-tree', '--no-messages', ours, theirs],
    { expected: [0, 1, 128] },
  );
  if (code !== 0) return undefined;
  return stdout.toString('latin1').slice(0, 40);
}

/**
 * The tree of one commit's change on top of another commit; undefined when they conflict.
 *
 * Git 2.39's `merge-tree` cannot be told a merge base, so three throw-away commits are made whose
 * merge base is the right one.
 */
async function pickTree(
  store: GitStore,
  onto: string,
  commit: string,
): Promise<string | undefined> {
  const picked = await readCommit(store, commit);
  const target = await readCommit(store, onto);
  const parent = picked?.parents[0];
  const before = parent === undefined ? undefined : await readCommit(store, parent);
  if (picked === undefined || target === undefined || before === undefined) return undefined;
  const scratch = (tree: string, parents: string[]) =>
    store.objects.write('commit', serializeCommit({ ...SCRATCH, tree, parents }));
  const base = scratch(before.tree, []);
  return mergeTrees(store, scratch(target.tree, [base]), scratch(picked.tree, [base]));
}

const NOBODY: Identity = { name: 'nobody', email: 'nobody', seconds: 0, offset: '+0000' };
const SCRATCH: CommitFields = {
  tree: '',
  parents: [],
  author: NOBODY,
  committer: NOBODY,
  message: '',
};

/**
 * Commits made again on top of another commit, merges left out, authors kept. They are always new
 * ones, as on GitHub: a commit that was made in this very second by the merger would come out as
 * itself, so the second moves on.
 *
 * @returns the new head; undefined on a conflict
 */
export async function rebaseCommits(
  store: GitStore,
  onto: string,
  commits: readonly string[],
  committer: Identity,
): Promise<string | undefined> {
  let head = onto;
  for (const id of commits) {
    const commit = await readCommit(store, id);
    if (commit === undefined) return undefined;
    if (commit.parents.length > 1) continue;
    const tree = await pickTree(store, head, id);
    if (tree === undefined) return undefined;
    const { author, message } = commit;
    const seconds = Math.max(committer.seconds, commit.committer.seconds + 1);
    const made = { ...committer, seconds };
    const fields: CommitFields = { tree, parents: [head], author, committer: made, message };
    head = store.objects.write('commit', serializeCommit(fields));
  }
  return head;
}
