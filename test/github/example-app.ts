import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Octokit } from '@octokit/rest';
import { Probot, ProbotOctokit, createNodeMiddleware } from 'probot';

import {
  type Fleet,
  SECRET,
  clientOfInstallation,
  createReviewer,
  startFleet,
} from './example-fleet.ts';
import type { GitHubOptions } from './index.ts';
import type { RegisteredApp } from './people/apps.ts';

export interface Example extends Fleet {
  readonly app: RegisteredApp;
  readonly installation: { readonly id: number };
  /** Names of the webhooks that the App has heard, in their order. */
  readonly heard: string[];
  /** A client of the App's installation. */
  readonly asApp: () => Promise<Octokit>;
  close(): Promise<void>;
}

/** A fleet, and a real Probot App that answers each pull request with a check run. */
export async function startExample(options: GitHubOptions = {}): Promise<Example> {
  const fleet = await startFleet(options);
  const { github } = fleet;
  const app = await createReviewer(github);
  const heard: string[] = [];
  const server = await listen(createProbot(github.url, app), heard);
  const { port } = server.address() as AddressInfo;
  github.setWebhookUrl(app, `http://127.0.0.1:${port}/`);
  const installation = github.installApp(app, 'acme');
  await github.settled();
  return {
    ...fleet,
    app,
    installation,
    heard,
    asApp: () => clientOfInstallation(github, app, installation),
    async close() {
      await github.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function createProbot(baseUrl: string, app: RegisteredApp): Probot {
  return new Probot({
    appId: app.id,
    privateKey: app.privateKey,
    secret: SECRET,
    baseUrl,
    logLevel: 'fatal',
    // As they come, these plugins wait a second between writes and repeat what fails.
    Octokit: ProbotOctokit.defaults((defaults: Record<string, unknown>) => ({
      ...defaults,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
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
