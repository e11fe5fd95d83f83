import { Probot, ProbotOctokit } from 'probot';

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
}

/** Limits and repeats are the queue's: the library's own would sleep in a worker. */
const Client = ProbotOctokit.defaults((defaults: object) => ({
  ...defaults,
  throttle: { enabled: false },
  retry: { enabled: false },
}));

export function createApp({ appId, privateKey, baseUrl }: AppOptions): GitHubApp {
  const probot = new Probot({
    appId,
    privateKey,
    baseUrl,
    Octokit: Client,
    // Deliveries never come through here; Probot would take an empty secret for a word of its own.
    secret: crypto.randomUUID(),
    logLevel: 'fatal',
  });
  return {
    async tokenFor(installationId, repository, permissions) {
      const octokit = await probot.auth();
      return authenticate(octokit, {
        type: 'installation',
        installationId,
        ...(repository !== undefined && { repositoryIds: [repository] }),
        permissions,
      });
    },
    async appToken() {
      return authenticate(await probot.auth(), { type: 'app' });
    },
  };
}

async function authenticate(octokit: { auth: unknown }, options: object): Promise<string> {
  try {
    const auth = octokit.auth as (options: object) => Promise<{ token: string }>;
    return (await auth(options)).token;
  } catch (error) {
    throw translateError(error);
  }
}
