import type { Octokit } from '@octokit/rest';

type Client = Pick<Octokit, 'request'>;

/** Nobody waits longer for GitHub to tell who we are. */
const TIMEOUT_MILLISECONDS = 20_000;

/**
 * Finds the numeric id of the user as which the App writes: logins change, ids do not. Asks once,
 * and again when that failed. The App's own token tells its name, but may not look up users.
 *
 * @param connectApp a client with the App's own token
 */
export function createOwnUser(
  connectApp: (signal: AbortSignal) => Promise<Client>,
): (octokit: Client) => Promise<number> {
  let known: Promise<number> | undefined;
  return (octokit) => {
    known ??= ask(connectApp, octokit).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

async function ask(
  connectApp: (signal: AbortSignal) => Promise<Client>,
  octokit: Client,
): Promise<number> {
  const app = await connectApp(AbortSignal.timeout(TIMEOUT_MILLISECONDS));
  const { data } = await app.request('GET /app');
  const username = `${data?.slug ?? ''}[bot]`;
  const { data: user } = await octokit.request('GET /users/{username}', { username });
  return Number(user.id);
}
