import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { RepositoryName } from './github.ts';

/** One page of commits: nobody looks further back for how a file once was. */
const MAX_COMMITS = 100;
const PARALLEL = 8;

/**
 * How a file was at the commits of a branch on GitHub, newest first, until one of them will do.
 * Along first parents, where what was merged stands: branches may hold what nobody agreed to.
 *
 * @returns the first text that will do; undefined where none of the newest commits has one
 */
export async function newestVersion(
  octokit: Pick<Octokit, 'request'>,
  at: RepositoryName,
  { branch, path }: { readonly branch: string; readonly path: string },
  willDo: (text: string) => boolean,
): Promise<string | undefined> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits', {
    owner: at.owner,
    repo: at.repo,
    sha: `refs/heads/${branch}`,
    per_page: MAX_COMMITS,
  });
  const parentOf = new Map(data.map(({ sha, parents }) => [sha, parents[0]?.sha]));
  const line: string[] = [];
  for (let sha = data[0]?.sha; sha !== undefined && parentOf.has(sha); sha = parentOf.get(sha)) {
    line.push(sha);
  }
  for (let from = 0; from < line.length; from += PARALLEL) {
    const some = line.slice(from, from + PARALLEL);
    const texts = await Promise.all(some.map((ref) => textAt(octokit, at, ref, path)));
    const good = texts.find((text) => text !== undefined && willDo(text));
    if (good !== undefined) return good;
  }
  return undefined;
}

async function textAt(
  octokit: Pick<Octokit, 'request'>,
  { owner, repo }: RepositoryName,
  ref: string,
  path: string,
): Promise<string | undefined> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...{ owner, repo, path, ref },
    });
    const isFile = !Array.isArray(data) && data.type === 'file' && data.encoding === 'base64';
    return isFile ? Buffer.from(data.content, 'base64').toString('utf8') : undefined;
  } catch (error) {
    // The file was not there then.
    if (error instanceof Permanent && error.code === 'gone') return undefined;
    throw error;
  }
}
