import { createHash } from 'node:crypto';

import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import { cutMarkdown } from '../report/cut.ts';
import type { Answers, Mark, Where } from './answers.ts';
import type { GitHubTarget } from './github.ts';
import { readMarker } from './marker.ts';

type Client = Pick<Octokit, 'request'>;

const PAGE = 100;
/** GitHub takes 65,536 characters. */
const MAX_BODY = 64_000;

/** Answers on GitHub, as the App's own user. */
export function githubAnswers(octokit: Client, target: GitHubTarget): Answers {
  const { owner, repo, botId, pace } = target;
  const at = { owner, repo };
  return {
    async mark(where, content) {
      if (where.comment === undefined) return;
      await mark(octokit, target, where, content);
    },
    async answer(where, question, text) {
      const marker = markerOf(question);
      const body = `${cutMarkdown(text, MAX_BODY)}\n\n${marker}`;
      const known = await findAnswer(octokit, target, where, marker);
      if (known?.body === body) return;
      await pace();
      await (known
        ? update(octokit, target, where, known.id, body)
        : post(octokit, target, where, body));
    },
    async threadOf(comment) {
      const first = await getComment(octokit, target, comment);
      const root = first.in_reply_to_id;
      const opening = root === undefined ? first : await getComment(octokit, target, root);
      // Anybody can write our marker; only the App writes as itself.
      const isOurs = opening.user?.id === botId;
      return {
        root: root ?? comment,
        fingerprints: (isOurs ? readMarker(opening.body)?.fingerprints : undefined) ?? [],
      };
    },
    async canWrite({ id, login }) {
      try {
        const { data } = await octokit.request(
          'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
          { ...at, username: login },
        );
        // A login may have gone to somebody else since the comment was written.
        return data.user?.id === id && ['admin', 'write'].includes(data.permission);
      } catch (error) {
        if (error instanceof Permanent && error.code === 'gone') return false;
        throw error;
      }
    },
  };
}

/** Not seen by readers; only comments of the App itself count. */
function markerOf(question: string): string {
  const digest = createHash('sha256').update(question).digest('hex').slice(0, 24);
  return `<!-- fluxgate-answer:${digest} -->`;
}

async function mark(
  octokit: Client,
  { owner, repo }: GitHubTarget,
  where: Where,
  content: Mark,
): Promise<void> {
  const { kind, comment = 0 } = where;
  const request = { owner, repo, comment_id: comment, content };
  try {
    await (kind === 'thread'
      ? octokit.request('POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions', request)
      : octokit.request(
          'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
          request,
        ));
  } catch (error) {
    // The comment is gone, or its author has blocked the App: the answer does not wait for it.
    if (!(error instanceof Permanent)) throw error;
  }
}

interface Known {
  readonly id: number;
  readonly body: string;
}

async function findAnswer(
  octokit: Client,
  { owner, repo, botId }: GitHubTarget,
  where: Where,
  marker: string,
): Promise<Known | undefined> {
  const paged = { owner, repo, per_page: PAGE };
  for (let page = 1; ; page += 1) {
    const { data } = await (where.kind === 'thread'
      ? octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
          ...paged,
          pull_number: where.pullRequest,
          page,
        })
      : octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...paged,
          issue_number: where.pullRequest,
          page,
        }));
    for (const comment of data) {
      const root = 'in_reply_to_id' in comment ? comment.in_reply_to_id : undefined;
      const isHere = where.kind === 'conversation' || root === where.root;
      if (isHere && comment.user?.id === botId && comment.body?.endsWith(marker)) {
        return { id: Number(comment.id), body: comment.body };
      }
    }
    if (data.length < PAGE) return undefined;
  }
}

async function update(
  octokit: Client,
  { owner, repo }: GitHubTarget,
  { kind }: Where,
  id: number,
  body: string,
): Promise<void> {
  const request = { owner, repo, comment_id: id, body };
  await (kind === 'thread'
    ? octokit.request('PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}', request)
    : octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', request));
}

async function post(
  octokit: Client,
  { owner, repo }: GitHubTarget,
  where: Where,
  body: string,
): Promise<void> {
  if (where.kind === 'thread') {
    await octokit.request(
      'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
      { owner, repo, pull_number: where.pullRequest, comment_id: where.root, body },
    );
    return;
  }
  await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    owner,
    repo,
    issue_number: where.pullRequest,
    body,
  });
}

async function getComment(octokit: Client, { owner, repo }: GitHubTarget, id: number) {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/comments/{comment_id}', {
    owner,
    repo,
    comment_id: id,
  });
  return data;
}
