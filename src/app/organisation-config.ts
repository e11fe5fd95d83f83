import type { Octokit } from '@octokit/rest';

import type { ConfigFile } from '../config/effective.ts';
import { CONFIG_PATH } from '../config/load.ts';
import { Permanent } from '../model/errors.ts';

/** The repository that GitHub itself reads an organisation's defaults from. */
const REPOSITORY = '.github';
/** A change of the defaults counts this much later at most. */
const FRESH_MILLISECONDS = 60_000;
const MAX_OWNERS = 1000;

interface Known {
  readonly at: number;
  readonly file: Promise<ConfigFile | undefined>;
}

/** Reads organisations' defaults, each at most once a minute. */
export function createOrganisationConfigs(
  connect: (installation: number) => Promise<Pick<Octokit, 'request'>>,
  now: () => number = Date.now,
): (installation: number, owner: string) => Promise<ConfigFile | undefined> {
  const known = new Map<number, Known>();
  return (installation, owner) => {
    const last = known.get(installation);
    if (last && now() - last.at < FRESH_MILLISECONDS) return last.file;
    const file = connect(installation).then((octokit) => read(octokit, owner));
    file.catch(() => known.delete(installation));
    if (known.size >= MAX_OWNERS) known.clear();
    known.set(installation, { at: now(), file });
    return file;
  };
}

/** No file where there is no such repository, or the App may not read it. */
async function read(
  octokit: Pick<Octokit, 'request'>,
  owner: string,
): Promise<ConfigFile | undefined> {
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
      owner,
      repo: REPOSITORY,
      path: CONFIG_PATH,
    });
    if (Array.isArray(data) || !('content' in data)) return undefined;
    const text = Buffer.from(data.content, 'base64').toString('utf8');
    return { path: `${owner}/${REPOSITORY}/${CONFIG_PATH}`, text };
  } catch (error) {
    if (error instanceof Permanent && (error.code === 'gone' || error.code === 'forbidden')) {
      return undefined;
    }
    throw error;
  }
}
