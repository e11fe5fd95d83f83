import { type Actor, accountOf } from '../http/authentication.ts';
import { hasRole } from '../http/access.ts';
import type { Account, Repository } from '../state/model.ts';
import { type World, fullName, nodeId } from '../state/world.ts';
import { type Association, renderAccount } from './accounts.ts';

export function apiUrl(world: World, repository: Repository): string {
  return `${world.urls.api}/repos/${fullName(repository)}`;
}

export function htmlUrl(world: World, repository: Repository): string {
  return `${world.urls.html}/${fullName(repository)}`;
}

/** The links that every form of a repository carries. */
function links(api: string) {
  return {
    archive_url: `${api}/{archive_format}{/ref}`,
    assignees_url: `${api}/assignees{/user}`,
    blobs_url: `${api}/git/blobs{/sha}`,
    branches_url: `${api}/branches{/branch}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    comments_url: `${api}/comments{/number}`,
    commits_url: `${api}/commits{/sha}`,
    compare_url: `${api}/compare/{base}...{head}`,
    contents_url: `${api}/contents/{+path}`,
    contributors_url: `${api}/contributors`,
    deployments_url: `${api}/deployments`,
    downloads_url: `${api}/downloads`,
    events_url: `${api}/events`,
    forks_url: `${api}/forks`,
    git_commits_url: `${api}/git/commits{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    hooks_url: `${api}/hooks`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    issue_events_url: `${api}/issues/events{/number}`,
    issues_url: `${api}/issues{/number}`,
    keys_url: `${api}/keys{/key_id}`,
    labels_url: `${api}/labels{/name}`,
    languages_url: `${api}/languages`,
    merges_url: `${api}/merges`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    pulls_url: `${api}/pulls{/number}`,
    releases_url: `${api}/releases{/id}`,
    stargazers_url: `${api}/stargazers`,
    statuses_url: `${api}/statuses/{sha}`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    tags_url: `${api}/tags`,
    teams_url: `${api}/teams`,
    trees_url: `${api}/git/trees{/sha}`,
  };
}

/** A repository as it stands inside other answers and in webhooks. */
export function renderRepository(world: World, repository: Repository) {
  const api = apiUrl(world, repository);
  const html = htmlUrl(world, repository);
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  const forks = [...world.repositories.values()].filter(({ parent }) => parent === repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: renderAccount(world, repository.owner),
    html_url: html,
    description: repository.description,
    fork: repository.parent !== undefined,
    url: api,
    ...links(api),
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    git_url: html.replace(/^http/, 'git') + '.git',
    ssh_url: `git@127.0.0.1:${fullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks.length,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: forks.length,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** `GET /repos/{owner}/{repo}`: merge settings are shown to whoever may push. */
export function renderFullRepository(
  world: World,
  repository: Repository,
  actor: Actor,
): Record<string, unknown> {
  const account = accountOf(actor);
  const can = (role: Parameters<typeof hasRole>[2]) =>
    actor.kind === 'user' && hasRole(actor.account, repository, role);
  const sees = can('write') || actor.kind === 'installation';
  const { parent } = repository;
  return {
    ...renderRepository(world, repository),
    ...(account === undefined
      ? {}
      : {
          permissions: {
            admin: can('admin'),
            maintain: can('maintain'),
            push: can('write'),
            triage: can('triage'),
            pull: can('read') || !repository.private,
          },
        }),
    temp_clone_token: null,
    ...(sees ? renderSettings(repository) : {}),
    ...(repository.owner.type === 'Organization'
      ? { organization: renderAccount(world, repository.owner) }
      : {}),
    ...(parent === undefined
      ? {}
      : { parent: renderRepository(world, parent), source: renderRepository(world, parent) }),
    network_count: 0,
    subscribers_count: 0,
  };
}

export function renderSettings({ settings }: Repository) {
  return {
    allow_squash_merge: settings.allowSquashMerge,
    allow_merge_commit: settings.allowMergeCommit,
    allow_rebase_merge: settings.allowRebaseMerge,
    allow_auto_merge: settings.allowAutoMerge,
    delete_branch_on_merge: settings.deleteBranchOnMerge,
    allow_update_branch: settings.allowUpdateBranch,
    use_squash_pr_title_as_default: settings.squashTitle === 'PR_TITLE',
    squash_merge_commit_title: settings.squashTitle,
    squash_merge_commit_message: settings.squashMessage,
    merge_commit_title: settings.mergeTitle,
    merge_commit_message: settings.mergeMessage,
  };
}

/** The short form that webhooks about an installation list. */
export function renderListedRepository(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  };
}

export function associationOf(account: Account, repository: Repository): Association {
  if (repository.owner.id === account.id) return 'OWNER';
  if (repository.owner.members.has(account.id)) return 'MEMBER';
  if (repository.collaborators.has(account.id)) return 'COLLABORATOR';
  const merged = [...repository.issues.values()].some(
    (issue) => issue.user.id === account.id && typeof issue.pull?.mergedAt === 'string',
  );
  return merged ? 'CONTRIBUTOR' : 'NONE';
}
