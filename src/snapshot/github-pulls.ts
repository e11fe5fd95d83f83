import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { ChangedFile } from '../model/report.ts';
import type { RepositoryName } from './github.ts';
import { queryPull, queryPullsAround } from './github-pull-query.ts';
import type { PullRequest, PullRequestDiff, PullRequests } from './pull-request.ts';

/** GitHub lists no more files of a pull request than these. */
const MAX_FILES = 3000;
const PAGE = 100;

/**
 * The pull requests of a repository on GitHub: what one query of GraphQL tells at once is asked
 * that way first.
 *
 * @param isKnown who asks gave a token, without which GraphQL answers nothing
 */
export function githubPulls(
  octokit: Pick<Octokit, 'request' | 'graphql'>,
  { owner, repo }: RepositoryName,
  isKnown = true,
): PullRequests & PullRequestDiff {
  const at = { owner, repo };
  const getOne = async (number: number) => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...at,
      pull_number: number,
    });
    return toPullRequest(data);
  };
  const withHead = async (head: string) => {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls', {
      ...at,
      commit_sha: head,
      per_page: PAGE,
    });
    return data
      .filter((pull) => pull.state === 'open' && pull.head.sha === head)
      .map((pull) => pull.number);
  };
  return {
    get: async (number) => (isKnown && (await queryPull(octokit, at, number))) || getOne(number),
    withHead,
    async around(head, known) {
      const told = isKnown && (await queryPullsAround(octokit, at, head, known));
      if (told) return told;
      const [named, found] = await Promise.all([Promise.all(known.map(getOne)), withHead(head)]);
      const others = found.filter((number) => !known.includes(number));
      return [...named, ...(await Promise.all(others.map(getOne)))];
    },
    async tipOf(branch) {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
        ...at,
        ref: `heads/${branch}`,
      });
      return data.object.sha;
    },
    async isProtected(branch) {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', {
        ...at,
        branch,
      });
      return data.protected || (await hasRules(octokit, at, branch));
    },
    async parentsOf(commit) {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
        ...at,
        commit_sha: commit,
      });
      return data.parents.map(({ sha }) => sha);
    },
    async mergeBaseOf(base, head) {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...at,
        basehead: `${base}...${head}`,
        per_page: 1,
      });
      return data.merge_base_commit.sha;
    },
    async filesOf(number) {
      const files: ChangedFile[] = [];
      for (let page = 1; files.length < MAX_FILES; page += 1) {
        const { data } = await octokit.request(
          'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
          { ...at, pull_number: number, per_page: PAGE, page },
        );
        for (const { filename, patch } of data) {
          files.push({ path: filename, ...(patch !== undefined && { patch }) });
        }
        if (data.length < PAGE) break;
      }
      return files;
    },
  };
}

/** Rules of rulesets without which anybody who may write moves a branch as they like. */
const KEEPING = new Set(['pull_request', 'update', 'merge_queue']);

/** GitHub calls only those branches protected that have a rule of the older kind. */
async function hasRules(
  octokit: Pick<Octokit, 'request'>,
  at: RepositoryName,
  branch: string,
): Promise<boolean> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...at,
      branch,
      per_page: PAGE,
    });
    return data.some(({ type }) => KEEPING.has(type));
  } catch (error) {
    // Plans without rulesets answer 403: then there are none.
    if (error instanceof Permanent) return false;
    throw error;
  }
}

interface PullAnswer {
  readonly number: number;
  readonly state: string;
  readonly draft?: boolean;
  readonly base: { readonly ref: string; readonly repo: { readonly default_branch: string } };
  readonly head: { readonly sha: string; readonly ref?: string };
  readonly user?: { readonly login: string } | null;
  readonly merge_commit_sha: string | null;
  readonly mergeable: boolean | null;
  readonly review_comments?: number;
}

function toPullRequest(pull: PullAnswer): PullRequest {
  return {
    number: pull.number,
    isOpen: pull.state === 'open',
    isDraft: pull.draft ?? false,
    baseBranch: pull.base.ref,
    defaultBranch: pull.base.repo.default_branch,
    head: pull.head.sha,
    ...(pull.review_comments !== undefined && { lineComments: pull.review_comments }),
    ...(pull.head.ref !== undefined && { headBranch: pull.head.ref }),
    ...(pull.user && { opener: pull.user.login }),
    // After a merge the field holds the merge itself; before, only a computed one counts.
    ...(pull.mergeable !== null && pull.merge_commit_sha && { testMerge: pull.merge_commit_sha }),
    ...(pull.mergeable !== null && { isMergeable: pull.mergeable }),
  };
}
