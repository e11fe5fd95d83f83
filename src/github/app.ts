import { createAppAuth } from '@octokit/auth-app';
import { request } from '@octokit/request';

import { translateError } from './errors.ts';

/** The permissions of one job's token; never more than the App has. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** The App itself, as far as jobs need it. */
export interface GitHubApp {
  /**
   * A token of an installation with some permissions only, and for one repository where it is
   * known. Cached for an hour.
   */
  tokenFor(
    installation: number,
    repository: number | undefined,
    permissions: Permissions,
  ): Promise<string>;
  /** A JSON web token, for what the App does in its own name. */
  appToken(): Promise<string>;
}

export interface AppOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly baseUrl: string;
  readonly userAgent: string;
}

/** GitHub answers within a second; a worker does not wait for ever. */
const TIMEOUT_MILLISECONDS = 20_000;

/** Signs in as the App, and as its installations with no more than a job needs. */
export function createApp({ appId, privateKey, baseUrl, userAgent }: AppOptions): GitHubApp {
  const auth = createAppAuth({
    appId,
    privateKey,
    request: request.defaults({ baseUrl, headers: { 'user-agent': userAgent } }),
  });
  return {
    async tokenFor(installationId, repository, permissions) {
      const options = {
        type: 'installation' as const,
        installationId,
        permissions,
        ...(repository !== undefined && { repositoryIds: [repository] }),
      };
      return (await inTime(auth(options))).token;
    },
    async appToken() {
      return (await inTime(auth({ type: 'app' }))).token;
    },
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timeout.addEventListener('abort', () => reject(new Error('GitHub gave no token in time.')));
      }),
    ]);
  } catch (error) {
    throw translateError(error);
  }
}
