import { type Commit, identityDate } from '../git/commit-object.ts';
import { isAncestor } from '../git/history.ts';
import { runGit } from '../git/process.ts';
import { type RefChange, readCommit } from '../git/store.ts';
import { accountOfEmail, gitIdentityOf } from '../render/commits.ts';
import { htmlUrl } from '../render/repositories.ts';
import type { Account, Repository } from '../state/model.ts';
import { type World, timestamp } from '../state/world.ts';
import { emit } from '../webhooks/emit.ts';
import { requestSuites } from './checks.ts';
import { regroupOnto } from './merge-queue.ts';
import { followBase, followHead } from './pull-changes.ts';

const ZERO = '0'.repeat(40);

/** GitHub lists no more commits in a push. */
const LISTED_COMMITS = 2_048;

/**
 * Everything that follows when a ref has moved: the webhooks, the check suites, and the pull
 * requests that come from the branch or go into it.
 */
export async function refChanged(
  world: World,
  repository: Repository,
  change: RefChange,
  pusher: Account,
): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(change.ref)?.[1];
  const tag = /^refs\/tags\/(.+)$/.exec(change.ref)?.[1];
  const name = branch ?? tag;
  if (name === undefined) return;
  repository.pushedAt = timestamp(world);
  await emitPush(world, repository, change, pusher);
  emitCreateOrDelete(world, repository, change, { name, isBranch: branch !== undefined }, pusher);
  if (branch === undefined) return;
  if (change.after !== undefined) {
    const head = { sha: change.after, branch, before: change.before ?? ZERO };
    await requestSuites(world, repository, head, pusher);
  }
  await followHead(world, repository, branch, change, pusher);
  await followBase(world, repository, branch, change.after, pusher);
  if (change.after !== undefined) await regroupOnto(world, repository, branch, change.after);
}

function emitCreateOrDelete(
  world: World,
  repository: Repository,
  { before, after }: RefChange,
  { name, isBranch }: { name: string; isBranch: boolean },
  sender: Account,
): void {
  if (before !== undefined && after !== undefined) return;
  const common = { ref: name, ref_type: isBranch ? 'branch' : 'tag', pusher_type: 'user' };
  if (after === undefined) {
    emit(world, repository, { name: 'delete', payload: common, sender });
    return;
  }
  const payload = { ...common, master_branch: repository.defaultBranch, description: null };
  emit(world, repository, { name: 'create', payload, sender });
}

async function emitPush(
  world: World,
  repository: Repository,
  { ref, before, after }: RefChange,
  pusher: Account,
): Promise<void> {
  const { git } = repository;
  const isForced =
    before !== undefined && after !== undefined && !(await isAncestor(git, before, after));
  const commits = await pushedCommits(world, repository, before, after);
  const head = after === undefined ? undefined : await readCommit(git, after);
  const last = commits.at(-1);
  const range = `${(before ?? ZERO).slice(0, 12)}...${(after ?? ZERO).slice(0, 12)}`;
  emit(world, repository, {
    name: 'push',
    payload: {
      ref,
      before: before ?? ZERO,
      after: after ?? ZERO,
      created: before === undefined,
      deleted: after === undefined,
      forced: isForced,
      base_ref: null,
      compare: `${htmlUrl(world, repository)}/compare/${range}`,
      commits,
      head_commit:
        last ?? (head === undefined ? null : renderPushedCommit(world, repository, head, [])),
      pusher: gitIdentityOf(pusher),
    },
    sender: pusher,
  });
}

async function pushedCommits(
  world: World,
  repository: Repository,
  before: string | undefined,
  after: string | undefined,
) {
  if (after === undefined) return [];
  const { git } = repository;
  const known = before === undefined ? otherBranches(repository, after) : [before];
  const { stdout } = await runGit(
    git.directory,
    ['rev-list', '--reverse', `--max-count=${LISTED_COMMITS}`, '--stdin'],
    { input: [after, ...known.map((id) => `^${id}`)].join('\n') },
  );
  const ids = stdout
    .toString('latin1')
    .split('\n')
    .filter((id) => id !== '');
  const files = await filesOfCommits(git.directory, ids);
  const commits = await Promise.all(ids.map((id) => readCommit(git, id)));
  return commits
    .filter((commit) => commit !== undefined)
    .map((commit) => renderPushedCommit(world, repository, commit, files.get(commit.id) ?? []));
}

function otherBranches({ git }: Repository, after: string): string[] {
  const heads = [...git.refs].filter(([ref, id]) => ref.startsWith('refs/heads/') && id !== after);
  return heads.map(([, id]) => id);
}

type FileStatus = readonly [status: string, path: string];

/** Which files each commit touched, from one process. Merges show none. */
async function filesOfCommits(
  directory: string,
  ids: readonly string[],
): Promise<Map<string, FileStatus[]>> {
  const { stdout } = await runGit(
    directory,
    ['diff-tree', '--stdin', '-r', '--root', '--no-renames', '--name-status', '-z'],
    { input: ids.map((id) => `${id}\n`).join('') },
  );
  const tokens = stdout.toString('utf8').split('\0');
  const files = new Map<string, FileStatus[]>();
  let current: FileStatus[] = [];
  for (let at = 0; at < tokens.length - 1; at += 1) {
    const token = tokens[at] ?? '';
    if (token.length === 40) {
      current = [];
      files.set(token, current);
    } else {
      current.push([token, tokens[(at += 1)] ?? '']);
    }
  }
  return files;
}

function renderPushedCommit(
  world: World,
  repository: Repository,
  commit: Commit,
  files: readonly FileStatus[],
) {
  const named = (identity: Commit['author']) => {
    const account = accountOfEmail(world, identity.email);
    return {
      name: identity.name,
      email: identity.email,
      ...(account === undefined ? {} : { username: account.login }),
    };
  };
  const of = (...wanted: string[]) =>
    files.filter(([status]) => wanted.includes(status)).map(([, path]) => path);
  return {
    id: commit.id,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message.replace(/\n$/, ''),
    timestamp: identityDate(commit.committer),
    url: `${htmlUrl(world, repository)}/commit/${commit.id}`,
    author: named(commit.author),
    committer: named(commit.committer),
    added: of('A'),
    removed: of('D'),
    modified: of('M', 'T'),
  };
}
