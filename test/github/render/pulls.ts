import type { PullIssue, Repository } from '../state/model.ts';
import { type World, nodeId } from '../state/world.ts';
import type { PullFacts } from '../domain/pull-facts.ts';
import { renderAccount } from './accounts.ts';
import { issuePage, issueUrl } from './issues.ts';
import { apiUrl, associationOf, renderRepository, renderSettings } from './repositories.ts';

export function pullUrl(world: World, issue: PullIssue): string {
  return `${apiUrl(world, issue.repository)}/pulls/${issue.number}`;
}

/** A pull request as lists show it. */
export function renderSimplePull(world: World, issue: PullIssue) {
  const { pull, repository } = issue;
  const url = pullUrl(world, issue);
  const page = issuePage(world, issue);
  const statuses = `${apiUrl(world, repository)}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl(world, issue),
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: renderAccount(world, issue.user),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha ?? pull.test.sha,
    assignee: null,
    assignees: [],
    requested_reviewers: [...pull.requestedReviewers].map((user) => renderAccount(world, user)),
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${apiUrl(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl(world, issue)}/comments`,
    statuses_url: statuses,
    head: {
      label: `${pull.headOwner.login}:${pull.headRef}`,
      ref: pull.headRef,
      sha: pull.headSha,
      user: renderAccount(world, pull.headOwner),
      // Null once the fork is deleted: GitHub's own description forgets to say so.
      repo: pull.headRepository === null ? null : renderPullRepository(world, pull.headRepository),
    },
    base: {
      label: `${repository.owner.login}:${pull.baseRef}`,
      ref: pull.baseRef,
      sha: pull.baseSha,
      user: renderAccount(world, repository.owner),
      repo: renderPullRepository(world, repository),
    },
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl(world, issue) },
      comments: { href: `${issueUrl(world, issue)}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${apiUrl(world, repository)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(issue.user, repository),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

function renderPullRepository(world: World, repository: Repository) {
  return { ...renderRepository(world, repository), ...renderSettings(repository) };
}

/** One pull request with what had to be worked out for it. */
export function renderPull(world: World, issue: PullIssue, facts: PullFacts) {
  const { pull } = issue;
  return {
    ...renderSimplePull(world, issue),
    merged: pull.mergedAt !== null,
    mergeable: facts.mergeable,
    rebaseable: facts.mergeable,
    mergeable_state: facts.mergeableState,
    merged_by: pull.mergedBy === null ? null : renderAccount(world, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: pull.threads.reduce((sum, thread) => sum + thread.comments.length, 0),
    maintainer_can_modify: pull.maintainerCanModify,
    commits: facts.commits,
    additions: facts.additions,
    deletions: facts.deletions,
    changed_files: facts.changedFiles,
  };
}

/** The pull request inside a check run, suite or webhook about one. */
export function renderMinimalPull(world: World, issue: PullIssue) {
  const { pull } = issue;
  const reference = (repository: Repository) => ({
    id: repository.id,
    url: apiUrl(world, repository),
    name: repository.name,
  });
  return {
    url: pullUrl(world, issue),
    id: pull.id,
    number: issue.number,
    head: {
      ref: pull.headRef,
      sha: pull.headSha,
      repo: reference(pull.headRepository ?? issue.repository),
    },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: reference(issue.repository) },
  };
}
