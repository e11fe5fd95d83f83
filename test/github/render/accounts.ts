import type { Account, App, Installation } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';

const KINDS = { User: 'U', Organization: 'O', Bot: 'BOT' } as const;

/** The form in which accounts stand inside other answers. */
export function renderAccount(world: World, account: Account) {
  const api = `${world.urls.api}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(KINDS[account.type], account.id),
    avatar_url: `${world.urls.html}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url: api,
    html_url: htmlUrl(world, account),
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

function htmlUrl(world: World, account: Account): string {
  const bot = /^(.*)\[bot\]$/.exec(account.login);
  return `${world.urls.html}/${bot === null ? account.login : `apps/${bot[1] ?? ''}`}`;
}

/** `GET /user` and `GET /users/{username}`. */
export function renderProfile(world: World, account: Account) {
  const owned = [...world.repositories.values()].filter(({ owner }) => owner.id === account.id);
  return {
    ...renderAccount(world, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

/** `GET /user`: what only the user sees. */
export function renderOwnProfile(world: World, account: Account) {
  return {
    ...renderProfile(world, account),
    private_gists: 0,
    total_private_repos: 0,
    owned_private_repos: 0,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

/** An organisation as webhooks and lists show it. */
export function renderOrganization(world: World, account: Account) {
  const api = `${world.urls.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(KINDS.Organization, account.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${world.urls.html}/avatars/u/${account.id}?v=4`,
    description: '',
  };
}

/** `GET /orgs/{org}`. */
export function renderFullOrganization(world: World, account: Account) {
  return {
    ...renderOrganization(world, account),
    name: account.name ?? account.login,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${world.urls.html}/${account.login}`,
    type: 'Organization',
    created_at: account.createdAt,
    updated_at: account.createdAt,
    archived_at: null,
  };
}

export function renderApp(world: World, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: renderAccount(world, app.owner),
    name: app.name,
    description: null,
    external_url: `${world.urls.html}/apps/${app.slug}`,
    html_url: `${world.urls.html}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

export function renderInstallation(world: World, installation: Installation) {
  const { app, account, id } = installation;
  return {
    id,
    account: renderAccount(world, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.urls.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.urls.api}/installation/repositories`,
    html_url: `${world.urls.html}/settings/installations/${id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by:
      installation.suspendedBy === null ? null : renderAccount(world, installation.suspendedBy),
    suspended_at: installation.suspendedAt,
  };
}

/** How much an author belongs to a repository: what it says of strangers is not to be trusted. */
export type Association = 'OWNER' | 'MEMBER' | 'COLLABORATOR' | 'CONTRIBUTOR' | 'NONE';
