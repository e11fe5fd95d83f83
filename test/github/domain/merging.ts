import { ApiError } from '../http/answer.ts';
import { type CommitFields, toIdentity } from '../git/commit-object.ts';
import { mergeTrees, rebaseCommits } from '../git/merge.ts';
import { writeSignedCommit } from '../git/signing.ts';
import { readCommit, setRef } from '../git/store.ts';
import { WEB_FLOW, gitIdentityOf, verificationOf } from '../render/commits.ts';
import type { Account, MergeMethod, PullIssue } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emitPull } from './pull-changes.ts';
import { pullCommits } from './pull-facts.ts';
import { refChanged } from './pushes.ts';
import { obstaclesOf, requirementsOf } from './requirements.ts';

export interface MergeRequest {
  readonly method: MergeMethod;
  readonly title: string | undefined;
  readonly message: string | undefined;
  /** The head that the caller has seen. */
  readonly sha: string | undefined;
  readonly by: Account;
}

const NOT_ALLOWED: Record<MergeMethod, string> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/**
 * Merges a pull request and moves its base.
 *
 * @returns the new head of the base
 * @throws ApiError 405 when it cannot be merged, 409 when the head is not the one that was seen
 */
export async function mergePull(
  world: World,
  issue: PullIssue,
  request: MergeRequest,
): Promise<string> {
  const { repository, pull } = issue;
  if (issue.state === 'closed') throw new ApiError(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new ApiError(405, 'Pull Request is still a draft');
  const wanted = requirementsOf(repository, pull.baseRef);
  if (!wanted.methods.includes(request.method)) {
    throw new ApiError(405, NOT_ALLOWED[request.method]);
  }
  if (wanted.queue) throw new ApiError(405, 'Changes must be made through the merge queue');
  if (request.sha !== undefined && request.sha !== pull.headSha) {
    throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
  }
  const [obstacle] = obstaclesOf(issue);
  if (obstacle !== undefined) throw new ApiError(405, obstacle);
  if (wanted.signatures) await checkSignatures(world, issue, request.method);
  const ref = `refs/heads/${pull.baseRef}`;
  const before = repository.git.refs.get(ref);
  const after = before && (await mergedCommit(world, issue, request, before));
  if (after === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
  await landOnBase(world, issue, { before, after }, request.by);
  return after;
}

/**
 * Where a branch wants signatures, what comes onto it must have them: GitHub signs the commits that
 * it makes itself, and cannot sign what it only repeats.
 */
async function checkSignatures(world: World, issue: PullIssue, method: MergeMethod): Promise<void> {
  const { git } = issue.repository;
  if (method === 'squash') return;
  if (method === 'rebase') {
    const message =
      'Base branch requires signed commits. Rebase merges cannot be automatically signed by GitHub';
    throw new ApiError(405, message);
  }
  for (const id of await pullCommits(issue)) {
    const commit = await readCommit(git, id);
    if (commit !== undefined && (await verificationOf(world, issue.repository, commit)).verified) {
      continue;
    }
    throw new ApiError(405, 'Commits must have verified signatures.');
  }
}

/** Moves the base and tells everybody; the pull request is merged before anybody asks. */
export async function landOnBase(
  world: World,
  issue: PullIssue,
  { before, after }: { before: string | undefined; after: string },
  by: Account,
): Promise<void> {
  const { repository, pull } = issue;
  const ref = `refs/heads/${pull.baseRef}`;
  setRef(repository.git, ref, after);
  pull.mergedAt = timestamp(world);
  pull.mergedBy = by;
  pull.mergeSha = after;
  issue.state = 'closed';
  issue.closedAt = issue.updatedAt = pull.mergedAt;
  issue.closedBy = by;
  await refChanged(world, repository, { ref, before, after }, by);
  await emitPull(world, issue, 'closed', by);
  const own = `refs/heads/${pull.headRef}`;
  if (!repository.settings.deleteBranchOnMerge || pull.headRepository !== repository) return;
  setRef(repository.git, own, undefined);
  await refChanged(world, repository, { ref: own, before: pull.headSha, after: undefined }, by);
}

/**
 * What the merge makes on top of `onto`; undefined on a conflict. A merge commit and a squashed one
 * are GitHub's own and can be signed by it; rebased ones carry no signature, and name the merger as
 * their committer.
 */
export async function mergedCommit(
  world: World,
  issue: PullIssue,
  request: Pick<MergeRequest, 'method' | 'title' | 'message' | 'by'>,
  onto: string,
): Promise<string | undefined> {
  const { git } = issue.repository;
  const { headSha } = issue.pull;
  const now = world.now();
  if (request.method === 'rebase') {
    const commits = await pullCommits(issue);
    return rebaseCommits(git, onto, commits, toIdentity(gitIdentityOf(request.by), now));
  }
  const tree = await mergeTrees(git, onto, headSha);
  if (tree === undefined) return undefined;
  const isMerge = request.method === 'merge';
  const text = isMerge ? mergeText(issue) : await squashText(issue);
  const author = isMerge ? request.by : issue.user;
  const fields: CommitFields = {
    tree,
    parents: isMerge ? [onto, headSha] : [onto],
    author: toIdentity(gitIdentityOf(author), now),
    committer: toIdentity(WEB_FLOW, now),
    message: joinText(request.title ?? text.title, request.message ?? text.message),
  };
  return writeSignedCommit(git, fields, world.webFlow);
}

interface CommitText {
  readonly title: string;
  readonly message: string;
}

function joinText(title: string, message: string): string {
  return message === '' ? title : `${title}\n\n${message}`;
}

function mergeText({ repository, pull, title, number, body }: PullIssue): CommitText {
  const { mergeTitle, mergeMessage } = repository.settings;
  const messages = { PR_TITLE: title, PR_BODY: body ?? '', BLANK: '' };
  return {
    title:
      mergeTitle === 'PR_TITLE'
        ? `${title} (#${number})`
        : `Merge pull request #${number} from ${pull.headOwner.login}/${pull.headRef}`,
    message: messages[mergeMessage],
  };
}

async function squashText(issue: PullIssue): Promise<CommitText> {
  const { repository, number } = issue;
  const { squashTitle, squashMessage } = repository.settings;
  const commits = await Promise.all(
    (await pullCommits(issue)).map((id) => readCommit(repository.git, id)),
  );
  const messages = commits.flatMap((commit) =>
    commit === undefined ? [] : [commit.message.trim()],
  );
  const [only] = messages;
  const useCommit = squashTitle === 'COMMIT_OR_PR_TITLE' && messages.length === 1;
  const [firstLine = '', ...rest] = (only ?? '').split('\n');
  if (useCommit && squashMessage === 'COMMIT_MESSAGES') {
    return { title: `${firstLine} (#${number})`, message: rest.join('\n').trim() };
  }
  const listed = messages.map((message) => `* ${message}`).join('\n\n');
  const texts = { PR_BODY: issue.body ?? '', COMMIT_MESSAGES: listed, BLANK: '' };
  return {
    title: `${useCommit ? firstLine : issue.title} (#${number})`,
    message: texts[squashMessage],
  };
}
