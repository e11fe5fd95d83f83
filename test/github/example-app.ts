import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

import { Octokit } from '@octokit/rest';
import { Probot, ProbotOctokit, createNodeMiddleware } from 'probot';

import { type GitHub, type GitHubOptions, startGitHub } from './index.ts';
import { type RegisteredApp } from './people.ts';

const SECRET = 'correct horse battery staple';

/** Made once in a process: a fresh key for every test would take longer than the test. */
let privateKey: string | undefined;

export interface Example {
  readonly github: GitHub;
  readonly app: RegisteredApp;
  readonly installation: { readonly id: number };
  /** Names of the webhooks that the App has heard, in their order. */
  readonly heard: string[];
  /** A client of one of the people; they are made as they are named. */
  readonly as: (login: string) => Octokit;
  /** A client of the App's installation. */
  readonly asApp: () => Promise<Octokit>;
  close(): Promise<void>;
}

export const REPOSITORY = { owner: 'acme', repo: 'fleet' } as const;

const FILES = {
  'README.md': '# Fleet\n',
  'apps/web.yaml': [
    'kind: Deployment',
    'metadata:',
    '  name: web',
    'spec:',
    '  replicas: 1',
    '',
  ].join('\n'),
};

/**
 * The organisation `acme` with the repository `fleet`, its owner `ada`, its member `bob` who may
 * write, and a real Probot App that answers each pull request with a check run.
 */
export async function startExample(options: GitHubOptions = {}): Promise<Example> {
  const github = await startGitHub(options);
  const tokens = new Map<string, string>();
  for (const login of ['ada', 'bob', 'eve']) tokens.set(login, github.createUser(login).token);
  github.createOrganization('acme', { admins: ['ada'], members: ['bob'] });
  await github.createRepository({
    owner: 'acme',
    name: 'fleet',
    files: FILES,
    collaborators: { bob: 'write' },
  });
  const app = await github.createApp({
    slug: 'greeter',
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
  const probot = new Probot({
    appId: app.id,
    privateKey: app.privateKey,
    secret: SECRET,
    baseUrl: github.url,
    logLevel: 'fatal',
    // As they come, these plugins wait a second between writes and repeat what fails.
    Octokit: ProbotOctokit.defaults((defaults: Record<string, unknown>) => ({
      ...defaults,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
  const heard: string[] = [];
  const server = await listen(probot, heard);
  const { port } = server.address() as AddressInfo;
  github.setWebhookUrl(app, `http://127.0.0.1:${port}/`);
  const installation = github.installApp(app, 'acme');
  await github.settled();
  return {
    github,
    app,
    installation,
    heard,
    as: (login) => new Octokit({ baseUrl: github.url, auth: tokens.get(login) ?? '' }),
    async asApp() {
      const octokit = await probot.auth(installation.id);
      const { token } = (await octokit.auth({ type: 'installation' })) as { token: string };
      return new Octokit({ baseUrl: github.url, auth: token });
    },
    async close() {
      await github.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(probot: Probot, heard: string[]): Promise<Server> {
  const middleware = await createNodeMiddleware(
    (bot) => {
      bot.onAny(({ name, payload }) => {
        heard.push('action' in payload ? `${name}.${payload.action}` : name);
      });
      bot.on(['pull_request.opened', 'pull_request.synchronize'], async (context) => {
        const { head } = context.payload.pull_request;
        await context.octokit.rest.checks.create({
          ...context.repo(),
          name: 'Greeting',
          head_sha: head.sha,
          status: 'completed',
          conclusion: 'success',
          output: { title: 'Hello', summary: `Hello ${head.ref}.` },
        });
      });
    },
    { probot, webhooksPath: '/' },
  );
  const server = createServer((request, response) => void middleware(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
