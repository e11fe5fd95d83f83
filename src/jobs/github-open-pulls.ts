import type { Octokit } from '@octokit/rest';

import { Permanent } from '../model/errors.ts';
import type { OpenPullRequest, OpenPullRequests } from './ports.ts';

type Client = Pick<Octokit, 'request'>;

export interface OpenPullsOptions {
  /** A client with the App's own token. */
  readonly connectApp: (signal: AbortSignal) => Promise<Client>;
  /** A client with a token of an installation, for one repository where it is known. */
  readonly connect: (
    installation: number,
    repository: number | undefined,
    signal: AbortSignal,
  ) => Promise<Client>;
  readonly appId: number;
  /** Check runs that a head with a verdict has. */
  readonly checkNames: readonly string[];
}

const PAGE = 100;
/** Heads that are known to have a verdict and are not asked about again. */
const MAX_KNOWN = 50_000;

/** Open pull requests wherever the App is installed. */
export function githubOpenPulls(options: OpenPullsOptions): OpenPullRequests {
  const concluded = new Set<string>();

  async function hasVerdict(octokit: Client, pull: OpenPullRequest): Promise<boolean> {
    const known = `${pull.repository.id}@${pull.head}`;
    if (concluded.has(known)) return true;
    const runs = await concludedRuns(octokit, pull, options.appId);
    if (!options.checkNames.every((name) => runs.has(name))) return false;
    if (concluded.size >= MAX_KNOWN) concluded.clear();
    concluded.add(known);
    return true;
  }

  return {
    async withoutVerdict(limit, signal) {
      const found: OpenPullRequest[] = [];
      for await (const { pull, octokit } of everyOpenPull(options, signal)) {
        if (!(await hasVerdict(octokit, pull))) found.push(pull);
        if (found.length >= limit) break;
      }
      return found;
    },
    async into({ installation, repository, branch }, signal) {
      const octokit = await options.connect(installation, repository.id, signal);
      const found: OpenPullRequest[] = [];
      for await (const pull of openPulls(octokit, installation, repository, branch))
        found.push(pull);
      return found;
    },
  };
}

async function* everyOpenPull(
  { connectApp, connect }: OpenPullsOptions,
  signal: AbortSignal,
): AsyncGenerator<{ pull: OpenPullRequest; octokit: Client }> {
  const app = await connectApp(signal);
  for await (const installation of installations(app)) {
    try {
      const octokit = await connect(installation, undefined, signal);
      for await (const repository of repositories(octokit)) {
        for await (const pull of openPulls(octokit, installation, repository)) {
          yield { pull, octokit };
        }
      }
    } catch (error) {
      // One installation that lacks a permission or was just removed must not hide the others.
      if (!(error instanceof Permanent)) throw error;
    }
  }
}

async function* installations(app: Client): AsyncGenerator<number> {
  for (let page = 1; ; page += 1) {
    const { data } = await app.request('GET /app/installations', { per_page: PAGE, page });
    for (const { id, suspended_at: suspended } of data) if (!suspended) yield id;
    if (data.length < PAGE) return;
  }
}

async function* repositories(octokit: Client): AsyncGenerator<OpenPullRequest['repository']> {
  for (let page = 1; ; page += 1) {
    const { data } = await octokit.request('GET /installation/repositories', {
      per_page: PAGE,
      page,
    });
    for (const { id, name, owner, archived } of data.repositories) {
      if (!archived) yield { id: Number(id), name, owner: owner.login };
    }
    if (data.repositories.length < PAGE) return;
  }
}

async function* openPulls(
  octokit: Client,
  installation: number,
  repository: OpenPullRequest['repository'],
  base?: string,
): AsyncGenerator<OpenPullRequest> {
  for (let page = 1; ; page += 1) {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
      owner: repository.owner,
      repo: repository.name,
      state: 'open',
      per_page: PAGE,
      page,
      ...(base !== undefined && { base }),
    });
    for (const { number, head, updated_at: updated } of data) {
      yield { installation, repository, number, head: head.sha, updatedAt: Date.parse(updated) };
    }
    if (data.length < PAGE) return;
  }
}

async function concludedRuns(
  octokit: Client,
  { repository, head }: OpenPullRequest,
  appId: number,
): Promise<Set<string>> {
  const { data } = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner: repository.owner,
    repo: repository.name,
    ref: head,
    app_id: appId,
    filter: 'latest',
    per_page: PAGE,
  });
  return new Set(
    data.check_runs.filter(({ status }) => status === 'completed').map(({ name }) => name),
  );
}
