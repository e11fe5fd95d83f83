import { type Commit, type Identity, identityDate } from '../git/commit-object.ts';
import type { FileChange } from '../git/diff.ts';
import { isSignedBy } from '../git/signing.ts';
import { remember } from '../git/store.ts';
import type { Account, Repository } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import { renderAccount } from './accounts.ts';
import { apiUrl, htmlUrl } from './repositories.ts';

/** The web interface's own account and address. */
export const WEB_FLOW = { login: 'web-flow', name: 'GitHub', email: 'noreply@github.com' } as const;

/** The address under which GitHub commits for a user who keeps their own private. */
export function noreplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

/** Name and address with which an account appears in commits made for it. */
export function gitIdentityOf(account: Account): { name: string; email: string } {
  return { name: account.name ?? account.login, email: account.email ?? noreplyAddress(account) };
}

/** The account that an address in a commit belongs to. Anybody can write any address. */
export function accountOfEmail(world: World, email: string): Account | undefined {
  for (const account of world.accounts.values()) {
    if (account.email === email || noreplyAddress(account) === email) return account;
  }
  return undefined;
}

export interface Verification {
  readonly verified: boolean;
  readonly reason: string;
  readonly signature: string | null;
  readonly payload: string | null;
  readonly verified_at: string | null;
}

/** GitHub's opinion of a signature: by the committer's keys, or its own. */
export function verificationOf(
  world: World,
  repository: Repository,
  commit: Commit,
): Promise<Verification> {
  const { signature, payload } = commit;
  if (signature === undefined) return Promise.resolve(UNSIGNED);
  const signer = accountOfEmail(world, commit.committer.email);
  const keys = [...(signer?.signingKeys ?? [])];
  if (signer?.login === WEB_FLOW.login && world.webFlow !== undefined) {
    keys.push(world.webFlow.publicKey);
  }
  return remember(repository.git, `verification ${commit.id} ${keys.length}`, async () => {
    const isPgp = signature.startsWith('-----BEGIN PGP');
    const verified = isPgp && keys.length > 0 && (await isSignedBy(payload, signature, keys));
    const known = keys.length > 0 ? 'invalid' : signer === undefined ? 'no_user' : 'unknown_key';
    const reason = verified ? 'valid' : known;
    const verified_at = verified ? identityDate(commit.committer) : null;
    return { verified, reason, signature, payload, verified_at };
  });
}

const UNSIGNED: Verification = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

function renderIdentity(identity: Identity) {
  return { name: identity.name, email: identity.email, date: identityDate(identity) };
}

/** A git commit object (`/git/commits`). */
export async function renderGitCommit(world: World, repository: Repository, commit: Commit) {
  const api = apiUrl(world, repository);
  const html = htmlUrl(world, repository);
  return {
    sha: commit.id,
    node_id: nodeId('C', `${repository.id}:${commit.id}`),
    url: `${api}/git/commits/${commit.id}`,
    html_url: `${html}/commit/${commit.id}`,
    author: renderIdentity(commit.author),
    committer: renderIdentity(commit.committer),
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message.replace(/\n$/, ''),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
    verification: await verificationOf(world, repository, commit),
  };
}

/** A commit of a repository (`/commits`), with the accounts behind its addresses. */
export async function renderCommit(world: World, repository: Repository, commit: Commit) {
  const api = apiUrl(world, repository);
  const html = htmlUrl(world, repository);
  const author = accountOfEmail(world, commit.author.email);
  const committer = accountOfEmail(world, commit.committer.email);
  return {
    sha: commit.id,
    node_id: nodeId('C', `${repository.id}:${commit.id}`),
    commit: {
      author: renderIdentity(commit.author),
      committer: renderIdentity(commit.committer),
      message: commit.message.replace(/\n$/, ''),
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.id}`,
      comment_count: 0,
      verification: await verificationOf(world, repository, commit),
    },
    url: `${api}/commits/${commit.id}`,
    html_url: `${html}/commit/${commit.id}`,
    comments_url: `${api}/commits/${commit.id}/comments`,
    author: author === undefined ? null : renderAccount(world, author),
    committer: committer === undefined ? null : renderAccount(world, committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${html}/commit/${sha}`,
    })),
  };
}

/** A commit as webhooks about checks and merge groups carry it. */
export function renderSimpleCommit(commit: Commit) {
  return {
    id: commit.id,
    tree_id: commit.tree,
    message: commit.message.replace(/\n$/, ''),
    timestamp: identityDate(commit.committer),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** A changed file of a pull request, commit or comparison. */
export function renderFileChange(
  world: World,
  repository: Repository,
  change: FileChange,
  head: string,
  patch: string | undefined,
) {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  const html = htmlUrl(world, repository);
  return {
    sha: change.id,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${head}/${path}`,
    raw_url: `${html}/raw/${head}/${path}`,
    contents_url: `${apiUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(patch === undefined ? {} : { patch }),
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}
