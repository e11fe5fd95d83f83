import { createAppAuth } from '@octokit/auth-app';
import { request } from '@octokit/request';

import { Permanent } from '../model/errors.ts';
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
  /** The same with as many of the permissions as the installation grants. */
  grantFor(
    installation: number,
    repository: number,
    permissions: Permissions,
  ): Promise<{ readonly token: string; readonly missing: readonly string[] }>;
  /** Everything that an installation grants. */
  grantedBy(installation: number): Promise<Readonly<Record<string, unknown>>>;
  /** A JSON web token, for what the App does in its own name. */
  appToken(): Promise<string>;
}

export interface AppOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly baseUrl: string;
  readonly userAgent: string;
  /** How requests are sent, where it is not directly. */
  readonly fetch?: typeof fetch;
}

/** GitHub answers within a second; a worker does not wait for ever. */
const TIMEOUT_MILLISECONDS = 20_000;

/** Signs in as the App, and as its installations with no more than a job needs. */
export function createApp(options: AppOptions): GitHubApp {
  const { appId, privateKey, baseUrl, userAgent, fetch } = options;
  const ask = request.defaults({
    baseUrl,
    headers: { 'user-agent': userAgent },
    ...(fetch && { request: { fetch } }),
  });
  const auth = createAppAuth({ appId, privateKey, request: ask });
  async function askToken(
    installationId: number,
    repository: number | undefined,
    permissions: Permissions,
  ): Promise<string> {
    const options = {
      type: 'installation' as const,
      installationId,
      permissions,
      ...(repository !== undefined && { repositoryIds: [repository] }),
    };
    return (await inTime(auth(options))).token;
  }
  const tokenFor: typeof askToken = async (installation, repository, permissions) => {
    try {
      return await askToken(installation, repository, permissions);
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'refused')) throw error;
      const asked = Object.entries(permissions).map(([name, access]) => `"${name}: ${access}"`);
      const message = `The installation does not grant all of ${asked.join(', ')}, or not for this repository: ${error.message}`;
      throw new Permanent('forbidden', message, { cause: error });
    }
  };
  async function grantedBy(installation: number): Promise<Readonly<Record<string, unknown>>> {
    const { token } = await inTime(auth({ type: 'app' }));
    const { data } = await inTime(
      ask('GET /app/installations/{installation_id}', {
        headers: { authorization: `bearer ${token}` },
        installation_id: installation,
      }),
    );
    return data.permissions;
  }
  return {
    tokenFor,
    grantedBy,
    async grantFor(installation, repository, permissions) {
      try {
        return { token: await askToken(installation, repository, permissions), missing: [] };
      } catch (error) {
        if (!(error instanceof Permanent && error.code === 'refused')) throw error;
        const granted = await grantedBy(installation);
        const wanted = Object.entries(permissions);
        const missing = wanted
          .filter(([name, access]) => !isEnough(granted[name], access))
          .map(([name]) => name);
        if (missing.length === 0) throw error;
        const left = wanted.flatMap(([name, access]): [string, 'read' | 'write'][] => {
          if (isEnough(granted[name], access)) return [[name, access]];
          return granted[name] === 'read' ? [[name, 'read']] : [];
        });
        const token = await askToken(installation, repository, Object.fromEntries(left));
        return { token, missing };
      }
    },
    async appToken() {
      return (await inTime(auth({ type: 'app' }))).token;
    },
  };
}

function isEnough(granted: unknown, wanted: 'read' | 'write'): boolean {
  return granted === 'write' || granted === 'admin' || granted === wanted;
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
