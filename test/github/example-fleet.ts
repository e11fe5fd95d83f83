import { createSign } from 'node:crypto';

import { Octokit } from '@octokit/rest';

import { type GitHub, type GitHubOptions, startGitHub } from './index.ts';
import type { RegisteredApp } from './people/apps.ts';

/** The repository of the examples, as Octokit wants it. */
export const REPOSITORY = { owner: 'acme', repo: 'fleet' } as const;

/** The webhook secret of the examples' App. */
export const SECRET = 'correct horse battery staple';

const WEB = ['kind: Deployment', 'metadata:', '  name: web', 'spec:', '  replicas: 1', ''];

const FILES = { 'README.md': '# Fleet\n', 'apps/web.yaml': WEB.join('\n') };

export interface Fleet {
  readonly github: GitHub;
  /** A client of one of the people. */
  readonly as: (login: string) => Octokit;
  readonly tokenOf: (login: string) => string;
}

/**
 * The organisation `acme` with the repository `fleet`: `ada` owns it, `bob` may write, `cy` is a
 * member who may read, `eve` is a stranger.
 */
export async function startFleet(
  options: GitHubOptions & { private?: boolean } = {},
): Promise<Fleet> {
  const github = await startGitHub(options);
  const tokens = new Map<string, string>();
  for (const login of ['ada', 'bob', 'cy', 'eve']) {
    tokens.set(login, github.createUser(login).token);
  }
  github.createOrganization('acme', { admins: ['ada'], members: ['bob', 'cy'] });
  await github.createRepository({
    owner: 'acme',
    name: 'fleet',
    files: FILES,
    private: options.private ?? false,
    collaborators: { bob: 'write' },
  });
  const tokenOf = (login: string) => tokens.get(login) ?? '';
  return { github, tokenOf, as: (login) => clientOf(github, tokenOf(login)) };
}

/** A client with a token. It prints nothing and repeats nothing. */
export function clientOf(github: Pick<GitHub, 'url'>, token: string): Octokit {
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  return new Octokit({ baseUrl: github.url, auth: token, log });
}

/** Made once in a process: a fresh key for every test would take longer than the test. */
let privateKey: string | undefined;

/** An App with everything that a reviewer of pull requests asks for. */
export async function createReviewer(github: GitHub): Promise<RegisteredApp> {
  const app = await github.createApp({
    slug: 'reviewer',
    webhookSecret: SECRET,
    permissions: {
      checks: 'write',
      contents: 'read',
      issues: 'read',
      merge_queues: 'read',
      metadata: 'read',
      pull_requests: 'write',
    },
    events: [
      ...['pull_request', 'pull_request_review', 'pull_request_review_comment'],
      ...['pull_request_review_thread', 'issue_comment', 'check_run', 'check_suite'],
      ...['push', 'create', 'delete', 'merge_group', 'repository'],
    ],
    ...(privateKey === undefined ? {} : { privateKey }),
  });
  privateKey = app.privateKey;
  return app;
}

/** A JSON web token of an App. */
export function jwtOf(app: RegisteredApp, claims: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 30, exp: now + 300, iss: app.id, ...claims })}`;
  const signature = createSign('sha256').update(body).sign(app.privateKey, 'base64url');
  return `${body}.${signature}`;
}

/** A client of an installation, its token narrowed where something is named. */
export async function clientOfInstallation(
  github: GitHub,
  app: RegisteredApp,
  installation: { readonly id: number },
  narrow: { repositories?: string[]; permissions?: Record<string, string> } = {},
): Promise<Octokit> {
  const { data } = await clientOf(github, jwtOf(app)).rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
    ...narrow,
  });
  return clientOf(github, data.token);
}
