import type { Issue, IssueComment, Reaction, ReactionContent } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import { renderAccount, renderApp } from './accounts.ts';
import { apiUrl, associationOf, htmlUrl } from './repositories.ts';

const REACTIONS: readonly ReactionContent[] = [
  ...(['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const),
];

/** The counts that stand under a comment. */
export function renderReactions(url: string, reactions: readonly Reaction[]) {
  const count = (content: ReactionContent) =>
    reactions.filter((reaction) => reaction.content === content).length;
  return {
    url: `${url}/reactions`,
    total_count: reactions.length,
    ...(Object.fromEntries(REACTIONS.map((content) => [content, count(content)])) as Record<
      ReactionContent,
      number
    >),
  };
}

export function renderReaction(world: World, reaction: Reaction) {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: renderAccount(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

export function issueUrl(world: World, issue: Issue): string {
  return `${apiUrl(world, issue.repository)}/issues/${issue.number}`;
}

/** The page of an issue or pull request. */
export function issuePage(world: World, issue: Issue): string {
  const folder = issue.pull === undefined ? 'issues' : 'pull';
  return `${htmlUrl(world, issue.repository)}/${folder}/${issue.number}`;
}

export function renderIssue(world: World, issue: Issue) {
  const api = issueUrl(world, issue);
  const page = issuePage(world, issue);
  return {
    url: api,
    repository_url: apiUrl(world, issue.repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId(issue.pull === undefined ? 'I' : 'PR', issue.pull?.id ?? issue.id),
    number: issue.number,
    title: issue.title,
    user: renderAccount(world, issue.user),
    labels: [],
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(issue.user, issue.repository),
    active_lock_reason: issue.lockReason,
    ...(issue.pull === undefined
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: `${apiUrl(world, issue.repository)}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }),
    body: issue.body,
    closed_by: issue.closedBy === null ? null : renderAccount(world, issue.closedBy),
    reactions: renderReactions(api, issue.reactions),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
  };
}

export function renderIssueComment(world: World, comment: IssueComment) {
  const { issue } = comment;
  const url = `${apiUrl(world, issue.repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issuePage(world, issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(world, issue),
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: renderAccount(world, comment.user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(comment.user, issue.repository),
    body: comment.body,
    reactions: renderReactions(url, comment.reactions),
    performed_via_github_app: comment.app === undefined ? null : renderApp(world, comment.app),
  };
}
