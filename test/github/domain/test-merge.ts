import { toIdentity } from '../git/commit-object.ts';
import { isAncestor } from '../git/history.ts';
import { mergeTrees } from '../git/merge.ts';
import { setRef, writeCommit } from '../git/store.ts';
import { WEB_FLOW, gitIdentityOf } from '../render/commits.ts';
import type { PullIssue, TestMerge } from '../state/model.ts';
import { type World, runInBackground } from '../state/world.ts';

export function noTestMerge(): TestMerge {
  return { mergeable: null, sha: null, of: undefined, isBehind: false, running: undefined };
}

function tipOf({ repository, pull }: PullIssue): string | undefined {
  return repository.git.refs.get(`refs/heads/${pull.baseRef}`);
}

/**
 * Sees to it that the test merge is of the present base tip and head. GitHub works it out when a
 * pull request is opened, pushed to or looked at, never because its base moved. Until it is done
 * `mergeable` is null and `merge_commit_sha` still the old one.
 */
export function refreshTestMerge(world: World, issue: PullIssue): void {
  const { test, headSha } = issue.pull;
  const base = tipOf(issue);
  if (issue.state === 'closed' || base === undefined) return;
  if (test.of?.base === base && test.of.head === headSha) return;
  test.mergeable = null;
  if (test.running !== undefined) return;
  test.running = computeTestMerge(world, issue).finally(() => {
    test.running = undefined;
    // The head or the base moved in the meantime: the answer found is no longer one.
    if (test.mergeable === null) refreshTestMerge(world, issue);
  });
  runInBackground(world, test.running);
}

async function computeTestMerge(world: World, issue: PullIssue): Promise<void> {
  const { repository, pull } = issue;
  await world.faults.testMergesMayEnd();
  const base = tipOf(issue);
  const head = pull.headSha;
  if (base === undefined) return;
  const tree = await mergeTrees(repository.git, base, head);
  const isBehind = !(await isAncestor(repository.git, base, head));
  if (tipOf(issue) !== base || pull.headSha !== head || issue.state === 'closed') return;
  pull.test.of = { base, head };
  pull.test.isBehind = isBehind;
  pull.test.mergeable = tree !== undefined;
  if (tree === undefined) return;
  const now = world.now();
  pull.test.sha = writeCommit(repository.git, {
    tree,
    parents: [base, head],
    author: toIdentity(gitIdentityOf(issue.user), now),
    committer: toIdentity(WEB_FLOW, now),
    message: `Merge ${head} into ${base}`,
  });
  setRef(repository.git, `refs/pull/${issue.number}/merge`, pull.test.sha);
}
